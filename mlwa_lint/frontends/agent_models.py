"""Models that the program of an AgentCore runtime names, where one image of the repository is an agent's."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from mlwa_lint.files.below import ENTRIES_LIMIT
from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.paths import shown
from mlwa_lint.files.put_aside import is_put_aside, original_of
from mlwa_lint.files.reading import text_if_readable
from mlwa_lint.files.texts import is_dockerfile
from mlwa_lint.model.resources import REQUESTS, Project, Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Entry, ListValue, MapValue, Scalar
from mlwa_lint.startup.patterns import lazy

SOURCE_SIZE_LIMIT = 1_000_000
_RUNTIME = "AWS::BedrockAgentCore::Runtime"
# What makes a program an agent of AgentCore: its SDK, or the path that it has to serve.
_AGENT = lazy(r"\bBedrockAgentCoreApp\b|[\"']/invocations[\"']")
# What libraries call the models of Bedrock, with the first literal that names one.
_MODEL = lazy(
    r"\b(?:BedrockModel|BedrockConverse|BedrockConverseModel|ChatBedrock|ChatBedrockConverse)\("
    r"[^()]*?\bmodel(?:_id|_name)?\s*=\s*[\"'](?P<id>[^\"'\n]+)[\"']"
)
_IMPORTED = lazy(r"(?m)^[ \t]*(?:from|import)[ \t]+([\w.]+(?:[ \t]+import[ \t]+\w+)?)")
# What is no part of an image's program, although it lies beside it.
_ASIDE = frozenset(("docs", "eval", "evals", "evaluation", "example", "examples", "scripts", "test", "tests"))


def with_agent_models(project: Project, files: ProjectFiles | None) -> Project:
    """The project with the models that the program of its runtimes names, as what these request.

    Only where the project has one runtime and the repository one image of an agent.
    """
    runtimes = [each for each in project.resources if each.type == _RUNTIME]
    if files is None or files.root is None or len(runtimes) != 1:
        return project
    found = files.once(_named_models)
    if not found:
        return project
    resources = tuple(requesting(each, found) if each is runtimes[0] else each for each in project.resources)
    sources = dict.fromkeys((*project.sources, *(span.path for _, span in found)))
    return project._replace(resources=resources, sources=tuple(sources))


def requesting(runtime: Resource, models: list[tuple[str, Span]]) -> Resource:
    """A runtime with the models that its program names, as what it requests."""
    requests = tuple(_request(name, span) for name, span in models)
    entries = {
        **runtime.attributes.entries,
        REQUESTS: Entry(runtime.span, ListValue(requests, runtime.span), REQUESTS),
    }
    return runtime._replace(attributes=runtime.attributes._replace(entries=entries))


def _request(name: str, span: Span) -> MapValue:
    arguments = MapValue({"modelId": Entry(span, Scalar(name, span), "model_id")}, span)
    return MapValue(
        {
            "Service": Entry(span, Scalar("bedrock-runtime", span), "Service"),
            "Method": Entry(span, Scalar("converse", span), "Method"),
            "Arguments": Entry(span, arguments, "Arguments"),
        },
        span,
    )


def _named_models(files: ProjectFiles) -> list[tuple[str, Span]]:
    """The literal models of the program of the only image that is an agent's, and where each is."""
    texts = dict(files.texts_like(lambda name: name.endswith(".py"), SOURCE_SIZE_LIMIT) or ())
    images = {each.parent for each in files.named_like(is_dockerfile, ENTRIES_LIMIT)}
    agents = {_image_of(each, images) for each, text in texts.items() if _AGENT.search(text)} - {None}
    if len(agents) != 1:
        return []
    (image,) = agents
    own = {each: text for each, text in texts.items() if image in _images_around(each, images)}
    return [found for each, text in _copied(own, image, files) for found in _models_in(each, text)]


def _copied(
    programs: Mapping[Path, str], image: Path | None, files: ProjectFiles
) -> Iterator[tuple[Path, str]]:
    """Those of the programs beside a Dockerfile that an image has, with their texts.

    That is what the Dockerfile copies, and what this imports; not what is put aside beside it.
    """
    from mlwa_lint.frontends.python.uses.containers import is_copied

    paths = (each for each in files.named_like(is_dockerfile, ENTRIES_LIMIT) if each.parent == image)
    built = [text_if_readable(each, SOURCE_SIZE_LIMIT) for each in paths]
    below = {each: each.relative_to(image or each.parent).parts for each in programs}
    copied = {each for each in programs if any(is_copied(below[each], text) for text in built)}
    imported = {
        step for each in copied for one in _IMPORTED.findall(programs[each]) for step in re.split(r"\W+", one)
    }
    for each, text in programs.items():
        aside = (
            any(map(is_put_aside, below[each][:-1]))
            or each.with_stem(original_of(each.stem) or "_") in programs
        )
        if (each in copied and not aside) or each.stem in imported:
            yield each, text


def _image_of(program: Path, images: set[Path]) -> Path | None:
    """The folder of the nearest Dockerfile around a program, if it is no test or example."""
    return next(iter(_images_around(program, images)), None)


def _images_around(program: Path, images: set[Path]) -> list[Path]:
    around = [each for each in program.parents if each in images]
    if around and not _ASIDE.isdisjoint(program.relative_to(around[0]).parts[:-1]):
        return []
    return around[:1]


def is_aside(program: Path) -> bool:
    """Whether a program is a test or an example, by its path in the repository."""
    return not _ASIDE.isdisjoint(program.parts[:-1])


def is_agent(program: Path, text: str) -> bool:
    """Whether a program is an agent of AgentCore, and no test or example."""
    return not is_aside(program) and _AGENT.search(text) is not None


def models_named_in(texts: Mapping[Path, str]) -> list[tuple[str, Span]]:
    """The literal models that some programs name, and where each is."""
    return [found for each, text in texts.items() for found in _models_in(each, text)]


def _models_in(program: Path, text: str) -> Iterator[tuple[str, Span]]:
    for match in _MODEL.finditer(text):
        start = match.start("id")
        if not _is_commented(text, match.start()):
            line = text.count("\n", 0, start) + 1
            column = start - (text.rfind("\n", 0, start) + 1)
            name = match["id"]
            yield name, Span(shown(program), line, column, line, column + len(name) + 2)


def _is_commented(text: str, position: int) -> bool:
    begin = text.rfind("\n", 0, position) + 1
    return re.match(r"\s*#", text[begin:position]) is not None
