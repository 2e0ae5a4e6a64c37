"""Classes that hold configurations: fields that are environment variables, and objects made of data."""

import json
from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings
from tests.frontends.python.programs import value_of
from tests.support import rule_examples as harness

SETTINGS = "import os\nfrom pydantic import Field, AliasChoices\nfrom pydantic_settings import BaseSettings\n"
CLASS = SETTINGS + "class S(BaseSettings):\n    size: str = 'small'\n"
GIVEN = {
    "by its name": CLASS + "os.environ['SIZE'] = 'large'\nx = S().size\n",
    "by a prefix": CLASS
    + "    model_config = SettingsConfigDict(env_prefix='APP_')\n"
    + "os.environ['APP_SIZE'] = 'large'\nx = S().size\n",
    "by a prefix of an inner class": CLASS
    + "    class Config:\n        env_prefix = 'app_'\nos.environ['APP_SIZE'] = 'large'\nx = S().size\n",
    "by an alias": SETTINGS
    + "class S(BaseSettings):\n    size: str = Field('small', validation_alias='KIND')\n"
    + "os.environ['KIND'] = 'large'\nx = S().size\n",
    "by the variable of a field": SETTINGS
    + "class S(BaseSettings):\n    size: str = Field(default='small', env='KIND')\n"
    + "os.environ['KIND'] = 'large'\nx = S().size\n",
    "of a class above": CLASS
    + "class T(S):\n    other: str = 'a'\nos.environ['SIZE'] = 'large'\nx = T().size\n",
    "required": SETTINGS
    + "class S(BaseSettings):\n    size: str\nos.environ['SIZE'] = 'large'\nx = S().size\n",
    "from a file": CLASS + "    model_config = SettingsConfigDict(env_file='.env')\nx = S().size\n",
    "as an argument": CLASS + "os.environ['SIZE'] = 'small'\nx = S(size='large').size\n",
}
DEFAULTS = {
    "that nothing gives": (CLASS + "x = S().size\n", "'small'"),
    "of a class that reads no variables": (
        CLASS.replace("BaseSettings)", "BaseModel)").replace("import Field", "import BaseModel, Field")
        + "os.environ['SIZE'] = 'large'\nx = S().size\n",
        "'small'",
    ),
    "of settings inside of settings": (
        CLASS + "class T(BaseSettings):\n    inner: S = S()\nx = T().inner.size\n",
        "'small'",
    ),
    "that are lists": (CLASS + "    sizes: list = ['a', 'b']\nx = S().sizes\n", "['a', 'b']"),
}
READ = "import json, yaml\nfrom dataclasses import dataclass\nfrom pathlib import Path\n"
READ += "@dataclass\nclass C:\n    a: str\n    b: str = 'two'\n"
MODEL = READ.replace("@dataclass\nclass C:", "from pydantic import BaseModel\nclass C(BaseModel):")
DATA = {
    "keywords of YAML": (READ + "x = C(**yaml.safe_load(open('c.yaml'))).a\n", "'one'"),
    "keywords of JSON": (READ + "x = C(**json.loads(Path('c.json').read_text())).a\n", "'one'"),
    "a default beside": (READ + "x = C(**yaml.safe_load(open('c.yaml'))).b\n", "'two'"),
    "a class method": (
        READ
        + "    @classmethod\n    def load(cls, path):\n        with open(path) as f:\n"
        + "            return cls(**yaml.safe_load(f))\nx = C.load('c.yaml').a\n",
        "'one'",
    ),
    "validated": (MODEL + "x = C.model_validate(yaml.safe_load(open('c.yaml'))).a\n", "'one'"),
    "parsed": (MODEL + "x = C.parse_obj(json.load(open('c.json'))).a\n", "'one'"),
    "validated text": (MODEL + "x = C.model_validate_json(Path('c.json').read_text()).a\n", "'one'"),
    "dacite": (READ + "import dacite\nx = dacite.from_dict(C, yaml.safe_load(open('c.yaml'))).a\n", "'one'"),
    "dacite by keyword": (
        READ + "from dacite import from_dict\nx = from_dict(data_class=C, data={'a': 'one'}).a\n",
        "'one'",
    ),
    "cattrs": (READ + "import cattrs\nx = cattrs.structure({'a': 'one'}, C).a\n", "'one'"),
    "own method of that name": (
        MODEL + "    @classmethod\n    def from_dict(cls, given):\n        return cls(a='own')\n"
        "x = C.from_dict({'a': 'one'}).a\n",
        "'own'",
    ),
}
BY_DEFAULT = "assuming the default of environment variable APP_MODEL_ID"
ROLE = "arn:aws:iam::111122223333:role/ask"
HANDLER = """\
import boto3
from pydantic_settings import BaseSettings, SettingsConfigDict
class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_")
    model_id: str = "cohere.command-text-v14"
settings = Settings()
def handler(event, context):
    return boto3.client("bedrock-runtime").converse(modelId=settings.model_id, messages=[])
"""


@pytest.mark.parametrize("name", GIVEN)
def test_a_variable_is_taken_for_the_field_of_settings(name: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SIZE=large\n")
    assert value_of(tmp_path, GIVEN[name]).partition(" | ")[0] == "'large'"


@pytest.mark.parametrize("name", DEFAULTS)
def test_defaults_of_fields(name: str, tmp_path: Path) -> None:
    text, expected = DEFAULTS[name]
    assert value_of(tmp_path, text).partition(" | ")[0] == expected


@pytest.mark.parametrize("name", DATA)
def test_objects_made_of_data_have_its_values(name: str, tmp_path: Path) -> None:
    text, expected = DATA[name]
    (tmp_path / "c.yaml").write_text("a: one\n")
    (tmp_path / "c.json").write_text('{"a": "one"}')
    assert value_of(tmp_path, text).partition(" | ")[0] == expected


def test_data_that_are_not_known_leave_the_fields_open(tmp_path: Path) -> None:
    shown = value_of(tmp_path, READ + "x = C(**yaml.safe_load(open('missing.yaml'))).b\n")
    assert shown != "'two'"
    assert value_of(tmp_path, MODEL + "x = C.model_validate(given()).b\n") != "'two'"


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({}, [BY_DEFAULT]),
        ({"APP_MODEL_ID": "eu.amazon.nova-lite-v1:0"}, []),
        ({"MODEL_ID": "eu.amazon.nova-lite-v1:0"}, [BY_DEFAULT]),
    ],
)
def test_the_code_of_functions_takes_settings_from_their_variables(
    variables: dict[str, str], found: list[str], tmp_path: Path
) -> None:
    given = {"Code": "src", "Handler": "app.handler", "Runtime": "python3.13", "Role": ROLE}
    properties = {**given, "Environment": {"Variables": variables}}
    function = {"Type": "AWS::Lambda::Function", "Properties": properties}
    (tmp_path / "stack.json").write_text(json.dumps({"Resources": {"Ask": function}}))
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text(HANDLER)
    rules = (harness.rule_of("MLR605"),)
    report = lint_paths([str(tmp_path)], lambda _: RunSettings(rules, LoadOptions(tmp_path)), 1)
    assert [each.condition for each in report.findings] == found
