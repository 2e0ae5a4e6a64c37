"""What a failure of mlwa-lint itself is called, and what there is to do about it."""

_DAMAGED = (
    "where files of mlwa-lint are missing or were changed while it ran, run it again or install it again"
)


def shown(error: BaseException) -> str:
    """An error without what a user's file may have put into its text."""
    text = str(error).replace("\0", "") if isinstance(error, (ImportError, SyntaxError, OSError)) else ""
    kind = type(error).__name__
    return f"{kind}: {text}" if text else kind


def advice_on(error: BaseException) -> str:
    """What to do about an error that need not be a bug."""
    return _DAMAGED if _is_of_our_files(error) else ""


def _is_of_our_files(error: BaseException) -> bool:
    """Whether one of our modules, or one that they need, cannot be imported: those of users never are."""
    if isinstance(error, SyntaxError):
        return (error.filename or "").endswith(".py") and "mlwa_" in (error.filename or "")
    return isinstance(error, ImportError)
