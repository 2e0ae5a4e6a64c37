"""Suppressions: where they apply, what they contain, and those that hide nothing."""

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
    # On one line, so that only columns distinguish the resources.
    workspace.write("template.json", json.dumps({"Resources": resources}))
    report = json.loads(workspace.check("--format", "json", "--severity", "info", "--show-suppressed").out)
    found = {(f["code"], f["resource"]["address"]): f["suppressed"] for f in report["findings"]}
    assert found == {
        ("TSS101", "Bare"): {"reason": "a demonstration"},
        ("TSS102", "Bare"): {"reason": ""},
        ("TSS101", "Other"): None,
        ("TSS102", "Other"): None,
    }


def test_metadata_with_a_key_that_means_nothing_suppresses_nothing(workspace: Workspace) -> None:
    entry = {"rule": "TSS101", "reason": "a demonstration", "untl": "2020-01-01"}
    silenced = {"mlwa-lint": {"ignore": [entry]}}
    resources = {"Bare": {"Type": "AWS::SageMaker::EndpointConfig", "Metadata": silenced}}
    workspace.write("template.yaml", json.dumps({"Resources": resources}))
    found = {f["code"]: f for f in json.loads(workspace.check("--format", "json").out)["findings"]}
    assert "TSS101" in found
    assert found["MLO901"]["severity"] == "low"
    assert "has the unknown key 'untl': write rule, reason, until" in found["MLO901"]["message"]


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
    ("comment", "stated"),
    [
        ("# mlwa: ignore[TSS109]", "names 'TSS109', which is not a rule; did you mean 'TSS10"),
        ("# mlwa: ignore", "names no rule: write `mlwa: ignore[CODE] -- reason`"),
        ("# mlwa: ignore[]", "names no rule"),
        ("# mlwa: ignore all the things", "is not understood: write `mlwa: ignore[CODE] -- reason`"),
        ("# mlwa: skip=TSS102", "is not understood"),
        ("# mlwa: ignroe[TSS102]", "is not understood: write `mlwa: ignore[CODE] -- reason`"),
        ("# mlwa: ignore-line[TSS102]", "is not understood"),
        ("# mlwa: off [TSS102]", "is not understood"),
        ("# mlwa-lint: disable[TSS102]", "is not understood"),
        ("# mlwa: ignore[TSS102] until tomorrow", "ends on 'tomorrow', which is not a date"),
        ("# mlwa: ignore[TSS102] until 2026-02-30", "ends on '2026-02-30', which is not a date"),
        ("# mlwa: ignore[TSS102] until 2020-01-31 -- a", "of TSS102 has expired: it held until 2020-01-31"),
    ],
)
def test_a_suppression_that_cannot_be_followed_is_reported(
    workspace: Workspace, comment: str, stated: str
) -> None:
    workspace.write("template.yaml", TEMPLATE.replace("  Keyed:", f"  Keyed:  {comment}"))
    report = json.loads(workspace.check("--format", "json").out)
    found = {(f["code"], f["line"]): f for f in report["findings"]}
    assert stated in found["MLO901", 9]["message"]
    assert found["MLO901", 9]["severity"] == "low", "it hides nothing"
    assert ("TSS102", 9) in found


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


@pytest.mark.parametrize(
    "comment",
    [
        "# mlwa-lint: ignore[TSS102] -- why",
        "# MLWA: IGNORE[TSS102]",
        "# mlwa: ignore TSS102",
        "# mlwa: ignore TSS102, test-tags-missing -- why",
        "# mlwa: ignore: test-tags-missing",
        "# mlwa: ignore(TSS102)",
        "# mlwa_lint: ignore[TSS102]",
        "# mlwalint: ignore[TSS102]",
        "# mlwa ignore[TSS102]",
        "# mlwa:ignore[TSS102]--tight",
        "# mlwa: ignore[TSS102] - why",
        "# mlwa: ignore[TSS102] until 2999-12-31 -- why",
    ],
)
def test_what_nearly_fits_works(workspace: Workspace, comment: str) -> None:
    workspace.write("template.yaml", TEMPLATE.replace("  Keyed:", f"  Keyed:  {comment}"))
    assert [code for code, _ in _codes(workspace)] == ["TSS101"]


@pytest.mark.parametrize(
    "comment",
    [
        "# mlwa is a linter",
        "# see mlwa: rules",
        "# mlwa ignores this file",
        "# mlwa: see data[0]",
        "# mlwa: owner",
    ],
)
def test_prose_is_no_suppression(workspace: Workspace, comment: str) -> None:
    workspace.write("template.yaml", TEMPLATE.replace("  Keyed:", f"  Keyed:  {comment}"))
    assert _codes(workspace) == [("TSS101", 5), ("TSS102", 9)]


def test_reasons_can_be_required(workspace: Workspace) -> None:
    workspace.write(".mlwa-lint.toml", "require-reasons = true\n")
    workspace.write(
        "template.yaml",
        TEMPLATE.replace("  Bare:", "  Bare:  # mlwa: ignore[TSS101] -- why").replace(
            "  Keyed:", "  Keyed:  # mlwa: ignore[TSS102]"
        ),
    )
    report = json.loads(workspace.check("--format", "json").out)
    assert [(f["code"], f["line"]) for f in report["findings"]] == [("TSS102", 9), ("MLO901", 9)]
    assert "gives no reason, which the configuration requires" in report["findings"][1]["message"]


def test_a_gate_can_do_without_inline_suppressions(workspace: Workspace) -> None:
    workspace.write("template.yaml", TEMPLATE.replace("  Bare:", "  Bare:  # mlwa: ignore[TSS101] -- why"))
    assert _codes(workspace) == [("TSS102", 9)]
    assert _codes(workspace, "--no-inline-suppressions") == [("TSS101", 5), ("TSS102", 9)]


def test_a_comment_at_the_head_of_a_resource_covers_it(workspace: Workspace) -> None:
    head = "  Bare:\n    # mlwa: ignore[TSS101] -- why\n"
    workspace.write("template.yaml", TEMPLATE.replace("  Bare:\n", head))
    assert _codes(workspace) == [("TSS102", 10)]


def test_a_comment_with_nothing_below_it_covers_the_resource_that_it_stands_in(workspace: Workspace) -> None:
    tags = "      Tags: [{Key: owner, Value: me}]\n"
    text = TEMPLATE.replace(tags, f"{tags}\n    # mlwa: ignore[TSS101] -- why\n\n", 1)
    workspace.write("template.yaml", text)
    assert _codes(workspace) == [("TSS102", 12)]


def test_a_comment_above_a_property_covers_the_property_alone(workspace: Workspace) -> None:
    tags = "      Tags: [{Key: owner, Value: me}]\n"
    text = TEMPLATE.replace(tags, f"      Name: a\n      # mlwa: ignore[TSS101] -- why\n{tags}", 1)
    workspace.write("template.yaml", text)
    assert ("TSS101", 5) in _codes(workspace)


HEADED = """\
resource "aws_sagemaker_endpoint_configuration" "a" {

  # mlwa: ignore[TSS101] -- the head of a block

  name = "a"
}

resource "aws_sagemaker_endpoint_configuration" "b" {
  name = "b"

  # mlwa: ignore[TSS102] -- with nothing below it
}

resource "aws_sagemaker_endpoint_configuration" "c" {
  name = "c"
  # mlwa: ignore[TSS101] -- of the variants alone
  production_variants {
    model_name = "m"
  }
}
"""


def test_in_hcl_a_comment_alone_in_a_block_covers_it(workspace: Workspace) -> None:
    (workspace.folder / "template.yaml").unlink()
    workspace.write("main.tf", HEADED)
    report = json.loads(workspace.check("--format", "json").out)
    found = {(f["code"], f["resource"]["address"].rpartition(".")[2]) for f in report["findings"]}
    assert found == {("TSS102", "a"), ("TSS101", "b"), ("TSS101", "c"), ("TSS102", "c")}


def test_a_comment_at_a_module_call_covers_the_resources_of_that_call(workspace: Workspace) -> None:
    (workspace.folder / "template.yaml").unlink()
    inner = 'resource "aws_sagemaker_endpoint_configuration" "c" {\n  tags = { a = "b" }\n}\n'
    workspace.write("inner/main.tf", inner)
    workspace.write(
        "outer/main.tf",
        'module "x" {\n  source = "../inner"\n}\nmodule "y" {\n'
        '  # mlwa: ignore[TSS101] -- inside a module\n  source = "../inner"\n}\n',
    )
    workspace.write(
        "main.tf",
        'module "a" { # mlwa: ignore[TSS101] -- the whole module\n  source = "./outer"\n}\n'
        'module "b" {\n  source = "./outer"\n}\n'
        '# mlwa: ignore[TSS101] -- above\nmodule "y" {\n  source = "./inner"\n}\n'
        'module "x" {\n  source = "./inner"\n}\n',
    )
    report = json.loads(workspace.check("--format", "json", "--show-suppressed").out)
    found = {
        each["address"].removesuffix(".aws_sagemaker_endpoint_configuration.c"): f["suppressed"]
        for f in report["findings"]
        for each in f["instances"]
    }
    assert found == {
        "module.a.module.x": {"reason": "the whole module"},
        "module.a.module.y": {"reason": "the whole module"},
        "module.b.module.x": None,
        "module.b.module.y": {"reason": "inside a module"},
        "module.y": {"reason": "above"},
        "module.x": None,
    }
