"""`mlwa-lint review export`, `push` and `pull`: exchange with the AWS Well-Architected Tool."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mlwa_lint.cli.decorators import input_options
from mlwa_lint.cli.outcome import print_message
from mlwa_lint.cli.reviewing import ANSWERS_OPTION, LENS_OPTION, broken, counted, reviewed
from mlwa_lint.cli.writing import keep_apart, write_file, write_stdout
from mlwa_lint.errors import UserError
from mlwa_lint.facts.today import today
from mlwa_lint.files.paths import shown
from mlwa_lint.review.answers import read_answers
from mlwa_lint.review.questions import lens_named
from mlwa_lint.review.wellarchitected.tool import Matching, matched

if TYPE_CHECKING:
    from mlwa_lint.review.wellarchitected.client import LensReview


def _workload_id(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not (len(value) == 32 and set(value) <= set("0123456789abcdef")):
        raise click.BadParameter("a workload's id has 32 hexadecimal digits")
    return value


def _tool_options(command: Any) -> Any:
    for option in reversed(
        (
            click.option(
                "--workload-id", required=True, metavar="ID", callback=_workload_id, help="The workload's id."
            ),
            click.option("--lens-alias", metavar="ALIAS", help="The lens's alias or ARN; found by its name."),
            click.option("--profile", metavar="NAME", help="Profile, as boto3 knows it."),
            click.option("--region", metavar="REGION", help="Region, as boto3 knows it."),
        )
    ):
        command = option(command)
    return command


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@LENS_OPTION
@ANSWERS_OPTION
@click.option("--custom-lens", is_flag=True, help="Write the lens in the format of custom lenses.")
@click.option("--workload", is_flag=True, help="Write the answers as the JSON of UpdateAnswer calls.")
@click.option("--workload-id", metavar="ID", callback=_workload_id, help="Name this workload in every call.")
@click.option("--lens-alias", metavar="ALIAS", help="Name this lens in every call.")
@click.option("--output", default="-", metavar="FILE", help="Output file; - for standard output (default).")
@input_options
def export(paths: tuple[str, ...], lens: str, answers: str, output: str, **options: Any) -> int:
    """Write a custom lens, or the answers, for the Well-Architected Tool."""
    if options["custom_lens"] is options["workload"]:
        raise UserError("give --custom-lens or --workload", "one of both is written at a time")
    code = 0
    if options["custom_lens"]:
        from mlwa_lint.review.wellarchitected.custom_lens import custom_lens

        text = custom_lens(lens_named(lens))
    else:
        from mlwa_lint.review.wellarchitected.export import update_answers

        linted, found = reviewed(paths, lens, answers, options)
        code = broken(linted)
        keep_apart(output, (*linted.sources, answers, *paths))
        text = update_answers(found, options["workload_id"] or "", options["lens_alias"] or "")
    if output == "-":
        write_stdout(text)
    else:
        write_file(output, text)
    return code


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@LENS_OPTION
@ANSWERS_OPTION
@_tool_options
@click.option("--milestone", metavar="NAME", help="Name of the milestone that is saved afterwards.")
@click.option("--yes", is_flag=True, help="Send; without it, only show what would be sent.")
@input_options
def push(paths: tuple[str, ...], lens: str, answers: str, **options: Any) -> int:
    """Send the review to the Well-Architected Tool.

    Without --yes it is a dry run, which reads from the tool and writes nothing. Answers that the tool has
    already are not sent again. Choices that nothing is known of stay as they are there.
    """
    from mlwa_lint.review.wellarchitected.client import milestone_name
    from mlwa_lint.review.wellarchitected.plan import planned

    linted, found = reviewed(paths, lens, answers, options)
    if broken(linted):
        return broken(linted)
    tool = _opened(options, lens)
    tool_questions = tool.questions()
    matching = matched(found.lens, tool_questions)
    _report_unmatched(matching)
    decided = {each.practice.id for each in found.practices if each.verdict != "open"}
    current = {
        question: tool.answer(question)
        for question, choices in matching.practices.items()
        if decided & set(choices.values())
    }
    calls = planned(found, matching, tool_questions, current)
    for call in calls:
        print_message(f"{call.question} {call.title}")
        for change in call.changes:
            print_message(f"  {change}")
    # Its name is settled before anything is sent, so that a bad one changes nothing.
    existing = tool.milestones()
    milestone = options["milestone"] or f"mlwa-lint {today()}"
    if not calls and (not options["milestone"] or milestone in existing):
        print_message("nothing to send: the tool has all of it")
        return 0
    name = milestone_name(milestone, existing)
    if not options["yes"]:
        print_message(
            f"{counted(len(calls), 'answer')} and the milestone {name!r} would be sent; --yes sends them"
        )
        return 0
    for call in calls:
        tool.update(call)
    tool.save_milestone(name)
    print_message(f"sent {counted(len(calls), 'answer')}; saved the milestone {name!r}")
    return 0


@click.command()
@LENS_OPTION
@ANSWERS_OPTION
@_tool_options
@click.option("--dry-run", is_flag=True, help="Only show what would be written.")
def pull(lens: str, answers: str, **options: Any) -> int:
    """Bring answers back from the Well-Architected Tool into the answers file.

    Answers that people have given there replace those of the file; what came from the rules stays out of it.
    """
    from mlwa_lint.review.answer_file import new_file, with_answer, with_workload
    from mlwa_lint.review.wellarchitected.pull import pulled

    given = read_answers(answers)
    tool = _opened(options, lens)
    tool_questions = tool.questions()
    matching = matched(lens_named(lens), tool_questions)
    _report_unmatched(matching)
    current = {question: tool.answer(question) for question in matching.practices}
    changes = list(pulled(matching, current, given, today()))
    file = Path(answers)
    before = file.read_text(encoding="utf-8-sig") if file.exists() else new_file(())
    text = before
    for each in changes:
        text = with_answer(text, each.practice, each.answer, answers)
        print_message(f"{each.practice}: {each.before or 'open'} -> {each.answer.status}")
    workload = tool.workload()
    text = with_workload(text, workload, answers)
    print_message(f"improvement status: {workload.improvement_status.lower().replace('_', ' ') or 'unknown'}")
    if text == before:
        print_message("nothing to write: the file has all of it")
    elif options["dry_run"]:
        print_message(f"{counted(len(changes), 'answer')} would be written to {shown(answers)}")
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_file(answers, text)
        print_message(f"wrote {shown(answers)}: {counted(len(changes), 'answer')} changed")
    return 0


def _opened(options: dict[str, Any], lens: str) -> "LensReview":
    from mlwa_lint.review.wellarchitected.client import LensReview, connect, lens_alias_of

    client = connect(options["profile"], options["region"])
    workload = options["workload_id"]
    alias = options["lens_alias"] or lens_alias_of(client, workload, lens_named(lens))
    return LensReview(client, workload, alias)


def _report_unmatched(matching: Matching) -> None:
    if matching.unmatched:
        print_message(
            f"{counted(len(matching.unmatched), 'practice')} without a choice in the tool, left out:"
        )
        _listed(f"{each.practice.id} {each.practice.title} ({each.reason})" for each in matching.unmatched)
    if matching.without_practice:
        number = counted(len(matching.without_practice), "choice")
        print_message(f"{number} of the tool without a practice, left as they are:")
        _listed(f"{question} {title}" for question, title in matching.without_practice)


def _listed(lines: Iterable[str]) -> None:
    found = list(lines)
    for line in found:
        print_message(f"  {line}")
