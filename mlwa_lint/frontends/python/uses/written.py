"""Environment variables that scripts write where programs find them: `.env`, profiles of a machine.

A notebook instance's lifecycle configuration is such a script: Terraform renders it with `templatefile()`, a
CloudFormation template substitutes parameters. Texts are searched and not evaluated, as for functions.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.frontends.python.uses.project import SHELL, Uses, uses_in
from mlwa_lint.frontends.python.uses.template_texts import TemplateTexts
from mlwa_lint.frontends.python.uses.terraform_texts import (
    TERRAFORM,
    StatedVariable,
    TerraformTexts,
    end_of,
    texts_of_folder,
)
from mlwa_lint.frontends.python.uses.variables import OpenPiece, VariablesOfFile
from mlwa_lint.startup.records import NamedTuple

# Beyond, a template does not show what it writes.
TEMPLATE_SIZE_LIMIT = 200_000
# Expressions of Terraform that are followed for all scripts of a project.
WRITTEN_EXPRESSIONS_LIMIT = 5_000
_TEMPLATES = (".yaml", ".yml")
_RENDERED = (".tftpl", ".tpl", ".tmpl", ".sh")
# What of a project may write variables at all.
_MARKS = (b".env", b"environment", b"profile", b"bashrc", b"activate.d")
_LOADED = re.compile(
    r"(?:[\w.${}/~-]*/)?(?:[\w-]*\.env|environment|\.bashrc|\.(?:bash_)?profile|"
    r"(?:profile|activate)\.d/[\w.-]+)"
)
_WRITING = re.compile(r"(?:>>?|\btee(?:[ \t]+-a)?)[ \t]*[\"']?(?P<file>[^\s\"'<>|;&]+)")
_HEREDOC = re.compile(r"<<-?[ \t]*[\"']?(?P<end>\w+)")
_PRINTED = re.compile(r"\b(?:echo|printf)[ \t]+(?:-\w+[ \t]+)?(?P<quote>[\"']?)(?P<text>[^\n]*)")
_LINE = re.compile(r"[ \t]*(?:export[ \t]+)?(?:\$\{(?P<key>\w+)\}|(?P<name>[A-Za-z_]\w*))=(?P<value>[^\n]*)")
_EACH = re.compile(r"%\{~?[ \t]*for[ \t]+(?P<key>\w+)[ \t]*,[ \t]*(?P<value>\w+)[ \t]+in[ \t]+(?P<of>\w+)")
_DONE = re.compile(r"%\{~?[ \t]*endfor\b")
_RENDERING = re.compile(r"\btemplatefile\([ \t\n]*\"(?P<path>[^\"\n]*)\"[ \t\n]*,[ \t\n]*\{")
_INSERTED = re.compile(r"\$\{(?P<what>[^{}]*)\}")
# What a shell inserts, and what a template writes literally.
_OF_SHELL = re.compile(r"\$(?!\{)|\$\$|`")
_ENTRY = re.compile(r"\"?(?P<name>\w+)\"?[ \t]*[=:][ \t]*(?P<value>[^\n].*)", re.DOTALL)
_COMMENT = re.compile(r"(?m)(?:^|(?<=[\s,{]))(?:#|//)[^\n]*$")


# What scripts write as environment variables, by name; None for what cannot be read.
WrittenVariables: TypeAlias = Mapping[str, list[StatedVariable | None]]


class _WrittenLine(NamedTuple):
    """A line that a script writes. name: of the variable, or nothing for each entry of a map `of`."""

    name: str
    value: str
    of: str = ""


def written_in(files: ProjectFiles) -> WrittenVariables:
    """What the scripts of a project write as environment variables."""
    return files.once(_written_in)


def _written_in(files: ProjectFiles) -> WrittenVariables:
    uses = uses_in(files)
    found: dict[str, list[StatedVariable | None]] = {}
    if uses is None:
        return found
    rendered: dict[PathSteps, str] | None = None
    left = [WRITTEN_EXPRESSIONS_LIMIT]
    for steps, content in uses.texts.items():
        if is_test(steps):
            continue
        text = content.decode("utf-8", "replace")
        given: Iterable[tuple[str, StatedVariable | None]] = ()
        if steps[-1].endswith(TERRAFORM):
            if b"templatefile(" in content and rendered is None:
                rendered = _rendered(files, uses)
            reader = TerraformTexts(steps, uses, left)
            given = (*_inline(text, reader), *_of_templates(steps, text, uses, rendered or {}, reader))
        elif (
            steps[-1].endswith(_TEMPLATES)
            and b"Resources" in content
            and b"Fn::Sub" in content.replace(b"!Sub", b"Fn::Sub")
        ):
            template = TemplateTexts(steps, text)
            given = ((each.name, template.substituted(each.value)) for each in _lines(text))
        elif steps[-1].endswith(SHELL):
            variables = VariablesOfFile(steps, content)
            given = ((each.name, _of_script(each.value, steps, variables)) for each in _lines(text))
        for name, value in given:
            found.setdefault(name, []).append(value)
    return {name: values for name, values in found.items() if name}


def _rendered(files: ProjectFiles, uses: Uses) -> dict[PathSteps, str]:
    """The files that may be templates of scripts, by their steps."""
    found = files.texts_like(lambda name: name.endswith(_RENDERED), TEMPLATE_SIZE_LIMIT)
    texts: dict[PathSteps, str] = {}
    for path, text in found or ():
        texts[path.relative_to(files.root or Path()).parts] = text
    return texts


def _inline(text: str, reader: TerraformTexts) -> Iterator[tuple[str, StatedVariable | None]]:
    """What scripts within a file of Terraform write."""
    for each in _lines(text):
        if each.name:
            reads = _OF_SHELL.search(each.value) is None
            yield each.name, reader.setting(f'"{each.value}"') if reads else None


def _of_templates(
    steps: PathSteps, text: str, uses: Uses, rendered: Mapping[PathSteps, str], reader: TerraformTexts
) -> Iterator[tuple[str, StatedVariable | None]]:
    """What the templates write that a file of Terraform renders."""
    end = 0
    for match in _RENDERING.finditer(text):
        if match.start() < end:
            continue  # within another one
        end = end_of(text, match.end())
        template = _located(match["path"], steps, rendered)
        written = [] if template is None else [*_lines(rendered[template])]
        arguments = _entries(text[match.end() : end]) if written else {}
        for each in written:
            if each.of:
                entries = _map(arguments.get(each.of, ""), steps, uses)
                for name, expression in entries.items():
                    yield name, reader.setting(expression)
            else:
                value = _filled_in(each.value, arguments)
                yield each.name, None if value is None else reader.setting(value)


def _located(path: str, steps: PathSteps, rendered: Mapping[PathSteps, str]) -> PathSteps | None:
    """The template of a path: beside the file, or the only one of the project whose path ends with it."""
    wanted = tuple(each for each in path.split("/") if each not in ("", ".") and not each.startswith("${"))
    beside = (*steps[:-1], *wanted)
    if beside in rendered:
        return beside
    ending = [each for each in rendered if wanted and ".." not in wanted and each[-len(wanted) :] == wanted]
    return ending[0] if len(ending) == 1 else None


def _filled_in(value: str, arguments: Mapping[str, str]) -> str | None:
    """A line's value as an expression of the file that renders the template; None if that is not clear."""
    if _OF_SHELL.search(value) is not None:
        return None
    whole = _INSERTED.fullmatch(value)
    if whole is not None:
        return arguments.get(whole["what"].strip())
    pieces: list[str] = []
    end = 0
    for match in _INSERTED.finditer(value):
        given = arguments.get(match["what"].strip())
        if given is None:
            return None
        pieces.append(value[end : match.start()])
        pieces.append(given[1:-1] if given.startswith('"') else f"${{{given}}}")
        end = match.end()
    return f'"{"".join((*pieces, value[end:]))}"'


def _map(expression: str, steps: PathSteps, uses: Uses) -> Mapping[str, str]:
    """The entries of a map that an argument states, or a local value beside it."""
    if expression.startswith("{"):
        return _entries(expression[1 : end_of(expression, 1)])
    prefix, _, name = expression.partition(".")
    if prefix != "local" or not name.isidentifier():
        return {}
    declared = re.compile(rf"^[ \t]*{name}[ \t]*=[ \t]*\{{", re.MULTILINE)
    for text in texts_of_folder(steps[:-1], uses):
        match = declared.search(text)
        if match is not None:
            return _entries(text[match.end() : end_of(text, match.end())])
    return {}


def _entries(body: str) -> dict[str, str]:
    """The entries of a map, each with its expression."""
    found: dict[str, str] = {}
    for each in _items(_COMMENT.sub("", body)):
        entry = _ENTRY.fullmatch(each.strip())
        if entry is not None:
            found[entry["name"]] = entry["value"].strip()
    return found


def _items(body: str) -> Iterator[str]:
    """The items between braces: commas and ends of lines separate them, except within brackets and texts."""
    depth = start = 0
    quoted = False
    for position, character in enumerate(body):
        if character == '"' and body[position - 1 : position] != "\\":
            quoted = not quoted
        elif not quoted and character in "({[":
            depth += 1
        elif not quoted and character in ")}]":
            depth -= 1
        elif not quoted and not depth and character in ",\n":
            yield body[start:position]
            start = position + 1
    yield body[start:]


def _of_script(value: str, steps: PathSteps, variables: VariablesOfFile) -> StatedVariable | None:
    """What a shell script writes, as far as it gives its own variables values."""
    pieces = variables.pieces_of(value)
    return None if any(isinstance(each, OpenPiece) for each in pieces) else StatedVariable(steps, pieces)


def _lines(text: str) -> Iterator[_WrittenLine]:
    """The variables that a script writes to files which programs or shells load."""
    if not any(mark.decode() in text for mark in _MARKS):
        return
    ends: str = ""
    each: re.Match[str] | None = None
    for line in text.split("\n"):
        if ends:
            if line.strip() == ends:
                ends, each = "", None
                continue
            loop = _EACH.search(line)
            each = loop or each
            written = _assigned(line[loop.end() :].partition("}")[2] if loop else line, each)
            if written is not None:
                yield written
            if _DONE.search(line) is not None:
                each = None
            continue
        file = _WRITING.search(line)
        if file is None or _LOADED.fullmatch(file["file"]) is None:
            continue
        heredoc = _HEREDOC.search(line)
        printed = None if heredoc is not None else _PRINTED.search(line)
        if heredoc is not None:
            ends = heredoc["end"]
        elif printed is not None:
            quote = printed["quote"]
            inner = printed["text"].partition(quote)[0] if quote else printed["text"].partition(">")[0]
            written = _assigned(inner.strip(), None)
            if written is not None:
                yield written


def _assigned(line: str, each: re.Match[str] | None) -> _WrittenLine | None:
    """The variable of a line. each: the loop that it is in, over the entries of a map."""
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    value = match["value"].strip().strip("\"'").removesuffix("\\n")
    if match["key"] is None:
        return _WrittenLine(match["name"], value)
    if each is None or match["key"] != each["key"] or value != f"${{{each['value']}}}":
        return None
    return _WrittenLine("", value, each["of"])


def values_of(name: str, found: WrittenVariables) -> list[StatedVariable]:
    """What scripts give a variable; nothing where one of them cannot be read."""
    given = found.get(name, ())
    return [] if None in given else [each for each in given if each is not None]
