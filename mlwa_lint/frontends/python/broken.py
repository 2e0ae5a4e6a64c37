"""What a cell that is not valid Python can declare: nothing of what the whole program has no word for."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from mlwa_lint.files.reading import read_text
from mlwa_lint.frontends.python.limits import SOURCE_LIMIT
from mlwa_lint.model.resources import Gap, Problem
from mlwa_lint.model.spans import start_of
from mlwa_lint.startup.patterns import lazy

# Starts of types, and words without one of which no program creates any of them, itself or by a command.
_WORDS = (
    ("AWS::ApplicationAutoScaling::", lazy(r"(?i)scalable_?-?target|scaling_?-?policy")),
    ("AWS::Budgets::", lazy(r"(?i)budget")),
    ("AWS::CE::", lazy(r"(?i)anomal")),
    ("AWS::CloudTrail::", lazy(r"(?i)trail")),
    ("AWS::CloudWatch::Alarm", lazy(r"(?i)alarm")),
    ("AWS::CloudWatch::CompositeAlarm", lazy(r"(?i)alarm")),
    ("AWS::CloudWatch::Dashboard", lazy(r"(?i)dashboard")),
    ("AWS::Events::", lazy(r"(?i)put_?-?rule|events\b")),
    ("AWS::IAM::", lazy(r"(?i)\biam\b|create_?-?role|role_?-?policy")),
    ("AWS::Scheduler::", lazy(r"(?i)schedule")),
)


def gaps_of(name: str, problems: Sequence[Problem], sources: Iterable[str]) -> Iterator[Gap]:
    """What cells that are not valid Python leave open. sources: the files that the program consists of."""
    fatal = next((each for each in problems if each.fatal), None)
    if fatal is None:
        return
    texts = [_text_of(path) for path in sources]
    words = () if None in texts else _WORDS
    never = tuple(start for start, word in words if not any(word.search(text or "") for text in texts))
    yield Gap(f"{fatal.place}, which is not valid,", start_of(name), never=never, broken=True)


def _text_of(path: str) -> str | None:
    try:
        return read_text(Path(path), SOURCE_LIMIT)
    except (OSError, ValueError):
        return None
