"""The words of rules and of the documentation: what CONTRIBUTING requires, in messages and remedies too."""

import re
from pathlib import Path

import pytest

from mlwa_lint.rule import Rule
from tests.support import rule_examples as harness

# What not to write -> what to write. The list is the one in CONTRIBUTING.md, in the same order.
AVOID = {
    r"\bmend(ed|s|ing)?\b": "fix",
    r"\bof yours\b|\bkeys? of your own\b": "a customer managed KMS key; your",
    r"\b(?-i:every|any|some|no)body\b": "everyone, anyone, someone, no one",
    r"\brole of machine learning\b": "an ML execution role",
    r"\bwhat it is asked\b|\basks? and answers?\b": "requests and responses",
    r"\b(is|are) told\b|\btells? so\b": "is reported, is configured",
    r"\b(is|are) there to\b": "serves to, or nothing",
    r"\ball the same\b": "nevertheless, or nothing",
    r"\bsilent (for|when|where|unless|in|as)\b": "not reported when, under Exceptions",
    r"\bfor ever\b": "indefinitely",
    r"\ballows? to\b": "allows something, lets a client do something",
    r"\bpast your\b": "bypassing your",
    r"\b(is|are) no (key|secret|rule|valid|complete|literal)\b": "is not a",
    r"\bstays? silent\b": "does not report",
    r"\bdata are\b": "data is",
    r"\b(rule|MLR?[A-Z]\d+) judges?\b|\b(is|are) judged\b|\bjudged are\b": "checks, is checked",
    r"\basks? (a|no) model\b": "invokes a model",
    r"\banew\b": "again, regenerate",
}

PAGES = [harness.ROOT / "README.md", *sorted((harness.ROOT / "docs").glob("*.md"))]


def _wrong(text: str) -> list[str]:
    found = [(pattern, re.search(pattern, text, re.IGNORECASE)) for pattern in AVOID]
    return [f"{match.group()!r}: write {AVOID[pattern]}" for pattern, match in found if match]


@pytest.mark.parametrize("rule", harness.all_rules(), ids=lambda rule: rule.code)
def test_a_rule_uses_the_words_of_the_field(rule: Rule) -> None:
    text = " ".join(rule.documentation.split())
    assert _wrong(f"{text} {rule.remedy.cloudformation} {rule.remedy.terraform}") == []
    messages = [line.split(" | ")[1] for line in harness.expected(rule.code) if " | " in line]
    assert [each for message in messages for each in _wrong(message)] == []
    details = " ".join(" ".join((rule.summary, rule.reason, *rule.details)).split())
    exception = re.search(r"\bnot reported (when|for|where|unless|in|with)\b", details, re.IGNORECASE)
    assert exception is None, "exceptions have a paragraph of their own"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_use_the_words_of_the_field(page: Path) -> None:
    assert _wrong(" ".join(page.read_text(encoding="utf-8").split())) == []


@pytest.mark.parametrize("folder", ["mlwa_lint", "rules", "scripts"])
def test_comments_docstrings_and_texts_are_impersonal(folder: str) -> None:
    """What a program does is stated of the program; "nobody" and "somebody" belong to a story."""
    texts = {
        path: path.read_text(encoding="utf-8")
        for ending in ("py", "toml")
        for path in sorted((harness.ROOT / folder).rglob(f"*.{ending}"))
    }
    found = {
        f"{path.relative_to(harness.ROOT)}:{text.count(chr(10), 0, match.start()) + 1}"
        for path, text in texts.items()
        for match in re.finditer(r"\b(?:no|some|every|any)body\b", text, re.IGNORECASE)
    }
    assert len(texts) > 5
    assert found == set()
