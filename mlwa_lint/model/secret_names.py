"""Names that promise a secret, and values that are one rather than a switch, a name or a placeholder."""

import re

from mlwa_lint.model.credentials import UNKNOWN_PIECE, is_public, role_of_token

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
# A name written as one word ends like these: PGPASSWORD, hftoken.
_SECRET_ENDINGS = (
    "password",
    "passwd",
    "passphrase",
    "apikey",
    "apitoken",
    "accesskey",
    "accesstoken",
    "authtoken",
    "clientsecret",
    "privatekey",
    "secretkey",
    "hftoken",
    "hubtoken",
)
# One of these is in every word, phrase and ending above: most names are ruled out by that.
_PIECES = ("pass", "pwd", "secret", "token", "key", "string")
# Keys of these names are for apps and pages, whose users can all read them.
_PUBLIC_WORDS = frozenset({"anon", "publishable"})
# New Relic's name for the number of an account, which its own pages show openly.
_ACCOUNT_NUMBER = ("trusted", "account", "key")
# Before `pass` these make it a number of rounds rather than a password.
_ROUNDS = frozenset({"first", "max", "min", "multi", "num", "one", "second", "single", "two"})
# After a secret's word these mean that the value only describes or names the secret.
_DESCRIBING = (
    "alarm|alias|algorithm|arns?|attribute|audience|authori[sz]er|bucket|budget|cache|class|column|cost|count|"
    "counter|dir|duration|enabled|encoder|endpoint|env|expiration|expiry|field|file|format|function|generator|"
    "group|handler|hash|header|hint|host|id|index|issuer|key|lambda|length|lifetime|limits?|location|manager|max|"
    "method|min|mode|names?|namespace|param|parameter|path|policy|prefix|price|provider|queue|rate|ref|region|"
    "required|role|rotation|schema|scheme|scope|size|source|splitter|ssm|stage|store|suffix|table|topic|ttl|"
    "type|uri|url|usage|validator|validity|vault|version|window"
)
# Before `token` these make it a unit of text, or a mark in it, rather than a credential.
_TEXT_TOKENS = (
    "bos|cls|class|continuation|end|eos|image|input|last|mask|max|min|new|next|no|num|number|output|pad|"
    "pagination|per|prompt|response|sep|separator|special|start|stop|text|unk|unknown"
)
_PLACEHOLDER = (
    r"<.*>|\$\(.*|`.*|\$[A-Za-z0-9_]+|(?>.*?xxxx).*|.*\.{3}|\d{1,5}|(?:dummy|fake|sample|example|mock)(?![a-z0-9]).*|"
    # Keys that a service publishes for trials: `DEMO_KEY`, `test-api-token`.
    r"(?:demo|test)[-_ ]?(?:(?:access|api|auth|private|secret)[-_ ]?)*(?:key|token)|"
    r"\$\{.*\}|\$[A-Z_]+|\{\{.*\}\}|\{%.*%\}|%.*%|[x*.\-_?]+|todo|tbd|n/?a|none|null|nil|undefined|unset|empty|"
    r"true|false|yes|no|on|off|enabled|disabled|required|optional|"
    # Prose: "a token that expires", "the password must be changed".
    r"that|this|these|with|from|into|will|must|should|when|which|where|used|your|than|then|for|and|"
    # What an expiry is counted in: `token_validity_units { access_token = "hours" }`.
    r"seconds?|minutes?|hours?|days?|weeks?|months?|years?|"
    r"(?>.*?(?:change|replace|insert|your)[-_ ]?(?:me|this|here|with|my|own|api|key|token|password|secret))"
    r".*|(?>.*?place[-_ ]?holder).*|(?:your|my)[-_ ].*|"
    # Instructions to a reader: "Enter HF Token", "PASTE_API_KEY", "token goes here".
    r"(?:enter|add|paste|put|provide|fill|type|specify|copy)[-_ ](?:.*[-_ ])?"
    r"(?:token|key|password|secret|credentials?|here|your)\b.*|[a-z][a-z_ -]*[-_ ]here"
)
# A word of its own, or in capitals: `sk-FAKE-…`; and how AWS's documentation writes keys, `…7EXAMPLE`.
_FAKE = (
    r"(?<![A-Za-z])(?i:bogus|dummy|fake|honeytoken|mock|not[-_ ]?(?:a[-_ ]?)?(?:real|valid))(?![A-Za-z])"
    r"|(?<![A-Z])(?:DUMMY|EXAMPLE|FAKE)(?![A-Z])|^A(?:KI|SI)A(?:DUMMY|EXAMPLE|FAKE)|EXAMPLE(?:KEY)?$"
)
# ARNs, paths, addresses and file names lead to a secret and are none; a hash keeps it to itself.
_LOCATION = r"(?:sha\d*|argon2\w*):.*|\$2[aby]\$.*|arn:.*|/.*|\.{1,2}/.*|[a-z][a-z0-9+.-]*://[^@]*|.*\.(?:json|ya?ml|txt|pem|ini|cfg|env)"
# What is longer is no placeholder, and no name of a secret.
_LONGEST_PLACEHOLDER = 10_000
# Around a value in a value: `'"YOUR ACCESS KEY"'`, with and without backslashes.
_QUOTES = "\\\"'"
_NAMELIKE = r"[A-Za-z]+[0-9]{0,2}(?:[-_./][A-Za-z0-9]+)+"
# The same in capitals, as environment variables and keys of stored secrets are called: `GITLAB_PAT`.
_IN_CAPITALS = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:CREDENTIALS?|KEY|PASSWORD|PAT|PWD|SECRET|TOKEN)"
# … and in any case.
_IDENTIFIER = r"[A-Za-z]\w*(?:[./-]\w+)*"
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


def promises_secret(name: str) -> bool:
    """Whether a setting's name means that its value is a secret: DB_PASSWORD, apiKey, --auth-token."""
    lower = name.lower()
    if not any(piece in lower for piece in _PIECES):
        return False
    words = [word.lower() for word in re.findall(_WORDS, name) if not word.isdigit()]
    if tuple(words[-3:]) == _ACCOUNT_NUMBER:
        return False
    end = _end_of_phrase(words)
    return end is not None and not any(re.fullmatch(_DESCRIBING, word) for word in words[end:])


def _end_of_phrase(words: list[str]) -> int | None:
    """The position behind the last phrase that means a secret."""
    for position in range(len(words) - 1, -1, -1):
        for phrase in _SECRET_PHRASES:
            if tuple(words[position : position + len(phrase)]) == phrase:
                return position + len(phrase)
        if _means_secret(words, position):
            return position + 1
    return None


def _means_secret(words: list[str], position: int) -> bool:
    word = words[position]
    if word == "pass":
        return position > 0 and words[position - 1] not in _ROUNDS
    if word in _SECRET_WORDS:
        return not _is_text_token(words, position)
    return word.endswith(_SECRET_ENDINGS)


def _is_text_token(words: list[str], position: int) -> bool:
    before = words[position - 1] if position else ""
    return words[position] == "token" and re.fullmatch(_TEXT_TOKENS, before) is not None


def is_public_key(name: str, text: str) -> bool:
    """Whether name and format show that a key is public: SUPABASE_ANON_KEY with a token of no role."""
    words = {word.lower() for word in re.findall(_WORDS, name)}
    return bool(words & _PUBLIC_WORDS) and role_of_token(text.strip()) == ""


def is_literal_secret(text: str) -> bool:
    """Whether a value under such a name can be the secret itself, not a switch, a name or a placeholder."""
    text = text.strip().strip(_QUOTES).strip()
    if len(text) < 4 or UNKNOWN_PIECE in text or "{{resolve:" in text or is_public(text):
        return False
    if len(text) > _LONGEST_PLACEHOLDER:
        return not re.fullmatch(_LOCATION, text)
    if re.fullmatch(_PLACEHOLDER, text, re.IGNORECASE) or re.fullmatch(_LOCATION, text):
        return False
    return not _is_name(text)


def is_fake(text: str) -> bool:
    """Whether a value states that it is no true credential, somewhere in it."""
    return re.search(_FAKE, text.strip()) is not None


def leads_elsewhere(text: str) -> bool:
    """Whether what is known of a text makes it an ARN, a path or an address, whatever the rest is."""
    return re.fullmatch(_LOCATION, text, re.DOTALL) is not None


def is_identifier(text: str) -> bool:
    """Whether a text can be a name, of a stored secret or of a key in it: `apiToken`, `prod/db`."""
    return re.fullmatch(_IDENTIFIER, text) is not None


def _is_name(text: str) -> bool:
    """Whether a text names a stored secret, or a key in it: `prod/scoring/db-credentials`, `GITLAB_PAT`."""
    if re.fullmatch(_IN_CAPITALS, text):
        return True
    if not re.fullmatch(_NAMELIKE, text):
        return False
    words = {word.lower() for word in re.findall(_WORDS, text)}
    plain = all(piece.isalpha() for piece in re.split(r"[-_./]", text))
    return ("/" in text and plain) or (bool(words & _NAME_WORDS) and text == text.lower())
