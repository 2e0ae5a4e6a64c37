"""The formats of credentials: one table for the rule that finds them and the reports that hide them.

The formats are those that their issuers document and that secret scanners agree on. Each is anchored by a
fixed prefix or a strict shape, so that ordinary values do not match.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from mlwa_lint.startup.records import NamedTuple

# A placeholder for a piece of a text that is not known; no pattern accepts it.
UNKNOWN_PIECE = "\ue000"


class Format(NamedTuple):
    """A kind of credential.

    mark:    a text that each one contains; only where it occurs is the pattern compiled.
    pattern: the credential; a group `secret` where the pattern matches more than that.
    prefix:  whether each one begins with the mark, so that even a shortened one is recognised by it.
    """

    kind: str
    mark: str
    pattern: str
    prefix: bool = False


def _tokens(kind: str, body: str, *prefixes: str) -> tuple[Format, ...]:
    """Tokens of one kind that begin with one of some prefixes."""
    return tuple(Format(kind, each, rf"\b{re.escape(each)}{body}", prefix=True) for each in prefixes)


_WORD = "[A-Za-z0-9_-]"
FORMATS: tuple[Format, ...] = (
    *(
        Format("an AWS access key", mark, rf"(?<![A-Za-z0-9]){mark}[A-Z0-9]{{16}}(?![A-Za-z0-9])")
        for mark in ("AKIA", "ASIA", "ABIA", "ACCA")
    ),
    *_tokens("an Amazon Bedrock API key", r"[A-Za-z0-9+/=]{60,}", "ABSK", "bedrock-api-key-"),
    *_tokens("AWS session credentials", r"[A-Za-z0-9+/=]{80,}", "IQoJb3JpZ2lu", "FwoGZXIvYXdz"),
    Format(
        "a private key",
        "PRIVATE KEY",
        r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\s*[A-Za-z0-9+/=]+)*",
    ),
    *_tokens("an age secret key", r"[A-Z0-9]{58}", "AGE-SECRET-KEY-1"),
    *_tokens("a GitHub token", "[A-Za-z0-9]{36,}", "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    *_tokens("a GitHub token", "[A-Za-z0-9_]{50,}", "github_pat_"),
    *_tokens(
        "a GitLab token", r"[A-Za-z0-9_.-]{20,}", "glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-"
    ),
    *_tokens("a Hugging Face token", "[A-Za-z]{30,}", "hf_", "api_org_"),
    *_tokens("an OpenAI key", f"{_WORD}{{32,}}", "sk-proj-", "sk-svcacct-", "sk-admin-"),
    Format("an OpenAI key", "T3BlbkFJ", rf"\bsk-{_WORD}{{20,200}}T3BlbkFJ{_WORD}{{20,}}"),
    *_tokens("an OpenRouter key", "[a-f0-9]{48,}", "sk-or-v1-"),
    *_tokens("an Anthropic key", f"[a-z0-9]+-{_WORD}{{80,}}", "sk-ant-"),
    *_tokens("a Langfuse key", "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "sk-lf-"),
    *_tokens("a LangSmith key", "[a-f0-9]{32}_[a-f0-9]{10}", "lsv2_pt_", "lsv2_sk_"),
    *_tokens("a Pinecone key", "[A-Za-z0-9_]{40,}", "pcsk_"),
    *_tokens("a Groq key", "[A-Za-z0-9]{48,}", "gsk_"),
    *_tokens("an xAI key", "[A-Za-z0-9]{64,}", "xai-"),
    *_tokens("a Perplexity key", "[A-Za-z0-9]{40,}", "pplx-"),
    *_tokens("a Replicate token", "[A-Za-z0-9]{37,}", "r8_"),
    *_tokens("an NVIDIA key", f"{_WORD}{{60,}}", "nvapi-"),
    *_tokens("a Tavily key", f"{_WORD}{{28,}}", "tvly-"),
    *_tokens("a Weights & Biases key", "[A-Za-z0-9_]{60,}", "wandb_v1_"),
    *_tokens("a Slack token", r"(?:[0-9]+-){1,3}[A-Za-z0-9-]{10,}", *(f"xox{each}-" for each in "abeoprs")),
    *_tokens("a Slack token", r"[0-9]-[A-Z0-9]+-[0-9]+-[a-f0-9]{32,}", "xapp-"),
    Format(
        "a Slack webhook",
        "hooks.slack.com",
        r"https://hooks\.slack\.com/services/(?P<secret>T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{20,})",
    ),
    *_tokens("a Stripe key", "[A-Za-z0-9]{20,}", "sk_live_", "rk_live_"),
    *_tokens("a SendGrid key", r"[A-Za-z0-9_-]{20,24}\.[A-Za-z0-9_-]{39,50}", "SG."),
    Format("a Twilio key", "SK", r"\bSK[0-9a-f]{32}\b"),
    Format("a Google API key", "AIza", r"\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])", prefix=True),
    *_tokens("a Google client secret", f"{_WORD}{{28}}", "GOCSPX-"),
    *_tokens("an npm token", r"[A-Za-z0-9]{36}\b", "npm_"),
    *_tokens("a PyPI token", f"{_WORD}{{50,}}", "pypi-AgE"),
    *_tokens("a Docker Hub token", f"{_WORD}{{27,}}", "dckr_pat_", "dckr_oat_"),
    *_tokens("a DigitalOcean token", "[a-f0-9]{64}", "dop_v1_", "doo_v1_"),
    *_tokens("a HashiCorp Vault token", f"{_WORD}{{90,}}", "hvs.", "hvb."),
    *_tokens("a Grafana token", r"[A-Za-z0-9+/_=]{32,}", "glsa_", "glc_"),
    *_tokens("a New Relic key", "[A-Z0-9]{27}", "NRAK-"),
    *_tokens("an Atlassian token", "[A-Za-z0-9_=-]{100,}", "ATATT3x"),
    Format("a Databricks token", "dapi", r"\bdapi[0-9a-f]{32}(?:-[0-9])?\b"),
    Format("an Azure storage key", "AccountKey=", r"\bAccountKey=(?P<secret>[A-Za-z0-9+/]{86}==)"),
    Format(
        "a JSON web token",
        "eyJ",
        r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    ),
    Format(
        "a password in a URL",
        "://",
        rf"\b[a-z][a-z0-9+.-]{{0,40}}://[^\s:/@?#]{{0,200}}:(?P<secret>[^\s:/@{UNKNOWN_PIECE}$%{{}}<>*]+)@[^\s@]",
    ),
    Format(
        "a password in a URL",
        "assword=",
        rf"\b[a-z][a-z0-9+.:-]{{0,40}}://\S{{0,2000}}?[?&;][Pp]assword=(?P<secret>[^\s&;\"'{UNKNOWN_PIECE}$%{{}}<>*]+)",
    ),
)
# What examples write in place of a credential: one character repeated, or a word that marks a placeholder.
_FILLER = r"(.)\1*|(?:user(?:name)?|pass(?:word|wd)?|pwd|secret|token|credentials?|x{3,}.*|\.{3}|your.*)"


# What issuers print in the code of web pages and apps: Supabase's and Stripe's publishable keys.
_PUBLISHABLE = r"sb_publishable_[A-Za-z0-9_-]+|pk_(?:live|test)_[A-Za-z0-9]+"
_JSON_WEB_TOKEN = r"eyJ[A-Za-z0-9_-]+\.(?P<payload>eyJ[A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+"
# The role that Supabase gives to everyone who has not signed in.
_ANONYMOUS = "anon"


def is_public(text: str) -> bool:
    """Whether a text is a key that its issuer means to be public, and which alone gives no access."""
    return re.fullmatch(_PUBLISHABLE, text) is not None or role_of_token(text) == _ANONYMOUS


def role_of_token(text: str) -> str | None:
    """The role that a JSON web token states; empty where it states none; None for any other text."""
    token = re.fullmatch(_JSON_WEB_TOKEN, text)
    if token is None:
        return None
    import base64
    from json import loads

    payload = token["payload"]
    try:
        claims = loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        return ""
    role = claims.get("role") if isinstance(claims, dict) else None
    return role if isinstance(role, str) else ""


def known_format(text: str) -> str | None:
    """What kind of credential a text contains, `an AWS access key`; None for none that is known."""
    found = (each.kind for each in FORMATS if each.mark in text and _occurs(each, text))
    return next(found, None)


def _occurs(wanted: Format, text: str) -> bool:
    """Whether a credential, and not a placeholder in its place, is in a text."""
    for match in re.finditer(wanted.pattern, text):
        secret = match["secret"] if "secret" in match.re.groupindex else match.group()
        if is_public(secret):
            continue
        if not re.fullmatch(_FILLER, secret.removeprefix(wanted.mark), re.IGNORECASE):
            return True
    return False


@lru_cache(maxsize=len(FORMATS))
def _shortened(wanted: Format) -> str:
    """What a credential that is cut off looks like: without underscores and hyphens where it can have none.

    `hf_endpoint_config` is the name of a resource: tokens of Hugging Face have letters alone.
    """
    start = rf"\b{re.escape(wanted.mark)}"
    body = wanted.pattern.removeprefix(start)
    return rf"{start}[\w-]{{10,}}" if "_" in body or "-]" in body else rf"{start}[A-Za-z0-9]{{10,}}(?![\w-])"


def places(text: str) -> Iterator[tuple[int, int]]:
    """Where a text contains credentials of a known format; shortened ones and placeholders too."""
    for each in FORMATS:
        if each.mark not in text:
            continue
        pattern = f"{each.pattern}|{_shortened(each)}" if each.prefix else each.pattern
        for match in re.finditer(pattern, text):
            yield match.span("secret" if "secret" in match.re.groupindex else 0)
