"""What documents of a repository list as left out on purpose: checks that are skipped, with reasons.

Below a heading such as "Skipped on purpose" or "Accepted risks", the lines of a list or a table name what is
left out. Whoever wrote them has decided it; what is decided weighs less, and is no less reported.
"""

from collections.abc import Iterator

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.texts import is_test
from mlwa_lint.model.resources import CHOSEN, PRICED, Project, Resource
from mlwa_lint.model.values import ListValue, MapValue, known_text
from mlwa_lint.startup.patterns import lazy

AGENT = "AWS::Bedrock::Agent"
ENDPOINT_CONFIG = "AWS::SageMaker::EndpointConfig"
_DOCUMENT = ".md"
# No more lines of one document are read, and none that is longer.
_LINES_LIMIT, _LENGTH_LIMIT = 5_000, 1_000
_HEADING = lazy(r"^ {0,3}#{1,6}[ \t]+(.*)$")
_SKIPPED = lazy(
    r"(?i)\b(?:intentionally|deliberately|purposely|knowingly|consciously) (?:\w+ ){0,2}"
    r"(?:left out|omitted|skipped|suppressed|excluded|not \w+)"
    r"|\b(?:left out|omitted|skipped|suppressed|excluded)\b[^\n]{0,40}"
    r"\b(?:intentionally|deliberately|on purpose|by design)\b"
    r"|\b(?:skipped|suppressed|accepted|ignored) (?:\w+ ){0,2}(?:checks?|findings?|risks?|rules?)\b"
    r"|意図的に?(?:スキップ|省略|除外|対象外)|スキップしている"
)
# A row of a table, or an item of a list.
_PRICE = lazy(r"\$[ \t]?\d")
_INSTANCE = lazy(r"(?<![\w.-])ml\.[a-z0-9-]{1,20}\.[a-z0-9]{1,20}(?![\w.])")
_ITEM = lazy(r"^[ \t]*(?:\||[-*+][ \t]|\d{1,3}[.)][ \t])")
_GUARDRAIL = lazy(r"(?i)(?<![a-z])guardrails?(?![a-z])|ガードレール")
_KEY = lazy(r"(?i)(?<![a-z])(?:cmks?|kms)(?![a-z])|customer[ -]managed[ -](?:\w+[ -])?keys?")


def with_stated_choices(project: Project, files: ProjectFiles | None) -> Project:
    """The project with the document that leaves guardrails out on purpose as a note of each agent."""
    if files is None or all(each.type != AGENT for each in project.resources):
        return project
    place = files.once(_guardrails_left_out)
    return (
        project.with_notes((AGENT,), CHOSEN, f"{place} leaves guardrails out on purpose")
        if place
        else project
    )


def with_prices(project: Project, files: ProjectFiles | None) -> Project:
    """The project with the document that states what the instances of an endpoint cost, as a note of it."""
    configs = {each.address: _types_of(each) for each in project.resources if each.type == ENDPOINT_CONFIG}
    if files is None or not any(configs.values()):
        return project
    priced = files.once(_priced)

    def noted(resource: Resource) -> Resource:
        kinds = configs.get(resource.address, ())
        place = next((priced[each] for each in kinds if each in priced), "")
        return resource.with_note(PRICED, f"{place} states what it costs") if place else resource

    return project._replace(resources=tuple(map(noted, project.resources)))


def _types_of(config: Resource) -> tuple[str, ...]:
    """The instance types of an endpoint configuration that are known."""
    variants = config.properties.value("ProductionVariants")
    items = variants.items if isinstance(variants, ListValue) else ()
    found = (known_text(each.value("InstanceType")) for each in items if isinstance(each, MapValue))
    return tuple(each for each in found if each)


def _priced(files: ProjectFiles) -> dict[str, str]:
    """The instance types that documents price by the month, as what is always on, with the document."""
    found: dict[str, str] = {}
    for steps, each in sorted((files.texts() or {}).items()):
        if not steps[-1].lower().endswith(_DOCUMENT) or is_test(steps) or b"onth" not in each.content:
            continue
        lines = each.content.decode("utf-8", "replace").splitlines()[:_LINES_LIMIT]
        for line in lines:
            if "$" in line and len(line) <= _LENGTH_LIMIT and _PRICE.search(line) is not None:
                for kind in _INSTANCE.findall(line):
                    found.setdefault(kind, "/".join(steps))
    return found


def leaves_keys_out(files: ProjectFiles) -> bool:
    """Whether a document states that customer managed keys are left out on purpose."""
    return files.once(_leaves_keys_out)


def _leaves_keys_out(files: ProjectFiles) -> bool:
    return any(_KEY.search(item) for _, item in files.once(_left_out))


def _guardrails_left_out(files: ProjectFiles) -> str:
    return next((place for place, item in files.once(_left_out) if _GUARDRAIL.search(item)), "")


def _left_out(files: ProjectFiles) -> tuple[tuple[str, str], ...]:
    """What documents list as left out on purpose, with the path of the document."""
    found: list[tuple[str, str]] = []
    for steps, each in sorted((files.texts() or {}).items()):
        if steps[-1].lower().endswith(_DOCUMENT) and not is_test(steps):
            place = "/".join(steps)
            found += ((place, item) for item in _items(each.content.decode("utf-8", "replace")))
    return tuple(found)


def without_left_out(text: str) -> str:
    """A document without the lines of what it leaves out on purpose."""
    left_out = frozenset(_items(text))
    return "\n".join(each for each in text.splitlines() if each not in left_out) if left_out else text


def _items(text: str) -> Iterator[str]:
    skipped = False
    for line in text.splitlines()[:_LINES_LIMIT]:
        if len(line) > _LENGTH_LIMIT:
            continue
        heading = _HEADING.match(line)
        if heading is not None:
            skipped = _SKIPPED.search(heading[1]) is not None
        elif skipped and _ITEM.match(line) is not None:
            yield line
