"""Configurations that build on another file."""

import json
import sys
from pathlib import Path

import pytest

from mlwa_lint.config.lookup import Configurations
from mlwa_lint.config.settings import Configuration
from mlwa_lint.errors import UserError
from tests.support.workspace import Workspace


def read(workspace: Workspace, **files: str) -> Configuration:
    for name, text in files.items():
        workspace.write(name.replace("__", "/") + ".toml", text)
    return Configurations(workspace.folder / "own.toml").of_run()


def test_choices_replace_and_lists_of_exceptions_add_up(workspace: Workspace) -> None:
    found = read(
        workspace,
        shared__base='select = ["MLS"]\nignore = ["MLU"]\nfail-on = "medium"\nrequire-reasons = true\n'
        "jobs = 3\n"
        'vars = { a = 1, b = 1 }\nseverities = { MLS101 = "low" }\nexclude = ["old/**"]\n',
        own='extend = "shared/base.toml"\nignore = ["MLC"]\nfail-on = "high"\nrequire-reasons = false\n'
        'vars = { b = 2 }\nexclude = ["new/**"]\n',
    )
    settings = found.settings
    assert settings.select == ("MLS",)
    assert settings.ignore == ("MLU", "MLC")
    assert settings.fail_on == "high"
    assert settings.require_reasons is False
    assert settings.variables == {"a": 1, "b": 2}
    assert settings.severities == {"MLS101": "low"}
    assert found.jobs == 3
    assert found.exclude == ("old/**", "new/**")


def test_paths_start_from_the_file_that_states_them(workspace: Workspace) -> None:
    found = read(
        workspace,
        shared__base='parameters = ["prod.json"]\nbaseline = "known.json"\n',
        own='extend = "shared/base.toml"\nparameters = ["more.json"]\n',
    )
    folder = workspace.folder.resolve()
    assert found.settings.parameters == (folder / "shared" / "prod.json", folder / "more.json")
    assert found.baseline == folder / "shared" / "known.json"
    assert found.folder == folder


def test_overrides_follow_those_of_the_extended_file(workspace: Workspace) -> None:
    override = '[[overrides]]\npaths = ["a/**"]\nseverity = "{}"\n'
    found = read(
        workspace,
        shared__base=override.format("medium"),
        own='extend = "shared/base.toml"\n' + override.format("high"),
    )
    assert found.settings_for(str(workspace.folder / "a" / "t.yaml")).severity == "high"
    assert found.settings_for(str(workspace.folder / "b" / "t.yaml")).severity == "low"


def test_a_chain_is_read_from_its_end(workspace: Workspace) -> None:
    found = read(
        workspace,
        first='ignore = ["MLU"]\nseverity = "high"\n',
        second='extend = "first.toml"\nignore = ["MLC"]\n',
        own='extend = "second.toml"\nseverity = "info"\n',
    )
    assert (found.settings.ignore, found.settings.severity) == (("MLU", "MLC"), "info")
    assert [path.name for path, _ in found.layers] == ["first.toml", "second.toml", "own.toml"]


def test_a_file_of_an_installed_package_is_extended_and_the_package_not_run(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write("site/acme_base/__init__.py", "raise SystemExit('run')\n")
    workspace.write("site/acme_base/mlwa-lint.toml", 'ignore = ["MLU"]\n')
    workspace.write("site/acme_base/strict.toml", 'fail-on = "info"\n')
    monkeypatch.syspath_prepend(str(workspace.folder / "site"))
    assert read(workspace, own='extend = "acme_base"\n').settings.ignore == ("MLU",)
    assert read(workspace, own='extend = "acme_base:strict.toml"\n').settings.fail_on == "info"
    assert "acme_base" not in sys.modules


@pytest.mark.parametrize(
    ("files", "stated"),
    [
        ({"own": 'extend = "other.toml"\n'}, "own.toml:1: other.toml: no such file"),
        (
            {"own": 'extend = "no_such_package"\n'},
            "own.toml:1: no_such_package: no file and no installed package",
        ),
        ({"own": 'extend = "../x"\n'}, "own.toml:1: ../x: no file and no installed package"),
        (
            {"own": "extend = 3\n"},
            "own.toml:1: extend must be a path, or the name of an installed package, not 3",
        ),
        ({"own": 'extend = "own.toml"\n'}, "own.toml:1: own.toml extends itself"),
        (
            {"own": 'severity = "low"\nextend = "b.toml"\n', "b": 'extend = "own.toml"\n'},
            "b.toml:1: own.toml extends itself",
        ),
        ({"own": 'extend = "b.toml"\n', "b": "selct = []\n"}, "b.toml:1: unknown key 'selct'"),
        ({"own": 'extend = "b.toml"\n', "b": "= 1\n"}, "b.toml: not valid TOML"),
    ],
)
def test_a_mistake_is_reported_with_its_place_and_description(
    workspace: Workspace, files: dict[str, str], stated: str
) -> None:
    with pytest.raises(UserError) as error:
        read(workspace, **files)
    assert stated in error.value.message


def test_a_chain_of_too_many_files_is_refused(workspace: Workspace) -> None:
    files = {f"f{number}": f'extend = "f{number + 1}.toml"\n' for number in range(12)}
    with pytest.raises(UserError, match="more than 10 files extend one another"):
        read(workspace, own='extend = "f0.toml"\n', f12="", **files)


def test_a_subfolder_brings_no_settings_of_the_run_by_extending(workspace: Workspace) -> None:
    workspace.write("evil.py", "raise SystemExit('run')\n")
    workspace.write("sub/base.toml", 'rules = ["../evil.py"]\n')
    workspace.write("sub/.mlwa-lint.toml", 'extend = "base.toml"\n')
    workspace.write("sub/t.yaml", "Resources: {A: {Type: AWS::SNS::Topic}}\n")
    run = workspace.run("check", "sub", "--no-cache")
    assert run.code == 0
    assert "rules" in run.err


def test_config_names_the_file_that_sets_a_value(workspace: Workspace) -> None:
    workspace.write("base.toml", 'fail-on = "medium"\nignore = ["MLU"]\n')
    workspace.write(".mlwa-lint.toml", 'extend = "base.toml"\nignore = ["MLC"]\n')
    document = json.loads(workspace.run("config", "--format", "json").out)[0]["settings"]
    assert document["fail-on"] == {"value": "medium", "origin": ["base.toml"]}
    assert document["ignore"]["origin"] == ["base.toml", ".mlwa-lint.toml"]
    assert Path(".mlwa-lint.toml").is_file()
