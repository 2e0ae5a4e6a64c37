"""Every rule that brings a fix, on its failing examples: what can be edited becomes silent, and stays so."""

import re
from collections import defaultdict

from mlwa_lint.fixes.rounds import key_of
from tests.support import rule_examples as harness
from tests.support.fixing import FixedTwice

# Why a fix can be shown only, in the built-in rules' examples.
SHOWN_ONLY = (
    "a program makes it with a call of its own",
    "a program sets it with a separate call",
    "blocks are dynamic",
    "it is one of a list of several",
    "it lists something else already",
    "it needs an aws_s3_bucket_acl",
    "it needs an object of another class",
    "its arguments are put together elsewhere",
    "its value is put together elsewhere",
    "its value is computed by a function",
    "its value is not a literal",
    "of it is there, but does not count",
    "the call that makes it is not written out",
    "the resource is declared in a text, a macro or a loop",
    "the resource is not declared in a block of its own",
    "what it would write is there already",
    "whose properties have other names",
)


def test_what_can_be_edited_becomes_silent(fixed_examples: tuple[FixedTwice, ...]) -> None:
    for look in fixed_examples:
        dropped = {key_of(each.fix) for each in look.first.settled.dropped}
        possible = [fix for fix in look.first.proposed if fix.edits and key_of(fix) not in dropped]
        left = {
            (each.code, each.root, each.address, each.property)
            for each in look.first.settled.linted.result.findings
        }
        assert not [key_of(fix) for fix in possible if key_of(fix) in left], look.example
        assert len(look.first.settled.made) >= len({key_of(fix) for fix in possible}) > 0 or not possible


def test_few_fixes_of_examples_are_dropped(fixed_examples: tuple[FixedTwice, ...]) -> None:
    dropped = {str(look.example): look.first.settled.dropped for look in fixed_examples}
    assert {name for name, each in dropped.items() if each} <= {
        "MLR111/fail-canary.yaml",
        "MLR302/fail-with-its-bucket.tf",  # what keeps the bucket makes the key matter
    }


def test_what_cannot_be_edited_gives_a_reason(fixed_examples: tuple[FixedTwice, ...]) -> None:
    reasons = {fix.reason for look in fixed_examples for fix in look.first.proposed if fix.safety == "shown"}
    assert {reason for reason in reasons if not reason.endswith(SHOWN_ONLY)} == set()


def test_fixing_twice_changes_nothing_more(fixed_examples: tuple[FixedTwice, ...]) -> None:
    for look in fixed_examples:
        assert look.again.settled.texts == {}, look.example
        assert look.again.settled.made == ()


def test_what_stands_outside_the_edits_stays(fixed_examples: tuple[FixedTwice, ...]) -> None:
    for look in fixed_examples:
        for path, text in look.first.settled.texts.items():
            old = look.first.settled.old[path]
            for line in set(old.splitlines()) - set(text.splitlines()):
                # A line that is gone was changed: its start, or its name, is there again.
                name = line.split("=")[0].split(":")[0].strip()
                assert name in text or "remove" in kinds_of(look), (look.example, line)


def kinds_of(look: FixedTwice) -> set[str]:
    return {fix.finding.fix.kind for fix in look.first.proposed if fix.finding.fix is not None}


def test_at_least_sixty_rules_have_a_fix_and_its_safety_is_reported(
    fixed_examples: tuple[FixedTwice, ...],
) -> None:
    rules: dict[str, set[str]] = defaultdict(set)
    for look in fixed_examples:
        for fix in look.first.settled.made:
            rules[fix.safety].add(fix.code)
    assert len(rules["safe"] | rules["unsafe"]) >= 85
    assert len(rules["safe"]) >= 11


def test_a_safe_fix_has_no_reason_and_every_other_one(fixed_examples: tuple[FixedTwice, ...]) -> None:
    for look in fixed_examples:
        for fix in look.first.proposed:
            assert (fix.safety == "safe") == (fix.reason == ""), look.example
            assert (fix.safety == "shown") == (fix.edits == ())
            assert fix.description


def test_a_safe_fix_replaces_nothing_and_rests_on_no_condition(
    fixed_examples: tuple[FixedTwice, ...],
) -> None:
    from mlwa_lint.fixes.known import replaces

    for look in fixed_examples:
        for fix in look.first.settled.made:
            if fix.safety == "safe":
                assert fix.finding.condition is None
                assert fix.finding.fix is not None
                kind = fix.finding.resource_type
                assert not any(replaces(kind, each) for each in fix.finding.fix.properties)


def test_the_documentation_lists_these_rules(fixed_examples: tuple[FixedTwice, ...]) -> None:
    page = (harness.ROOT / "docs" / "fixes.md").read_text("utf-8").partition("## Which rules")[2]
    safe, _, unsafe = page.partition("Unsafe:")
    rules: dict[str, set[str]] = defaultdict(set)
    for look in fixed_examples:
        for fix in look.first.proposed:
            rules[fix.safety].add(fix.code)
    assert set(re.findall(r"ML\w\d{3}", safe)) == rules["safe"]
    assert set(re.findall(r"ML\w\d{3}", unsafe)) == rules["unsafe"] - rules["safe"]
