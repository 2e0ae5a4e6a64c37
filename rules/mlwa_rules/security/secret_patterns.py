"""What a credential looks like: formats of keys and tokens, and names that promise a secret.

The formats are those that their issuers document and that secret scanners agree on; each is anchored by a
fixed prefix or a strict shape, so that ordinary values do not match.
"""

import re

from mlwa_lint.startup.records import NamedTuple

# Stands for a piece of a text that is not known; no pattern accepts it.
UNKNOWN_PIECE = "\ue000"


class _Format(NamedTuple):
    """A kind of credential: a text that each one contains, and its pattern, compiled only when it is met."""

    kind: str
    mark: str
    pattern: str


_FORMATS = (
    *(
        _Format("an AWS access key", mark, rf"(?<![A-Za-z0-9]){mark}[A-Z0-9]{{16}}(?![A-Za-z0-9])")
        for mark in ("AKIA", "ASIA", "ABIA", "ACCA")
    ),
    _Format("a private key", "PRIVATE KEY", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"),
    *(
        _Format("a GitHub token", mark, rf"\b{mark}[A-Za-z0-9]{{36,}}")
        for mark in ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")
    ),
    _Format("a GitHub token", "github_pat_", r"\bgithub_pat_[A-Za-z0-9_]{50,}"),
    _Format("a GitLab token", "glpat-", r"\bglpat-[A-Za-z0-9_-]{20,}"),
    _Format("a Hugging Face token", "hf_", r"\bhf_[A-Za-z]{30,}"),
    _Format("a Hugging Face token", "api_org_", r"\bapi_org_[A-Za-z]{30,}"),
    _Format("an OpenAI key", "T3BlbkFJ", r"\bsk-[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}"),
    _Format("an Anthropic key", "sk-ant-", r"\bsk-ant-[a-z0-9]+-[A-Za-z0-9_-]{80,}"),
    _Format("a Slack token", "xox", r"\bxox[abeoprs]-(?:[0-9]+-){1,3}[A-Za-z0-9-]{10,}"),
    _Format(
        "a Slack webhook",
        "hooks.slack.com",
        r"https://hooks\.slack\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{20,}",
    ),
    _Format("a Stripe key", "k_live_", r"\b[rs]k_live_[A-Za-z0-9]{20,}"),
    _Format("a SendGrid key", "SG.", r"\bSG\.[A-Za-z0-9_-]{20,24}\.[A-Za-z0-9_-]{39,50}"),
    _Format("a Twilio key", "SK", r"\bSK[0-9a-f]{32}\b"),
    _Format("a Google API key", "AIza", r"\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
    _Format("an npm token", "npm_", r"\bnpm_[A-Za-z0-9]{36}\b"),
    _Format("a PyPI token", "pypi-AgE", r"\bpypi-AgE[A-Za-z0-9_-]{50,}"),
    _Format("a Databricks token", "dapi", r"\bdapi[0-9a-f]{32}(?:-[0-9])?\b"),
    _Format("an Azure storage key", "AccountKey=", r"\bAccountKey=[A-Za-z0-9+/]{86}=="),
    _Format(
        "a JSON web token",
        "eyJ",
        r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    ),
    _Format(
        "a password in a URL",
        "://",
        rf"\b[a-z][a-z0-9+.-]*://[^\s:/@?#]*:[^\s:/@{UNKNOWN_PIECE}$%{{}}<>*]+@[^\s@]",
    ),
)

_WORDS = r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+"
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
_DESCRIBING = (
    "alias|algorithm|arns?|attribute|audience|class|column|count|dir|duration|enabled|endpoint|env|expiration|"
    "expiry|field|file|format|header|host|id|issuer|key|length|lifetime|limits?|location|manager|max|method|"
    "min|mode|names?|param|parameter|path|policy|prefix|provider|ref|region|required|role|rotation|scheme|"
    "scope|size|source|ssm|store|suffix|ttl|type|uri|url|validity|vault|version"
)
# Before `token` these make it a unit of text, or a mark in it, rather than a credential.
_TEXT_TOKENS = (
    "bos|cls|class|continuation|end|eos|image|input|last|mask|max|min|new|next|no|num|number|output|pad|"
    "pagination|per|prompt|response|sep|separator|special|start|stop|text|unk|unknown"
)
_PLACEHOLDER = (
    r"<.*>|\$\{.*\}|\$[A-Z_]+|\{\{.*\}\}|\{%.*%\}|%.*%|[x*.\-_?]+|todo|tbd|n/?a|none|null|nil|undefined|unset|empty|"
    r"true|false|yes|no|on|off|enabled|disabled|required|optional|"
    r".*(?:change|replace|insert|your)[-_ ]?(?:me|this|here|with|my|own|api|key|token|password|secret).*|"
    r".*place[-_ ]?holder.*|(?:your|my)[-_ ].*"
)
# ARNs, paths, addresses and file names lead to a secret and are none.
_LOCATION = r"arn:.*|/.*|\.{1,2}/.*|[a-z][a-z0-9+.-]*://[^@]*|.*\.(?:json|ya?ml|txt|pem|ini|cfg|env)"
_NAMELIKE = r"[A-Za-z]+(?:[-_./][A-Za-z0-9]+)+"
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
    found = (each.kind for each in _FORMATS if each.mark in text and re.search(each.pattern, text))
    return next(found, None)


def promises_secret(name: str) -> bool:
    """Whether a setting's name says that its value is a secret: DB_PASSWORD, apiKey, --auth-token."""
    words = [word.lower() for word in re.findall(_WORDS, name) if not word.isdigit()]
    end = _end_of_phrase(words)
    return end is not None and not any(re.fullmatch(_DESCRIBING, word) for word in words[end:])


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
    return words[position] == "token" and re.fullmatch(_TEXT_TOKENS, before) is not None


def is_literal_secret(text: str) -> bool:
    """Whether a value under such a name can be the secret itself, not a switch, a name or a placeholder."""
    text = text.strip()
    if len(text) < 4 or UNKNOWN_PIECE in text or "{{resolve:" in text:
        return False
    if re.fullmatch(_PLACEHOLDER, text, re.IGNORECASE) or re.fullmatch(_LOCATION, text):
        return False
    return not _is_name(text)


def _is_name(text: str) -> bool:
    """Whether a text names a stored secret: `prod/scoring/db-credentials`."""
    if not re.fullmatch(_NAMELIKE, text):
        return False
    words = {word.lower() for word in re.findall(_WORDS, text)}
    plain = all(piece.isalpha() for piece in re.split(r"[-_./]", text))
    return ("/" in text and plain) or (bool(words & _NAME_WORDS) and text == text.lower())
