"""Which program of a repository each of several AgentCore runtimes runs, by what both are called."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.frontends.agent_models import (
    SOURCE_SIZE_LIMIT,
    is_agent,
    is_aside,
    models_named_in,
    requesting,
    with_agent_models,
)
from mlwa_lint.model.resources import Project, Resource
from mlwa_lint.model.values import Scalar, known_text

_RUNTIME = "AWS::BedrockAgentCore::Runtime"
# Words of a path or a name, also of one in camel case.
_WORD = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{3,}(?![a-z])")


def with_models_of_agents(project: Project, files: ProjectFiles | None) -> Project:
    """The project with the models that the programs of its runtimes name, as what these request.

    Of one runtime, as `with_agent_models` finds them. One of several runs the program whose path has a word
    that the names of that runtime alone have: `agents/research/main.py` for the runtime `research_agent`.
    """
    runtimes = [each for each in project.resources if each.type == _RUNTIME]
    if len(runtimes) < 2 or files is None or files.root is None:
        return with_agent_models(project, files)
    root = files.root
    found = files.texts_like(lambda name: name.endswith(".py"), SOURCE_SIZE_LIMIT) or ()
    texts = {each.relative_to(root): text for each, text in found if each.is_relative_to(root)}
    agents = [each for each, text in texts.items() if is_agent(each, text)]
    places = dict(_places(runtimes, agents))
    own: dict[str, dict[Path, str]] = {}
    for path, text in texts.items():
        owner = next((places[each] for each in (path, *path.parents) if each in places), None)
        if owner is not None and not is_aside(path):
            own.setdefault(owner, {})[root / path] = text
    named = {address: models for address, each in own.items() if (models := models_named_in(each))}
    resources = tuple(
        requesting(each, named[each.address]) if each.address in named else each for each in project.resources
    )
    read = (span.path for models in named.values() for _, span in models)
    return project._replace(resources=resources, sources=tuple(dict.fromkeys((*project.sources, *read))))


def _places(runtimes: Sequence[Resource], agents: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """The files or folders of agents that share a word with one runtime alone, and its address."""
    words = {each.address: _words(each) for each in runtimes}
    counted = Counter(word for each in words.values() for word in each)
    by_word = {word: address for address, each in words.items() for word in each if counted[word] == 1}
    for agent in agents:
        steps = [
            (place, {by_word[word] for word in _words_in(place.stem) if word in by_word})
            for place in (agent, *agent.parents)
        ]
        shared = [(place, found) for place, found in steps if found]
        owners = {owner for _, found in shared for owner in found}
        if len(owners) == 1:
            yield shared[-1][0], owners.pop()


def _words(runtime: Resource) -> set[str]:
    named = runtime.properties.entries.get("AgentRuntimeName")
    name = named.value if named is not None else None
    text = (known_text(name) or "") if isinstance(name, Scalar) else ""
    return _words_in(f"{runtime.address} {text}")


def _words_in(text: str) -> set[str]:
    return {each.lower() for each in _WORD.findall(text)}
