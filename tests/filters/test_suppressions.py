"""Suppressions: where they hold, what they say, and those that hide nothing."""

import json
from typing import Any

import pytest

from tests.support.workspace import TEMPLATE, Workspace


def _codes(workspace: Workspace, *arguments: str) -> list[tuple[str, int]]:
    report = json.loads(workspace.check("--format", "json", "--severity", "info", *arguments).out)
    return [(finding["code"], finding["line"]) for finding in report["findings"]]


def _summary(workspace: Workspace) -> Any:
    return json.loads(workspace.check("--format", "json", "--severity", "info").out)["summary"]


@pytest.mark.parametrize(
    "replaced",
    [
        "  Bare:  # mlwa: ignore[TSS101] -- why",
        "  # mlwa: ignore[TSS101] -- why\n  Bare:",
        "  # mlwa: ignore[TSS101]\n  # another remark\n  Bare:",
        "  Bare:  # see the wiki # mlwa: ignore[TSS101]",
        "  Bare:  # mlwa: ignore[tss101]",
        "  Bare:  # mlwa: ignore[test-key-missing]",
        "  Bare:  # mlwa: ignore[TSS102, TSS101]",
        "  Bare:  # mlwa:ignore[TSS1]",
    ],
)
def test_a_comment_beside_or_above_a_resource_silences_it(workspace: Workspace, replaced: str) -> None:
    workspace.write("template.yaml", TEMPLATE.replace("  Bare:", replaced))
    assert ("TSS101", 5) not in [code for code in _codes(workspace) if code[0] == "TSS101"]
    assert _summary(workspace)["suppressed"] == 1


def test_a_comment_with_an_empty_line_below_it_silences_nothing(workspace: Workspace) -> None:
    text = TEMPLATE.replace("  Bare:", "  # mlwa: ignore[TSS101]\n\n  Bare:")
    workspace.write("template.yaml", text)
    assert _codes(workspace) == [("MLO901", 5), ("TSS101", 7), ("TSS102", 11)]


def test_a_comment_silences_only_its_own_resource(workspace: Workspace) -> None:
    workspace.write("template.yaml", TEMPLATE.replace("  Keyed:", "  Keyed:  # mlwa: ignore[TSS101]"))
    assert _codes(workspace) == [("TSS101", 5), ("TSS102", 9), ("MLO901", 9)]


def test_a_comment_beside_a_section_does_not_silence_the_section(workspace: Workspace) -> None:
    workspace.write("template.yaml", TEMPLATE.replace("Resources:", "Resources:  # mlwa: ignore[TSS101]"))
    assert ("TSS101", 5) in _codes(workspace)


def test_a_comment_for_the_file_silences_the_file(workspace: Workspace) -> None:
    workspace.write("template.yaml", TEMPLATE + "# mlwa: ignore-file[TSS1] -- generated\n")
    assert _codes(workspace) == []
    assert _summary(workspace)["suppressed"] == 2


def test_a_comment_above_a_property_covers_what_is_below_it(workspace: Workspace) -> None:
    rule = (workspace.folder / "my_rules.py").read_text(encoding="utf-8")
    rule = rule.replace('tags = config["Tags"]', 'tags = config["DataCaptureConfig"]["CaptureOptions"]')
    workspace.write("my_rules.py", rule)
    key = "      KmsKeyId: alias/mine\n"
    capture = "      # mlwa: ignore[TSS102]\n      DataCaptureConfig:\n        EnableCapture: true\n"
    workspace.write("template.yaml", TEMPLATE.replace(key, key + capture))
    assert ("TSS102", 13) not in _codes(workspace)


@pytest.mark.parametrize(
    "text",
    [
        'Description: "# mlwa: ignore-file[TSS101]"\n',
        "Description: |\n  Text\n  # mlwa: ignore-file[TSS101]\n",
    ],
)
def test_text_that_only_looks_like_a_comment_is_none(workspace: Workspace, text: str) -> None:
    workspace.write("template.yaml", text + TEMPLATE)
    assert "TSS101" in [code for code, _ in _codes(workspace)]


def test_metadata_silences_a_resource_in_json(workspace: Workspace) -> None:
    silenced = {"mlwa-lint": {"ignore": [{"rule": "TSS101", "reason": "a demonstration"}, "TSS102"]}}
    resources = {
        "Bare": {"Type": "AWS::SageMaker::EndpointConfig", "Metadata": silenced},
        "Other": {"Type": "AWS::SageMaker::EndpointConfig"},
    }
    (workspace.folder / "template.yaml").unlink()
    # On one line, so that only columns tell the resources apart.
    workspace.write("template.json", json.dumps({"Resources": resources}))
    report = json.loads(workspace.check("--format", "json", "--severity", "info", "--show-suppressed").out)
    found = {(f["code"], f["resource"]["address"]): f["suppressed"] for f in report["findings"]}
    assert found == {
        ("TSS101", "Bare"): {"reason": "a demonstration"},
        ("TSS102", "Bare"): {"reason": ""},
        ("TSS101", "Other"): None,
        ("TSS102", "Other"): None,
    }


def test_metadata_of_the_template_silences_the_file(workspace: Workspace) -> None:
    metadata = "Metadata:\n  mlwa-lint:\n    ignore:\n      - {rule: TSS101, reason: a demonstration}\n"
    workspace.write("template.yaml", metadata + TEMPLATE)
    assert [code for code, _ in _codes(workspace)] == ["TSS102"]


def test_hcl_comments_silence_blocks_and_arguments(workspace: Workspace) -> None:
    (workspace.folder / "template.yaml").unlink()
    workspace.write(
        "main.tf",
        """\
# mlwa: ignore[TSS101] -- a demonstration
resource "aws_sagemaker_endpoint_configuration" "a" {
  name = "# mlwa: ignore[TSS102]"
}

resource "aws_sagemaker_endpoint_configuration" "b" { // mlwa: ignore[TSS102] -- slashes
}

/* mlwa: ignore-file[TSS2] */
""",
    )
    report = json.loads(workspace.check("--format", "json", "--severity", "info", "--show-suppressed").out)
    found = {(f["code"], f["resource"]["address"]): f["suppressed"] for f in report["findings"]}
    a, b = (f"aws_sagemaker_endpoint_configuration.{name}" for name in "ab")
    assert found == {
        ("TSS101", a): {"reason": "a demonstration"},
        ("TSS102", a): None,
        ("TSS101", b): None,
        ("TSS102", b): {"reason": "slashes"},
        ("MLO901", "main.tf"): None,
    }


def test_sam_templates_take_comments_and_metadata(workspace: Workspace) -> None:
    source = (workspace.folder / "my_rules.py").read_text(encoding="utf-8")
    workspace.write("my_rules.py", source.replace("AWS::SageMaker::EndpointConfig", "AWS::Lambda::Function"))
    properties = "    Properties: {Handler: a.b, Runtime: python3.12, CodeUri: s3://bucket/key}\n"
    kind = "    Type: AWS::Serverless::Function\n"
    metadata = "    Metadata: {mlwa-lint: {ignore: [{rule: TSS1, reason: said}]}}\n"
    workspace.write(
        "template.yaml",
        "Transform: AWS::Serverless-2016-10-31\nResources:\n"
        f"  One:  # mlwa: ignore[TSS1] -- said\n{kind}{properties}"
        f"  Two:\n{kind}{metadata}{properties}"
        f"  Three:\n{kind}{properties}",
    )
    report = json.loads(workspace.check("--format", "json", "--severity", "info", "--show-suppressed").out)
    silenced = {
        f["resource"]["address"]: f["suppressed"] for f in report["findings"] if f["code"] == "TSS102"
    }
    silenced |= {
        f["resource"]["address"]: f["suppressed"] for f in report["findings"] if f["code"] == "TSS101"
    }
    assert silenced == {"One": {"reason": "said"}, "Two": {"reason": "said"}, "Three": None}


def test_a_suppression_that_hides_nothing_is_reported_as_information(workspace: Workspace) -> None:
    workspace.write("template.yaml", TEMPLATE.replace("  Keyed:", "  Keyed:  # mlwa: ignore[TSS101]"))
    report = json.loads(workspace.check("--format", "json", "--severity", "info", "--ignore", "TSS").out)
    assert report["findings"] == []  # its rule did not run
    finding = json.loads(workspace.check("--format", "json", "--severity", "info").out)["findings"][-1]
    assert (finding["code"], finding["severity"], finding["line"]) == ("MLO901", "info", 9)
    assert finding["message"] == "The suppression of TSS101 hides nothing"


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("# mlwa: ignore[TSS109]", "names 'TSS109', which is no rule; did you mean 'TSS10"),
        ("# mlwa: ignore", "names no rule; write `mlwa: ignore[CODE] -- reason`"),
        ("# mlwa: ignore[]", "names no rule"),
    ],
)
def test_a_suppression_without_a_rule_says_so(workspace: Workspace, comment: str, said: str) -> None:
    workspace.write("template.yaml", TEMPLATE.replace("  Keyed:", f"  Keyed:  {comment}"))
    messages = [
        f["message"]
        for f in json.loads(workspace.check("--format", "json", "--severity", "info").out)["findings"]
    ]
    assert any(said in message for message in messages)


def test_a_suppression_of_an_undecided_question_is_not_called_unused(workspace: Workspace) -> None:
    workspace.write("template.yaml", TEMPLATE.replace("  Open:", "  Open:  # mlwa: ignore[TSS101]"))
    assert "MLO901" not in [code for code, _ in _codes(workspace)]


def test_unused_suppressions_can_be_ignored_and_suppressed(workspace: Workspace) -> None:
    workspace.write("template.yaml", TEMPLATE.replace("  Keyed:", "  Keyed:  # mlwa: ignore[TSS101]"))
    assert "MLO901" not in [code for code, _ in _codes(workspace, "--ignore", "MLO901")]
    assert (
        workspace.run("check", "--rules", "my_rules.py", "--select", "TSS101", "--fail-on", "info").code == 1
    )


def test_a_suppression_hides_findings_also_below_the_severity_shown(workspace: Workspace) -> None:
    workspace.write("template.yaml", TEMPLATE.replace("  Keyed:", "  Keyed:  # mlwa: ignore[TSS102]"))
    assert _codes(workspace, "--severity", "high") == [("TSS101", 5)]
    assert ("MLO901", 9) not in _codes(workspace)


def test_a_broken_file_has_no_unused_suppressions(workspace: Workspace) -> None:
    text = "AWSTemplateFormatVersion: '2010-09-09'\nResources: [  # mlwa: ignore[TSS101]\n"
    workspace.write("template.yaml", text)
    assert _codes(workspace) == []
