"""`mlwa-lint review --interview`: prompts for open practices one by one."""

import datetime
from pathlib import Path

import click

from mlwa_lint.cli.outcome import print_message
from mlwa_lint.cli.reviewing import counted
from mlwa_lint.cli.writing import write_file
from mlwa_lint.reporters.standing import standing
from mlwa_lint.review.answer_file import new_file, with_answer
from mlwa_lint.review.answers import PracticeAnswer, Status
from mlwa_lint.review.assess import Assessment, Review
from mlwa_lint.review.questions import wording

_CHOICES: dict[str, Status] = {"f": "followed", "n": "not-followed", "a": "not-applicable"}
_PROMPT = "[f]ollowed, [n]ot followed, not [a]pplicable, [s]kip, [q]uit"


def interview(review: Review, path: str, day: datetime.date) -> None:
    """Prompts for every undecided practice, and saves after each answer."""
    waiting = [each for each in review.practices if each.verdict == "open"]
    print_message(f"{counted(len(waiting), 'open practice')}; each answer is saved to {path} at once")
    answered = 0
    for position, each in enumerate(waiting, 1):
        _interview(each, review, f"{position}/{len(waiting)}")
        choice = click.prompt(_PROMPT, type=click.Choice([*_CHOICES, "s", "q"]), show_choices=False, err=True)
        if choice == "q":
            break
        if choice == "s":
            continue
        _save(path, each.practice.id, _answer(each.answer, _CHOICES[choice], day))
        answered += 1
    print_message(
        f"{counted(answered, 'answer')} saved; {counted(len(waiting) - answered, 'practice')} still open"
    )


def _interview(each: Assessment, review: Review, position: str) -> None:
    texts = wording(review.lens, each.practice)
    print_message("")
    print_message(f"{position} {each.practice.id} {each.practice.title}")
    print_message(f"  {texts.ask}")
    print_message(f"  Evidence would be: {texts.evidence}")
    print_message(f"  So far: {standing(each)}")


def _answer(before: PracticeAnswer, status: Status, day: datetime.date) -> PracticeAnswer:
    reason = before.reason
    if status != "followed":
        required = status == "not-applicable"
        reason = click.prompt(
            "Reason" if required else "Reason (may be empty)", default=None if required else "",
            show_default=False, err=True,
        )  # fmt: skip
    evidence = click.prompt(
        "Evidence, paths or addresses with commas between them (may be empty)", default="",
        show_default=False, err=True,
    )  # fmt: skip
    owner = click.prompt(
        "Owner (may be empty)", default=before.owner, show_default=bool(before.owner), err=True
    )
    named = tuple(part.strip() for part in evidence.split(",") if part.strip())
    return before._replace(
        status=status, reason=reason.strip(), evidence=named or before.evidence, owner=owner.strip(),
        reviewed=day, expires=None,
    )  # fmt: skip


def _save(path: str, practice: str, answer: PracticeAnswer) -> None:
    file = Path(path)
    if file.exists():
        text = file.read_text(encoding="utf-8-sig")
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        text = new_file(())
    write_file(path, with_answer(text, practice, answer, path))
