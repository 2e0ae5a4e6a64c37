"""Whether the program of a function checks who calls it: credentials in headers, signatures of webhooks."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePath

from mlwa_lint.frontends.python.limits import HANDLER_FILES_LIMIT
from mlwa_lint.startup.patterns import folded, lazy

# The headers in which callers present credentials, and what verifies these.
_HEADER = folded(r"[\"'.](?:authorization|x-api-key|x-auth-token|x-signature|cookie)\b")
_VERIFIES = folded(
    r"get_?secret_?value|compare_digest|timingsafeequal|jwt\.(?:decode|verify)|jwt_?verify|verify_?(?:jwt|token)"
    r"|validate_?(?:jwt|token)|hmac\.new|createhmac|getsecretvaluecommand"
)
# The headers in which services that call webhooks sign what they send, or present what they share with it …
_SIGNED = folded(
    r"[\"'.](?:x-slack-signature|x-hub-signature(?:-256)?|x-twilio-signature|stripe-signature"
    r"|x-line-signature|x-signature-ed25519|x-shopify-hmac-sha256|x-gitlab-token|x-webhook-signature"
    r"|x-telegram-bot-api-secret-token)\b"
)
# … what compares them …
_COMPARES = lazy(
    r"compare_digest|timingSafeEqual|RequestValidator|validateRequest|construct_?[eE]vent|VerifyKey|verifyKey"
    r"|WebhookHandler|WebhookParser|validateSignature|SignatureVerifier|verify_?[sS]ignature"
)
# … and what does both by itself, unless it is switched off.
_BY_ITSELF = lazy(r"(?m)^[ \t]*(?:from|import)\s+slack_bolt\b|(?:from|require\()\s*[\"']@slack/bolt[\"']")
_VERIFIER = lazy(r"\bSignatureVerifier\(")
_VERIFIED = lazy(r"\.is_valid(?:_request)?\(")
_SWITCHED_OFF = lazy(r"request_verification_enabled\s*=\s*False|signatureVerification\s*:\s*false")
_IMPORTED = lazy(r"(?m)^[ \t]*(?:from|import)\s+([\w.]+)|(?:from|require\()\s*[\"']\.{0,2}/?([\w./-]+)[\"']")
_REMEMBERED = 2 * HANDLER_FILES_LIMIT


def checks_callers(texts: Mapping[str, str], handler: str) -> bool | None:
    """Whether a program of which all texts are known checks what its callers present.

    That its handler reads a header for credentials and something in it verifies them shows that it does;
    that nothing in it reads one, that it does not.
    """
    if not any(_HEADER.search(text) is not None for text in texts.values()):
        return False
    verifies = any(map(_verifies, texts.values()))
    return True if verifies and _HEADER.search(texts.get(handler, "")) is not None else None


@lru_cache(maxsize=_REMEMBERED)
def _verifies(text: str) -> bool:
    return _VERIFIES.search(text) is not None


def verifies_signatures(texts: Mapping[str, str], handler: str) -> bool:
    """Whether a handler, or a module that it imports, verifies how its caller signs requests."""
    reached = _reached(texts, handler)
    if any(_SWITCHED_OFF.search(text) is not None for text in reached):
        return False
    if any(_BY_ITSELF.search(text) is not None or _has_verifier(text) for text in reached):
        return True
    return all(any(each.search(text) is not None for text in reached) for each in (_SIGNED, _COMPARES))


def _has_verifier(text: str) -> bool:
    made = _VERIFIER.search(text)
    return made is not None and _VERIFIED.search(text, made.end()) is not None


def _reached(texts: Mapping[str, str], handler: str) -> list[str]:
    """The text of the handler, and those of the modules beside it that it imports, directly or not."""
    stems = {PurePath(path).stem: path for path in texts}
    reached: dict[str, None] = {}
    left = [handler] if handler in texts else []
    while left:
        path = left.pop()
        if path in reached:
            continue
        reached[path] = None
        for plain, quoted in _IMPORTED.findall(texts[path]):
            steps = (plain or quoted).replace("/", ".").split(".")
            left += [stems[step] for step in steps if step in stems]
    return [texts[path] for path in reached]
