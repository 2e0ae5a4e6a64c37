"""The same Terraform configuration written in other ways: files by their names to files by their names."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from tests.support.hcl import (
    HclArgument,
    HclBlock,
    HclLiteral,
    arguments_in,
    blocks_of,
    edited,
    literals_in,
    tokens_of,
)

Files = dict[str, str]
HclRewriting = Callable[[Files], Files]

# What takes literals alone, or is not about resources.
_LITERAL_BLOCKS = ("terraform", "variable", "moved", "import", "removed", "check")
_LITERAL_ARGUMENTS = ("depends_on", "providers", "provider", "alias", "source", "version")
# What a local value may contain: no name of a loop or of an instance.
_ANYWHERE = re.compile(r"\$\{(?:var|local|data|module|aws_\w+)\.[\w.\-]+\}")
_OWN = re.compile(r"\b(?:each|count|self)\.")
_UNALTERED = ("lifecycle", "provisioner", "connection", "content", "dynamic", "timeouts")


def of_each_file(change: Callable[[str], str]) -> HclRewriting:
    """What changes the text of each file."""
    return lambda files: {name: change(text) for name, text in files.items()}


def _values(text: str, kinds: tuple[str, ...]) -> Iterator[HclLiteral]:
    """The literals that any expression may take the place of."""
    for block in blocks_of(text):
        if block.type in _LITERAL_BLOCKS:
            continue
        for around, argument in arguments_in(block):
            if argument.name in _LITERAL_ARGUMENTS or any(each.type == "lifecycle" for each in around):
                continue
            yield from (each for each in literals_in(argument) if each.kind in kinds)


def as_expression(form: str, *kinds: str, declared: str = "") -> HclRewriting:
    """Each literal as an expression that contains it (`{}`), with a declaration for all of them."""

    def change(text: str) -> str:
        changes = [
            (each.start, each.end, form.replace("@", each.text)) for each in _values(text, kinds or ("text",))
        ]
        return edited(text, changes) + (declared if changes else "")

    return of_each_file(change)


def as_name(form: str, declaration: str, *kinds: str) -> HclRewriting:
    """Each literal as a name that a declaration of its own gives."""

    def change(text: str) -> str:
        changes, declared = [], []
        for number, each in enumerate(_values(text, kinds or ("text",))):
            if "${" in _ANYWHERE.sub("", each.text).replace("$${", "") or "%{" in each.text:
                continue
            if "local." in each.text or ("default" in declaration and "${" in each.text):
                continue
            changes.append((each.start, each.end, form.format(number)))
            declared.append(declaration.replace("#", str(number)).replace("@", each.text))
        return edited(text, changes) + "".join(declared)

    return of_each_file(change)


def _open(literal: str) -> str:
    return f"(var.not_known ? {literal} : {literal})"


# -- blocks


def _source(text: str, item: HclBlock | HclArgument) -> str:
    return text[item.start : item.end]


def _blocks_turned(text: str) -> str:
    return "\n\n".join(_source(text, each) for each in reversed(blocks_of(text))) + "\n"


def _turned(text: str, block: HclBlock) -> str:
    """A block with its arguments in the opposite order; nested blocks keep theirs."""
    arguments = [_source(text, each) for each in reversed(block.arguments())]
    inner = [_turned(text, each) for each in block.blocks()]
    return text[block.start : block.body] + "\n" + "\n".join([*inner, *arguments]) + "\n}"


def _arguments_turned(text: str) -> str:
    return edited(text, [(each.start, each.end, _turned(text, each)) for each in blocks_of(text)])


def one_file_each(files: Files) -> Files:
    """A file for every block."""
    return {
        f"{name.removesuffix('.tf')}-{number}.tf": _source(text, block) + "\n"
        for name, text in files.items()
        for number, block in enumerate(blocks_of(text))
    }


def repeated(argument: str, key: str) -> HclRewriting:
    """Each resource as one of a single instance, and what refers to it."""

    def change(text: str) -> str:
        plain = [
            each
            for each in blocks_of(text)
            if each.type == "resource" and not (each.argument("count") or each.argument("for_each"))
        ]
        names = "|".join(re.escape(".".join(each.labels)) for each in plain)
        if not names:
            return text
        changes = [(each.body, each.body, f"\n  {argument}\n") for each in plain]
        used = re.compile(rf"(?<![\w.\"-])(?:{names})(?![\w\[-])")
        for block in blocks_of(text):
            for _, inner in arguments_in(block):
                if inner.name == "depends_on":
                    continue
                for match in used.finditer(text, inner.value, inner.end):
                    if _is_code(text, inner, match.start()):
                        changes.append((match.end(), match.end(), key))  # noqa: PERF401
        return edited(text, changes)

    return of_each_file(change)


def _is_code(text: str, argument: HclArgument, at: int) -> bool:
    """Whether a place of an argument is an expression: outside of texts, or inside of `${…}`."""
    for token in argument.tokens:
        if token.kind in ("text", "heredoc") and token.start <= at < token.end:
            return text.rfind("${", token.start, at) > text.rfind("}", token.start, at)
    return True


def dynamic(make: Callable[[str, HclBlock], str]) -> HclRewriting:
    """Innermost blocks of resources as `dynamic` ones."""

    def change(text: str) -> str:
        found = (each for each in blocks_of(text) if each.type == "resource")
        return edited(
            text,
            [(each.start, each.end, make(text, each)) for top in found for each in _innermost(top)],
        )

    return of_each_file(change)


def _innermost(block: HclBlock) -> Iterator[HclBlock]:
    for each in block.blocks():
        if each.type in _UNALTERED:
            continue
        if each.blocks():
            yield from _innermost(each)
        else:
            yield each


def _over_one(text: str, block: HclBlock) -> str:
    body = text[block.body : block.body_end]
    return f'dynamic "{block.type}" {{\n  for_each = [1]\n  content {{{body}\n  }}\n}}'


def _over_values(text: str, block: HclBlock) -> str:
    given = "\n".join(f"{each.name} = {text[each.value : each.end]}" for each in block.arguments())
    taken = "\n".join(f"{each.name} = given.value.{each.name}" for each in block.arguments())
    heading = f'dynamic "{block.type}" {{\n  for_each = [{{\n{given}\n}}]\n  iterator = given\n'
    return f"{heading}  content {{\n{taken}\n  }}\n}}"


def in_module(call: str) -> HclRewriting:
    """The whole configuration in a module that the root calls, with the variables handed on."""

    def change(files: Files) -> Files:
        text = "\n".join(files.values())
        blocks = blocks_of(text)
        if any(each.type in ("provider", "terraform", "module") for each in blocks):
            return files
        if re.search(r"path\.|\b(?:file\w*|templatefile)\(|source_(?:dir|file)|archive_file", text):
            return files
        variables = [each for each in blocks if each.type == "variable"]
        handed = "".join(f"  {each.labels[0]} = var.{each.labels[0]}\n" for each in variables)
        declared = "\n".join(_source(text, each) for each in variables)
        root = f'module "inner" {{\n  source = "./inner"\n{call}{handed}}}\n\n{declared}\n'
        return {"main.tf": root, **{f"inner/{name}": each for name, each in files.items()}}

    return change


# -- signs


def _commented(text: str) -> str:
    comments = (' # "a" {', " // b = 1 }", " /* c\n } */")
    tokens = [each for each in tokens_of(text) if each.kind != "end"]
    ends = [
        (each.start, each.start)
        for before, each in pairwise(tokens)
        if each.kind == "line" and before.kind not in ("heredoc", "line")
    ]
    # A comment there already goes on to the end of its line.
    free = [
        place for place in ends if not re.search(r"#|//", text[text.rfind("\n", 0, place[0]) + 1 : place[0]])
    ]
    return edited(text, [(*place, comments[number % 3]) for number, place in enumerate(free)])


def _on_one_line(text: str) -> str:
    return re.sub(r'\{\n\s*(\w+ *= *(?:"[^"\n]*"|[\w.]+))\n\s*\}', r"{ \1 }", text)


def references(attribute: str, other: str, *types: str) -> HclRewriting:
    """One attribute of resources by another of the same text."""
    used = re.compile(rf"(?<![\w.])(aws_\w+)\.(\w+)\.{attribute}(?![\w\[.])")

    def new(match: re.Match[str]) -> str:
        return f"{match[1]}.{match[2]}.{other}" if match[1] in types else match[0]

    return of_each_file(lambda text: used.sub(new, text))


_NAMED = (
    "aws_cloudwatch_log_group",
    "aws_dynamodb_table",
    "aws_ecr_repository",
    "aws_iam_role",
    "aws_sagemaker_endpoint",
    "aws_sagemaker_endpoint_configuration",
    "aws_sagemaker_model",
    "aws_sagemaker_notebook_instance",
)
_UNKNOWN = '\nvariable "not_known" {\n  type = bool\n}\n'
_IN_LOCAL = "\nlocals {\n  given_# = @\n}\n"
LITERAL_FORMS: dict[str, HclRewriting] = {
    "local": as_name("local.given_{}", _IN_LOCAL),
    "local in a template": as_name('"${{local.given_{}}}"', _IN_LOCAL),
    "format": as_expression('format("%s", @)'),
    "join": as_expression('join("", [@])'),
    "lookup": as_expression('lookup({ a = @ }, "a", "b")'),
    "map": as_expression('{ a = @ }["a"]'),
    "element": as_expression("element([@], 0)"),
    "splat": as_expression("([{ a = @ }][*].a)[0]"),
    "for": as_expression("[for each_one in [@] : each_one][0]"),
    "merge": as_expression("merge({ a = @ }, {}).a"),
    "try": as_expression("try(@, null)"),
    "true": as_expression("(true ? @ : null)"),
    "trimspace": as_expression("trimspace(@)"),
    "numbers as texts": as_expression('tonumber("@")', "number"),
    "numbers as locals": as_name("local.given_{}", _IN_LOCAL, "number", "bool"),
    "sums": as_expression("(@ + 0)", "number"),
    "truth values as texts": as_expression('tobool("@")', "bool"),
    "negations": as_expression("!(!@)", "bool"),
    "numbers of an open choice": as_expression(_open("@"), "number", declared=_UNKNOWN),
}
STRUCTURES: dict[str, HclRewriting] = {
    "blocks turned": of_each_file(_blocks_turned),
    "arguments turned": of_each_file(_arguments_turned),
    "one file each": one_file_each,
    "count": repeated("count = 1", "[0]"),
    "for_each of a set": repeated('for_each = toset(["only"])', '["only"]'),
    "for_each of a map": repeated('for_each = { only = "x" }', '["only"]'),
    "dynamic": dynamic(_over_one),
    "dynamic with values": dynamic(_over_values),
    "module": in_module(""),
    "module for_each": in_module('  for_each = toset(["only"])\n'),
}
SIGNS: dict[str, HclRewriting] = {
    "line ends": of_each_file(lambda text: text.replace("\n", "\r\n")),
    "byte order mark": of_each_file(lambda text: f"\ufeff{text}"),
    "comments": of_each_file(_commented),
    "one line": of_each_file(_on_one_line),
    "id for name": references("name", "id", *_NAMED),
    "name for id": references("id", "name", *_NAMED),
    "bucket for id": references("id", "bucket", "aws_s3_bucket"),
    "id for bucket": references("bucket", "id", "aws_s3_bucket"),
}
