"""Puts equal findings together: of a loop, a module, roots or assemblies, a notebook, steps, a value."""

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeAlias

from mlwa_lint.files import ASSEMBLY, NOTEBOOK, PROGRAMS
from mlwa_lint.model.findings import (
    SEVERITIES,
    Finding,
    Instance,
    Lowered,
    RelatedLocation,
    Severity,
    Written,
)
from mlwa_lint.model.resources import MODEL_CALL, noun_of
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.startup.patterns import lazy

# As many other places are kept about, of all that the instances of one finding have.
RELATED_LIMIT = 50

# The place of a Terraform resource: the modules around it, each perhaps one of several.
_MODULES = lazy(r"^(?:module\.[^.\[\]]+(?:\[(?:\"(?:[^\"\\]|\\.)*\"|\d+)\])?\.)+")
# The place of a CloudFormation resource: the nested stacks around it. Terraform's types have underscores.
_STACKS = lazy(r"^(?:[A-Za-z0-9]+\.)+(?=[A-Za-z0-9]+$)")
_NAMED_KEYS = lazy(r"\[\"((?:[^\"\\]|\\.)+)\"\]")
_KEYS = lazy(r"\[(?:\"(?:[^\"\\]|\\.)*\"|\d+)\]")

# What a bucket is used for, which policies come too late, and who shares a role: of the callers of a module,
# or the instances of a loop, each has its own.
_USE = lazy(
    r"\b(?:stores ML data|holds scripts that ML resources run|is accessible to an ML execution role"
    r"|is used for ML"
    r"|keeps its (?:ML data|objects) indefinitely)\b|(?<=has the fixed name )\S+"
    r"|(?<=has its permissions: it should depend on ).*"
    r"|(?<= uses the same role as ).*(?=: )"
)
# What stands around a key of `for_each` where something is named after it.
_AROUND_KEY = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"
# … but no Region is named after one: `sa-east-1`.
_AROUND_NUMBER = r"(?<=[A-Za-z][-_])(?<!(?:east|west|orth|outh|tral)-)", r"(?![\w.-])"

# What a step states: numbers and instance types, in whatever words of its kind.
_VALUES = lazy(r"\bml\.\w+(?:\.\w+)?|\b\d[\d.,]*")

# A resource in a message: its kind, and the placeholder of its name.
_SUBJECT = lazy(r"\b[A-Z]\w+ \0")

# What stands after the name of a resource where a program makes others that are called the same.
_MADE_BESIDE = lazy(r"(?<=\w)/(?:endpoint|endpoint_config|model)(?:#\d+)?(?![\w/-])")

# The model that a resource of a file names though it has ended: it is replaced throughout.
_ENDED = lazy(r"\b(?:uses|asks for) (\S+), which reach")
_ON_MODELS = "MLR605"

# What else is worth saying about one of several instances.
_REMARK = "; "
# What a message begins with: a kind, and the resource that it is about.
_OPENING = lazy(r"^[A-Z]\w+ (\S+) ")

_NOWHERE = start_of("")
# What leaves out alike what it does in one file.
_HABITS = (
    "AWS::Bedrock::",
    "AWS::BedrockAgentCore::",
    "AWS::ECR::Repository",
    "AWS::Glue::Job",
    "AWS::Lambda::Permission",
    "AWS::S3::Bucket",
    "AWS::StepFunctions::StateMachine",
)
# What permissions lack is found at whom they let in, what blocks of settings lack at these, and that tags can
# be overwritten at the default that is written out.
_LACKING = ("Principal", "PublicAccessBlockConfiguration", "ImageTagMutability")
_ARGUMENTS = "DefaultArguments."  # of Glue: a map of a job, in which it may be missing
_CONFIG = "AWS::SageMaker::EndpointConfig"
_ALARM = "AWS::CloudWatch::Alarm"
_IDENTITIES = "AWS::IAM::"

InCommon: TypeAlias = tuple[str, Span | Written, str, str, str | None]
_Key: TypeAlias = tuple[str, Span | str, str, str, str, str | None]
# The project that a finding is about as a whole, None where it is about a resource.
ProjectOf: TypeAlias = Callable[[Finding], str | None]
# The repository of a file, by its path.
RepositoryOf: TypeAlias = Callable[[str], str]


def grouped(
    findings: Iterable[Finding],
    project_of: ProjectOf = lambda finding: None,
    joined: bool = True,
    repository_of: RepositoryOf | None = None,
) -> list[Finding]:
    """One finding for each of the groups, with its instances."""
    return [together(group) for group in groups(findings, project_of, joined, repository_of)]


def groups(
    findings: Iterable[Finding],
    project_of: ProjectOf = lambda finding: None,
    joined: bool = True,
    repository_of: RepositoryOf | None = None,
) -> list[list[Finding]]:
    """The findings of each rule, place, property and wording.

    The resource's address does not count as wording, nor do its keys, what is named after them, the modules
    around it, what a bucket is used for, or which policies come too late. What it weighs does not either: the
    same mistake at the same place weighs less where one of the module's callers is an example.
    In a notebook the place does not count either: it repeats in cell after cell what it does in the
    first. Nor do place and wording count for the steps of one workflow, whose kinds call the same setting
    differently; but the numbers and instance types in it do.

    A finding about a project as a whole (`project_of`) is reported once for all its programs, each of which
    is linted as a project of its own, and with that of a stack beside them; and what an account has once for
    each Region, once for all that the project deploys, whatever it weighs in each.

    Templates of one name in `cdk.out`, `cdk.out.dev` … of one folder are one stack, synthesized several
    times: there the resource counts and not the line. So it does in versions of one template that lie in one
    folder (`stack-v1.yaml`, `stack.yaml`, or `packaged.yaml` beside `template.yaml`), and in copies and
    translations of a program (`deploy-Copy1.ipynb`, `deploy_ko.py`), and in a plan of Terraform beside its
    configuration, or what else a tool has made of a source. Files of one name in several folders
    with the same content are one as well: there the line counts; in notebooks of one name, the cell.

    joined: whether what several programs make of one endpoint, or copies of a file repeat, is one; not
            in an editor, where what one document shows does not depend on which others are open.

    What one expression of a program makes for several callers or workflows is one, as is a value in a file of
    settings that several programs read: it is corrected there. So
    is what several programs leave out of one endpoint, agent or gateway, which they call by the same literal,
    and what the programs of a repository leave out of their jobs or models alike: running these in a VPC is
    one choice. What is low about a value that its notebooks repeat, such as a type of instance, is one as
    well. So are the alarms of one file that do nothing, for the same reason, and what the agents, prompts,
    gateways, buckets, image repositories or workflows of one file leave out alike: one guardrail, key or
    configuration of the registry serves them all, or one and the same edit is made at each. Where the mistake
    is a value itself (`Rule.literal`), all uses of one that is written once are one, and so are all that have
    a policy document with the mistake, or a copy of the same statement in one file. A call in a function's
    code is one with what a program makes by it, and so is what is said of several variants of one endpoint
    configuration alike.
    """
    findings = list(findings)
    near: dict[tuple[str, Span | str] | _Key, list[Finding]] = {}
    for finding in findings:
        near.setdefault(_rough_key(finding, project_of), []).append(finding)
    found: list[list[Finding]] = []
    for group in near.values():
        found += [group] if len(group) == 1 else _alike(group, project_of)
    several = len(found) > len(near)
    del near  # as large as the findings themselves
    if several:  # in the order of the first of each
        first = {id(group[0]): group for group in found}
        found = [first[id(finding)] for finding in findings if id(finding) in first]
    for key_of in (_source_key, _value_key, _model_key, _actions_key, _habit_key, _others_key):
        found = _joined(found, key_of)
    if any(group[0].resource_type.startswith(_IDENTITIES) for group in found):
        from mlwa_lint.filters.permissions import document_key, statement_key

        for key_of in (document_key, partial(statement_key, wording_of=_wording)):
            found = _joined(found, key_of)
    if any(group[0].resource_type == _CONFIG for group in found):
        from mlwa_lint.filters.variants import variants_key

        found = _joined(found, variants_key)
    if not joined:
        return found
    found = _joined(found, _subject_key)
    if repository_of is not None and any(group[0].root.endswith(PROGRAMS) for group in found):
        from mlwa_lint.filters.habits import omission_key, repeated_key

        for shared_key in (omission_key, repeated_key):
            found = _joined(found, partial(shared_key, repository_of=repository_of, wording_of=_wording))
        from mlwa_lint.filters.projects import joined_programs

        found = joined_programs(found, lambda each: project_of(each) is not None, repository_of)
    if any(group[0].span.path.endswith(PROGRAMS) for group in found):
        from mlwa_lint.filters.calls import joined_calls

        found = joined_calls(found)
    if len({group[0].span.path for group in found}) < 2:
        return found
    from mlwa_lint.filters.copies import joined_copies, joined_parts
    from mlwa_lint.filters.made import PACKAGED, joined_made
    from mlwa_lint.filters.versions import joined_versions

    found = joined_made(joined_versions(found, _content, PACKAGED), _unkeyed)
    return joined_parts(joined_copies(found, _copied, ASSEMBLY.search), _copied)


def _rough_key(finding: Finding, project_of: ProjectOf) -> tuple[str, Span | str] | _Key:
    """What all findings of a group have in common; the same for some of several groups.

    Nearly all findings have a place of their own, and need no text to distinguish them.
    """
    if project_of(finding) is not None or ("/" in finding.address and _workflow_of(finding)):
        return _key(finding, project_of)
    return finding.code, _place(finding)


def _alike(findings: list[Finding], project_of: ProjectOf) -> Iterable[list[Finding]]:
    found: dict[_Key, list[Finding]] = {}
    for finding in findings:
        found.setdefault(_key(finding, project_of), []).append(finding)
    return found.values()


def _joined(groups: list[list[Finding]], key_of: Callable[[Finding], InCommon | None]) -> list[list[Finding]]:
    """The groups, those joined of which findings have a key in common."""
    found: list[list[Finding]] = []
    known: dict[InCommon, list[Finding]] = {}
    for group in groups:
        keys = [key for each in group if (key := key_of(each)) is not None]
        if not keys:
            found.append(group)
            continue
        joined = next((known[key] for key in keys if key in known), None)
        if joined is None:
            joined = []
            found.append(joined)
        joined += group
        known.update(dict.fromkeys(keys, joined))
    return found


def _content(finding: Finding, address: str = "") -> tuple[str | None, ...]:
    """What a finding is about, wherever its file and line are. address: what stands for its own."""
    what = finding.code, address or finding.address, finding.property
    return *what, _unlowered(finding), _wording(finding), finding.suppressed


def _unkeyed(finding: Finding) -> tuple[str | None, ...]:
    """What a finding is about, wherever its file is and whichever instance of a resource it names."""
    return _content(finding, _KEYS.sub("", finding.address))


def _copied(finding: Finding) -> tuple[str | None, ...]:
    """What a finding is about, wherever its file is and whatever modules are around it."""
    return _content(finding, declared(finding.address))


def _value_key(finding: Finding) -> InCommon | None:
    """What findings have in common in which the same written value is the mistake."""
    if finding.written is None:
        return None
    return finding.code, finding.written, _unlowered(finding), "", finding.suppressed


def _model_key(finding: Finding) -> InCommon | None:
    """What findings share about one model that has ended, which a file names for several resources."""
    named = _ENDED.search(finding.message) if finding.code == _ON_MODELS else None
    if named is None:
        return None
    return finding.code, start_of(finding.span.path), named[1], _unlowered(finding), finding.suppressed


def _actions_key(finding: Finding) -> InCommon | None:
    """What findings share about alarms of one file that do nothing: one topic, or one variable, is enough."""
    if finding.resource_type != _ALARM or finding.property != "AlarmActions":
        return None
    wording = f"{finding.severity} {_wording(finding)} {finding.condition}"
    return finding.code, start_of(finding.span.path), "", wording, finding.suppressed


def _habit_key(finding: Finding) -> InCommon | None:
    """What findings share about what several agents, buckets or workflows of one file leave out alike."""
    in_place = not _is_at_resource(finding) and not finding.property.startswith(_ARGUMENTS)
    if (in_place and finding.property not in _LACKING) or not finding.resource_type.startswith(_HABITS):
        return None
    wording = f"{finding.severity} {_wording(finding).partition(_REMARK)[0]} {finding.condition}"
    return finding.code, start_of(finding.span.path), finding.resource_type, wording, finding.suppressed


def _source_key(finding: Finding) -> InCommon | None:
    """What findings share whose place is one expression of a program, for several callers or workflows."""
    # So is a value in a file of settings that several programs read.
    if not (finding.span.path.endswith(PROGRAMS) or finding.resource_span.path.endswith(PROGRAMS)):
        return None
    # A tuner has its network from its estimator, which may train on its own as well; and what calls a
    # function makes an endpoint beside its configuration each time.
    from mlwa_lint.filters.habits import OTHERS

    name = re.split("[/#]", finding.address)[0]
    wording = re.sub(rf"(?<![\w/-]){re.escape(name)}(?:/\w+)?(?:#\d+)?(?![\w-])", "\0", _wording(finding))
    wording = OTHERS.sub("", _SUBJECT.sub("\0", _MADE_BESIDE.sub("", wording)))
    return finding.code, finding.span, _unlowered(finding), wording, finding.suppressed


def _subject_key(finding: Finding) -> InCommon | None:
    """What findings share about one endpoint, agent or gateway that several programs or calls make."""
    if not finding.subject:
        return None
    what = f"{finding.subject} {finding.property}"
    return finding.code, _NOWHERE, what, f"{_unlowered(finding)} {_wording(finding)}", finding.suppressed


def _others_key(finding: Finding) -> InCommon | None:
    """What findings share at one place of a resource that does the same to others: empties buckets."""
    if not _other_subject(finding):
        return None
    wording = f"{finding.address} {_OPENING.sub('', _wording(finding))} {finding.condition}"
    what = f"{finding.severity} {finding.property}"
    return finding.code, finding.span, what, wording, finding.suppressed


def _other_subject(finding: Finding) -> str:
    """The resource that a message begins with where the finding is at another one; else empty."""
    opening = _OPENING.match(finding.message)
    return "" if opening is None or opening[1] == finding.address else opening[1]


def _is_at_resource(finding: Finding) -> bool:
    """Whether a finding is where its resource is; calls of the SDK are its whole, or what they call."""
    at, resource = finding.span, finding.resource_span
    return (at.path, at.line, at.column) == (resource.path, resource.line, resource.column)


def _lowered(group: list[Finding]) -> Lowered | None:
    """Why the worst of a group weigh less."""
    if len({each.lowered for each in group}) == 1:
        return group[0].lowered
    from mlwa_lint.filters.reasons import lowered_alike

    return lowered_alike(group)


def declared(address: str) -> str:
    """The address as the source declares it: `aws_x.y` for `module.m["a"].aws_x.y[0]`."""
    return _KEYS.sub("", _MODULES.sub("", address))


def _place(finding: Finding) -> Span | str:
    """Where findings of one group are."""
    span = finding.span
    if span.path.endswith(NOTEBOOK):
        return span.path
    if finding.resource_span.path.endswith(PROGRAMS):
        # What one call leaves out is missed at several places where its callers differ.
        return finding.resource_span
    path = ASSEMBLY.sub("/", span.path)
    if span.path.endswith(PROGRAMS):
        return span._replace(path=path)  # the code of functions
    return span if path == span.path else f"{path} {finding.address}"


def _key(finding: Finding, project_of: ProjectOf) -> _Key:
    project = project_of(finding)
    if project is not None:
        # An example of the repository that calls the configuration is deployed with it, and weighs less.
        alike = finding.severity if finding.root.endswith(PROGRAMS) else _unlowered(finding)
        severity = "" if finding.of_account else alike
        return finding.code, project, "", severity, "", finding.suppressed
    span = finding.span
    workflow = _workflow_of(finding)
    if workflow:
        setting = finding.property.rpartition(".")[2]
        values = " ".join(_VALUES.findall(_wording(finding)))
        return finding.code, f"{span.path} {workflow}", setting, finding.severity, values, finding.suppressed
    # What is remarked on one of a loop's instances, in a clause of its own, makes no other mistake of it.
    neutral = _USE.sub("", _wording(finding)).partition(_REMARK)[0]
    return finding.code, _place(finding), finding.property, "", neutral, finding.suppressed


def _unlowered(finding: Finding) -> Severity:
    """What it would weigh anywhere: of a module's callers, one may be an example."""
    return finding.severity if finding.lowered is None else finding.lowered.severity


def _workflow_of(finding: Finding) -> str:
    """The address of the state machine or pipeline that a step belongs to; empty for others."""
    if finding.span.path.endswith(PROGRAMS):
        from mlwa_lint.filters.habits import STEPS

        name = finding.address.rpartition("/")[2].partition("#")[0]
        if finding.resource_type not in STEPS or name == noun_of(finding.resource_type):
            return ""  # `predictor/endpoint_config` is no step, nor is `processor/processing_job#2`
    return declared(finding.address).rpartition("/")[0]


def _wording(finding: Finding) -> str:
    """The message without what distinguishes one instance from another."""
    address = finding.address
    if address.isalnum() and not finding.root.endswith(PROGRAMS):
        # "Bucket Bucket", beside "Bucket Models", and no part of "BucketEncryption".
        kind = finding.resource_type.rpartition("::")[2]
        named = rf"(?<![A-Za-z0-9])({kind} )?{address}(?![A-Za-z0-9])"
        text = re.sub(named, "\\1\0", finding.message)
    else:
        text = finding.message.replace(address, "\0")
    around = _MODULES.match(address) or _STACKS.match(address)
    if around is not None:
        text = text.replace(around.group(), "")
    for key in dict.fromkeys(_NAMED_KEYS.findall(address)) if '"' in address else ():
        # What is named after a key of `for_each`: `churn` in "has the fixed name churn-config". A number is
        # part of other names: `0` in "uses anthropic.claude-v2:0"; and a letter is a word, `a`.
        before, after = _AROUND_NUMBER if key.isdigit() or len(key) == 1 else _AROUND_KEY
        text = re.sub(f"{before}{re.escape(key)}{after}", "\0", text)
    # Of what a root and its examples call alike, one has modules around it: `aws_iam_role.r[0]` is in both.
    return _KEYS.sub("", text) if "[" in address or ("_" in address and "[" in text) else text


def _order(finding: Finding) -> tuple[int, bool, bool, bool, str, Span, str]:
    from mlwa_lint.files.put_aside import looks_put_aside
    from mlwa_lint.filters.made import is_made

    path, rank = finding.span.path, SEVERITIES.index(finding.severity)
    aside = path.endswith(PROGRAMS) and looks_put_aside(path)
    # What runs the program that asks a model comes before the call.
    late = finding.condition is not None or finding.resource_type == MODEL_CALL or is_made(finding)
    return rank, aside, late, _REMARK not in finding.message, finding.root, finding.span, finding.address


def _line(span: Span) -> tuple[str, int]:
    return span.path, span.line


def _once(group: list[Finding]) -> list[Finding]:
    """Those of a group that count: what a program makes by itself is the same for others that call it."""
    own = {_made(each) for each in group if each.root == each.span.path and each.root.endswith(PROGRAMS)}
    return [each for each in group if each.root == each.span.path or _made(each) not in own]


def _made(finding: Finding) -> tuple[Span, str, str]:
    """What a program makes where, beside others that are called the same: `name/pipeline/Train`."""
    parts = finding.address.split("#")[0].split("/")
    return finding.span, parts[0], parts[-1]


def _called(finding: Finding) -> str:
    """What to call the place of one of several findings."""
    if finding.resource_type != _CONFIG:
        return finding.address
    from mlwa_lint.filters.variants import place_of_variant

    return place_of_variant(finding)


def together(group: list[Finding]) -> Finding:
    """One finding for several: it is about the worst, then about the first that always holds.

    Where a module is handed the value that is the mistake, it is where the caller writes that.
    """
    if len(group) == 1 and group[0].written is None:
        return group[0]
    if len(group) > 1:
        group.sort(key=_order)
    first = group[0]
    # What one place of one resource does to several others is about these.
    is_one = len({(each.root, each.address, each.span) for each in group}) == 1
    of_others = is_one and all(map(_other_subject, group))
    instances = dict.fromkeys(
        Instance(
            _other_subject(each) if of_others else each.address, each.root or each.span.path, each.condition
        )
        for each in _once(group)
    )
    related: dict[RelatedLocation, None] = dict.fromkeys(place for each in group for place in each.related)
    elsewhere = (each for each in group if each.span != first.span)
    related.update(dict.fromkeys(RelatedLocation(each.span, _called(each)) for each in elsewhere))
    written = first.written
    span = first.span
    if written is not None and first.address.startswith("module."):
        from mlwa_lint.filters.handed_over import place_at_caller

        span, places = place_at_caller(first, related)
        related = dict.fromkeys(places)
    reported = (span, *(place.span for place in related))
    if written is not None and all(_line(each) != _line(written.span) for each in reported):
        related[RelatedLocation(written.span, "the value comes from here")] = None
    return first._replace(
        span=span,
        lowered=_lowered(group),
        several=tuple(instances),
        related=tuple(related)[:RELATED_LIMIT],
        joined=tuple(group) if len(group) > 1 else (),
    )
