"""Parameter files for CloudFormation templates, in every form that AWS's tools take."""

from collections.abc import Mapping
from pathlib import Path

from mlwa_lint.files.reading import TooLargeError, read_text
from mlwa_lint.files.toml import loads
from mlwa_lint.frontends.cloudformation.syntax.nodes import (
    ListNode,
    MapNode,
    Node,
    TemplateSyntaxError,
    TextNode,
)
from mlwa_lint.frontends.cloudformation.syntax.parsing import parse
from mlwa_lint.frontends.options import Json

SIZE_LIMIT = 4_000_000
_FORMS = (
    'give a list of {"ParameterKey": …, "ParameterValue": …}, a list of "Name=value", '
    'a map of names to values, or such a map under "Parameters"'
)


class ParameterFileError(Exception):
    """A parameter file that cannot be read or understood; its message has the place and the reason."""


def read_parameters(path: Path) -> Mapping[str, Json]:
    """The parameter values of a JSON, YAML or SAM configuration file. Raises ParameterFileError.

    Takes the form of `aws cloudformation create-stack`, that of `aws cloudformation deploy` (a list of
    `Name=value`), a plain map, CodePipeline's template configuration (a map under `Parameters`), and
    `samconfig.toml`, whose environment `default` counts where there are several.
    Parameters that keep the value they had (`UsePreviousValue`) are left out.
    """
    try:
        text = read_text(path, SIZE_LIMIT)
        if path.suffix == ".toml":
            return _of_sam(text, path)
        root = parse(text, str(path), only=True)
    except TooLargeError as error:
        raise ParameterFileError(f"{path} is larger than {SIZE_LIMIT // 1_000_000} MB") from error
    except OSError as error:
        raise ParameterFileError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ParameterFileError(f"{path} is not UTF-8 text") from error
    except TemplateSyntaxError as error:
        raise ParameterFileError(f"{path}:{error.line}: {error.message}") from error
    if isinstance(root, MapNode):
        inner = root.get("Parameters")
        return _of_map(inner if isinstance(inner, MapNode) else root, path)
    if isinstance(root, ListNode):
        return _of_list(root, path)
    raise ParameterFileError(f"{path} holds no parameters: {_FORMS}")


def _of_sam(text: str, path: Path) -> Mapping[str, Json]:
    """The parameter overrides of a SAM configuration file."""
    import tomllib

    try:
        environments = loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ParameterFileError(f"{path}: {error}") from error
    found: dict[str, dict[str, Json]] = {}
    for name, environment in environments.items():
        for command in ("global", "deploy"):
            inner = environment.get(command) if isinstance(environment, dict) else None
            settings = inner.get("parameters") if isinstance(inner, dict) else None
            given = settings.get("parameter_overrides") if isinstance(settings, dict) else None
            if given is not None:
                found.setdefault(name, {}).update(_of_overrides(given, path))
    if not found:
        raise ParameterFileError(f"{path} holds no parameter_overrides")
    if len(found) > 1 and "default" not in found:
        names = ", ".join(found)
        raise ParameterFileError(f"{path} holds several environments, none of them `default`: {names}")
    return found["default"] if "default" in found else next(iter(found.values()))


def _of_overrides(given: object, path: Path) -> dict[str, Json]:
    """`Name=value` pairs, in one text or in a list; a table as it is."""
    if isinstance(given, dict):
        return {name: value for name, value in given.items() if isinstance(value, (str, int, float))}
    pairs: list[str] = []
    for each in given if isinstance(given, list) else [given]:
        if not isinstance(each, str):
            raise ParameterFileError(f"{path}: parameter_overrides holds what is neither text nor list")
        try:
            import shlex

            pairs += shlex.split(each) if "=" in each else [each]
        except ValueError as error:
            raise ParameterFileError(f"{path}: parameter_overrides: {error}") from error
    found: dict[str, Json] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if sign:
            found[name] = value
    return found


def _of_map(node: MapNode, path: Path) -> dict[str, Json]:
    return {key.text: _value(value, path) for key, value in node.entries}


def _of_list(node: ListNode, path: Path) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for item in node.items:
        if isinstance(item, TextNode) and "=" in item.text:
            name, _, text = item.text.partition("=")
            found[name] = text
            continue
        key = item.get("ParameterKey") if isinstance(item, MapNode) else None
        if not isinstance(item, MapNode) or not isinstance(key, TextNode):
            raise ParameterFileError(f"{path}:{item.span.line}: this is not a parameter: {_FORMS}")
        value = item.get("ParameterValue")
        if value is not None:
            found[key.text] = _value(value, path)
        elif item.get("UsePreviousValue") is None:
            raise ParameterFileError(f"{path}:{item.span.line}: {key.text} has no ParameterValue")
    return found


def _value(node: Node, path: Path) -> Json:
    if isinstance(node, TextNode) and not node.tag:
        # As it is written: `010` and `1.10` are texts to CloudFormation.
        return node.data if isinstance(node.data, bool) or node.data is None else node.text
    if isinstance(node, ListNode) and not node.tag:
        return [_value(item, path) for item in node.items]
    raise ParameterFileError(f"{path}:{node.span.line}: a parameter's value is a text, number or list")
