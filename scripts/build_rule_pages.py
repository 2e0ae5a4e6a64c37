"""Writes `docs/rules/`: a page for each rule, from its documentation and its examples, and the index.

python scripts/build_rule_pages.py [--check]
"""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "rules")]

from mlwa_lint.catalogue.lens import practices  # noqa: E402 - the path is set above
from mlwa_lint.rule import PILLARS, Rule  # noqa: E402
from tests.support import rule_examples as harness  # noqa: E402 - the path is set above
from tests.support.rule_examples import Example  # noqa: E402

PAGES = ROOT / "docs" / "rules"
TITLES = {"cloudformation": "CloudFormation", "terraform": "Terraform"}
FENCES = {".tf": "hcl", ".json": "json", ".yaml": "yaml", ".yml": "yaml"}
LENS = "https://docs.aws.amazon.com/wellarchitected/latest/machine-learning-lens/"


def page(rule: Rule) -> str:
    return "\n".join([*_head(rule), *_examples(rule), *_references(rule)]).rstrip() + "\n"


def _head(rule: Rule) -> Iterator[str]:
    paragraphs = rule.documentation.strip().split("\n\n")
    yield f"# {rule.code} {rule.name}"
    yield ""
    yield (
        f"**Severity** {rule.severity} · **Pillar** {rule.pillar.replace('-', ' ')} · **Reads** "
        + ", ".join(f"`{each}`" for each in rule.on)
    )
    yield ""
    yield "## What it does"
    yield ""
    yield rule.summary
    yield ""
    yield "## Why is this bad?"
    yield ""
    yield rule.reason
    yield ""
    yield "## How to fix it"
    yield ""
    for language in rule.languages:
        yield f"- {TITLES[language]}: {rule.remedy.in_language(language)}"
    yield ""
    for paragraph in paragraphs[2:]:
        yield paragraph
        yield ""


def _examples(rule: Rule) -> Iterator[str]:
    for title, kind in (("Example", "fail"), ("Use instead", "pass")):
        yield f"## {title}"
        yield ""
        for language in rule.languages:
            fitting = [each for each in _of(rule, kind) if each.language == language]
            if not fitting:
                continue
            example = min(fitting, key=_length)
            yield f"### {TITLES[language]}" if kind == "fail" else f"### {TITLES[language]}, fixed"
            yield ""
            yield from _source(example)
    exceptions = [each for each in _of(rule, "unless") if each.path.is_file()]
    if exceptions:
        yield "## Where it stays silent"
        yield ""
        yield from _source(min(exceptions, key=_length))


def _of(rule: Rule, kind: str) -> list[Example]:
    return [each for each in harness.examples(rule.code) if each.kind == kind]


def _length(example: Example) -> int:
    """The shortest example shows a rule best."""
    return len(_main_file(example).read_text(encoding="utf-8"))


def _main_file(example: Example) -> Path:
    return example.path if example.path.is_file() else example.path / "main.tf"


def _source(example: Example) -> Iterator[str]:
    path = _main_file(example)
    yield f"```{FENCES[path.suffix]}"
    yield path.read_text(encoding="utf-8").rstrip()
    yield "```"
    yield ""
    for line in harness.expected_of(example):
        parts = line.split(" | ")
        if len(parts) > 1:
            place = parts[0].split()[0].split(":")[1]
            yield f"Line {place}: {parts[1]}" + (f" ({parts[2]})" if len(parts) > 2 else "") + "."
            yield ""


def _references(rule: Rule) -> Iterator[str]:
    yield "## Best practices it gives evidence for"
    yield ""
    for each in rule.practices:
        yield f"- {each} {practices()[each].title} ([Machine Learning Lens]({LENS}))"


def index(rules: tuple[Rule, ...]) -> str:
    lines = ["# Rules", "", f"{len(rules)} rules, in every output and configuration by code or by name.", ""]
    lines += ["## By pillar", ""]
    for pillar in PILLARS.values():
        chosen = [each for each in rules if each.pillar == pillar]
        lines += [
            f"### {pillar.replace('-', ' ').capitalize()}",
            "",
            "| code | name | severity | |",
            "|---|---|---|---|",
        ]
        lines += [f"| {_link(each)} | {each.name} | {each.severity} | {each.summary} |" for each in chosen]
        lines.append("")
    lines += [
        "## By best practice of the Machine Learning Lens",
        "",
        "| practice | title | rules |",
        "|---|---|---|",
    ]
    for practice in practices().values():
        found = [_link(each) for each in rules if practice.id in each.practices]
        lines.append(
            f"| {practice.id} | {practice.title} | {', '.join(found) or 'needs a person’s answer'} |"
        )
    lines += ["", "## By resource type", "", "| type | rules |", "|---|---|"]
    for each_type in sorted({each for rule in rules for each in rule.on}):
        lines.append(
            f"| `{each_type}` | {', '.join(_link(each) for each in rules if each_type in each.on)} |"
        )
    return "\n".join(lines) + "\n"


def _link(rule: Rule) -> str:
    return f"[{rule.code}]({rule.code}.md)"


def contents() -> dict[Path, str]:
    rules = harness.all_rules()
    return {PAGES / "index.md": index(rules)} | {PAGES / f"{rule.code}.md": page(rule) for rule in rules}


def main(arguments: list[str]) -> int:
    wanted = contents()
    if "--check" in arguments:
        stale = [
            path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text
        ]
        stale += [path for path in PAGES.glob("*.md") if path not in wanted]
        for path in stale:
            sys.stderr.write(f"{path.relative_to(ROOT)} is stale: run python scripts/build_rule_pages.py\n")
        return 1 if stale else 0
    PAGES.mkdir(parents=True, exist_ok=True)
    for path in PAGES.glob("*.md"):
        path.unlink()
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
