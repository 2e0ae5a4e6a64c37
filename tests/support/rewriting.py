"""Other ways to write an example: line ends, comments, quotes, indentation, flow style."""

import json
import random
import re
from collections.abc import Callable

from ruamel.yaml.error import YAMLError

from tests.support.oracles import read

Rewrite = Callable[[str, random.Random], str]
_COMMENTS = ("# note", "# ключ: «значение»", "# 日本語", "# a: {b} [c] \"d\" 'e'")


def _lines(text: str, change: Callable[[str], str]) -> str:
    return "\n".join(map(change, text.split("\n")))


def crlf(text: str, _: random.Random) -> str:
    return text.replace("\n", "\r\n")


def mark(text: str, _: random.Random) -> str:
    return f"\ufeff{text}"


def no_newline_at_the_end(text: str, _: random.Random) -> str:
    return text.rstrip("\n")


def comment_above(text: str, chance: random.Random) -> str:
    return f"{chance.choice(_COMMENTS)}\n{text}"


def comments_behind(text: str, chance: random.Random) -> str:
    """Behind lines that are a key and a plain value, or an argument and a literal."""

    def change(line: str) -> str:
        plain = re.fullmatch(r"""\s*[\w-]+(: | *= )([\w.:/-]+|"[^"$]*")""", line)
        return f"{line} {chance.choice(_COMMENTS)}" if plain and chance.random() < 0.4 else line

    return _lines(text, change)


def blanks_behind(text: str, chance: random.Random) -> str:
    def change(line: str) -> str:
        plain = re.fullmatch(r"\s*[\w-]+(: | *= )[\w./-]+", line)
        return f"{line}  " if plain and chance.random() < 0.3 else line

    return _lines(text, change)


def empty_lines(text: str, chance: random.Random) -> str:
    def change(line: str) -> str:
        fits = re.fullmatch(r"\s*[\w-]+: *[\w./-]*", line) or re.fullmatch(r'\s*\w+ *= ("[^"]*"|\w+)', line)
        return f"\n{line}" if fits and chance.random() < 0.2 else line

    return _lines(text, change)


def wider(text: str, _: random.Random) -> str:
    """Twice as much indentation."""
    return _lines(text, lambda line: " " * (len(line) - len(line.lstrip(" "))) + line)


def quoted_values(text: str, chance: random.Random) -> str:
    def change(line: str) -> str:
        found = re.fullmatch(r"(\s*(?:- )?\w+: )([A-Za-z][\w-]*)", line)
        if not found or chance.random() > 0.5:
            return line
        quote = chance.choice("'\"")
        return f"{found[1]}{quote}{found[2]}{quote}"

    return _lines(text, change)


def quoted_keys(text: str, chance: random.Random) -> str:
    def change(line: str) -> str:
        found = re.fullmatch(r"(\s+)(\w+):(.*)", line)
        if not found or chance.random() > 0.4:
            return line
        quote = chance.choice("'\"")
        return f"{found[1]}{quote}{found[2]}{quote}:{found[3]}"

    return _lines(text, change)


def as_json(text: str, chance: random.Random) -> str:
    """A YAML template without short functions as JSON, in one of JSON's usual shapes."""
    try:
        content = read("template.yaml", text)
    except YAMLError:
        return text
    if "!" in text or not isinstance(content, dict):
        return text
    shape = chance.choice(("narrow", "two", "four", "tab", "line"))
    if shape == "narrow":
        return json.dumps(content, separators=(",", ":"), default=str)
    if shape == "line":
        return json.dumps(content, default=str)
    steps: dict[str, int | str] = {"two": 2, "four": 4, "tab": "\t"}
    return json.dumps(content, indent=steps[shape], default=str) + "\n"


def tabs(text: str, _: random.Random) -> str:
    return _lines(text, lambda line: re.sub(r"^(?:  )+", lambda m: "\t" * (len(m[0]) // 2), line))


def unaligned(text: str, _: random.Random) -> str:
    return _lines(text, lambda line: re.sub(r"^(\s*\w+) +=", r"\1 =", line))


def one_line_blocks(text: str, _: random.Random) -> str:
    """Blocks with one argument on one line."""
    return re.sub(r'\{\n\s*(\w+ *= *(?:"[^"\n]*"|\w+))\n\s*\}', r"{ \1 }", text)


def single_quotes(text: str, _: random.Random) -> str:
    return text if "'" in text else text.replace('"', "'")


GENERAL = (crlf, mark, no_newline_at_the_end, comment_above, comments_behind, blanks_behind, empty_lines)
BY_ENDING: dict[str, tuple[Rewrite, ...]] = {
    ".yaml": (*GENERAL, wider, quoted_values, quoted_keys, as_json),
    ".json": (crlf, mark, no_newline_at_the_end),
    ".tf": (*GENERAL, tabs, unaligned, one_line_blocks, wider),
    ".py": (crlf, mark, no_newline_at_the_end, comment_above, single_quotes),
}
# What has to come last, since it leaves nothing that the others know.
_LAST = (as_json, no_newline_at_the_end, crlf, mark)


def rewritten(ending: str, text: str, chance: random.Random) -> str:
    """A text after one to four of the rewrites that fit its language."""
    fitting = BY_ENDING[ending]
    chosen = chance.sample(fitting, min(chance.randint(1, 4), len(fitting)))
    ordered = sorted(chosen, key=lambda each: _LAST.index(each) if each in _LAST else -1)
    for each in ordered:
        if each in (comments_behind, comment_above) and as_json in chosen:
            continue
        text = each(text, chance)
    return text
