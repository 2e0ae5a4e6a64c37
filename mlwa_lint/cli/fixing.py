"""`check --fix`, `--diff` and `--add-ignores`: what is fixed, what is left, and the messages about it."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mlwa_lint.cli.outcome import EXIT_FINDINGS, EXIT_UNUSABLE, print_message
from mlwa_lint.cli.reporting import exit_code, print_messages
from mlwa_lint.cli.writing import write_stdout
from mlwa_lint.errors import UserError
from mlwa_lint.fixes import Fix
from mlwa_lint.fixes.apply import write
from mlwa_lint.fixes.ignores import ignores
from mlwa_lint.fixes.proposals import Proposals
from mlwa_lint.fixes.propose import choices_of, propose
from mlwa_lint.fixes.rounds import Propose, Settled, key_of, settle
from mlwa_lint.reporters.diffs import diff
from mlwa_lint.run.pipeline import STANDARD_INPUT, Linted
from mlwa_lint.run.session import Session


def refuse_contradictions(paths: Sequence[str], formats: Sequence[str], options: dict[str, Any]) -> None:
    """Options without effect, or that contradict one another. Raises UserError."""
    writes = options["fix"] or options["add_ignores"]
    if options["unsafe_fixes"] and not (options["fix"] or options["diff"] or options["show_fixes"]):
        raise UserError("--unsafe-fixes: nothing is fixed", "add --fix, or --diff to look at it first")
    if options["fix"] and options["add_ignores"]:
        raise UserError("--fix and --add-ignores: only one at a time")
    if options["add_ignores"] and not (options["reason"] or "").strip():
        raise UserError("--add-ignores: no reason", 'add --reason "why they are suppressed"')
    if options["reason"] and not options["add_ignores"]:
        raise UserError("--reason: nothing is suppressed", "add --add-ignores")
    if options["diff"] and formats:
        raise UserError("--diff: prints a diff instead of a report", "leave --format out")
    if (writes or options["diff"]) and STANDARD_INPUT in paths:
        raise UserError("--fix, --diff and --add-ignores need files", "standard input cannot be changed")
    if options["watch"] and (writes or options["diff"]):
        raise UserError("--watch: changes nothing", "leave --fix, --diff and --add-ignores out")


def fixed(
    session: Session, paths: Sequence[str], linted: Linted, options: dict[str, Any]
) -> tuple[Linted, int, bool]:
    """What is left after fixing, the exit code of fixing itself, and whether everything is reported."""
    settled = settle(session, paths, linted, *_choices_of(options), options["add_ignores"])
    for dropped in settled.dropped:
        print_message(f"{_place(dropped.fix)}: not fixed: {dropped.reason}")
    if options["diff"]:
        print_messages(linted.result, session, options["verbose"], options["quiet"])
        text = diff(settled, linted.result.hidden)
        write_stdout(text)
        if linted.result.findings and not (options["quiet"] or options["add_ignores"]):
            print_message(_preview(settled, session, options))
        code = exit_code(linted, exit_zero=True)
        return linted, max(code, EXIT_FINDINGS if text else 0), True
    roots = {path: session.for_path(path).load.root or Path.cwd() for path in settled.texts}
    unwritten = write(settled.texts, settled.old, roots)
    for each in unwritten:
        print_message(f"{each.path}: error: not fixed: {each.reason}")
    if unwritten:
        kept = {each.path for each in unwritten}
        made = [fix for fix in settled.made if not kept & {edit.path for edit in fix.edits}]
    else:
        made = list(settled.made)
    _sum_up(made, settled, session, options)
    if unwritten:
        from mlwa_lint.run.pipeline import lint

        return lint(session, paths, options["stdin_filename"]), EXIT_UNUSABLE, False
    return settled.linted, 0, False


def show(linted: Linted, proposals: Proposals, to_stdout: bool) -> None:
    """Lists the fix of each finding: what it does, and why it is not safe or cannot be made."""
    lines = []
    counts = {"safe": 0, "unsafe": 0, "shown": 0}
    for finding in linted.result.findings:
        fix = proposals.of(finding)
        if fix is None:
            continue
        counts[fix.safety] += 1
        kind = {"safe": "fix", "unsafe": "unsafe fix", "shown": "no fix"}[fix.safety]
        lines.append(f"{_place(fix)}: {kind}: {fix.description}" + (f" ({fix.reason})" if fix.reason else ""))
    lines.append(f"{counts['safe']} fixable with --fix, {counts['unsafe']} more with --unsafe-fixes")
    for line in lines:
        print_message(line, to_stdout)


def _choices_of(options: dict[str, Any]) -> tuple[Callable[[Fix], bool], Propose]:
    """Which fixes are wanted, and who proposes them."""
    if options["add_ignores"]:
        return _is_edit, ignores(options["reason"].strip())
    return (_is_edit if options["unsafe_fixes"] else _is_safe), propose


def _is_safe(fix: Fix) -> bool:
    return fix.safety == "safe"


def _is_edit(fix: Fix) -> bool:
    return fix.safety != "shown"


def _sum_up(made: Sequence[Fix], settled: Settled, session: Session, options: dict[str, Any]) -> None:
    done = "suppressed" if options["add_ignores"] else "fixed"
    if options["show_fixes"]:
        for fix in made:
            print_message(f"{_place(fix)}: {done}: {fix.description}")
    if options["quiet"]:
        return
    print_message(f"{done} {_number_of(made)}{_more(settled, session, options)}")
    if options["add_ignores"]:
        left = ignores(options["reason"])(settled.linted.result.findings, choices_of(session), settled.texts)
        for reason, number in Counter(fix.reason for fix in left if fix.safety == "shown").items():
            print_message(f"{number} not suppressed: {reason}")


def _number_of(made: Sequence[Fix]) -> str:
    files = {edit.path for fix in made for edit in fix.edits}
    found = "finding" if len(made) == 1 else "findings"
    return f"{len(made)} {found} in {len(files)} {'file' if len(files) == 1 else 'files'}"


def _preview(settled: Settled, session: Session, options: dict[str, Any]) -> str:
    """What `--diff` has shown, and what it does not show."""
    if settled.made:
        return f"would fix {_number_of(settled.made)}{_more(settled, session, options)}"
    more = _number_of_more(settled, session, options)
    return f"no safe fixes; {more} with --unsafe-fixes" if more else "no fixes"


def _more(settled: Settled, session: Session, options: dict[str, Any]) -> str:
    number = _number_of_more(settled, session, options)
    return f"; {number} more with --unsafe-fixes" if number else ""


def _number_of_more(settled: Settled, session: Session, options: dict[str, Any]) -> int:
    """How many findings unsafe fixes would fix beside."""
    if options["add_ignores"] or options["unsafe_fixes"]:
        return 0
    dropped = {key_of(each.fix) for each in settled.dropped}
    left = propose(settled.linted.result.findings, choices_of(session), settled.texts)
    return sum(fix.safety == "unsafe" and key_of(fix) not in dropped for fix in left)


def _place(fix: Fix) -> str:
    span = fix.finding.span
    return f"{span.path}:{span.line}: {fix.code}"
