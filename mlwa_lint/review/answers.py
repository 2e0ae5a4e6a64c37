"""People's answers, `.mlwa/review.yaml`: read with every mistake named at its line.

mlwa_lint/schema/review-answers-1.schema.json describes the same for editors.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from mlwa_lint.catalogue.lens import practices
from mlwa_lint.errors import UserError, nearest
from mlwa_lint.files.paths import shown
from mlwa_lint.startup.records import NamedTuple

DEFAULT_FILE = ".mlwa/review.yaml"
VERSION = 1
LARGEST = 2_000_000

Status: TypeAlias = Literal["followed", "not-followed", "not-applicable"]
STATUSES: tuple[Status, ...] = get_args(Status)


class PracticeAnswer(NamedTuple):
    """A person's answer about one practice. status: None until it is answered."""

    status: Status | None = None
    reason: str = ""
    notes: str = ""
    evidence: tuple[str, ...] = ()
    owner: str = ""
    reviewed: datetime.date | None = None
    expires: datetime.date | None = None
    line: int = 0

    def has_expired(self, day: datetime.date) -> bool:
        """Whether an answer no longer counts: from its expiry date on."""
        return self.status is not None and self.expires is not None and self.expires <= day


class Workload(NamedTuple):
    """The workload of the Well-Architected Tool that answers were last brought back from."""

    id: str = ""
    lens_alias: str = ""
    improvement_status: str = ""


class AnswerFile(NamedTuple):
    """All answers of a file, by practice. path: as the user knows it."""

    path: str = DEFAULT_FILE
    by_practice: Mapping[str, PracticeAnswer] = {}
    workload: Workload = Workload()

    @property
    def root(self) -> Path:
        """The folder that paths of evidence are relative to: the one that holds `.mlwa`, or the file."""
        folder = Path(self.path).parent
        return folder.parent if folder.name == ".mlwa" else folder

    def missing_evidence(self) -> Iterator[tuple[PracticeAnswer, str, str]]:
        """Paths that answers name as evidence and that do not exist: the answer, its practice, the path."""
        for practice, answer in self.by_practice.items():
            for text in answer.evidence:
                path = _path_in(text)
                if path and not (self.root / path).exists():
                    yield answer, practice, path


def _path_in(evidence: str) -> str:
    """The path of `docs/roles.md:12`; nothing for an address or for words."""
    if "://" in evidence or " " in evidence:
        return ""
    path, colon, lines = evidence.rpartition(":")
    return path if colon and lines.replace("-", "").isdigit() else evidence


def read_answers(path: str) -> AnswerFile:
    """The answers of a file; none where there is no file. Raises UserError."""
    try:
        if Path(path).stat().st_size > LARGEST:
            raise UserError(f"{shown(path)}: more than {LARGEST // 1_000_000} MB of answers")
        text = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return AnswerFile(path)
    except UnicodeDecodeError:
        raise UserError(f"{shown(path)}: not UTF-8 text") from None
    except OSError as error:
        raise UserError(f"{shown(path)}: cannot be read: {error.strerror or error}") from None
    return parse_answers(text, path)


def parse_answers(text: str, path: str = DEFAULT_FILE) -> AnswerFile:
    """The answers of a text. Raises UserError."""
    node = compose(text, path)
    return AnswerFile(path) if node is None else _Reader(path).document(node)


def compose(text: str, path: str) -> Any:
    """The syntax tree of a text, None if it is empty. Raises UserError."""
    import yaml

    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
        raise UserError(f"{shown(path)}:{line}: not valid YAML: {error.problem}") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise UserError(f"{shown(path)}: not valid YAML: {error}") from None


class _Reader:
    """Takes nodes apart, and reports the line at which they are not as they should be."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.known = list(practices())

    def document(self, node: Any) -> AnswerFile:
        version = None
        answers: dict[str, PracticeAnswer] = {}
        workload = Workload()
        for key, _, value in self.entries(node, ("version", "answers", "workload"), "key"):
            if key == "version":
                version = self.text(value)
            elif key == "workload":
                workload = self.workload(value)
            elif not self.is_null(value):
                for practice, line, entry in self.entries(value, self.known, "practice"):
                    answers[practice] = self.answer(practice, entry, line)
        if version != str(VERSION):
            raise self.wrong(node, f"the file must contain `version: {VERSION}`")
        return AnswerFile(self.path, answers, workload)

    def workload(self, node: Any) -> Workload:
        fields = {
            key.replace("-", "_"): self.text(value)
            for key, _, value in self.entries(node, ("id", "lens-alias", "improvement-status"), "key")
        }
        return Workload(**fields)

    def answer(self, practice: str, node: Any, line: int) -> PracticeAnswer:
        if self.is_null(node):
            return PracticeAnswer(line=line)
        readers: dict[str, Callable[[Any], Any]] = {
            "status": self.status,
            "reason": self.text,
            "notes": self.text,
            "evidence": self.texts,
            "owner": self.text,
            "reviewed": self.day,
            "expires": self.day,
        }
        fields = {key: readers[key](value) for key, _, value in self.entries(node, list(readers), "key")}
        answer = PracticeAnswer(**fields, line=line)
        if answer.status == "not-applicable" and not answer.reason:
            raise UserError(
                f"{shown(self.path)}:{line}: {practice} is not-applicable without a reason",
                "state in `reason` why it does not apply to this workload",
            )
        return answer

    def entries(
        self, node: Any, known: tuple[str, ...] | list[str], kind: str
    ) -> Iterator[tuple[str, int, Any]]:
        """Key, line and value of a mapping. Unknown and repeated keys are mistakes."""
        if node.id != "mapping":
            raise self.wrong(node, "a mapping is expected here")
        seen = set()
        for key_node, value in node.value:
            key = self.text(key_node)
            if key not in known:
                hint = nearest(key, list(known))
                if not hint and kind == "key":
                    hint = f"known keys: {', '.join(known)}"
                raise self.wrong(key_node, f"unknown {kind} {key!r}", hint)
            if key in seen:
                raise self.wrong(key_node, f"{key} occurs twice")
            seen.add(key)
            yield key, key_node.start_mark.line + 1, value

    def status(self, node: Any) -> Status | None:
        if self.is_null(node):
            return None
        text = self.text(node)
        for status in STATUSES:
            if text == status:
                return status
        hint = nearest(text, list(STATUSES)) or f"one of {', '.join(STATUSES)}"
        raise self.wrong(node, f"unknown status {text!r}", hint)

    def texts(self, node: Any) -> tuple[str, ...]:
        if self.is_null(node):
            return ()
        if node.id != "sequence":
            raise self.wrong(node, "a list of paths or addresses is expected here", "write `- docs/roles.md`")
        return tuple(self.text(each) for each in node.value)

    def day(self, node: Any) -> datetime.date | None:
        if self.is_null(node):
            return None
        text = self.text(node)
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            raise self.wrong(node, f"{text!r} is not a date", "write it as 2027-03-31") from None

    def text(self, node: Any) -> str:
        if node.id != "scalar":
            raise self.wrong(node, "a text is expected here")
        return "" if self.is_null(node) else str(node.value).strip()

    def is_null(self, node: Any) -> bool:
        return bool(node.tag == "tag:yaml.org,2002:null")

    def wrong(self, node: Any, message: str, hint: str = "") -> UserError:
        return UserError(f"{shown(self.path)}:{node.start_mark.line + 1}: {message}", hint)
