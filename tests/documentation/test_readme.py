"""Every command that the documentation shows is run, and prints what the documentation shows.

CONTRIBUTING.md describes how blocks are marked.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "RELEASING.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
INSTALL = os.environ.get("MLWA_LINT_INSTALL_COMMANDS") == "1"
# What `.ci/run` has run itself, word for word, before it runs the tests.
DONE = os.environ.get("MLWA_LINT_COMMANDS_DONE", "").splitlines()
# What these tests run with counts as installed already, so that it is not unpacked for each command again.
PACKAGES = sysconfig.get_path("purelib")
# A comment before a fence states what is to be done with it: readers of the page do not see it.
_FENCE = re.compile(
    r"^(?: *<!-- (?P<mark>run: [^\n]*|output) -->\n)?"
    r"^(?P<indent> *)```(?P<language>\w+)\n(?P<body>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)


class Block(NamedTuple):
    """A fenced block of a page."""

    page: Path
    line: int
    words: tuple[str, ...]
    body: str

    @property
    def is_command(self) -> bool:
        return self.words[0] == "sh"

    @property
    def is_install(self) -> bool:
        return "install" in self.words

    def option(self, name: str) -> str:
        found = [word for word in self.words if word.startswith(f"{name}=")]
        return found[0].partition("=")[2] if found else ""

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks_of(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        indent = len(match["indent"])
        body = "".join(line[indent:] for line in match["body"].splitlines(keepends=True))
        line = text.count("\n", 0, match.start("language")) + 1
        mark = (match["mark"] or "").removeprefix("run: ")
        found.append(Block(page, line, (match["language"], *mark.split()), body))
    return found


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the programs that pages call, all of this Python."""
    folder = tmp_path_factory.mktemp("bin")
    calls = {
        "python": "",
        "mlwa-lint": "-m mlwa_lint",
        "cfn-lint": '-c "from cfnlint import runner; runner.main()"',
    }
    for name, arguments in calls.items():
        program = folder / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    return folder


def _run(block: Block, folder: Path, programs: Path) -> str:
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "80"}
    for variable in ("NO_COLOR", "FORCE_COLOR"):
        environment.pop(variable, None)
    done = subprocess.run(
        ["bash", "-c", block.body], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    wanted = int(block.option("exit") or 0)
    assert done.returncode == wanted, f"{block}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr, block
    return done.stdout


def _pairs(blocks: list[Block]) -> Iterator[tuple[Block, Block | None]]:
    """Each command with the output that the page shows for it."""
    for position, block in enumerate(blocks):
        if block.is_command and not block.is_install:
            after = blocks[position + 1] if position + 1 < len(blocks) else None
            yield block, after if after is not None and after.words == ("text", "output") else None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_do_what_it_states(page: Path, tmp_path: Path, programs: Path) -> None:
    for command, output in _pairs(blocks_of(page)):
        stated = _run(command, tmp_path, programs)
        if output is not None:
            pattern = re.escape(output.body).replace(re.escape("..."), ".*?")
            assert re.fullmatch(pattern, stated, re.DOTALL), (
                f"{output} says\n{output.body}\nbut it is\n{stated}"
            )


def test_every_command_of_a_page_is_tested() -> None:
    known = {"sh", "text", "yaml", "json", "toml", "hcl", "python", "ini", "lua", "lisp"}
    for page in PAGES:
        for block in blocks_of(page):
            assert block.words[0] in known, f"{block}: ```{block.words[0]}"


def test_the_readme_names_the_command_for_the_tests() -> None:
    (command,) = [block for block in blocks_of(ROOT / "README.md") if "python -m pytest" in block.body]
    assert command.is_install


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def installing() -> list[Block]:
    """The blocks that change the machine; one for those with the same content."""
    blocks = (block for page in PAGES for block in blocks_of(page) if block.is_command and block.is_install)
    return list({block.body: block for block in blocks}.values())


class Place(NamedTuple):
    """Where commands that change the machine are run."""

    checkout: Path
    variables: dict[str, str]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A copy of the checkout, and a new environment with a copy of the pip that installed these tests."""
    folder = tmp_path_factory.mktemp("machine")
    left_out = shutil.ignore_patterns(".git", ".venv", ".*_cache", "node_modules")
    shutil.copytree(ROOT, folder / "checkout", ignore=left_out)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    files = distribution("pip").files or ()
    for name in {file.parts[0] for file in files if file.parts[0].startswith("pip")}:
        shutil.copytree(str(distribution("pip").locate_file(name)), packages / name)
    path = (str(folder / "venv" / "bin"), str(Path(sys.executable).parent), os.environ["PATH"])
    # What builds the project is fetched once, and not for each command; `.ci/run` builds it apart before.
    builders = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder / "builders", *builders]
    subprocess.run(pip, check=True)
    variables = {
        "PATH": os.pathsep.join(path),
        "PYTHONPATH": os.pathsep.join([PACKAGES, str(folder / "builders")]),
        "PIP_NO_BUILD_ISOLATION": "0",  # a "no" to building apart
    }
    return Place(folder / "checkout", {**os.environ, **variables})


@pytest.mark.skipif(not INSTALL, reason="MLWA_LINT_INSTALL_COMMANDS=1 runs commands that install something")
@pytest.mark.parametrize("block", installing(), ids=str)
def test_commands_that_install_something_work(block: Block, place: Place) -> None:
    tool = block.option("needs")
    if tool and shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    if tool and subprocess.run([tool, "info"], capture_output=True, check=False).returncode != 0:
        pytest.skip(f"{tool} does not work here")
    if "pytest" in block.body or ".ci/run" in block.body:
        pytest.skip("this is what runs right now")
    if block.body.strip() in DONE:
        pytest.skip("this was run before the tests")
    done = subprocess.run(
        ["bash", "-c", block.body],
        cwd=place.checkout,
        env=place.variables,
        capture_output=True,
        text=True,
        check=False,
    )
    allowed = (0, 1) if "mlwa-lint check" in block.body else (0,)
    assert done.returncode in allowed, done.stdout + done.stderr
