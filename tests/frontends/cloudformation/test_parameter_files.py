from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.parameter_files import SIZE_LIMIT, ParameterFileError, read_parameters

LIST = """[{"ParameterKey": "Env", "ParameterValue": "prod"},
  {"ParameterKey": "Count", "ParameterValue": "010"}]"""


@pytest.mark.parametrize(
    "text",
    [
        LIST,
        "\ufeff" + LIST.replace("[", '[{"ParameterKey": "Old", "UsePreviousValue": true}, ', 1),
        '["Env=prod", "Count=010"]',
        '{"Env": "prod", "Count": "010"}',
        '{"Parameters": {"Env": "prod", "Count": "010"}, "Tags": {"a": "b"}, "StackPolicy": {}}',
        "Env: prod\r\nCount: 010\r\n",
        "- ParameterKey: Env\n  ParameterValue: prod\n- ParameterKey: Count\n  ParameterValue: 010\n",
        "Parameters:\n  Env: prod\n  Count: '010'\n",
    ],
)
def test_every_form_gives_the_values_as_they_are_written(tmp_path: Path, text: str) -> None:
    path = tmp_path / "parameters"
    path.write_text(text, encoding="utf-8")
    assert read_parameters(path) == {"Env": "prod", "Count": "010"}


def test_lists_and_truth_values_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "parameters.yaml"
    path.write_text("Subnets: [a, b]\nFlag: true\nEmpty: ''\nEquals: a=b\n", encoding="utf-8")
    assert read_parameters(path) == {"Subnets": ["a", "b"], "Flag": True, "Empty": "", "Equals": "a=b"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no parameters"),
        (b"just text", "holds no parameters"),
        (b'[{"Key": "Env", "Value": "prod"}]', ":1: this is not a parameter"),
        (b'[{"ParameterKey": "Env"}]', ":1: Env has no ParameterValue"),
        (b"Env:\n  nested: 1\n", ":2: a parameter's value is a text, number or list"),
        (b"Env: !Ref X\n", ":1: a parameter's value"),
        (b'{"Env": "a",\n "Env": "b"}', ":2: the key 'Env' is given twice"),
        (b'{"Env": ', "not valid YAML or JSON"),
        (b"\xff\xfe{\0", "is not UTF-8 text"),
        (b"a: 1\n---\nb: 2\n", ":2: a second document"),
    ],
)
def test_what_cannot_be_understood_is_reported_with_its_place(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "parameters.json"
    path.write_bytes(content)
    with pytest.raises(ParameterFileError) as caught:
        read_parameters(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_file_and_one_that_is_too_large_are_reported(tmp_path: Path) -> None:
    with pytest.raises(ParameterFileError, match="cannot be read: No such file"):
        read_parameters(tmp_path / "none.json")
    large = tmp_path / "large.json"
    large.write_bytes(b" " * (SIZE_LIMIT + 1))
    with pytest.raises(ParameterFileError, match="larger than 4 MB"):
        read_parameters(large)


@pytest.mark.parametrize(
    ("content", "values"),
    [
        ('[default.deploy.parameters]\nparameter_overrides = ["A=1", "B=x=y"]\n', {"A": "1", "B": "x=y"}),
        ("[prod.global.parameters]\nparameter_overrides = \"A='x y'\"\n", {"A": "x y"}),
        ("[default.deploy.parameters]\nparameter_overrides = {A = 1}\n", {"A": 1}),
        (
            (
                '[dev.deploy.parameters]\nparameter_overrides = "A=1"\n'
                '[default.deploy.parameters]\nparameter_overrides = "A=2"\n'
            ),
            {"A": "2"},
        ),
    ],
)
def test_configurations_of_sam(tmp_path: Path, content: str, values: object) -> None:
    file = tmp_path / "samconfig.toml"
    file.write_text(content)
    assert read_parameters(file) == values


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("version = 0.1\n", "holds no parameter_overrides"),
        ("[a", "Expected"),
        (
            (
                '[dev.deploy.parameters]\nparameter_overrides = "A=1"\n'
                '[test.deploy.parameters]\nparameter_overrides = "A=2"\n'
            ),
            "holds several environments, none of them `default`: dev, test",
        ),
        ("[default.deploy.parameters]\nparameter_overrides = [1]\n", "neither text nor list"),
        ('[default.deploy.parameters]\nparameter_overrides = "A=\'"\n', "No closing quotation"),
    ],
)
def test_configurations_of_sam_without_parameters(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "samconfig.toml"
    file.write_text(content)
    with pytest.raises(ParameterFileError, match=message):
        read_parameters(file)
