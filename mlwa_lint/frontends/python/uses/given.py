"""What the commands that run a program give it: options, arguments, environment variables."""

from collections.abc import Iterable, Sequence

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.defaulted import ScriptOption
from mlwa_lint.frontends.python.evaluation.given import Convert, RunWith, Takes
from mlwa_lint.frontends.python.evaluation.operators import joined
from mlwa_lint.frontends.python.evaluation.outputs import OUTPUT
from mlwa_lint.frontends.python.evaluation.values import ListObj, PyValue, Site
from mlwa_lint.frontends.python.uses.commands import Command, ProgramCommands, Word
from mlwa_lint.frontends.python.uses.terraform_texts import StatedVariable
from mlwa_lint.frontends.python.uses.variables import OneOfPiece, OpenPiece
from mlwa_lint.model.credentials import known_format
from mlwa_lint.model.secrets import names_secret
from mlwa_lint.model.values import ENVIRONMENT, Scalar, Unknown

# What a repository of ECR has as its address in Terraform, and how the identity of an address ends.
_URL, _ADDRESS = ".repository_url", "[repositoryUri]"
# Of more values than these none is taken.
_VALUES = 8


class GivenByCommands(RunWith):
    """What the commands of a project give one of its programs, as an assumption: it can be run otherwise."""

    def __init__(self, core: Core, commands: ProgramCommands, program: str) -> None:
        self._core = core
        self._commands = commands
        self._program = program

    def option(self, option: ScriptOption, takes: Takes, convert: Convert, site: Site) -> PyValue | None:
        """The value of an option, where all commands give it."""
        running = self._commands.running(self._program) if option.spellings else ()
        given = [_words_of(each.words, option.spellings, takes) for each in running]
        what = max(option.spellings, key=len, default="")
        if not running or None in given or names_secret(what.lstrip("-").replace("-", "_")):
            return None
        if takes == "none":
            return Scalar(True, site.span, _assumption(what, running))
        words = [each for each in given if each is not None]
        if takes == "one":
            return self._one_of([each[0] for each in words], what, running, convert, site)
        if len(set(words)) > 1:
            return None
        listed = [self._value(each, what, running, convert, site) for each in words[0]]
        known = [each for each in listed if each is not None]
        if len(known) < len(listed):
            return None
        return ListObj(known, site.span, assumed=_assumption(what, running))

    def argument(self, position: int, site: Site) -> PyValue | None:
        """An item of `sys.argv`."""
        running = self._commands.running(self._program)
        if position < 1 or not running or any(len(each.words) < position for each in running):
            return None
        words = [each.words[position - 1] for each in running]
        return self._one_of(words, f"argument {position}", running, str, site)

    def variable(self, name: str, site: Site) -> PyValue | None:
        """An environment variable that the files set which run the program."""
        if names_secret(name):
            return None
        setting: list[Command] = []
        words: list[Word] = []
        for each in self._commands.running(self._program):
            found = each.variables.value(name)
            if found is not None:
                setting.append(each)
                words.append(found)
        what = f"environment variable {name}"
        return self._one_of(words, what, setting, str, site) if words else self._of_function(name, site)

    def is_unset(self, name: str) -> bool:
        """Whether only functions run the program, none of which is given a variable."""
        return not self._commands.running(self._program) and self._commands.leaves_unset(name, self._program)

    def output(self, name: str, site: Site) -> PyValue | None:
        """An output of the project's Terraform configuration, where all that have it agree."""
        found = self._commands.outputs(name)
        if len({each.word for each in found}) != 1 or names_secret(name):
            return None
        value = self._value(found[0].word, f"output {name}", found, str, site)
        if isinstance(value, Unknown) and not value.parts:
            return value._replace(identity=f"{OUTPUT}{value.identity}", present=True)
        return value

    def _of_function(self, name: str, site: Site) -> PyValue | None:
        """An environment variable that templates give functions which run the program, or scripts write."""
        found = self._commands.settings(name, self._program) or self._commands.written(name)
        words = dict.fromkeys(each.word for each in found)
        if not words or (len(words) > 1 and any(_text(each) is None for each in words)):
            return None
        what = f"environment variable {name}"
        assumed = frozenset(each.because for each in found if each.because)
        assumed = assumed or _assumption(what, found)
        texts = tuple(text for each in words if (text := _text(each)) is not None)
        if len(words) == 1:
            if not texts:
                return self._value(next(iter(words)), what, found, str, site)
            return None if known_format(texts[0]) else Scalar(texts[0], site.span, assumed)
        if len(texts) > _VALUES:
            return None
        reason = f"{what} differs between {_listed(found)}"
        identity = f"{ENVIRONMENT}{what}"
        return Unknown(reason, site.span, identity=identity, assumed=assumed, one_of=texts)

    def _one_of(
        self, words: Iterable[Word], what: str, running: Sequence[Command], convert: Convert, site: Site
    ) -> PyValue | None:
        distinct = list(dict.fromkeys(each for word in words for each in _alternatives(word)))
        if len(distinct) == 1:
            return self._value(distinct[0], what, running, convert, site)
        texts = [_text(each) for each in distinct]
        if len(texts) > _VALUES or None in texts:
            return None
        files = {each.steps for each in running}
        reason = (
            f"{what} {'differs between' if len(files) > 1 else 'is one of several in'} {_listed(running)}"
        )
        known = tuple(text for text in texts if text is not None)
        identity = f"{ENVIRONMENT}{what}"
        return Unknown(reason, site.span, identity=identity, assumed=_assumption(what, running), one_of=known)

    def _value(
        self,
        word: Word,
        what: str,
        running: Sequence[Command | StatedVariable],
        convert: Convert,
        site: Site,
    ) -> PyValue | None:
        assumed = _assumption(what, running)
        text = _text(word)
        if text is not None:
            made = None if known_format(text) else convert(text)
            return None if made is None else Scalar(made, site.span, assumed)
        file = "/".join(running[0].steps)
        pieces: list[PyValue] = []
        for each in word:
            if isinstance(each, OneOfPiece):
                identity = f"{file} {each.texts}"
                reason = f"{what} is one of several in {file}"
                pieces.append(
                    Unknown(reason, site.span, identity=identity, assumed=assumed, one_of=each.texts)
                )
            elif isinstance(each, OpenPiece):
                identity = f"{file} {each.what}" + (_ADDRESS if each.what.endswith(_URL) else "")
                reason = f"{what} is given in {file} as {each.what}"
                pieces.append(Unknown(reason, site.span, identity=identity, assumed=assumed))
            else:
                pieces.append(Scalar(each, site.span, assumed))
        return pieces[0] if len(pieces) == 1 else joined(self._core, pieces, site.span)


def _words_of(words: Sequence[Word], spellings: Sequence[str], takes: Takes) -> tuple[Word, ...] | None:
    """What a command gives an option; None where it leaves it out."""
    for position, word in enumerate(words):
        first = word[0]
        if not isinstance(first, str):
            continue
        name, separator, rest = first.partition("=")
        if name not in spellings:
            continue
        if takes == "none":
            return ()
        if separator:
            return ((rest, *word[1:]) if rest or len(word) == 1 else word[1:],)
        following: list[Word] = []
        for each in words[position + 1 :]:
            if isinstance(each[0], str) and each[0].startswith("-") and not each[0][1:2].isdigit():
                break
            following.append(each)
        if takes == "one":
            following = following[:1]
        return tuple(following) or None
    return None


def _alternatives(word: Word) -> Sequence[Word]:
    """The words that one of several texts can be."""
    first = word[0]
    return [(text,) for text in first.texts] if len(word) == 1 and isinstance(first, OneOfPiece) else [word]


def _text(word: Word) -> str | None:
    """A word of which everything is known."""
    return word[0] if len(word) == 1 and isinstance(word[0], str) else None


def _assumption(what: str, running: Sequence[Command | StatedVariable]) -> frozenset[str]:
    return frozenset({f"{what} as in {_listed(running)}"})


def _listed(running: Sequence[Command | StatedVariable]) -> str:
    files = list(dict.fromkeys("/".join(each.steps) for each in running))
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    return f"{files[0]}{more}"
