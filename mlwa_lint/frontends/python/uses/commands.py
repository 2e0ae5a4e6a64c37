"""The commands by which scripts, workflows and images of a project run its programs, and what they give."""

import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.frontends.python.uses.functions import leave_unset, outputs_of, settings_of
from mlwa_lint.frontends.python.uses.project import DOCUMENTS, PYTHON, Uses, module_name
from mlwa_lint.frontends.python.uses.terraform_texts import StatedVariable
from mlwa_lint.frontends.python.uses.variables import Piece, VariablesOfFile
from mlwa_lint.frontends.python.uses.written import WrittenVariables, values_of
from mlwa_lint.startup.records import NamedTuple

# A word of a command: texts, and what is put between them when it runs.
Word: TypeAlias = tuple[Piece, ...]

_CONTINUED = re.compile(r"\\[ \t]*\r?\n")
# What precedes a program where a command runs it, and what may follow the last of its arguments.
_RUNNERS = r"(?:python[\w.]*|uv run|poetry run|accelerate launch|torchrun|(?:^|(?<=\s))\.?/)"
_ENDS = frozenset({"|", "||", "&", "&&", ";", ">", ">>", "2>&1", "2>"})
_QUOTES = ("'", '"')
_MODULE = b"-m"
# What has words of its own: an expression of a workflow, the output of another command.
_INNER = re.compile(r"\$\{\{.{0,500}?\}\}|\$\([^()\n]*\)|`[^`\n]*`")
_KEPT = re.compile("\1(\\d+)\1")
_SPREAD = re.compile(r"\$[@*]|\$\{@\}|\{\{|<[^<>\n]+>")


class Command(NamedTuple):
    """A command that runs a program. words: what follows the program. variables: those of its file."""

    steps: PathSteps
    words: tuple[Word, ...]
    variables: VariablesOfFile


class ProgramCommands:
    """What runs the programs of a project; documents that describe how to run one do not count."""

    def __init__(
        self,
        uses: Callable[[], Uses | None],
        written: Callable[[], WrittenVariables],
    ) -> None:
        """written: what scripts of the project write as environment variables."""
        self._uses = uses
        self._written = written
        self._known: dict[str, tuple[Command, ...]] = {}
        self._settings: dict[tuple[str, str], list[StatedVariable]] = {}

    def running(self, path: str) -> tuple[Command, ...]:
        """The commands that run a program."""
        if path not in self._known:
            self._known[path] = tuple(self._found(path))
        return self._known[path]

    def settings(self, name: str, path: str) -> list[StatedVariable]:
        """What functions that run a program are given as an environment variable."""
        if (name, path) not in self._settings:
            uses = self._uses()
            steps = None if uses is None else uses.steps_of(path)
            found = None if uses is None or steps is None else settings_of(name, steps, uses)
            self._settings[name, path] = found or []
        return self._settings[name, path]

    def written(self, name: str) -> list[StatedVariable]:
        """What scripts write as an environment variable where programs or shells load it."""
        return values_of(name, self._written())

    def leaves_unset(self, name: str, path: str) -> bool:
        """Whether functions that run a program are certainly not given an environment variable."""
        uses = self._uses()
        steps = None if uses is None else uses.steps_of(path)
        return uses is not None and steps is not None and leave_unset(name, steps, uses)

    def outputs(self, name: str) -> list[StatedVariable]:
        """What outputs of Terraform of a name come to."""
        uses = self._uses()
        return [] if uses is None else outputs_of(name, uses)

    def _found(self, path: str) -> Iterator[Command]:
        uses = self._uses()
        steps = None if uses is None else uses.steps_of(path)
        if uses is None or steps is None or not steps[-1].endswith(".py"):
            return
        naming = dict.fromkeys((*uses.naming(steps), *uses.documents_naming(steps)))
        for each in naming:
            if is_test(each) or each[-1].endswith((*PYTHON, *DOCUMENTS)):
                continue
            # Any file may have a word that is a module's name: most of them need not be read.
            if (
                steps[-1].encode("utf-8", "replace") not in uses.texts[each]
                and _MODULE not in uses.texts[each]
            ):
                continue
            variables = VariablesOfFile(each, uses.texts[each])
            for words in _commands_in(variables.scripts, steps):
                yield Command(each, tuple(map(variables.pieces_of, words)), variables)


def _commands_in(scripts: Iterable[str], steps: PathSteps) -> Iterator[list[str]]:
    """The words that follow a program in the commands that run it."""
    script = re.escape(steps[-1])
    module = re.escape(module_name(steps))
    called = re.compile(
        rf"{_RUNNERS}[^\n|;&]{{0,500}}?(?:(?<![\w.-]){script}|-m[ ]+(?:\w+\.)*{module})"
        r"(?![\w.-])(?P<rest>[^\n]*)"
    )
    for text in scripts:
        for line in _CONTINUED.sub(" ", text).split("\n"):
            if steps[-1] not in line and "-m" not in line:
                continue
            for match in called.finditer(line):
                words = _words(match["rest"])
                if words is not None:
                    yield words


def _words(rest: str) -> list[str] | None:
    """The arguments in the rest of a command's line; None where they cannot be told apart."""
    kept: list[str] = []
    rest = rest.replace("\1", "")

    def keep(match: re.Match[str]) -> str:
        kept.append(match.group())
        return f"\1{len(kept) - 1}\1"

    rest = _INNER.sub(keep, rest)
    if _SPREAD.search(rest):
        return None
    if rest[:1] in _QUOTES:  # of the program's name
        rest = rest[1:]
    for text in (rest, rest.rstrip().rstrip("\"'`),]")):
        lexer = shlex.shlex(text, posix=True, punctuation_chars="|;&>")
        lexer.whitespace_split = True
        lexer.commenters = "#"
        try:
            return [_KEPT.sub(lambda match: kept[int(match[1])], word) for word in _until_end(list(lexer))]
        except ValueError:
            continue
    return None


def _until_end(words: Sequence[str]) -> list[str]:
    found: list[str] = []
    for word in words:
        if word in _ENDS or set(word) <= set("|;&>"):
            break
        found.append(word)
    return found
