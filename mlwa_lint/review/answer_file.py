"""Writes answers: a new file with its questions, or one entry of a file that otherwise stays as it is."""

from collections.abc import Iterable
from typing import Any

from mlwa_lint.catalogue.lens import Practice, lens_of, practices
from mlwa_lint.errors import UserError
from mlwa_lint.files.paths import shown
from mlwa_lint.review.answers import VERSION, PracticeAnswer, Workload, compose
from mlwa_lint.review.questions import wording

_HEAD = f"""\
# Answers to the practices of AWS Well-Architected lenses that code cannot decide.
# status: followed, not-followed or not-applicable (with a reason); empty until it is answered.
# evidence: paths (docs/roles.md:12) or addresses; reviewed and expires: days, as 2027-03-31.
version: {VERSION}
answers:
"""
_WIDTH = 110


def new_file(practices: Iterable[Practice]) -> str:
    """A file with questions about some practices."""
    entries = "\n".join(_question(each) + _entry(each.id, PracticeAnswer()) for each in practices)
    return _HEAD + entries if entries else _HEAD.rstrip()[: -len("answers:")] + "answers: {}\n"


def with_questions(text: str, practices: Iterable[Practice], path: str) -> str:
    """A file with questions also about practices that it does not name yet."""
    for practice in practices:
        text = with_answer(text, practice.id, PracticeAnswer(), path)
    return text


def with_answer(text: str, practice: str, answer: PracticeAnswer, path: str) -> str:
    """A file with the answer to one practice replaced or added."""
    if not text.strip():
        text = _HEAD.removesuffix("answers:\n") + "answers: {}\n"
    root = compose(text, path)
    answers = _value(root, "answers")
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    if answers is None:
        return "".join([*lines, "answers:\n", *_new(practice, answer)])
    if answers.id != "mapping" or (answers.flow_style and not answers.value):
        if answers.id == "mapping" or answers.tag.endswith(":null"):
            return _started(lines, root, practice, answer)
        raise UserError(f"{shown(path)}: `answers` is not a mapping")
    if answers.flow_style:
        raise UserError(
            f"{shown(path)}: answers are written in one line",
            "write each on lines of its own, in block style",
        )
    indent = answers.value[0][0].start_mark.column
    for key, value in answers.value:
        if key.value == practice:
            first, last = key.start_mark.line, _last_line(key, value)
            return "".join([*lines[:first], *_entry_lines(practice, answer, indent), *lines[last + 1 :]])
    last = max(_last_line(key, value) for key, value in answers.value)
    return "".join([*lines[: last + 1], "\n", *_new(practice, answer, indent), *lines[last + 1 :]])


def with_workload(text: str, workload: Workload, path: str) -> str:
    """A file that names the workload from which its answers were pulled."""
    written = (
        "workload:\n"
        f"  id: {_scalar(workload.id)}\n"
        f"  lens-alias: {_scalar(workload.lens_alias)}\n"
        f"  improvement-status: {_scalar(workload.improvement_status)}\n"
    )
    root = compose(text, path)
    lines = text.splitlines(keepends=True)
    for key, value in root.value if root is not None else ():
        if key.value == "workload":
            first, last = key.start_mark.line, _last_line(key, value)
            return "".join([*lines[:first], written, *lines[last + 1 :]])
        if key.value == "answers":
            first = key.start_mark.line
            lines.insert(first, written)
            break
    return "".join(lines)


def _started(lines: list[str], root: Any, practice: str, answer: PracticeAnswer) -> str:
    """A file whose `answers` is empty, with its first answer."""
    line = next(key.start_mark.line for key, _ in root.value if key.value == "answers")
    return "".join([*lines[:line], "answers:\n", *_new(practice, answer), *lines[line + 1 :]])


def _new(practice: str, answer: PracticeAnswer, indent: int = 2) -> list[str]:
    found = practices()[practice]
    pad = " " * indent
    return [
        *(pad + line for line in _question(found, "").splitlines(keepends=True)),
        *_entry_lines(practice, answer, indent),
    ]


def _question(practice: Practice, pad: str = "  ") -> str:
    lens = lens_of(practice.id)
    assert lens is not None
    phrases = wording(lens, practice)
    risk = f"{practice.risk.lower()} risk, " if practice.risk else ""
    texts = (
        f"{practice.title} ({risk}{practice.topic})",
        phrases.ask,
        f"Evidence: {phrases.evidence}",
    )
    return "".join(f"{pad}# {line}\n" for text in texts for line in _wrapped(text, _WIDTH - 4))


def _entry_lines(practice: str, answer: PracticeAnswer, indent: int) -> list[str]:
    pad = " " * indent
    lines = _entry(practice, answer).split("\n")[:-1]
    return [f"{pad}{line[2:]}\n" if line else "\n" for line in lines]


def _entry(practice: str, answer: PracticeAnswer) -> str:
    lines = [f"  {practice}:", f"    status: {answer.status or ''}".rstrip()]
    for key, text in (("reason", answer.reason), ("notes", answer.notes)):
        if text:
            lines.append(f"    {key}: {_text(text)}")
    if answer.evidence:
        lines += ["    evidence:", *(f"      - {_scalar(each)}" for each in answer.evidence)]
    if answer.owner or answer.status is None:
        lines.append(f"    owner: {_scalar(answer.owner)}".rstrip())
    for key, day in (("reviewed", answer.reviewed), ("expires", answer.expires)):
        if day is not None:
            lines.append(f"    {key}: {day.isoformat()}")
    return "".join(f"{line}\n" for line in lines)


def _text(text: str) -> str:
    """A text of one line as a scalar, a longer one as a block."""
    lines = text.split("\n")
    if len(lines) == 1 or lines[0].startswith(" ") or not all(line.isprintable() for line in lines):
        return _scalar(text)
    return "|-\n" + "\n".join(f"      {line}".rstrip() for line in lines)


def _scalar(text: str) -> str:
    """A text as YAML that reads as this text again, quoted only where it has to be."""
    if not text:
        return ""
    import yaml

    style = None if text.isprintable() else '"'
    written: str = yaml.safe_dump(text, width=10_000, allow_unicode=True, default_style=style)
    return written.removesuffix("\n").removesuffix("\n...")


def _wrapped(text: str, width: int) -> list[str]:
    from textwrap import wrap

    return wrap(text, width)


def _value(root: Any, key: str) -> Any:
    return None if root is None else next((value for name, value in root.value if name.value == key), None)


def _last_line(key: Any, node: Any) -> int:
    """The last line of an entry, without the comments that come after it."""
    last: int = key.start_mark.line
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each.id == "scalar":
            end = each.end_mark
            last = max(
                last, end.line - 1 if end.column == 0 and end.line > each.start_mark.line else end.line
            )
        elif each.flow_style:
            last = max(last, each.end_mark.line)
        else:
            waiting += [part for pair in each.value for part in pair] if each.id == "mapping" else each.value
    return last
