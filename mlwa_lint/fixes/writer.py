"""What the writers of all languages share: the way from an intent to the edits of one source file."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any

from mlwa_lint.fixes.edits import Edit
from mlwa_lint.fixes.source import SourceFile
from mlwa_lint.fixes.wanted import wanted_of
from mlwa_lint.model.intents import Intent


class IntentWriter(ABC):
    """Makes the edits for one intent in one file.

    anchor: the offset in the source's text at which the intent applies.
    """

    def __init__(self, source: SourceFile, intent: Intent) -> None:
        self.source = source
        self.intent = intent
        self.anchor = source.offset(intent.anchor.line, intent.anchor.column)

    def edits_with(self, names: Mapping[str, tuple[str, ...]]) -> list[Edit]:
        """The edits for an intent, with the configuration's names. Raises RefusedError."""
        return list(self.edits(wanted_of(self.intent.wanted, names, self.named)))

    @abstractmethod
    def named(self, key: str, name: str) -> Any:
        """What a configured name is in this file. Raises RefusedError where it is nothing."""

    @abstractmethod
    def edits(self, wanted: Any) -> Iterator[Edit]:
        """The edits for what is wanted. Raises RefusedError."""
