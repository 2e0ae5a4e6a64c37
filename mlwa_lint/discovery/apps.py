"""Apps that declare resources in programs, or in files of other tools: what they deploy is not read."""

import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from mlwa_lint.discovery.target import APP_FILES, Met, Target, is_assembly
from mlwa_lint.files.paths import shown
from mlwa_lint.files.reading import read_bytes
from mlwa_lint.model.resources import Problem, notice
from mlwa_lint.startup.records import NamedTuple

# A file that may show what an app is about, and how many of them are read for it; beyond, it may declare ML.
SOURCE_SIZE_LIMIT = 1_000_000
SOURCES_LIMIT = 2_000

# All begin alike: reports count them by it.
UNREAD_APP = "nothing that this "
_MESSAGES: Mapping[str, str] = {
    "cdk": "CDK app declares is checked, because its cloud assembly was not found; run `cdk synth`, then "
    "`mlwa-lint check` with the path of cdk.out",
    "cdktf": "CDKTF app declares is checked, because its synthesized configuration was not found; run "
    "`cdktf synth`, then `mlwa-lint check` with the path of cdktf.out",
    "pulumi": "Pulumi program declares is checked; mlwa-lint does not read Pulumi programs",
    "sst": "SST app declares is checked; mlwa-lint does not read SST apps",
    "terragrunt": "Terragrunt unit declares is checked, because its module is not in the repository; save a "
    "plan, run `terragrunt show -json` on it, then `mlwa-lint check` with the path of the result",
    "serverless": "Serverless Framework service declares is checked; run `serverless package`, then "
    "`mlwa-lint check .serverless/cloudformation-template-update-stack.json`",
}
_LEFT_OUT = (
    "CDK app declares is checked, because .gitignore or `exclude` leaves out its cloud assembly; name it: "
    "`mlwa-lint check {}`"
)
_ML = re.compile(
    rb"(?i)sagemaker|bedrock|\b(?:comprehend|comprehendmedical|forecast|kendra|lex|personalize|polly|"
    rb"rekognition|textract|transcribe|translate):[a-z*]"
)
_IMPORTED = re.compile(
    rb"aws-cdk-lib|\baws_cdk\b|\bsoftware\.amazon\.awscdk\b|\bgithub\.com/aws/aws-cdk-go\b|\bAmazon\.CDK\b"
)
# Packages for the CDK that are no apps, or that other tools synthesize.
_OTHERS_SYNTHESIZE = (b'"jsii"', b'"@aws-amplify/backend"', b'"sst"')
_STARTED = re.compile(rb"\b(?:New)?App\(")
_REMOTE = re.compile(
    rb"(?m)^[ \t]*source[ \t]*=[ \t]*\"(?:[\w+-]+::|git@|https?:|tfr:|[\w-]+\.[\w.-]+/|[\w-]+/[\w-]+/)"
)
_SYNTHESIZED = (b"aws:cdk:path", b"AWS::CDK::Metadata")
_OUTPUTS = {"cdk": "cdk.out", "cdktf": "cdktf.out"}


class App(NamedTuple):
    """An app: the tool that deploys it, the file that shows it, its folder without links."""

    tool: str
    path: str
    real: str


class Apps:
    """The apps that a search met, and the sources that may be theirs."""

    def __init__(self, met: Met) -> None:
        self._apps = [App(APP_FILES[os.path.basename(path)], path, real) for path, real in met.apps]
        self._met = met

    def unread(self, targets: Collection[Target], templates: Iterable[str]) -> Iterator[Problem]:
        """A notice for each app of which nothing is linted.

        templates: those that may be synthesized. Apps of the CDK are always reported; those of other tools
        where something in their folder mentions an ML service of AWS.
        """
        apps = [*self._apps, *self._without_file()]
        read = self._read(apps, targets, templates)
        modules = {os.path.realpath(each.path) for each in targets if each.kind == "terraform"}
        sources = self._nearest({app.real for app in apps})
        for app in apps:
            if app.real in read.get(app.tool, ()):
                continue
            if app.tool == "cdk":
                yield _about_cdk(app)
            elif app.tool == "terragrunt":
                if app.real not in modules and _takes_module(_content(app.path)):
                    yield _unread(app)
            elif _declare_ml((app.path, *sources.get(app.real, ()))):
                yield _unread(app)

    def _without_file(self) -> Iterator[App]:
        """Programs for the CDK without a `cdk.json` beside, above or below, the first one of each folder."""
        known = {app.real for app in self._apps if app.tool == "cdk"}
        around = known | {above for each in known for above in _upwards(each)}
        for app in (*self._in_python(), *self._in_other_languages()):
            if app.real not in around and known.isdisjoint((app.real, *_upwards(app.real))):
                known.add(app.real)
                yield app

    def _in_python(self) -> Iterator[App]:
        for path, real, named in self._met.programs:
            content = _content(path)
            if _IMPORTED.search(content) is not None and (named or _STARTED.search(content) is not None):
                yield App("cdk", path, real)

    def _in_other_languages(self) -> Iterator[App]:
        """By what their packages depend on."""
        sources = self._nearest({real for _, real in self._met.manifests})
        for path, real in self._met.manifests:
            content = _content(path)
            if _IMPORTED.search(content) is None or any(mark in content for mark in _OTHERS_SYNTHESIZE):
                continue
            for source in sources.get(real, ())[:SOURCES_LIMIT]:
                text = _content(source)
                if _IMPORTED.search(text) is not None and _STARTED.search(text) is not None:
                    yield App("cdk", source, real)
                    break

    def _nearest(self, holders: Collection[str]) -> dict[str, list[str]]:
        """The sources by the nearest of some folders that they are in."""
        found: dict[str, list[str]] = {}
        nearest: dict[str, str | None] = {}
        for folder, paths in self._met.sources.items() if holders else ():
            passed = []
            at: str | None = None
            for each in (folder, *_upwards(folder)):
                if each in nearest:
                    at = nearest[each]
                    break
                passed.append(each)
                if each in holders:
                    at = each
                    break
            nearest.update(dict.fromkeys(passed, at))
            if at is not None:
                found.setdefault(at, []).extend(paths)
        return found

    def _read(
        self, apps: Collection[App], targets: Collection[Target], templates: Iterable[str]
    ) -> dict[str, set[str]]:
        """The folders of apps of which something is linted, by tool."""
        folders = {tool: {app.real for app in apps if app.tool == tool} for tool in _OUTPUTS}
        written = {_output(app): app.real for app in apps if app.tool in _OUTPUTS}
        found: dict[str, set[str]] = {tool: set() for tool in _OUTPUTS}

        def count(tool: str, path: str) -> None:
            real = os.path.realpath(path)
            for above in (real, *_upwards(real)):
                if above in written:
                    found[tool].add(written[above])
                if above in folders[tool]:
                    found[tool].add(above)
                    return

        for target in targets:
            if target.kind == "cdk":
                count("cdk", target.path)
            elif target.kind == "terraform" and os.path.exists(os.path.join(target.path, "cdk.tf.json")):
                count("cdktf", target.path)
        for path in templates if folders["cdk"] - found["cdk"] else ():
            content = _content(path)
            if any(mark in content for mark in _SYNTHESIZED):
                count("cdk", path)
        return found


def _unread(app: App) -> Problem:
    return notice(shown(app.path), 0, f"{UNREAD_APP}{_MESSAGES[app.tool]}")


def _about_cdk(app: App) -> Problem:
    output = _output(app)
    if is_assembly(output):
        return notice(shown(app.path), 0, f"{UNREAD_APP}{_LEFT_OUT.format(shown(output))}")
    return _unread(app)


def _output(app: App) -> str:
    """The folder that an app is synthesized to."""
    output = _OUTPUTS[app.tool]
    if app.path.endswith(".json"):
        try:
            stated = json.loads(_content(app.path)).get("output")
        except (ValueError, AttributeError, RecursionError):
            stated = None
        if isinstance(stated, str) and stated and "\0" not in stated:
            output = stated
    return os.path.normpath(os.path.join(app.real, output))


def _upwards(folder: str) -> Iterator[str]:
    """The folders above one."""
    while (above := os.path.dirname(folder)) != folder:
        folder = above
        yield folder


def _takes_module(unit: bytes) -> bool:
    """Whether a unit of Terragrunt deploys a module from elsewhere that has to do with ML."""
    return _REMOTE.search(unit) is not None and _ML.search(unit) is not None


def _declare_ml(paths: Collection[str]) -> bool:
    return len(paths) > SOURCES_LIMIT or any(_ML.search(_content(path)) is not None for path in paths)


def _content(path: str) -> bytes:
    try:
        return read_bytes(path, SOURCE_SIZE_LIMIT)
    except OSError:
        return b""
