# ruff: noqa: E501 - a program a line
"""Configurations that programs read: files found from the program's own place, objects, keys with defaults."""

import os
from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.python.project import load
from mlwa_lint.model.values import ListValue
from tests.frontends.python.programs import START, load_text, result_of, shown, value_of

_IMPORT = "from pathlib import Path\nimport json, os, yaml\n"
READ = {
    "beside the program": "x = json.load(open(Path(__file__).parent / 'c.json'))['a']",
    "resolved": "x = json.loads((Path(__file__).resolve().parent / 'c.json').read_text())['a']",
    "by os.path": "x = json.load(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'c.json')))['a']",
    "as a path of a path": "x = json.load(Path(Path(__file__).parent / 'c.json').open())['a']",
    "by a function": "def read(path):\n    with open(Path(path)) as file:\n        return json.load(file)\nx = read(Path(__file__).parent / 'c.json')['a']",
    "by a loader that looks for it": "def read(path=None):\n    if path is None:\n        path = 'c.json'\n    if not os.path.isabs(path):\n        path = os.path.join(os.path.dirname(__file__), path)\n    if not os.path.exists(path):\n        raise FileNotFoundError\n    return json.load(open(path))\nx = read()['a']",
    "where it exists": "p = Path('c.json')\nx = json.loads(p.read_text())['a'] if p.exists() else 2",
    "by a parameter with a default": "import argparse\np = argparse.ArgumentParser()\np.add_argument('--c', default='c.json')\nc = p.parse_args().c\nif c is None:\n    c = 'other.json'\nx = json.load(open(c))['a']",
    "by the default of an option": "import argparse\np = argparse.ArgumentParser()\np.add_argument('--c', default='c.json')\nx = json.load(open(p.parse_args().c))['a']",
    "where the parser may be missing": "try:\n    import json as j\nexcept ImportError:\n    j = None\nx = j.load(open('c.json'))['a']",
}
OF_MAIN = {
    "by os.path": "from __main__ import __file__ as main\nfrom os import path\nFILE = 'conf/' + path.splitext(path.basename(main))[0] + '.json'\n",
    "by an attribute": "import __main__, os\nFILE = os.path.join('conf', os.path.basename(__main__.__file__).replace('.py', '.json'))\n",
    "by a path": "import __main__\nfrom pathlib import Path\nFILE = Path('conf') / f'{Path(__main__.__file__).stem}.json'\n",
    "by another suffix": "import __main__\nfrom pathlib import Path\nFILE = Path('conf') / Path(__main__.__file__).with_suffix('.json').name\n",
}


@pytest.mark.parametrize("name", OF_MAIN)
def test_files_are_found_by_the_name_of_the_program_that_is_run(name: str, tmp_path: Path) -> None:
    files = {"conf___deploy__json": '{"a": 1}', "conf___helper__json": '{"a": 2}'}
    program = "import helper, json\nx = json.load(open(helper.FILE))['a']"
    assert value_of(tmp_path, program, helper__py=OF_MAIN[name], **files) == "1"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("os.path.splitext('a.d/b')", "['a.d/b', '']"),
        ("os.path.splitext('a/.b')[1]", "''"),
        ("os.path.split('a/b.py')", "['a', 'b.py']"),
        ("os.path.basename(os.path.dirname('a/b/'))", "'b'"),
        ("os.path.dirname('a')", "'.'"),
        ("str(Path('a/b.tar.gz').with_name('c'))", "'a/c'"),
        ("Path('a/b.tar.gz').suffix", "'.gz'"),
        ("os.path.basename(os.environ['A'])", "?"),
        ("Path('/').with_suffix('.a').name", "?"),
    ],
)
def test_parts_of_paths_are_those_of_python(expression: str, value: str, tmp_path: Path) -> None:
    assert value_of(tmp_path, _IMPORT + f"x = {expression}") == value


@pytest.mark.parametrize("name", READ)
def test_files_are_found_from_the_place_of_the_program(name: str, tmp_path: Path) -> None:
    assert value_of(tmp_path, _IMPORT + READ[name], c__json='{"a": 1}').partition(" | ")[0] == "1"


@pytest.mark.parametrize("up", ["Path(__file__).resolve().parents[2]", "Path(__file__).parent.parent.parent"])
def test_a_folder_above_the_program_is_found_from_anywhere(
    up: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.joinpath("c.json").write_text('{"a": 1}')
    path = tmp_path / "src" / "app" / "deploy.py"
    path.parent.mkdir(parents=True)
    path.write_text(
        START + _IMPORT + f"c = json.load(open({up} / 'c.json'))\nsm.create_model(ModelName=c['a'])\n"
    )
    for folder in (tmp_path, path.parent, Path("/")):
        monkeypatch.chdir(folder)
        program = Path(os.path.relpath(path, folder))
        (made,) = load(program, LoadOptions(root=tmp_path)).resources
        assert shown(made, "ModelName") == "1"


def test_modules_above_the_program_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "one" / "scripts"
    folder.mkdir(parents=True)
    folder.joinpath("train.py").write_text(START + "import config\nsm.create_model(ModelName=config.NAME)\n")
    folder.parent.joinpath("config.py").write_text("NAME = 'a'\n")
    monkeypatch.chdir(tmp_path)
    (made,) = load(Path("one/scripts/train.py"), LoadOptions(root=tmp_path)).resources
    assert shown(made, "ModelName") == "'a'"


FORMATS = {
    "lines": "for line in open('c.ini'):\n    if line.startswith('b'):\n        x = int(line.split('=')[1])\n        break",
    "all lines": "x = int([line for line in open('c.ini').readlines() if 'b' in line][0].strip()[-1])",
    "a line that is looked for": "def find(name):\n    with open('c.ini') as lines:\n        for line in lines:\n            if line.find(name) >= 0:\n                return int(line.rstrip().split('= ')[1])\nx = find('b')",
    "toml": "import tomllib\nx = tomllib.load(open('c.toml', 'rb'))['a']['b']",
    "the text of toml": "import tomllib\nx = tomllib.loads(Path('c.toml').read_text())['a']['b']",
    "toml by its name": "import toml\nx = toml.load('c.toml')['a']['b']",
    "attributes": "from omegaconf import OmegaConf\nx = OmegaConf.load('c.yaml').a.b",
    "a namespace": "import types\nx = types.SimpleNamespace(**yaml.safe_load(open('c.yaml'))['a']).b",
    "attributes of a mapping": "from box import Box\nx = Box(yaml.safe_load(open('c.yaml'))).a['b']",
    "ini": "import configparser\nc = configparser.ConfigParser()\nc.read('c.ini')\nx = c.getint('a', 'B')",
    "ini by keys": "import configparser\nc = configparser.ConfigParser()\nc.read(['c.ini'])\nx = int(c['a']['b'])",
    "a section": "import configparser\nc = configparser.ConfigParser()\nc.read_file(open('c.ini'))\nx = int(dict(c.items('a'))['b'])",
    "a fallback": "import configparser\nc = configparser.ConfigParser()\nc.read('c.ini')\nx = c.get('a', 'c', fallback=1)",
    "a boolean": "import configparser\nc = configparser.ConfigParser()\nc.read('c.ini')\nx = 1 if c.getboolean('a', 'on') else 2",
}
FILES = {
    "c__toml": "[a]\nb = 1\n",
    "c__yaml": "a: {b: 1}\n",
    "c__ini": "[a]\nb = 1\non = yes\nmade = %(b)s\n",
}


@pytest.mark.parametrize("name", FORMATS)
def test_other_formats_of_configurations_are_read(name: str, tmp_path: Path) -> None:
    assert value_of(tmp_path, _IMPORT + FORMATS[name], **FILES) == "1"


_INI = "import configparser\nc = configparser.ConfigParser()\n"


@pytest.mark.parametrize(
    "program",
    [
        _INI + "c.read('other.ini')\nx = c.get('a', 'b')",
        _INI + "c.read(given)\nx = c['a']['b']",
        _INI + "c.read('c.ini')\nx = c.get('a', 'made')",
        _INI + "c.read('c.ini')\nx = c.getint('a', 'on')",
        _INI + "c.read('c.ini')\nx = c.getboolean('a', 'made')",
        _INI + "x = c.get('a', 'b')",
        "from omegaconf import OmegaConf\nx = OmegaConf.load('composed.yaml').b",
        "import tomllib\nx = tomllib.load(open('c.yaml', 'rb'))['a']",
    ],
)
def test_what_no_file_of_the_project_states_is_not_known(program: str, tmp_path: Path) -> None:
    assert value_of(tmp_path, _IMPORT + program, composed__yaml="b: ${a}\n", **FILES) == "?"


KEYS = {
    "text": ("given.get('k', 'a')", "'a' | the default of key 'k'"),
    "number": ("given.get('k', 2)", "2 | the default of key 'k'"),
    # The configuration of these is more likely than not something else.
    "flag": ("given.get('k', False)", "?"),
    "empty text": ("given.get('k', '')", "?"),
    "list": ("given.get('k', [])", "?"),
    "key of an open dict": ("dict(given, a=1).get('k', 'a')", "'a' | the default of key 'k'"),
    "known key": ("{'k': 'b'}.get('k', 'a')", "'b'"),
    "answer": ("sm.describe_endpoint(EndpointName='e').get('k', 'a')", "?"),
    "key that is looked for": ("given['k'] if 'k' in given else 'a'", "'a' | the default of key 'k'"),
    "other key that is looked for": ("given['k'] if 'j' in given else 'a'", "('j' in given ? ? : 'a')"),
    "flag that is looked for": ("given['k'] if 'k' in given else False", "('k' in given ? ? : False)"),
    "unknown key": ("given.get(key, 'a')", "?"),
}


@pytest.mark.parametrize("name", KEYS)
def test_defaults_of_keys_are_assumptions(name: str, tmp_path: Path) -> None:
    text, expected = KEYS[name]
    assert value_of(tmp_path, f"def f(given, key):\n    return {text}\nx = f(handed, in_)") == expected


_CONFIG = """
from dataclasses import dataclass, field
from typing import Optional

@dataclass
class Compute:
    kind: str = "ml.m5.large"

@dataclass
class Config:
    name: str
    count: int = 1
    compute: Compute = field(default_factory=Compute)
    tags: Optional[dict] = None

    @property
    def label(self):
        return f"{self.count}-{self.compute.kind}"

def deploy(config: ANNOTATION):
    sm.create_endpoint_config(EndpointConfigName=[config.name, config.count, config.compute.kind, config.label])
"""


@pytest.mark.parametrize(
    "annotation", ["Config", "'Config'", "Optional[Config]", "Config | None", "Annotated[Config, 1]"]
)
def test_defaults_of_a_configuration_that_is_handed_in_are_assumptions(
    annotation: str, tmp_path: Path
) -> None:
    made = load_text(tmp_path, START + _CONFIG.replace("ANNOTATION", annotation)).resources[0]
    assumed = {
        "the default of count in Config",
        "the default of kind in Compute",
        "the default of compute in Config",
    }
    assert shown(made, "EndpointConfigName").partition(" | ")[0] == "[?, 1, 'ml.m5.large', '1-ml.m5.large']"
    items = made.properties.entries["EndpointConfigName"].value
    assert isinstance(items, ListValue)
    texts = {each for item in items.items for each in item.assumed}
    assert texts <= assumed
    assert "the default of count in Config" in texts


def test_a_configuration_that_is_made_here_is_known(tmp_path: Path) -> None:
    text = START + _CONFIG.replace("ANNOTATION", "Config") + "deploy(Config('a', 2))\n"
    (made,) = load_text(tmp_path, text).resources
    assert shown(made, "EndpointConfigName") == "['a', 2, 'ml.m5.large', '2-ml.m5.large']"


def test_an_object_of_another_class_is_not_known(tmp_path: Path) -> None:
    text = "class Config:\n    count = 1\ndef deploy(config: Config):\n    sm.create_model(ModelName=config.count)\n"
    (made,) = load_text(tmp_path, START + text).resources
    assert shown(made, "ModelName") == "?"


def test_what_a_comprehension_leaves_open_names_what_it_chooses_from(tmp_path: Path) -> None:
    text = """
    import json
    given = json.load(open(0))
    x = [each for each in ["a", "b"] if given.get(each)]
    """
    value = result_of(tmp_path, text)
    assert isinstance(value, ListValue)
    assert value.rest is not None
    assert value.rest.reason == "which items of ['a', 'b'] are taken is not known"
