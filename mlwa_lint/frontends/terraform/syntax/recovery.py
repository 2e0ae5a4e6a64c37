"""What can be read of a file with a syntax error: what stands in its blocks is mostly plain to see.

Terraform refuses the whole file, which stays an error. But a variable whose default is written after a comma,
and the blocks around one with a mistake, are known; without them, much else would be undecided.
"""

import re
from itertools import pairwise

from mlwa_lint.frontends.terraform.syntax.blocks import Block, HclSyntaxError
from mlwa_lint.frontends.terraform.syntax.quick import Careful
from mlwa_lint.startup.patterns import lazy

# A file with more lines is not read block by block.
LINES_LIMIT = 5000

# Texts and comments, whose brackets and commas count for nothing, and what does.
_TOKEN = lazy(
    r"(?:\#|//)[^\n]*|/\*.*?(?:\*/|\Z)|<<-?(?P<end>\w+)\n.*?\n[ \t]*(?P=end)(?=\n|$)"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|(?P<open>[\[{(])|(?P<close>[\]})])|(?P<separator>[,;])"
    r"|(?<![^\n])[ \t]*(?P<fence>```\w*)(?=[ \t]*(?:\n|$))",
    re.DOTALL,
)
# What precedes the bracket of a block: its type, then labels. Behind `=`, `:`, `(` and `[` it is an object.
_HEADER = lazy(r'(?:^|[\n{};,])[ \t]*[A-Za-z_][\w-]*(?:[ \t]+(?:"[^"\n]*"|[A-Za-z_][\w-]*))*[ \t]*$')
# What a separator between two arguments of a block is followed by.
_ARGUMENT = lazy(r"[ \t]*(?:\n|\#|//|\}|[A-Za-z_][\w-]*[ \t]*(?:=(?!=)|\{|\"))")
_STARTS = lazy(r'^[a-z]+(?:[ \t]+"[^"\n]*")*[ \t]*\{', re.MULTILINE)


def recovered(text: str, careful: Careful) -> tuple[tuple[Block, ...], str]:
    """The blocks of a file that can be read, and the text of all others; empty where there are none."""
    spaced = _without_separators(text)
    blocks = _body(careful, spaced, 0) if spaced != text else None
    if blocks is not None:
        return blocks, ""
    found: list[Block] = []
    lost = text
    if text.count("\n") <= LINES_LIMIT:
        hidden = [token.span() for token in _TOKEN.finditer(spaced) if "\n" in token[0]]
        starts = [each.start() for each in _STARTS.finditer(spaced)]
        starts = [each for each in starts if not any(start < each < end for start, end in hidden)]
        lost = spaced[: starts[0]] if starts else spaced
        for start, end in pairwise([*starts, len(spaced)]):
            blocks, left = _block(careful, spaced[start:end], spaced.count("\n", 0, start))
            found += blocks
            lost += left
    return tuple(found), lost or "\n"


def _block(careful: Careful, part: str, above: int) -> tuple[tuple[Block, ...], str]:
    """The block that a part of a file starts with, and what is not read of the part.

    That can be what follows the block, which may be wrong.
    """
    end = part.find("\n}\n")
    for length in (len(part), end + 3)[: 1 if end < 0 else 2]:
        blocks = _body(careful, part[:length], above)
        if blocks is not None and len(blocks) == 1:
            return blocks, part[length:].strip()
    return (), part


def _body(careful: Careful, text: str, above: int) -> tuple[Block, ...] | None:
    try:
        arguments, blocks = careful(text, above)
    except HclSyntaxError:
        return None
    return None if arguments else blocks


def _without_separators(text: str) -> str:
    """A text with spaces for what separates arguments of blocks: `{ type = string, default = 1 }`.

    So are the fences of code blocks that were copied along from a page or a chat.
    """
    wrong: list[int] = []
    brackets: list[bool] = []  # whether it is that of a block
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "open":
            line = text.rfind("\n", 0, token.start()) + 1
            is_block = token[0] == "{" and _HEADER.search(text, max(line - 1, 0), token.start()) is not None
            brackets.append(is_block)
        elif kind == "close":
            if brackets:
                brackets.pop()
        elif kind == "fence":
            wrong += range(*token.span("fence"))
        elif kind == "separator" and brackets and brackets[-1] and _ARGUMENT.match(text, token.end()):
            wrong.append(token.start())
    characters = list(text)
    for place in wrong:
        characters[place] = " "
    return "".join(characters)
