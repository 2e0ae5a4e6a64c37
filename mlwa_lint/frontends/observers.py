"""What other files of the repository do about alarms, endpoints, crawlers and workflows.

They react to alarms, show endpoints, start crawlers, or let continuous integration start workflows.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.model.budget import budget
from mlwa_lint.model.resources import CRAWLED, LETS_START, REACTED, SHOWN, WATCHED, Project, Resource
from mlwa_lint.model.values import Entry, Scalar, Unknown, Value
from mlwa_lint.startup.patterns import lazy

_ALARM = "AWS::CloudWatch::Alarm"
_ENDPOINT = "AWS::SageMaker::Endpoint"
_CRAWLER = "AWS::Glue::Crawler"
# Of a rule of EventBridge on states of alarms, and of a program that reads these.
_CHANGE = "CloudWatch Alarm State Change"
_REACTING = (_CHANGE.encode(), b"describe_alarms", b"describe-alarms")
# Of all texts together, which are searched for each alarm and each crawler.
OBSERVERS_SIZE_LIMIT = 2_000_000
_DOCUMENTS = (".md", ".rst", ".txt")
_NAMES_ALARMS = lazy(r"(?i:alarm_?-?names?\b|alarmArn|:alarm:)|\bresources\b")
# What may be in place of what is not known of a name: a part of a word.
_OPEN = r"[^\s\"']"
_OPEN_LENGTH = 100
# A name of more pieces is not looked for.
_PIECES_LIMIT = 20
# So many characters that are searched for one name are a step of work.
_STEP_LENGTH = 200
# So much of a name has to be known, so that not just any text has it.
_LEAST = 6
_PUTS = (b"put_dashboard", b"put-dashboard", b"PutDashboard")
_WIDGETS = b"widgets"
# Calls that start a crawler, in Python, JavaScript and a shell; the action in a policy is none.
_STARTS = lazy(r"\bstart_crawler\(|\bstartCrawler\(|\bStartCrawlerCommand\(|\bglue start-crawler\b")
_STARTED = lazy(
    r"(?:start_?[cC]rawler|StartCrawlerCommand)\((?:\{?\s*Name\s*[=:])?\s*[\"']([^\"'{}]+)[\"']"
    r"|glue start-crawler[\s\\]+--name[ =][\"']?([\w.-]+)"
)
# What makes a schedule of Model Monitor, and endpoints: a program that does both watches its own.
_SCHEDULES = b"create_monitoring_schedule("
_CREATES_ENDPOINTS = lazy(r"\bcreate_endpoint\(|\.deploy\(")
_ENDPOINT_NAMES = lazy(
    r"(?:EndpointName|endpoint_name|endpoint_input)[\"']?\s{0,9}[:=]\s{0,9}[\"']([\w-]+)[\"']"
)
_PROGRAMS = (".py", ".js", ".mjs", ".ts")
# What has a role that continuous integration elsewhere acts with, and what the role lets it start.
_FOR_INTEGRATION = re.compile(
    rb"\btoken\.actions\.githubusercontent\.com\b|\boidc\.circleci\.com\b|\bapi\.bitbucket\.org\b"
    rb"|\boidc-provider/gitlab\."
)
_WITH_IDENTITY = b"AssumeRoleWithWebIdentity"
_STARTING = {
    "AWS::SageMaker::Pipeline": b"sagemaker:StartPipelineExecution",
    "AWS::StepFunctions::StateMachine": b"states:StartExecution",
}
_METRICS = lazy(r"(?i)/?aws/sagemaker")


def with_observers(project: Project, files: ProjectFiles | None) -> Project:
    """The project with notes at alarms without actions, at endpoints, crawlers and workflows."""
    if files is None or files.root is None:
        return project
    questions: dict[str, Callable[[Resource, ProjectFiles], Resource]] = {
        _ALARM: _alarm,
        _ENDPOINT: _endpoint,
        _CRAWLER: _crawler,
        **dict.fromkeys(_STARTING, _workflow),
    }
    resources = tuple(
        questions[each.type](each, files) if each.type in questions else each for each in project.resources
    )
    return project._replace(resources=resources)


def _alarm(alarm: Resource, files: ProjectFiles) -> Resource:
    if "AlarmActions" in alarm.properties.entries:
        return alarm
    entry = alarm.properties.entries.get("AlarmName")
    pattern = None if entry is None else _pattern_of(entry.value)
    own = alarm.span.path.rpartition("/")[2]
    for steps, text in files.once(_reacting):
        if steps[-1] == own:
            continue  # the project itself shows what it has
        meant = _CHANGE in text and _NAMES_ALARMS.search(text) is None
        if meant or (pattern is not None and _is_found(pattern, text)):
            return alarm.with_note(REACTED, steps[-1])
    return alarm


def _pattern_of(name: Value) -> "re.Pattern[str] | None":
    """What a text has that names an alarm; None where too little of the name is known."""
    if isinstance(name, Scalar):
        pieces: list[str] = [str(name.data)]
    elif isinstance(name, Unknown):
        pieces = [each if isinstance(each, str) else "" for each in name.parts]
    else:
        return None
    known = [re.escape(each) for each in pieces if each]
    if not known or sum(map(len, pieces)) < _LEAST or len(known) > _PIECES_LIMIT:
        return None
    before = "" if pieces[0] else f"(?<={_OPEN})"
    after = "" if pieces[-1] else _OPEN
    # The next piece where it comes first: trying all places takes hours for a name of a few pieces.
    others = (f"(?>{_OPEN}{{1,{_OPEN_LENGTH}}}?{each})" for each in known[1:])
    return re.compile("".join((before, known[0], *others, after)))


def _is_found(pattern: "re.Pattern[str]", text: str) -> bool:
    """Whether a text has a name; what there is no budget for is not found."""
    return not budget().for_work(len(text) // _STEP_LENGTH) and pattern.search(text) is not None


def _reacting(files: ProjectFiles) -> list[tuple[PathSteps, str]]:
    """The files that react to states of alarms, with their texts."""
    return _few((steps, content.decode("utf-8", "replace")) for steps, content in _acting(files, *_REACTING))


def _workflow(workflow: Resource, files: ProjectFiles) -> Resource:
    """A workflow with the file of a role with which continuous integration may start one of its kind."""
    steps = files.once(_letting_start).get(workflow.type)
    return workflow if steps is None else workflow.with_note(LETS_START, "/".join(steps))


def _letting_start(files: ProjectFiles) -> dict[str, PathSteps]:
    """The first file that declares such a role, by the type of what it may start."""
    found: dict[str, PathSteps] = {}
    for steps, content in _acting(files, _WITH_IDENTITY):
        if _FOR_INTEGRATION.search(content) is not None:
            for kind, action in _STARTING.items():
                if action in content:
                    found.setdefault(kind, steps)
    return found


def _acting(files: ProjectFiles, *words: bytes) -> Iterator[tuple[PathSteps, bytes]]:
    """The files with one of some words, in their order; documents and tests only tell of it."""
    for steps, text in sorted((files.texts() or {}).items()):
        has_one = any(word in text.content for word in words)
        if has_one and not is_test(steps) and not steps[-1].endswith(_DOCUMENTS):
            yield steps, text.content


def _crawler(crawler: Resource, files: ProjectFiles) -> Resource:
    """A crawler with the program that starts it by its name; unknown where one may, or a person runs it."""
    name = _literal(crawler, "Name")
    own = crawler.span.path.rpartition("/")[2]
    perhaps = ""
    quoted = re.compile(rf"[\"']{re.escape(name)}[\"']")
    for steps, text, started, others in files.once(_starting):
        if steps[-1] == own:
            continue  # what makes it runs it once
        if name and steps[-1].endswith(_PROGRAMS) and _is_found(quoted, text):
            return crawler.with_note(CRAWLED, steps[-1])
        if not name or name in started or others:
            perhaps = perhaps or steps[-1]
    if not perhaps:
        return crawler
    return _perhaps(crawler, CRAWLED, f"{perhaps} may start it")


def _literal(resource: Resource, name: str) -> str:
    """A property that is written out; empty for others."""
    value = resource.properties.value(name)
    return str(value.data) if isinstance(value, Scalar) else ""


def _perhaps(resource: Resource, attribute: str, reason: str) -> Resource:
    """A resource with a note of something that is not known to be about it."""
    why = Entry(resource.span, Unknown(reason, resource.span), attribute)
    entries = {**resource.attributes.entries, attribute: why}
    return resource._replace(attributes=resource.attributes._replace(entries=entries))


def _starting(files: ProjectFiles) -> list[tuple[PathSteps, str, frozenset[str], bool]]:
    """The files that start crawlers: their texts, the names there, and whether they start others as well."""
    decoded = ((steps, content.decode("utf-8", "replace")) for steps, content in _acting(files, b"rawler"))
    found = []
    for steps, text in _few((steps, text) for steps, text in decoded if _STARTS.search(text) is not None):
        names = [each[1] or each[2] for each in _STARTED.finditer(text)]
        found.append((steps, text, frozenset(names), len(names) < len(_STARTS.findall(text))))
    return found


def _few(found: Iterable[tuple[PathSteps, str]]) -> list[tuple[PathSteps, str]]:
    """As many texts as can be searched for the name of each resource."""
    kept: list[tuple[PathSteps, str]] = []
    left = OBSERVERS_SIZE_LIMIT
    for steps, text in found:
        if len(text) <= left:
            left -= len(text)
            kept.append((steps, text))
    return kept


def _endpoint(endpoint: Resource, files: ProjectFiles) -> Resource:
    shown = files.once(_dashboard)
    if shown:
        endpoint = endpoint.with_note(SHOWN, shown)
    name = _literal(endpoint, "EndpointName")
    own = endpoint.span.path.rpartition("/")[2]
    for steps, watched in files.once(_scheduling):
        if steps[-1] != own and (not name or not watched or name in watched):
            return _perhaps(endpoint, WATCHED, f"{steps[-1]} may watch it")
    return endpoint


def _scheduling(files: ProjectFiles) -> list[tuple[PathSteps, frozenset[str]]]:
    """The programs that make schedules of Model Monitor for endpoints of others, and whose names they state.

    Empty where the endpoint is an argument, or a property of a custom resource.
    """
    found = []
    for steps, content in _acting(files, _SCHEDULES):
        text = content.decode("utf-8", "replace")
        if steps[-1].endswith(_PROGRAMS) and _CREATES_ENDPOINTS.search(text) is None:
            found.append((steps, frozenset(_ENDPOINT_NAMES.findall(text))))
    return found


def _dashboard(files: ProjectFiles) -> str:
    """The file with the body of a dashboard on metrics of SageMaker that a program of the repository puts."""
    texts = {steps: each.content for steps, each in (files.texts() or {}).items() if not is_test(steps)}
    if not any(word in content for content in texts.values() for word in _PUTS):
        return ""
    for steps, content in sorted(texts.items()):
        if _WIDGETS in content and _METRICS.search(content.decode("utf-8", "replace")) is not None:
            return steps[-1]
    return ""


__all__ = ["with_observers"]
