"""What discovery finds: the things that are linted as a whole, and names that show apps of other tools."""

import os
from typing import Literal, TypeAlias

from mlwa_lint.model.resources import Problem
from mlwa_lint.startup.records import NamedTuple

TargetKind: TypeAlias = Literal["cloudformation", "terraform", "plan", "cdk", "python"]

SIZE_LIMIT = 100_000_000
_CDK_FOLDER = "cdk.out"
CDK_MANIFEST = "manifest.json"
# The file that an app has in its folder, and the tool that deploys it.
APP_FILES = {
    "cdk.json": "cdk",
    "cdktf.json": "cdktf",
    "Pulumi.yaml": "pulumi",
    "Pulumi.yml": "pulumi",
    "sst.config.ts": "sst",
    "terragrunt.hcl": "terragrunt",
    **{f"serverless.{ending}": "serverless" for ending in ("yml", "yaml", "json", "ts", "js")},
}
_MANIFESTS = ("package.json", "pom.xml", "build.gradle", "build.gradle.kts", "go.mod", ".csproj", ".fsproj")
_SOURCES = (
    *(".ts", ".mts", ".js", ".mjs", ".cjs", ".tsx", ".py", ".java", ".kt", ".go", ".cs", ".fs"),
    *(".yaml", ".yml", ".hcl"),
)


class Target(NamedTuple):
    """One thing that is deployed as a whole: a template, a Terraform root module, a plan, a CDK assembly.

    A program or notebook in Python is one too. For `terraform` and `cdk` the path is a folder, otherwise a
    file. `beside` are further templates that are nested in it, or that import from one another with it, and
    are linted together with it; for a Terraform module that is linted alone, the folders from which
    others call it. `linked` are further Terraform configurations that read one another's state or
    parameters with it, and are linted together with it.
    """

    kind: TargetKind
    path: str
    beside: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()


class Passed(NamedTuple):
    """A file or folder that is not linted, and why."""

    path: str
    reason: str


class Discovery(NamedTuple):
    """What is to be linted, in a fixed order, and what could not be read.

    children: Terraform modules that others call; they are linted through their callers.
    passed:   what is not linted though it might have been.
    """

    targets: tuple[Target, ...]
    problems: tuple[Problem, ...]
    children: tuple[Target, ...] = ()
    passed: tuple[Passed, ...] = ()


class Met:
    """Files that a search met, each with its folder without links.

    apps: those that show an app. manifests: those that list what a program depends on. programs: those in
    Python for the CDK, and whether the user names them. sources: what programs may consist of, by folder.
    """

    def __init__(self) -> None:
        self.apps: list[tuple[str, str]] = []
        self.manifests: list[tuple[str, str]] = []
        self.programs: list[tuple[str, str, bool]] = []
        self.sources: dict[str, list[str]] = {}

    @staticmethod
    def concerns(name: str) -> bool:
        """Whether a file may be of an app, by its name."""
        return name in APP_FILES or name.endswith((*_MANIFESTS, *_SOURCES))

    def note(self, path: str, name: str, folder: str) -> None:
        """Notes a file that may be of an app."""
        if name in APP_FILES:
            self.apps.append((path, folder))
        elif name.endswith(_MANIFESTS):
            self.manifests.append((path, folder))
        if name.endswith(_SOURCES):
            self.sources.setdefault(folder, []).append(path)

    def program(self, path: str, content: bytes, named: bool) -> None:
        """Notes a program in Python that may be for the CDK, and starts an app unless the user names it."""
        if b"aws_cdk" in content and (named or b"App(" in content):
            self.programs.append((path, os.path.dirname(os.path.realpath(path)), named))

    @property
    def is_any(self) -> bool:
        """Whether something may be an app."""
        return bool(self.apps or self.manifests or self.programs)


def is_assembly(folder: str) -> bool:
    """Whether a folder is a CDK cloud assembly."""
    manifest = os.path.join(folder, CDK_MANIFEST)
    if not os.path.isfile(manifest):
        return False
    if os.path.basename(os.path.normpath(folder)) == _CDK_FOLDER:
        return True
    return os.path.isfile(os.path.join(folder, "cdk.out"))
