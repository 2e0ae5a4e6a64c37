"""What an account lacks is reported once for a repository, and not left undecided elsewhere in it."""

import json

import pytest

from tests.support.rule_examples import EXAMPLES
from tests.support.workspace import Workspace

REPORTED = (EXAMPLES / "MLO603" / "fail.tf").read_text("utf-8")
OPEN = (EXAMPLES / "MLO603" / "undecided.tf").read_text("utf-8")


@pytest.mark.parametrize(
    ("files", "found", "undecided"),
    [
        ({"a/main.tf": OPEN}, 0, 1),
        ({"a/main.tf": OPEN, "b/main.tf": REPORTED}, 1, 0),
        # Of examples, a finding is of severity info, and not shown.
        ({"a/main.tf": OPEN, "examples/b/main.tf": REPORTED}, 0, 1),
    ],
)
def test_what_is_reported_for_a_repository_is_not_undecided_in_it(
    workspace: Workspace, files: dict[str, str], found: int, undecided: int
) -> None:
    for path, text in files.items():
        workspace.write(path, text)
    report = json.loads(workspace.run("check", "--select", "MLO603", "--format", "json").out)
    assert (len(report["findings"]), len(report["undecided"])) == (found, undecided)
