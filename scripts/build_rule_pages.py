"""Writes `docs/rules/`: a page for each rule, from its documentation and its examples, and the index.

python scripts/build_rule_pages.py [--check]
"""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "rules")]

from mlwa_lint.catalogue.lens import LENSES, Lens, lens_of, practices  # noqa: E402 - the path is set above
from mlwa_lint.facts.tables import checked  # noqa: E402
from mlwa_lint.model.weights import PROGRAM_KINDS, in_programs  # noqa: E402
from mlwa_lint.rule import PILLARS, TITLES, Rule  # noqa: E402
from scripts.generated_files import write_or_check  # noqa: E402
from tests.support import rule_examples as harness  # noqa: E402 - the path is set above
from tests.support.rule_examples import Example  # noqa: E402

PAGES = ROOT / "docs" / "rules"
FENCES = {".py": "python", ".tf": "hcl", ".json": "json", ".yaml": "yaml", ".yml": "yaml"}

_OPERATION = "../configuration.md#whether-a-project-is-operated"
_CHOICES = "../configuration.md#choices-that-comments-state"


def page(rule: Rule) -> str:
    return "\n".join([*_head(rule), *_examples(rule), *_references(rule)]).rstrip() + "\n"


def _head(rule: Rule) -> Iterator[str]:
    yield f"# {rule.code} {rule.name}"
    yield ""
    if rule.retired:
        yield f"**Retired**: {rule.retired}. The code stays known and finds nothing."
        yield ""
    yield (
        f"**Severity** {rule.severity} · **Pillar** {rule.pillar.replace('-', ' ')} · **Applies to** "
        + ", ".join(f"`{each}`" for each in rule.on)
    )
    yield ""
    lowered = in_programs(rule.severity, rule.concern) if "python" in rule.languages else {}
    if lowered:
        lowerings = ", ".join(f"{severity} {PROGRAM_KINDS[place]}" for place, severity in lowered.items())
        yield f"**[In Python](../python.md#what-a-finding-weighs)** {lowerings}"
        yield ""
    if rule.operational:
        less = "info" if rule.operational == "info" else "medium is low, and low is info"
        yield f"**[Where nothing shows operation]({_OPERATION})** {less}"
        yield ""
    if rule.subject is not None:
        yield f"**[Where a comment states the choice]({_CHOICES})** info"
        yield ""
    if rule.controls:
        yield f"**Same control elsewhere** {', '.join(f'`{each}`' for each in rule.controls)}"
        yield ""
    for name in rule.facts:
        yield f"**Facts** {name}, checked on {checked(name).date} against {checked(name).source}"
        yield ""
    yield from _section("What it does", rule.summary, *rule.details)
    yield from _section("Why is this bad?", rule.reason)
    if rule.exceptions:
        yield from _section("Exceptions", *rule.exceptions)
    remedies = [f"- {TITLES[each]}: {rule.remedy.in_language(each)}" for each in rule.languages]
    yield from _section("How to fix it", "\n".join(remedies))


def _section(title: str, *paragraphs: str) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    for paragraph in paragraphs:
        yield paragraph
        yield ""


def _examples(rule: Rule) -> Iterator[str]:
    pairs = [(language, *_pair(rule, language)) for language in rule.languages]
    if any(failing for _, failing, _ in pairs):
        yield from _section("Example")
    for language, failing, _ in pairs:
        if failing is not None:
            yield f"### {TITLES[language]}"
            yield ""
            yield from _source(failing)
    if any(fixed for _, _, fixed in pairs):
        yield from _section("Use instead")
    for language, _, fixed in pairs:
        if fixed is not None:
            yield f"### {TITLES[language]}, fixed"
            yield ""
            yield from _source(fixed)
    exceptions = [each for each in _of(rule, "unless") if each.path.is_file()]
    if exceptions:
        yield from _section("Not reported")
        yield from _source(min(exceptions, key=_length))


def _pair(rule: Rule, language: str) -> tuple[Example | None, Example | None]:
    """A failing example and the same corrected; without such a pair, the shortest of each."""
    failing = sorted((each for each in _of(rule, "fail") if each.language == language), key=_length)
    passing = sorted((each for each in _of(rule, "pass") if each.language == language), key=_length)
    named = {each.path.name: each for each in passing}
    for each in failing:
        fixed = named.get(each.path.name.replace("fail", "fixed", 1))
        if fixed is not None:
            return each, fixed
    return next(iter(failing), None), next(iter(passing), None)


def _of(rule: Rule, kind: str) -> list[Example]:
    return [each for each in harness.examples(rule.code) if each.kind == kind]


def _length(example: Example) -> int:
    """The shortest example shows a rule best."""
    return len(_main_file(example).read_text(encoding="utf-8"))


def _main_file(example: Example) -> Path:
    if example.path.is_file():
        return example.path
    return next(path for name in ("main.tf", "main.yaml") if (path := example.path / name).is_file())


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
    yield from _section("References", *rule.references)
    yield "## Related best practices"
    yield ""
    for each in rule.practices:
        yield f"- {_titled(each)}"


def _titled(practice: str) -> str:
    known, lens = practices().get(practice), lens_of(practice)
    if known is None or lens is None:
        return practice
    return f"{practice} {known.title} ([{lens.title}]({lens.address}))"


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
    lines += ["## By best practice", ""]
    for lens in LENSES:
        covered = [each for each in practices(lens.name) if any(each in rule.practices for rule in rules)]
        lines += [
            f"### {lens.title}",
            "",
            _coverage(lens, len(covered)),
            "",
            "| practice | title | rules |",
            "|---|---|---|",
        ]
        for practice in practices(lens.name).values():
            found = [_link(each) for each in rules if practice.id in each.practices]
            lines.append(f"| {practice.id} | {practice.title} | {', '.join(found) or 'review by a person'} |")
        lines.append("")
    lines += ["## By resource type", "", "| type | rules |", "|---|---|"]
    for each_type in sorted({each for rule in rules for each in rule.on}):
        lines.append(
            f"| `{each_type}` | {', '.join(_link(each) for each in rules if each_type in each.on)} |"
        )
    return "\n".join(lines) + "\n"


def _coverage(lens: Lens, covered: int) -> str:
    return (
        f"Configuration gives evidence for {covered} of the {len(practices(lens.name))} practices of the "
        f"[{lens.title}]({lens.address}). For the others, code cannot tell: a person reviews them."
    )


def _link(rule: Rule) -> str:
    return f"[{rule.code}]({rule.code}.md)"


def contents() -> dict[Path, str]:
    rules = harness.all_rules()
    return {PAGES / "index.md": index(rules)} | {PAGES / f"{rule.code}.md": page(rule) for rule in rules}


def main(arguments: list[str]) -> int:
    return write_or_check(contents(), arguments, __file__, PAGES.glob("*.md"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
