"""Plans: `terraform show -json` of a real plan, and of hostile ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.plan.plan import is_plan, is_state, load
from mlwa_lint.frontends.terraform.project import load as load_configuration
from mlwa_lint.model.resources import Project, Resource
from mlwa_lint.model.values import MapValue, Unknown
from tests.frontends.terraform.support import shown
from tests.frontends.terraform.test_vocabulary import at

# A plan that Terraform made of the main.tf beside it, with the real provider.
_FOLDER = Path(__file__).parents[2] / "data" / "terraform_plan"
_REAL = (_FOLDER / "plan.json").read_text("utf-8")


def read(text: str) -> Project:
    return load(Path("plan.json"), LoadOptions(), text)


def real() -> dict[str, Resource]:
    return {each.address: each for each in read(_REAL).resources}


def planned(*resources: dict[str, Any], **more: Any) -> Project:
    """The project of a plan with these resource changes."""
    return read(json.dumps({"format_version": "1.2", "resource_changes": resources, **more}))


def change(address: str, after: Any, actions: tuple[str, ...] = ("create",), **more: Any) -> dict[str, Any]:
    kind, name = address.split(".")[-2:]
    return {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": name,
        "change": {"actions": list(actions), "after": after, **more},
    }


# -- the real plan


def test_a_real_plan_has_the_resources_of_its_configuration() -> None:
    configuration = load_configuration(_FOLDER, LoadOptions())
    plan = read(_REAL)
    assert plan.problems == configuration.problems == ()
    assert plan.gaps == ()

    def named(project: Project) -> list[tuple[str, str, list[str]]]:
        return sorted((each.address, each.type, sorted(each.folded)) for each in project.resources)

    assert named(plan) == named(configuration)


def test_a_real_plan_states_no_more_properties_than_its_configuration() -> None:
    configuration = load_configuration(_FOLDER, LoadOptions())
    plan = real()
    for each in configuration.resources:
        assert sorted(plan[each.address].properties.entries) == sorted(each.properties.entries)


def test_split_resources_find_their_bucket_through_for_each() -> None:
    bucket = real()['aws_s3_bucket.b["a"]']
    assert shown(at(bucket, "BucketName")) == "'x-a'"
    assert shown(at(bucket, "VersioningConfiguration")) == "{Status: 'Enabled'}"
    assert shown(at(bucket, "BucketEncryption.ServerSideEncryptionConfiguration")) == (
        "[{ServerSideEncryptionByDefault: {SSEAlgorithm: 'aws:kms', KMSMasterKeyID: <aws_kms_key.k.arn>}}]"
    )


def test_references_lead_through_variables_and_outputs_of_modules() -> None:
    found = real()
    model = found["module.endpoint.aws_sagemaker_model.m"]
    assert shown(at(model, "ExecutionRoleArn")) == "<aws_iam_role.r.arn>"
    endpoint = found["module.endpoint.aws_sagemaker_endpoint.e"]
    assert shown(at(endpoint, "EndpointConfigName")) == (
        "<module.endpoint.aws_sagemaker_endpoint_configuration.c[0].name>"
    )
    config = found["module.endpoint.aws_sagemaker_endpoint_configuration.c[0]"]
    assert "ModelName: <module.endpoint.aws_sagemaker_model.m.name=m>" in shown(
        at(config, "ProductionVariants")
    )


def test_what_a_plan_does_not_contain_is_unknown() -> None:
    found = real()
    config = found["module.endpoint.aws_sagemaker_endpoint_configuration.c[0]"]
    # The key comes through a local value, which a plan does not show.
    assert shown(at(config, "KmsKeyId")) == "?(known only after apply)"
    alarm = found["aws_cloudwatch_metric_alarm.x"]
    # Whatever else its dimensions are, the endpoint can be but one of them.
    endpoint = "<module.endpoint.aws_sagemaker_endpoint.e.name>"
    assert shown(at(alarm, "Dimensions")) == f"[{{Name: 'EndpointName', Value: {endpoint}}}, …]"
    lifecycle = alarm.attributes.entries["Lifecycle"].value
    assert isinstance(lifecycle, MapValue)
    assert lifecycle.rest is not None


def test_sensitive_values_are_not_shown() -> None:
    notebook = real()["aws_sagemaker_notebook_instance.n"]
    assert "not-a-real-secret" in _REAL
    assert "not-a-real-secret" not in repr(notebook)
    tags = shown(at(notebook, "Tags"))
    assert tags == "[{Key: 'Team', Value: 'ml'}, {Key: 'S', Value: ?(it is marked as sensitive)}]"


def test_default_tags_and_region_of_the_provider() -> None:
    key = real()["aws_kms_key.k"]
    assert key.region == "eu-west-1"
    assert shown(at(key, "Tags")) == "[{Key: 'Team', Value: 'ml'}]"


def test_the_place_of_a_resource_is_its_address_in_the_list_of_changes() -> None:
    text = json.dumps(json.loads(_REAL), indent=2)
    key = next(each for each in read(text).resources if each.address == "aws_kms_key.k")
    line = text.splitlines()[key.span.line - 1]
    assert line.strip() == '"address": "aws_kms_key.k",'
    assert line[key.span.column - 1 : key.span.end_column - 1] == '"aws_kms_key.k"'
    assert text.index('"resource_changes"') < sum(len(row) + 1 for row in text.splitlines()[: key.span.line])


# -- actions


@pytest.mark.parametrize(
    "actions", [("create",), ("update",), ("no-op",), ("delete", "create"), ("create", "delete")]
)
def test_what_is_there_after_apply_is_read(actions: tuple[str, ...]) -> None:
    project = planned(change("aws_kms_key.k", {"is_enabled": True}, actions))
    assert [each.address for each in project.resources] == ["aws_kms_key.k"]


@pytest.mark.parametrize("actions", [("delete",), ("forget",)])
def test_what_is_destroyed_is_not_read(actions: tuple[str, ...]) -> None:
    assert planned(change("aws_kms_key.k", None, actions)).resources == ()


def test_data_sources_and_deposed_objects_are_not_read() -> None:
    data = {**change("aws_kms_key.k", {}), "mode": "data"}
    deposed = {**change("aws_kms_key.k", {}), "deposed": "abc"}
    assert planned(data, deposed).resources == ()


def test_planned_values_serve_where_there_are_no_changes() -> None:
    child = {
        "address": "module.m",
        "resources": [
            {
                "address": "module.m.aws_kms_key.k",
                "mode": "managed",
                "type": "aws_kms_key",
                "name": "k",
                "values": {"enable_key_rotation": True},
            }
        ],
    }
    project = read(json.dumps({"planned_values": {"root_module": {"child_modules": [child]}}}))
    assert [each.address for each in project.resources] == ["module.m.aws_kms_key.k"]
    assert shown(at(project.resources[0], "EnableKeyRotation")) == "True"


# -- values


def _configured(address: str, expressions: dict[str, Any]) -> dict[str, Any]:
    kind, name = address.split(".")
    resource = {"address": address, "type": kind, "name": name, "expressions": expressions}
    return {"root_module": {"resources": [resource]}}


def test_defaults_that_the_provider_fills_in_count_as_absent() -> None:
    after = {"enable_key_rotation": False, "is_enabled": True}
    stated = {"is_enabled": {"constant_value": True}}
    key = planned(
        change("aws_kms_key.k", after), configuration=_configured("aws_kms_key.k", stated)
    ).resources[0]
    assert sorted(key.properties.entries) == ["Enabled"]


def test_dynamic_blocks_are_read_although_no_expression_shows_them() -> None:
    after = {"vpc_config": [{"subnets": ["a"], "security_group_ids": []}]}
    model = planned(
        change("aws_sagemaker_model.m", after), configuration=_configured("aws_sagemaker_model.m", {})
    ).resources[0]
    assert shown(at(model, "VpcConfig")) == "{Subnets: ['a'], SecurityGroupIds: []}"


def test_an_unknown_block_is_unknown_unless_the_provider_computes_it() -> None:
    unknown = {"vpc_config": True, "inference_execution_config": True, "arn": True}
    model = planned(
        change("aws_sagemaker_model.m", {}, after_unknown=unknown),
        configuration=_configured("aws_sagemaker_model.m", {}),
    ).resources[0]
    assert isinstance(at(model, "VpcConfig"), Unknown)
    assert sorted(model.properties.entries) == ["VpcConfig"]


def test_several_references_make_an_unknown_value_with_edges() -> None:
    expressions = {"description": {"references": ["aws_sns_topic.a.arn", "aws_sns_topic.b.arn"]}}
    project = planned(
        change("aws_sns_topic.a", {}),
        change("aws_sns_topic.b", {}),
        change("aws_kms_key.k", {}, after_unknown={"description": True}),
        configuration=_configured("aws_kms_key.k", expressions),
    )
    key = next(each for each in project.resources if each.type == "AWS::KMS::Key")
    description = at(key, "Description")
    assert isinstance(description, Unknown)
    assert [shown(part) for part in description.parts if not isinstance(part, str)] == [
        "<aws_sns_topic.a.arn>",
        "<aws_sns_topic.b.arn>",
    ]


def test_modules_that_hand_values_in_circles_end() -> None:
    expressions = {"description": {"references": ["module.a.x"]}}
    configuration = _configured("aws_kms_key.k", expressions)
    call = {
        "expressions": {"v": {"references": ["module.a.x"]}},
        "module": {"outputs": {"x": {"expression": {"references": ["var.v"]}}}},
    }
    configuration["root_module"]["module_calls"] = {"a": call}
    project = planned(
        change("aws_kms_key.k", {}, after_unknown={"description": True}), configuration=configuration
    )
    assert isinstance(at(project.resources[0], "Description"), Unknown)


# -- recognition, and what is not a plan


def test_plans_and_states_are_distinguished() -> None:
    state = json.dumps(
        {"version": 4, "terraform_version": "1.9.0", "serial": 3, "lineage": "x", "resources": []}
    )
    shown_state = json.dumps({"format_version": "1.0", "terraform_version": "1.9.0", "values": {}})
    assert (is_plan(_REAL), is_state(_REAL)) == (True, False)
    assert (is_plan(state), is_state(state)) == (False, True)
    assert (is_plan(shown_state), is_state(shown_state)) == (False, True)
    assert (is_plan('{"Resources": {}}'), is_state('{"Resources": {}}')) == (False, False)
    assert (is_plan("resource_changes"), is_state("lineage")) == (False, False)
    assert is_plan(_REAL[: len(_REAL) // 2])


def test_a_state_file_is_refused_with_a_way_out() -> None:
    problems = read('{"version": 4, "terraform_version": "1.9.0", "serial": 3, "lineage": "x"}').problems
    assert [(each.message, each.fatal) for each in problems] == [
        (
            "is a Terraform state file; give the configuration, or `terraform show -json` of a plan",
            True,
        )
    ]


def test_a_truncated_plan_is_a_problem_with_its_line() -> None:
    text = json.dumps(json.loads(_REAL), indent=1)
    problem = read(text[: text.index("aws_sagemaker_model")]).problems[0]
    assert problem.fatal
    assert problem.message.startswith("is not complete JSON: ")
    assert problem.line > 100


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        '{"x": 1}',
        "[" * 100_000,
        '{"resource_changes": ' + "[" * 100_000,
        '{"planned_values": 1' + "0" * 10_000 + "}",
    ],
)
def test_what_is_no_plan_is_a_problem_or_empty(text: str) -> None:
    project = read(text)
    assert project.resources == ()
    assert project.problems or text.startswith('{"planned_values"')


@pytest.mark.parametrize(
    "plan",
    [
        {"resource_changes": None},
        {"resource_changes": {"a": 1}},
        {"resource_changes": [None, 1, "x", [], {}]},
        {"resource_changes": [{"address": 1, "mode": "managed", "type": 2, "change": 3}]},
        {"resource_changes": [{"address": "a.b", "mode": "managed", "type": None, "change": {}}]},
        {"resource_changes": [], "configuration": []},
        {"planned_values": {"root_module": {"resources": 1, "child_modules": [1, {"resources": [2]}]}}},
    ],
)
def test_hostile_plans_have_no_resources_and_no_traceback(plan: dict[str, Any]) -> None:
    assert read(json.dumps(plan)).resources == ()


@pytest.mark.parametrize(
    "configuration",
    [
        None,
        1,
        {"root_module": 1},
        {"root_module": {"resources": [{"address": "aws_kms_key.k", "expressions": 1}]}},
        {
            "root_module": {
                "resources": [{"address": "aws_kms_key.k", "expressions": {"description": [[[1]]]}}]
            }
        },
        {
            "root_module": {
                "resources": [
                    {
                        "address": "aws_kms_key.k",
                        "expressions": {
                            "description": {"references": [1, "", ".", "each.value", "var.", "module"]}
                        },
                        "for_each_expression": {"references": ["each.value"]},
                        "provider_config_key": 7,
                        "depends_on": [1],
                    }
                ]
            },
            "provider_config": [],
        },
    ],
)
def test_hostile_configurations_change_nothing_that_is_known(configuration: Any) -> None:
    project = planned(
        change(
            "aws_kms_key.k",
            {"description": "x", "tags": 3, "tags_all": []},
            after_unknown=[],
            after_sensitive=1,
        ),
        configuration=configuration,
    )
    assert [each.address for each in project.resources] == ["aws_kms_key.k"]


def test_lone_surrogates_become_printable() -> None:
    text = (
        '{"resource_changes": [{"address": "aws_kms_key.\\ud800", "mode": "managed", "type": "aws_kms_key",'
    )
    text += ' "name": "k", "change": {"actions": ["create"], "after": {"description": "\\udfff"}}}]}'
    key = read(text).resources[0]
    assert key.address.encode("utf-8")
    assert shown(at(key, "Description")).encode("utf-8")


def test_an_errored_plan_is_partial() -> None:
    project = planned(change("aws_kms_key.k", {}), errored=True)
    assert project.partial
    assert [each.fatal for each in project.problems] == [False]


def test_deferred_changes_are_a_gap() -> None:
    project = planned(deferred_changes=[{"reason": "instance_count_unknown"}])
    assert [gap.what for gap in project.gaps] == ["deferred changes of the plan"]


def test_a_bucket_is_found_by_the_name_that_its_prefix_became() -> None:
    project = planned(
        change("aws_s3_bucket.b", {"bucket_prefix": "x-", "bucket": "x-123", "id": "x-123"}),
        change(
            "aws_s3_bucket_versioning.b",
            {"bucket": "x-123", "versioning_configuration": [{"status": "Enabled"}]},
        ),
        configuration={
            "root_module": {
                "resources": [
                    {
                        "address": "aws_s3_bucket.b",
                        "expressions": {"bucket_prefix": {"constant_value": "x-"}},
                    }
                ]
            }
        },
    )
    (bucket,) = project.resources
    assert shown(at(bucket, "VersioningConfiguration")) == "{Status: 'Enabled'}"


def test_what_begins_with_a_repository_is_no_whole_address() -> None:
    project = planned(
        change("aws_ecr_repository.r", {"name": "r"}, after_unknown={"repository_url": True}),
        change(
            "aws_sagemaker_model.m",
            {"primary_container": [{}]},
            after_unknown={"primary_container": [{"image": True}]},
        ),
        configuration={
            "root_module": {
                "resources": [
                    {"address": "aws_ecr_repository.r", "expressions": {"name": {"constant_value": "r"}}},
                    {
                        "address": "aws_sagemaker_model.m",
                        "expressions": {
                            "primary_container": [
                                {
                                    "image": {
                                        "references": [
                                            "aws_ecr_repository.r.repository_url",
                                            "aws_ecr_repository.r",
                                        ]
                                    }
                                }
                            ]
                        },
                    },
                ]
            }
        },
    )
    image = at(project.resources[1], "PrimaryContainer.Image")
    assert isinstance(image, Unknown)
    assert [type(part).__name__ for part in image.parts] == ["Reference", "Unknown"]
