"""Values that a script reads from the outputs of one stack and gives to another as a parameter of that name.

A script is no part of a template, and may not be the way in which it is deployed. What it hands over counts
only where nothing is guessed: it reads outputs, names both templates, gives the parameter a variable's value,
and of the templates that it names exactly one has an output of the parameter's name.
"""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

SCRIPT_SIZE_LIMIT = 1_000_000
# So many of those that read outputs are followed at most, in the order of their paths.
SCRIPTS_LIMIT = 100
_READS = lazy(r"\bOutputKey\b|\bOutputs\[")
_GIVEN = lazy(r"(?<![\w$-])([A-Z]\w+)=[\"']?\$|ParameterKey=(\w+),ParameterValue=[\"']?\$")
_SECTION = lazy(r"(?m)^(?:\{?[ \t]{0,4}[\"'](\w+)[\"']|(\w+))[ \t]*:")
_KEY = lazy(r"(?m)^[ \t]+[\"']?(\w+)[\"']?[ \t]*:")


class HandedOver(NamedTuple):
    """One value: the templates that have it as an output and as a parameter, its name, and the script."""

    giver: str
    taker: str
    name: str
    script: str


def handed_over(
    templates: Sequence[str], scripts: Iterable[tuple[str, str]], text_of: Callable[[str], str]
) -> Iterator[HandedOver]:
    """What scripts, each with its path and text, hand over between templates, by their paths."""
    sections: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    reading = ((script, text) for script, text in scripts if _READS.search(text) is not None)
    for script, text in islice(reading, SCRIPTS_LIMIT):
        given = {name for match in _GIVEN.finditer(text) for name in match.groups() if name}
        named = [each for each in templates if posixpath.basename(each) in text]
        if not given or len(named) < 2:
            continue
        for each in named:
            if each not in sections:
                template = text_of(each)
                sections[each] = _keys_in(template, "Outputs"), _keys_in(template, "Parameters")
        for name in sorted(given):
            givers = [each for each in named if name in sections[each][0]]
            if len(givers) == 1 and _is_read(name, text):
                for taker in named:
                    if taker != givers[0] and name in sections[taker][1]:
                        yield HandedOver(givers[0], taker, name, posixpath.basename(script))


def _is_read(name: str, script: str) -> bool:
    """Whether a script names an output as well, and not only the parameter that it gives."""
    return lazy(rf"[\"'=\s]{name}[\"'\s)\]]").search(script) is not None


def _keys_in(template: str, section: str) -> frozenset[str]:
    """The keys below a section of a template, and below these: more than its names, which are enough."""
    marks = [(match.start(), match[1] or match[2]) for match in _SECTION.finditer(template)]
    for position, (start, name) in enumerate(marks):
        if name == section:
            end = next((each for each, other in marks[position + 1 :] if other in _SECTIONS), len(template))
            return frozenset(_KEY.findall(template[start:end]))
    return frozenset()


_SECTIONS = frozenset(
    {
        *("AWSTemplateFormatVersion", "Conditions", "Description", "Globals", "Mappings", "Metadata"),
        *("Outputs", "Parameters", "Resources", "Rules", "Transform"),
    }
)
