"""The scripts that notebook instances and Studio run when they are created or started."""

import base64
import re
from collections.abc import Iterator

from mlwa_lint.graph.asides import aside
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import LIFECYCLE_CONFIG, STUDIO_LIFECYCLE_CONFIG
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View, why_unknown
from mlwa_lint.model.answers import NO, Answer, answer, certainly, some, undecided
from mlwa_lint.model.values import Reference
from mlwa_lint.startup.patterns import lazy

# What brings code from a repository, or its history: `git clone`, `git -C x pull`, a helper for credentials.
_GIT = lazy(
    r"\bgit\s+(?:-\S+\s+\S+\s+){0,20}(?:clone|pull|fetch|init)\b|\bgh\s+repo\s+clone\b|\bcodecommit::"
)
# What brings files from S3 or the web onto the instance: the first place that is named is not on it.
_COPIES = lazy(
    r"\baws\s+s3\s+(?:cp|sync|mv)\s+(?:--\S+\s+){0,20}[\"']?(?:s3://|\$\{?\w*(?:s3|bucket|uri)\w*)"
    r"|\b(?:wget|curl)\b[^\n|;&]{0,500}https?://[^\s\"']{1,500}\.(?:ipynb|zip|tar\.gz|tgz)\b",
    re.IGNORECASE,
)
# What guards the instance, and runs as root: firewalls, auditing, and the agents of security products.
_GUARDS = lazy(
    r"\b(?P<firewall>ip6?tables|nft|ufw|firewall-cmd)\s+(?:-\S+\s+){0,20}(?:-[AIPRN]\b|--(?:append|insert|policy|add-)"
    r"|(?:add|default|deny|enable|insert|reject)\b)"
    r"|\b(?P<audit>auditctl\s+-[aAwe]\b|(?:start|enable|restart)\s+(?:--now\s+)?auditd|auditd\s+start)"
    r"|\b(?P<agent>amazon-guardduty-agent|clamd|clamscan|clamonacc|ds_agent|dsa_control|falconctl"
    r"|falcon-sensor|freshclam|mdatp|nessuscli|osqueryd?|qualys-cloud-agent|sentinelctl|TaniumClient"
    r"|wazuh-agent)\b"
)
# What stops idle apps is called: `auto-shutdown`, `autostop.py`, `idle_shutdown`.
_IDLE = lazy(r"(?i)idle|auto[-_ ]?(?:shut[-_ ]?down|stop)|shut[-_ ]?down")
# A line of comment, or one that follows a command; what holds quotes there may be part of a text.
_COMMENT = lazy(r"^[ \t]*#.*$|\s#[^\"'\n]*$", re.MULTILINE)
# `echo` and the like at the start of a command, with all that they print.
_PRINTING = lazy(
    r"(?:^|[;&|({]|\b(?:then|do|else)\b)[ \t]*+(?:sudo\s+)?(?:echo|printf|logger)\b"
    r"(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|\\.|[^\"'\\\n;&|<>])*",
    re.MULTILINE | re.DOTALL,
)
# What is printed into a file, not a device, or for another program may be a script.
_HANDED_ON = lazy(r">{1,2}+\s*+(?!&|/dev/)|\|(?!\|)")


def fetches_repository(notebook: ResourceView, graph: GraphView) -> Answer:
    """Whether a script of an instance's lifecycle configuration clones a Git repository."""
    return some(_runs(script, _GIT) for script in _scripts_on(notebook, graph))


def copies_files(notebook: ResourceView, graph: GraphView) -> bool:
    """Whether a script of an instance's lifecycle configuration certainly fills it from S3 or the web."""
    return any(certainly(_runs(script, _COPIES)) for script in _scripts_on(notebook, graph))


@aside
def guard_of(notebook: ResourceView, graph: GraphView) -> str:
    """What a script of an instance's lifecycle configuration certainly sets up to guard it: `iptables`."""
    texts = (_commands(script) for script in _scripts_on(notebook, graph))
    found = next((match for text in texts if (match := _GUARDS.search(text)) is not None), None)
    if found is None:
        return ""
    return "auditing" if found["audit"] else found["firewall"] or found["agent"]


def _scripts_on(notebook: ResourceView, graph: GraphView) -> Iterator[View]:
    for config in graph.targets(notebook, EdgeKind.CONFIGURES, LIFECYCLE_CONFIG):
        yield from scripts_of(config)


def stops_idle_apps(arns: View, graph: GraphView) -> Answer:
    """Whether the lifecycle configurations of Studio apps stop idle ones, as their names or scripts state."""
    return arns.any_item(lambda arn: _stops_idle_apps(arn, graph))


def _stops_idle_apps(arn: View, graph: GraphView) -> Answer:
    texts = [outline(arn.value)]
    if isinstance(arn.value, Reference) and arn.value.address in graph.graph.by_address:
        config = graph.resource(arn.value.address)
        texts = [config.address, outline(config["StudioLifecycleConfigName"].value)]
        texts += [decoded(outline(script.value)) for script in scripts_of(config)]
    if not texts[0].strip(GAP) and not certainly(arn.is_absent()):
        return undecided(why_unknown(arn.value))
    return answer(any(_IDLE.search(text) for text in texts), arn.value.assumed)


def scripts_of(config: ResourceView) -> Iterator[View]:
    """The scripts of a lifecycle configuration of notebook instances or of Studio."""
    if config.type == STUDIO_LIFECYCLE_CONFIG:
        yield config["StudioLifecycleConfigContent"]
        return
    for hook in ("OnCreate", "OnStart"):
        yield from (item["Content"] for item in config[hook].items())


def _runs(script: View, wanted: re.Pattern[str]) -> Answer:
    """Whether a script has a command of a kind, which it does not only print."""
    value = script.value
    if not outline(value).strip(GAP):
        return NO if certainly(script.is_absent()) else undecided(why_unknown(value))
    return answer(True, value.assumed) if wanted.search(_commands(script)) is not None else NO


def _commands(script: View) -> str:
    """What a script runs, without comments and what it only prints."""
    lines = _COMMENT.sub("", decoded(outline(script.value))).replace("\\\n", " ")
    return _PRINTING.sub(_kept, lines)


def _kept(printing: re.Match[str]) -> str:
    """What is run of a command that prints: nothing, unless it prints what a command gives or hands it on."""
    text = printing[0]
    used = "$(" in text or "`" in text or _HANDED_ON.match(printing.string, printing.end())
    return text if used else ""


def decoded(text: str) -> str:
    """A script without the Base64 around it; as it is where there is none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8")
    except ValueError:
        return text
