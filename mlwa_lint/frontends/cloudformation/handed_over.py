"""Values that a script reads from the outputs of one stack and gives to another as a parameter.

A script is no part of a template, and may not be the way in which it is deployed. What it hands over counts
only where nothing is guessed: it reads outputs, names both templates, gives the parameter a variable's value,
and of the templates that it names exactly one has the output. The variable's assignment shows which output
that is; without one, it is the output of the parameter's name.
"""

import posixpath
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

SCRIPT_SIZE_LIMIT = 1_000_000
# So many of those that read outputs are followed at most, in the order of their paths.
SCRIPTS_LIMIT = 100
_READS = lazy(r"\bOutputKey\b|\bOutputs\[")
_GIVEN = lazy(r"(?<![\w$-])([A-Z]\w+)=[\"']?\$|ParameterKey=(\w+),ParameterValue=[\"']?\$")
# `ARN=$(aws … OutputKey=='Arn' …)` and `ARN=$(get_output stack Arn)`; a pipe would change the value.
_ASSIGNED = lazy(
    r"(?<![\w$-])(\w+)=[\"']?\$\((?:[^()|;]{0,400}?OutputKey==[\\'\"`]{1,3}(\w+)[\\'\"`][^()|;]{0,400}|"
    r"[ \t]*(\w+)[ \t]+([^()|;\n]{1,200}))\)[\"']?(?=[ \t]*\\?(?:[\s;&]|$))"
)
# A function of the script that prints the output of which one of its arguments is the name.
_FUNCTION = lazy(r"(?m)^[ \t]{0,8}(?:function[ \t]+)?([\w-]+)[ \t]*(?:\(\)[ \t]*)?\{")
_ARGUMENT = lazy(r"OutputKey==[\\'\"`]{1,3}\$\{?(\w+)\}?[\\'\"`]")
_LOCAL = lazy(r"\b(\w+)=[\"']?\$\{?(\d)")
_VARIABLE = lazy(r"^[\"']?\$(?:\{(\w+)\}|(\w+))[\"']?$")
_PARAMETER = lazy(
    r"(?<![\w$-])(?:ParameterKey=([A-Z]\w+),ParameterValue|([A-Z]\w+))="
    r"([\"']?\$(?:\w+|\{\w+\})[\"']?)(?=[\s\\),]|$)"
)
# What a script names as an output, and not only as the parameter that it gives.
_READ_NAME = lazy(r"(?<=[\"'=\s])\w+(?=[\"'\s)\]])")
# Whatever a variable is given, but for an empty text.
_SET = lazy(r"(?<![\w$-])(\w+)=(?![\"']{2})")
_WORD = lazy(r"\w+")
_WORDS = lazy(r"\"[^\"]*\"|'[^']*'|\S+")
# More of a function is not searched for the output that it prints.
_FUNCTION_SIZE_LIMIT = 2_000
_SECTION = lazy(r"(?m)^(?:\{?[ \t]{0,4}[\"'](\w+)[\"']|(\w+))[ \t]*:")
_KEY = lazy(r"(?m)^[ \t]+[\"']?(\w+)[\"']?[ \t]*:")


class HandedOver(NamedTuple):
    """One value: the templates that have it as an output and as a parameter, its names, and the script.

    name: that of the output. parameter: that of the parameter, which may be another.
    """

    giver: str
    taker: str
    name: str
    script: str
    parameter: str


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
        outputs = _outputs_given(text)
        read = frozenset(_READ_NAME.findall(text))
        for parameter in sorted(given | outputs.keys()):
            name = outputs.get(parameter, parameter)
            givers = [each for each in named if name in sections[each][0]]
            if len(givers) == 1 and name in read:
                for taker in named:
                    if taker != givers[0] and parameter in sections[taker][1]:
                        yield HandedOver(givers[0], taker, name, posixpath.basename(script), parameter)


def _outputs_given(script: str) -> dict[str, str]:
    """The output that a script gives a parameter by a variable, for each parameter that gets one alone."""
    positions = _printing(script)
    times_set = Counter(_SET.findall(script))
    held: dict[str, list[str]] = {}
    for variable, output, function, arguments in _ASSIGNED.findall(script):
        if not output and function in positions:
            words = _WORDS.findall(arguments)
            output = words[positions[function]].strip("\"'") if len(words) > positions[function] else ""
        held.setdefault(variable, []).append(output if _WORD.fullmatch(output) else "")
    found: dict[str, set[str]] = {}
    for keyed, plain, value in _PARAMETER.findall(script):
        match = _VARIABLE.search(value)
        variable = (match[1] or match[2]) if match is not None else ""
        outputs = held.get(variable, [""])
        # A variable that gets anything else as well holds no output for certain.
        others = times_set[variable] > len(outputs)
        found.setdefault(keyed or plain, set()).update([""] if others else outputs)
    return {name: next(iter(given)) for name, given in found.items() if len(given) == 1 and any(given)}


def _printing(script: str) -> dict[str, int]:
    """Functions of a script that print an output, and which argument, from 0, is its name."""
    found: dict[str, int] = {}
    for match in _FUNCTION.finditer(script):
        body = script[match.end() : match.end() + _FUNCTION_SIZE_LIMIT].partition("\n}")[0]
        argument = _ARGUMENT.search(body)
        if argument is None:
            continue
        name = argument[1]
        if not name.isdecimal():
            name = next((position for local, position in _LOCAL.findall(body) if local == name), "")
        if name:
            found[match[1]] = int(name) - 1
    return found


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
