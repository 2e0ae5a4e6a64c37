"""Environment variables that a program sets itself or loads from a file (`load_dotenv`)."""

from pathlib import Path

import pytest

from mlwa_lint.model.secrets import Secrets, collecting
from tests.frontends.python.programs import START, load_cells, load_text, only, shown, value_of

_IMPORT = "import os, dotenv\nfrom dotenv import load_dotenv, dotenv_values, find_dotenv\n"
_ENV = """
# of the team
TYPE=ml.m5.large
export COUNT = "2"   # two
NAME='a # b'
EMPTY=
OPEN=${HOME}/x
PLACE=<your bucket>
API_KEY=sk-abcdef0123456789
"""
LOADED = {
    "nearest": ("load_dotenv()\nx = os.environ['TYPE']", "'ml.m5.large'"),
    "by name": ("load_dotenv('.env')\nx = os.environ.get('TYPE')", "'ml.m5.large'"),
    "by keyword": ("load_dotenv(dotenv_path='.env')\nx = os.getenv('TYPE', 'a')", "'ml.m5.large'"),
    "that was found": ("load_dotenv(find_dotenv())\nx = os.environ['TYPE']", "'ml.m5.large'"),
    "by its module": ("dotenv.load_dotenv()\nx = os.environ['TYPE']", "'ml.m5.large'"),
    "from the program's place": (
        "load_dotenv(os.path.join(os.path.dirname(__file__), '.env'))\nx = os.environ['TYPE']",
        "'ml.m5.large'",
    ),
    "where the package may be missing": (
        "try:\n    load_dotenv()\nexcept ImportError:\n    print('no')\nx = os.environ['TYPE']",
        "'ml.m5.large'",
    ),
}


@pytest.mark.parametrize("name", LOADED)
def test_a_file_that_is_loaded_gives_variables(name: str, tmp_path: Path) -> None:
    text, expected = LOADED[name]
    found, _, rests = value_of(tmp_path, _IMPORT + text, __env=_ENV).partition(" | ")
    assert found == expected
    assert rests.startswith("the value of TYPE in ")
    assert rests.endswith(".env")


VALUES = {
    "in quotes": ("load_dotenv()\nx = int(os.environ['COUNT'])", "2"),
    "with a sign in quotes": ("load_dotenv()\nx = os.environ['NAME']", "'a # b'"),
    "left empty": ("load_dotenv()\nx = os.environ.get('EMPTY')", "?"),
    "made of another": ("load_dotenv()\nx = os.environ['OPEN']", "?"),
    "to be filled in": ("load_dotenv()\nx = os.environ['PLACE']", "?"),
    "a secret": ("load_dotenv()\nx = os.environ['API_KEY']", "?"),
    "not in the file": ("load_dotenv()\nx = os.environ['OTHER']", "?"),
    "not loaded": ("x = os.environ['TYPE']", "?"),
    "of a file that is not there": ("load_dotenv('other.env')\nx = os.environ['TYPE']", "?"),
    "from a stream": ("load_dotenv(stream=given)\nx = os.environ['TYPE']", "?"),
    "as values": ("x = dotenv_values('.env')['TYPE']", "'ml.m5.large'"),
    "set before": ("os.environ['TYPE'] = 'a'\nload_dotenv()\nx = os.environ['TYPE']", "'a'"),
    "set after": ("load_dotenv()\nos.environ['TYPE'] = 'a'\nx = os.environ['TYPE']", "'a'"),
    "that win": (
        "os.environ['TYPE'] = 'a'\nload_dotenv(override=True)\nx = os.getenv('TYPE')",
        "'ml.m5.large'",
    ),
    "set unless they are there": ("os.environ.setdefault('A', 'b')\nx = os.environ['A']", "'b'"),
}


@pytest.mark.parametrize("name", VALUES)
def test_values_of_variables(name: str, tmp_path: Path) -> None:
    text, expected = VALUES[name]
    assert value_of(tmp_path, _IMPORT + text, __env=_ENV).partition(" | ")[0] == expected


def test_a_file_above_the_program_is_the_nearest_within_the_project(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TYPE=outside\n")
    root = tmp_path / "project"
    root.mkdir()
    text = START + _IMPORT + "load_dotenv()\nsm.create_model(ModelName=os.environ['TYPE'])\n"
    assert shown(only(load_text(root, text)), "ModelName") == "?"
    (root / ".env").write_text("TYPE=inside\n")
    project = load_text(root, text)
    assert shown(only(project), "ModelName").startswith("'inside' | ")
    assert [Path(each).name for each in project.sources] == ["deploy.py", ".env"]
    assert shown(only(load_cells(root, text)), "ModelName").startswith("'inside' | ")


def test_what_a_condition_loads_holds_there(tmp_path: Path) -> None:
    branches = "if given:\n    load_dotenv(override=True)\nelse:\n    os.environ['TYPE'] = 'a'\n"
    text = f"{_IMPORT}{branches}x = os.environ['TYPE']"
    assert value_of(tmp_path, text, __env=_ENV) == "(given ? 'ml.m5.large' : 'a')"


def test_secrets_of_the_file_are_known_as_such(tmp_path: Path) -> None:
    with collecting() as own:
        value_of(tmp_path, _IMPORT + "load_dotenv()\nx = os.environ['TYPE']", __env=_ENV)
        assert isinstance(own, Secrets)
        assert own.found
        assert own.scrub("sk-abcdef0123456789 ml.m5.large") == "*** ml.m5.large"
