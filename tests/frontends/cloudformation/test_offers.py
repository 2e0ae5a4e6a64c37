"""Values of parameters that lie beside a template: they are offered, none is taken."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.values import Unknown, Value

from .templates import project_of
from .test_nested import write

TEMPLATE = "Parameters: {Env: {Type: String}}\nResources: {R: {Type: AWS::A::B, Properties: {E: !Ref Env}}}\n"


def notices(folder: Path, template: str = TEMPLATE, **files: str) -> list[str]:
    write(folder, {"t.yaml": template, **{name.replace("_", "."): text for name, text in files.items()}})
    return [each.message for each in load(folder / "t.yaml", LoadOptions()).problems if each.quiet]


def test_files_with_values_are_suggested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(
        tmp_path, {"prod-config.json": '{"Parameters": {"Env": "prod"}}', "dev-config.json": '{"Env": "dev"}'}
    )
    assert notices(Path()) == [
        (
            "dev-config.json, prod-config.json have values for its parameters, which are not read: "
            "--parameters dev-config.json reads them"
        )
    ]


def test_samconfig_is_suggested_and_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    content = "[default.deploy.parameters]\nparameter_overrides = 'Env=\"a b\" Other=c'\n"
    assert notices(Path(), samconfig_toml=content) == [
        (
            "samconfig.toml has values for its parameters, which are not read: "
            "--parameters samconfig.toml reads them"
        )
    ]
    from mlwa_lint.frontends.cloudformation.parameter_files import read_parameters

    assert read_parameters(Path("samconfig.toml")) == {"Env": "a b", "Other": "c"}


def test_nothing_is_suggested_where_there_is_nothing_to_offer(tmp_path: Path) -> None:
    other = '{"Other": "x"}'
    assert notices(tmp_path, other_config_json=other) == []
    assert notices(tmp_path, "Resources: {R: {Type: AWS::A::B}}\n", samconfig_toml="version = 0.1\n") == []


def test_a_value_that_is_not_allowed_is_warned_of() -> None:
    text = """
        Parameters:
          Env: {Type: String, AllowedValues: [dev, prod]}
          Ports: {Type: CommaDelimitedList, AllowedValues: [1, 2]}
          Word: {Type: String, NoEcho: true, AllowedValues: [a]}
        Resources: {R: {Type: AWS::A::B}}
        """
    given = {"Env": "test", "Ports": "1,3", "Word": "hunter2"}
    assert [(each.line, each.message, each.fatal) for each in project_of(text, given).problems] == [
        (3, "parameter Env is given 'test', which is none of its AllowedValues", False),
        (4, "parameter Ports is given '3', which is none of its AllowedValues", False),
        (5, "parameter Word is given a value, which is none of its AllowedValues", False),
    ]
    assert project_of(text, {"Env": "dev", "Ports": "2,1", "Word": "a"}).problems == ()


def offered(folder: Path, template: str = TEMPLATE, **files: str) -> Value:
    notices(folder, template, **files)
    (resource,) = load(folder / "t.yaml", LoadOptions()).resources
    return resource.properties.value("E")


def test_values_in_files_are_offered_and_never_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    value = offered(Path(), prod_params_json='{"Env": "a"}', config_json='{"Env": "a"}')
    assert isinstance(value, Unknown)
    assert (value.reason, value.one_of) == ("parameter Env has no default", ())


def test_a_parameter_is_one_of_its_allowed_values() -> None:
    (resource,) = project_of(
        """
        Parameters:
          Env: {Type: String, AllowedValues: [dev, prod]}
        Resources: {R: {Type: AWS::A::B, Properties: {E: !Ref Env}}}
        """
    ).resources
    value = resource.properties.value("E")
    assert isinstance(value, Unknown)
    assert (value.one_of, value.assumed) == (("dev", "prod"), frozenset())


def test_a_file_that_leads_out_of_the_project_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_text('{"Env": "secret"}', "utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "config.json").symlink_to(tmp_path / "outside.json")
    assert notices(inner) == []
    (inner / "config.json").unlink()
    assert len(notices(inner, config_json='{"Env": "secret"}')) == 1
