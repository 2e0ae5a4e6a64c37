"""How templates are related, read from their text alone: nested stacks, exports and imports."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mlwa_lint.discovery.groups import join
from mlwa_lint.discovery.target import SIZE_LIMIT
from mlwa_lint.files.endings import only_ending_like, steps_of
from mlwa_lint.files.paths import Folders, shown
from mlwa_lint.files.reading import text_if_readable
from mlwa_lint.frontends.cloudformation.export_names import OPEN, fitting, is_called, open_name, stack_of
from mlwa_lint.model.alternatives import consists_of
from mlwa_lint.startup.patterns import lazy, leading
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from mlwa_lint.frontends.cloudformation.built import Build

_NESTED = leading(
    r"""(?:TemplateURL|Location)["']?[ \t]*:[ \t]*["']?([^"'\s,{}$!]+)""", "TemplateURL", "Location"
)


# The value of `TemplateURL` when it names a place in S3, and file names in it.
_ADDRESS = leading(r"""(?s)(?:TemplateURL|Location)["']?\s*:(.{0,400})""", "TemplateURL", "Location")
_FILE = lazy(
    r"(?<![A-Za-z0-9_.\-])(?<![A-Za-z0-9_.\-]/)"  # from the beginning of a path alone
    r"(?:[A-Za-z0-9_.\-]+/)*[A-Za-z0-9_.\-]+\.(?:ya?ml|json|template)(?![A-Za-z0-9_.\-])"
)
# An address that a parameter or a map has: names of files are then looked for among all values of the text.
_ELSEWHERE = lazy(r"\A\s*(?:(?:!Ref|\{?\s*[\"']?Ref)\b|.{0,300}?\bFindInMap\b)", re.DOTALL)
_VALUE = lazy(
    r"""[\w"']:[ \t]*["']?((?:https?://)?[A-Za-z0-9_./-]{1,300}?\.(?:ya?ml|json|template))(?![A-Za-z0-9_.-])"""
)

# In a repository with more exports, names of which only the end is known are not looked for.
_NAMES_LIMIT = 5_000
# Names of roles with placeholders, which every ARN of the project is compared with.
OPEN_ROLES_LIMIT = 100
_NESTING = (b"TemplateURL", b"Location")
_TEMPLATES = (".yaml", ".yml", ".json", ".template")
_MARKS = (
    *_NESTING,
    b"ImportValue",
    b"Export",
    b"AWS::SSM::Parameter",
    b"resolve:ssm:",
    b"RoleName",
    b":role/",
)
# A resource that writes a value to Systems Manager; not a parameter that is read from there.
_WRITES = lazy(r"AWS::SSM::Parameter(?!:)")
# Names as they are in the text; what a function composes is found when templates are evaluated.
_GIVEN = (
    lazy(r"""Export["']?\s*:\s*(?:\{\s*)?["']?Name["']?\s*:\s*["']?([\w:./-]+)"""),
    lazy(
        r"""AWS::SSM::Parameter["']?[\s,}](?:(?!Type).){0,300}?\bName["']?\s*:\s*["']?([\w./-]+)""", re.DOTALL
    ),
)
_TAKEN = (
    lazy(r"""ImportValue["']?\s*(?::\s*)?["']?(?!Fn::)([\w/][\w:./-]*)"""),
    lazy(r"\{\{resolve:ssm:([\w./-]+)(?::1)?\}\}"),
    lazy(r"""AWS::SSM::Parameter::Value<[^\n]{0,200}\s+["']?Default["']?\s*:\s*["']?([\w./-]+)"""),
    lazy(
        r"""Default["']?\s*:\s*["']?([\w./-]+)["']?[\s,]+["']?Type["']?\s*:\s*["']?AWS::SSM::Parameter::Value<"""
    ),
)
# Names of which only the end is known before deployment: `!Sub '${AWS::StackName}-VpcId'`, or joined.
_SUB = (
    r"""(?:!Sub|(?:\{\s*)?["']?Fn::Sub["']?\s*:)\s*+["']?[^"'\n{}]{0,200}\$\{"""
    r"""(?:[^"'\n{}]|\$\{|\}){0,400}\}([\w:./-]+)"""
)
_JOIN = (
    r"""(?:!Join|(?:\{\s*)?["']?Fn::Join["']?\s*:)\s*\[\s*["']([^"'\n]{0,9})["']\s*,\s*"""
    r"""\[[^\[\]]{0,200}?[\s,}]["']?([\w:./-]+)["']?\s*\]\s*\]"""
)
_EXPORTED = r"""Export["']?\s*:\s*(?:\{\s*)?["']?Name["']?\s*:\s*"""
_IMPORTED = r"""ImportValue["']?\s*(?::\s*)?"""
_OPEN_GIVEN = (lazy(_EXPORTED + _SUB), lazy(_EXPORTED + _JOIN))
_OPEN_TAKEN = (lazy(_IMPORTED + _SUB), lazy(_IMPORTED + _JOIN))


# Names of roles, and ARNs with such: literal ones, and those with placeholders in them.
_ROLE_NAMED = leading(
    r"""\bRoleName["']?\s*:\s*(?:!Sub\s+|\{\s*["']?Fn::Sub["']?\s*:\s*)?["']?((?:[\w+=.@-]|\$\{[^}\n]{0,200}\}){4,})""",
    "RoleName",
)
_ROLE_MEANT = leading(
    r"""\barn:[^\s:]+:iam::(?:\d+|\$\{[^}\n]{0,200}\}):role/(?:[\w/]*/)?((?:[\w+=.@-]|\$\{[^}\n]{0,200}\}){4,})""",
    "arn:",
)
_PLACEHOLDER = lazy(r"\$\{[^}]*\}")


class Relations(NamedTuple):
    """What one template's text shows of others: files that it nests, whether it exports or imports.

    Values in Systems Manager count as well: writing one is exporting it, reading one is importing it.

    stored: names of files that it may nest by their place in S3. built: files that it nests and that are not
    there. handed: templates that a script gives its
    outputs to. given, taken: literal names of what it exports and imports, and open ones of which only the
    end is known. roles, acts: names of roles that it declares, and of those whose ARNs it has, with `*` for
    placeholders.
    """

    nested: tuple[str, ...] = ()
    exports: bool = False
    imports: bool = False
    stored: tuple[str, ...] = ()
    built: tuple[str, ...] = ()
    given: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()
    handed: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    acts: frozenset[str] = frozenset()


def relates(content: bytes) -> bool:
    """Whether a template may have to do with others."""
    return any(mark in content for mark in _MARKS)


def relations_in(content: bytes, path: str) -> Relations:
    """The relations in the text of a template at a path."""
    text = content.decode("utf-8", errors="replace")
    nests = any(mark in content for mark in _NESTING)
    found, stored, built = _nested(text, path) if nests else ((), (), ())
    exports = b"Export" in content or _WRITES.search(text) is not None
    imports = any(
        mark in content for mark in (b"ImportValue", b"resolve:ssm:", b"AWS::SSM::Parameter::Value")
    )
    given = _names(text, _GIVEN) | _ends(text, _OPEN_GIVEN) if exports else frozenset()
    taken = _names(text, _TAKEN) | _ends(text, _OPEN_TAKEN) if imports else frozenset()
    roles = _roles(text, _ROLE_NAMED) if b"RoleName" in content else frozenset()
    acts = _roles(text, _ROLE_MEANT) if b":role/" in content else frozenset()
    return Relations(found, exports, imports, stored, built, given, taken, roles=roles, acts=acts)


def builds_of(scripts: Iterable[str]) -> "list[Build]":
    """What scripts build from which template."""
    from mlwa_lint.frontends.cloudformation.built import BUILD_SIZE_LIMIT, builds_in

    return [
        build
        for each in scripts
        for build in builds_in(text_if_readable(each, BUILD_SIZE_LIMIT), os.path.dirname(each))
    ]


def with_scripts(
    relations: Mapping[str, Relations], templates: Sequence[str], scripts: Iterable[str]
) -> dict[str, Relations]:
    """The relations, with those of templates that scripts hand values over between."""
    from mlwa_lint.frontends.cloudformation.handed_over import SCRIPT_SIZE_LIMIT, handed_over

    found = dict(relations)
    read = ((each, text_if_readable(each, SCRIPT_SIZE_LIMIT)) for each in scripts)
    for each in handed_over(templates, read, lambda path: text_if_readable(path, SIZE_LIMIT)):
        own = found.get(each.giver, Relations())
        found[each.giver] = own._replace(handed=tuple(dict.fromkeys((*own.handed, each.taker))))
        found.setdefault(each.taker, Relations())
    return found


def _nested(text: str, path: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The files that a template nests, the names of those that it may nest by their place in S3, and of those
    that are not there.
    """
    folder = os.path.dirname(path)
    local = [each for match in _NESTED.finditer(text) if ":" not in (each := match.group(1))]
    nested = [shown(os.path.join(folder, each)) for each in local]
    there = [os.path.isfile(each) for each in nested]
    stored: list[str] = []
    elsewhere = False
    for match in _ADDRESS.finditer(text):
        address = match.group(1)
        stored += (each.group() for each in _FILE.finditer(address))
        elsewhere = elsewhere or _ELSEWHERE.match(address) is not None
    if elsewhere:
        stored += (each.group(1).rpartition("://")[2] for each in _VALUE.finditer(text))
    found = dict.fromkeys(each for each, is_there in zip(nested, there, strict=True) if is_there)
    others = (each for each, is_there in zip(local, there, strict=True) if not is_there)
    lacking = dict.fromkeys(each for each in others if each.endswith(_TEMPLATES))
    return tuple(found), tuple(dict.fromkeys(stored)), tuple(lacking)


def _names(text: str, patterns: Iterable[re.Pattern[str]]) -> frozenset[str]:
    return frozenset(match.group(1) for pattern in patterns for match in pattern.finditer(text))


def _roles(text: str, pattern: re.Pattern[str]) -> frozenset[str]:
    names = (_PLACEHOLDER.sub(OPEN, match.group(1)) for match in pattern.finditer(text))
    return frozenset(name for name in names if name.strip(f"{OPEN}-_"))


def _ends(text: str, patterns: Iterable[re.Pattern[str]]) -> frozenset[str]:
    ends = ("".join(match.groups()) for pattern in patterns for match in pattern.finditer(text))
    return frozenset(name for end in ends if (name := open_name(end)))


def grouped_paths(
    relations: Mapping[str, Relations], found: Iterable[str], builds: "Sequence[Build]" = ()
) -> dict[str, tuple[str, ...]]:
    """Path -> the templates, in order, that are linted together with it (itself among them).

    found: all templates, among which those may be that another one nests by their place in S3, or by where a
    build puts them. builds: what scripts build from what.
    """
    groups: dict[str, list[str]] = {}
    for path, own in relations.items():
        for each in (*own.nested, *own.handed):
            join(groups, path, each)
    by_name: dict[str, dict[tuple[str, ...], str]] = {}
    for path in found:
        steps = steps_of(path)
        by_name.setdefault(steps[-1] if steps else "", {})[steps] = path
    for path, own in relations.items():
        for name in own.stored:
            wanted = steps_of(name)
            candidates = by_name.get(wanted[-1], {})
            others = (steps for steps, each in candidates.items() if each != path)
            match = only_ending_like(wanted, others, steps_of(path)[:-1])
            if match is not None:
                join(groups, path, candidates[match])
    for path, own in relations.items():
        if own.built:
            from mlwa_lint.frontends.cloudformation.built import source_of

            for name in own.built:
                source = source_of(name, steps_of(path), lambda each: by_name.get(each, {}), builds)
                if source is not None and (each := by_name[source[-1]][source]) != path:
                    join(groups, path, each)
    exchanges = (*_exchanges(relations), *_exchanges_of_folders(relations), *_named_roles(relations))
    for exporter, importer in exchanges:
        join(groups, exporter, importer)
    return {path: tuple(members) for path, members in groups.items()}


def _exchanges(relations: Mapping[str, Relations]) -> list[tuple[str, str]]:
    """Templates of one folder of which some export and others import: which from which is found later."""
    folders: dict[str, tuple[list[str], list[str]]] = {}
    for path, own in relations.items():
        exporters, importers = folders.setdefault(os.path.dirname(path), ([], []))
        if own.exports:
            exporters.append(path)
        if own.imports:
            importers.append(path)
    return [
        (exporters[0], each)
        for exporters, importers in folders.values()
        if exporters and importers
        for each in (*exporters[1:], *importers)
        if each != exporters[0]
    ]


def _named_roles(relations: Mapping[str, Relations]) -> Iterator[tuple[str, str]]:
    """Templates of one folder of which one may declare a role that the other names by its ARN.

    Names of roles are common: those of other folders would be taken for one another.
    """
    if not any(own.acts for own in relations.values()):
        return
    declaring: dict[tuple[str, str], list[str]] = {}
    patterns: dict[str, dict[str, list[str]]] = {}
    for path, own in relations.items():
        folder = os.path.dirname(path)
        for role in sorted(own.roles):
            having = declaring.setdefault((folder, role), [])
            if len(having) <= 2:  # where two others declare it, it is not known which is meant
                having.append(path)
            opened = patterns.setdefault(folder, {})
            if OPEN in role and len(opened) < OPEN_ROLES_LIMIT:
                opened[role] = role.split(OPEN)
    for path, own in relations.items():
        folder = os.path.dirname(path)
        for name in sorted(own.acts):
            matching = (
                role for role, pieces in patterns.get(folder, {}).items() if consists_of(pieces, name, 1)
            )
            declarers = {each for role in (name, *matching) for each in declaring.get((folder, role), ())}
            found = declarers - {path}
            if len(found) == 1:
                yield found.pop(), path


class _Projects:
    """The projects that templates belong to; of each folder it is looked for once."""

    def __init__(self) -> None:
        self._folders = Folders()
        self._found: dict[str, Path] = {}

    def of(self, path: str) -> Path:
        from mlwa_lint.files.own import own_root

        folder = os.path.dirname(path) or "."
        if folder not in self._found:
            self._found[folder] = own_root(self._folders.project(folder), Path(path))
        return self._found[folder]


def _exchanges_of_folders(relations: Mapping[str, Relations]) -> Iterator[tuple[str, str]]:
    """Templates of different folders of one project: the only one that gives what another takes."""
    if not any(own.taken for own in relations.values()):
        return
    projects = _Projects()
    givers: dict[Path, dict[str, list[str]]] = {}
    for path, own in relations.items():
        names = givers.setdefault(projects.of(path), {})
        for name in own.given:
            names.setdefault(name, []).append(path)
    for path, own in relations.items():
        folder = os.path.dirname(path)
        names = givers[projects.of(path)]
        for name in sorted(own.taken):
            given = fitting(name, names) if len(names) <= _NAMES_LIMIT else [name]
            found = {each for one in given for each in names.get(one, ()) if each != path}
            beside = any(os.path.dirname(each) == folder for each in found)
            if len(found) > 1 and len(given) == 1 and (stack := stack_of(name, given[0])):
                found = {each for each in found if is_called(each, stack)}
            if len(found) == 1 and not beside:
                yield found.pop(), path
