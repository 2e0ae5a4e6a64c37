"""What a credential looks like: formats of keys and tokens, and names that promise a secret.

The formats are those that their issuers document and that secret scanners agree on; each is anchored by a
fixed prefix or a strict shape, so that ordinary values do not match.
"""

import re

# Stands for a piece of a text that is not known; no pattern accepts it.
UNKNOWN_PIECE = "\ue000"

_FORMATS = {
    "an AWS access key": r"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])",
    "a private key": r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})",
    "a GitLab token": r"\bglpat-[A-Za-z0-9_-]{20,}",
    "a Hugging Face token": r"\b(?:hf|api_org)_[A-Za-z]{30,}",
    "an OpenAI key": r"\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}",
    "an Anthropic key": r"\bsk-ant-[a-z0-9]+-[A-Za-z0-9_-]{80,}",
    "a Slack token": r"\bxox[abeoprs]-(?:[0-9]+-){1,3}[A-Za-z0-9-]{10,}",
    "a Slack webhook": r"https://hooks\.slack\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{20,}",
    "a Stripe key": r"\b[rs]k_live_[A-Za-z0-9]{20,}",
    "a SendGrid key": r"\bSG\.[A-Za-z0-9_-]{20,24}\.[A-Za-z0-9_-]{39,50}",
    "a Twilio key": r"\bSK[0-9a-f]{32}\b",
    "a Google API key": r"\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])",
    "an npm token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "a PyPI token": r"\bpypi-AgE[A-Za-z0-9_-]{50,}",
    "a Databricks token": r"\bdapi[0-9a-f]{32}(?:-[0-9])?\b",
    "an Azure storage key": r"\bAccountKey=[A-Za-z0-9+/]{86}==",
    "a JSON web token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    "a password in a URL": rf"\b[a-z][a-z0-9+.-]*://[^\s:/@?#]*:[^\s:/@{UNKNOWN_PIECE}$%{{}}<>*]+@[^\s@]",
}
_ANY_FORMAT = re.compile("|".join(f"(?P<f{n}>{each})" for n, each in enumerate(_FORMATS.values())))
_KINDS = tuple(_FORMATS)

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SECRET_WORDS = frozenset({"password", "passwd", "passwort", "pwd", "passphrase", "secret", "token"})
_SECRET_PHRASES = (
    ("api", "key"),
    ("apikey",),
    ("access", "key"),
    ("accesskey",),
    ("secret", "key"),
    ("secretkey",),
    ("private", "key"),
    ("privatekey",),
    ("auth", "key"),
    ("client", "secret"),
    ("account", "key"),
    ("license", "key"),
    ("signing", "key"),
    ("connection", "string"),
)
# Behind a secret's word these say that the value only describes or names the secret.
_DESCRIBING = re.compile(
    "alias|algorithm|arns?|attribute|audience|class|column|count|dir|duration|enabled|endpoint|env|expiration|"
    "expiry|field|file|format|header|host|id|issuer|key|length|lifetime|limits?|location|manager|max|method|"
    "min|mode|names?|param|parameter|path|policy|prefix|provider|ref|region|required|role|rotation|scheme|"
    "scope|size|source|ssm|store|suffix|ttl|type|uri|url|validity|vault|version"
)
# Before `token` these make it a unit of text, or a mark in it, rather than a credential.
_TEXT_TOKENS = re.compile(
    "bos|cls|class|continuation|end|eos|image|input|last|mask|max|min|new|next|no|num|number|output|pad|"
    "pagination|per|prompt|response|sep|separator|special|start|stop|text|unk|unknown"
)
_PLACEHOLDER = re.compile(
    r"<.*>|\$\{.*\}|\$[A-Z_]+|\{\{.*\}\}|\{%.*%\}|%.*%|[x*.\-_?]+|todo|tbd|n/?a|none|null|nil|undefined|unset|empty|"
    r"true|false|yes|no|on|off|enabled|disabled|required|optional|"
    r".*(?:change|replace|insert|your)[-_ ]?(?:me|this|here|with|my|own|api|key|token|password|secret).*|"
    r".*place[-_ ]?holder.*|(?:your|my)[-_ ].*",
    re.IGNORECASE,
)
# ARNs, paths, addresses and file names lead to a secret and are none.
_LOCATION = re.compile(
    r"arn:.*|/.*|\.{1,2}/.*|[a-z][a-z0-9+.-]*://[^@]*|.*\.(?:json|ya?ml|txt|pem|ini|cfg|env)"
)
_NAMELIKE = re.compile(r"[A-Za-z]+(?:[-_./][A-Za-z0-9]+)+")
_NAME_WORDS = frozenset(
    {
        "secret",
        "secrets",
        "credential",
        "credentials",
        "creds",
        "password",
        "passwords",
        "token",
        "tokens",
        "key",
    }
)


def known_format(text: str) -> str | None:
    """What kind of credential a text contains, `an AWS access key`; None for none that is known."""
    match = _ANY_FORMAT.search(text)
    if match is None or match.lastgroup is None:
        return None
    return _KINDS[int(match.lastgroup[1:])]


def promises_secret(name: str) -> bool:
    """Whether a setting's name says that its value is a secret: DB_PASSWORD, apiKey, --auth-token."""
    words = [word.lower() for word in _WORDS.findall(name) if not word.isdigit()]
    end = _end_of_phrase(words)
    return end is not None and not any(map(_DESCRIBING.fullmatch, words[end:]))


def _end_of_phrase(words: list[str]) -> int | None:
    """The position behind the last phrase that means a secret."""
    for position in range(len(words) - 1, -1, -1):
        for phrase in _SECRET_PHRASES:
            if tuple(words[position : position + len(phrase)]) == phrase:
                return position + len(phrase)
        if words[position] in _SECRET_WORDS and not _is_text_token(words, position):
            return position + 1
    return None


def _is_text_token(words: list[str], position: int) -> bool:
    before = words[position - 1] if position else ""
    return words[position] == "token" and _TEXT_TOKENS.fullmatch(before) is not None


def is_literal_secret(text: str) -> bool:
    """Whether a value under such a name can be the secret itself, not a switch, a name or a placeholder."""
    text = text.strip()
    if len(text) < 4 or UNKNOWN_PIECE in text or "{{resolve:" in text:
        return False
    if _PLACEHOLDER.fullmatch(text) or _LOCATION.fullmatch(text):
        return False
    return not _is_name(text)


def _is_name(text: str) -> bool:
    """Whether a text names a stored secret: `prod/scoring/db-credentials`."""
    if not _NAMELIKE.fullmatch(text):
        return False
    words = {word.lower() for word in _WORDS.findall(text)}
    plain = all(piece.isalpha() for piece in re.split(r"[-_./]", text))
    return ("/" in text and plain) or (bool(words & _NAME_WORDS) and text == text.lower())
