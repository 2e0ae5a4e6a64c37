"""Our rules inside cfn-lint itself."""

import json
import subprocess
import sys

from tests.workspace import TEMPLATE, Workspace


def test_cfn_lint_shows_our_findings_at_the_same_places(workspace: Workspace) -> None:
    workspace.write(".mlwa-lint.toml", 'rules = ["my_rules.py"]\nselect = ["TSS", "MLO901"]\n')
    workspace.write("template.yaml", TEMPLATE.replace("  Keyed:", "  Keyed:  # mlwa: ignore[TSS102] -- why"))
    command = [
        *(sys.executable, "-c", "from cfnlint import runner; runner.main()"),
        *("--append-rules", "mlwa_lint.integrations.cfn_lint"),
        *("--format", "json", "--", "template.yaml"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    matches = [each for each in json.loads(done.stdout) if each["Rule"]["Id"][1:4] == "TSS"]
    assert [(each["Rule"]["Id"], each["Location"]["Start"]) for each in matches] == [
        ("ETSS101", {"LineNumber": 5, "ColumnNumber": 3})
    ]
    assert matches[0]["Message"] == "EndpointConfig Bare has no KmsKeyId. Set `KmsKeyId`."
    assert matches[0]["Level"] == "Error"
