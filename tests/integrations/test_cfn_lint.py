"""Our rules inside cfn-lint itself."""

import json
import subprocess
import sys

from tests.support.workspace import TEMPLATE, Workspace


def test_cfn_lint_shows_our_findings_at_the_same_places(workspace: Workspace) -> None:
    workspace.write(".mlwa-lint.toml", 'rules = ["my_rules.py"]\nselect = ["TSS", "MLO901"]\n')
    workspace.write("template.yaml", TEMPLATE.replace("  Keyed:", "  Keyed:  # mlwa: ignore[TSS102] -- why"))
    done = _cfn_lint("--format", "json")
    matches = [each for each in json.loads(done.stdout) if each["Rule"]["Id"][1:4] == "TSS"]
    assert [(each["Rule"]["Id"], each["Location"]["Start"]) for each in matches] == [
        ("ETSS101", {"LineNumber": 5, "ColumnNumber": 3})
    ]
    assert matches[0]["Message"] == "EndpointConfig Bare has no KmsKeyId. Set `KmsKeyId`."
    assert matches[0]["Level"] == "Error"


def test_a_broken_configuration_is_reported_in_one_line(workspace: Workspace) -> None:
    workspace.write(".mlwa-lint.toml", 'selct = ["TSS"]\n')
    done = _cfn_lint()
    assert done.returncode != 0
    assert "unknown key 'selct'" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def _cfn_lint(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [
        *(sys.executable, "-c", "from cfnlint import runner; runner.main()"),
        *("--append-rules", "mlwa_lint.integrations.cfn_lint"),
        *(*arguments, "--", "template.yaml"),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)
