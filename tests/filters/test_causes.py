"""What keeps rules from deciding is listed once for the resource whose value it is."""

from mlwa_lint.filters.causes import Cause, Concerned, causes_of
from mlwa_lint.model.findings import Undecided
from mlwa_lint.model.spans import Span

CONFIG = Span("a.py", 7, 1, 7, 9)
ENDPOINT = Span("a.py", 9, 1, 9, 9)
OTHER = Span("b.py", 3, 1, 3, 9)
OPEN = "json() is known only when the program runs"


def _undecided(code: str, address: str, span: Span, *reasons: str) -> Undecided:
    return Undecided(code, "a-name", address, span, reasons)


def test_all_rules_of_one_cause_are_listed_with_it() -> None:
    found = causes_of([_undecided(code, "config", CONFIG, OPEN) for code in ("TSS101", "TSS102")])
    assert found == [Cause(CONFIG, "config", OPEN, (Concerned("config", ("TSS101", "TSS102")),))]


def test_a_reason_that_names_a_resource_is_a_cause_of_that_resource() -> None:
    found = causes_of(
        [
            _undecided("TSS101", "config", CONFIG, f"endpoint: {OPEN}"),
            _undecided("TSS102", "endpoint", ENDPOINT, OPEN),
            _undecided("TSS103", "endpoint", ENDPOINT, f"endpoint: {OPEN}"),
        ]
    )
    concerned = (Concerned("endpoint", ("TSS102", "TSS103")), Concerned("config", ("TSS101",)))
    assert found == [Cause(ENDPOINT, "endpoint", OPEN, concerned)]


def test_a_resource_that_nothing_else_leaves_undecided_is_named_by_the_reason() -> None:
    found = causes_of(
        [
            _undecided("TSS101", "config", CONFIG, f"role: {OPEN}"),
            _undecided("TSS101", "endpoint", ENDPOINT, f"role: {OPEN}"),
        ]
    )
    concerned = (Concerned("config", ("TSS101",)), Concerned("endpoint", ("TSS101",)))
    assert found == [Cause(CONFIG, "config", f"role: {OPEN}", concerned)]


def test_namesakes_in_other_files_have_causes_of_their_own() -> None:
    found = causes_of(
        [
            _undecided("TSS101", "endpoint", ENDPOINT, OPEN),
            _undecided("TSS101", "endpoint", OTHER, OPEN),
            _undecided("TSS102", "config", OTHER, f"endpoint: {OPEN}"),
        ]
    )
    assert [(each.span, len(each.concerned)) for each in found] == [(ENDPOINT, 1), (OTHER, 2)]


def test_a_resource_of_another_file_is_found_by_its_address() -> None:
    found = causes_of(
        [
            _undecided("TSS101", "endpoint", OTHER, OPEN),
            _undecided("TSS102", "config", CONFIG, f"endpoint: {OPEN}"),
        ]
    )
    assert [(each.span, len(each.concerned)) for each in found] == [(OTHER, 2)]
