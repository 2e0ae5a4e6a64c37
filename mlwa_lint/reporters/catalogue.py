"""Rules for reading: a list of them, and one explained, as text, Markdown and JSON."""

import json
from collections.abc import Sequence
from textwrap import indent
from typing import TYPE_CHECKING, Any

from mlwa_lint.catalogue.examples import Example, examples_of
from mlwa_lint.catalogue.lens import lens_of, practices
from mlwa_lint.model.weights import PROGRAM_KINDS, in_programs
from mlwa_lint.rule import TITLES, Rule

if TYPE_CHECKING:
    from mlwa_lint.facts.tables import Provenance

_HEADINGS = {"fail": "Example that fails", "pass": "Example that passes"}


def listing(rules: Sequence[Rule], form: str) -> str:
    """One line per rule."""
    if form == "json":
        return json.dumps([_facts(rule) for rule in rules], indent=2, ensure_ascii=False) + "\n"
    if form == "markdown":
        rows = ["| Code | Name | Severity | Pillar | Summary |", "|---|---|---|---|---|"]
        rows += [f"| {r.code} | {r.name} | {r.severity} | {r.pillar} | {r.summary} |" for r in rules]
        return "\n".join(rows) + "\n"
    width = max((len(rule.name) for rule in rules), default=0)
    lines = [f"{r.code}  {r.severity:<6}  {r.name:<{width}}  {r.pillar}" for r in rules]
    return "".join(f"{line}\n" for line in lines)


def explanation(rules: Sequence[Rule], form: str, sources: Sequence[str] = ()) -> str:
    """Everything that is known about some rules; `sources` are the folders of custom rules."""
    explained = [(rule, examples_of(rule, sources)) for rule in rules]
    if form == "json":
        facts = [
            {**_facts(rule), "examples": [example._asdict() for example in examples]}
            for rule, examples in explained
        ]
        return json.dumps(facts[0] if len(facts) == 1 else facts, indent=2, ensure_ascii=False) + "\n"
    write = _markdown if form == "markdown" else _text
    return "\n".join(write(rule, examples) for rule, examples in explained)


def _facts(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity,
        "lowered": in_programs(rule.severity, rule.concern) if "python" in rule.languages else {},
        "pillar": rule.pillar,
        "practices": list(rule.practices),
        "lenses": list(dict.fromkeys(lens.name for lens in map(lens_of, rule.practices) if lens is not None)),
        "controls": list(rule.controls),
        "facts": [
            {"table": name, "source": each.source, "checked": each.date.isoformat()}
            for name, each in _checked(rule)
        ],
        "types": list(rule.on),
        "summary": rule.summary,
        "documentation": rule.documentation,
        "remedy": {language: rule.remedy.in_language(language) for language in rule.languages},
        "help": rule.help,
        "package": rule.package,
    }


def _text(rule: Rule, examples: Sequence[Example]) -> str:
    lines = [
        f"{rule.code} {rule.name} ({rule.severity}, {rule.pillar})",
        "",
        rule.documentation.strip(),
        "",
        *(f"Fix it in {TITLES[each]}: {rule.remedy.in_language(each)}" for each in rule.languages),
    ]
    lowered = in_programs(rule.severity, rule.concern) if "python" in rule.languages else {}
    if lowered:
        lines.append(
            "In Python: " + ", ".join(f"{each} {PROGRAM_KINDS[place]}" for place, each in lowered.items())
        )
    if rule.operational:
        less = "info" if rule.operational == "info" else "medium is low, and low is info"
        lines.append(f"Where nothing shows that the project is operated: {less}")
    if rule.subject is not None:
        lines.append("Where a comment at the resource states the choice, on purpose or with a reason: info")
    lines += [f"Practice: {_titled(practice)}" for practice in rule.practices]
    if rule.controls:
        lines.append("Controls: " + ", ".join(rule.controls))
    lines += [f"Facts: {line}" for line in _dated(rule)]
    if rule.on:
        lines.append("Looks at: " + ", ".join(rule.on))
    if rule.package:
        lines.append(f"From: {rule.package}")
    if rule.help:
        lines.append(f"Help: {rule.help}")
    for example in examples:
        lines += [
            "",
            f"{_HEADINGS[example.kind]} ({example.name}):",
            "",
            indent(example.text, "    ").rstrip(),
        ]
    return "\n".join(lines) + "\n"


def _markdown(rule: Rule, examples: Sequence[Example]) -> str:
    listed = ", ".join(map(_titled, rule.practices)) or "none"
    return "\n".join(
        [
            f"# {rule.code} {rule.name}",
            "",
            f"Severity: {rule.severity} · Pillar: {rule.pillar} · Practices: {listed}",
            "",
            rule.documentation.strip(),
            "",
            *(f"- {TITLES[each]}: {rule.remedy.in_language(each)}" for each in rule.languages),
            *([f"- Controls: {', '.join(rule.controls)}"] if rule.controls else []),
            *(f"- Facts: {line}" for line in _dated(rule)),
            "",
            *([f"From: `{rule.package}`", ""] if rule.package else []),
            *([f"Help: <{rule.help}>", ""] if rule.help else []),
            *(line for example in examples for line in _fenced(example)),
        ]
    )


def _checked(rule: Rule) -> "list[tuple[str, Provenance]]":
    """The tables that a rule rests on, with the day on which each was checked."""
    if not rule.facts:
        return []
    from mlwa_lint.facts.tables import checked

    return [(name, checked(name)) for name in rule.facts]


def _dated(rule: Rule) -> list[str]:
    return [f"{name}, checked on {each.date} ({each.source})" for name, each in _checked(rule)]


def _titled(practice: str) -> str:
    """A practice with its title, where the lens has one of that id."""
    known = practices().get(practice)
    return f"{practice} ({known.title})" if known else practice


def _fenced(example: Example) -> list[str]:
    language = "hcl" if example.language == "terraform" else example.name.rpartition(".")[2]
    return [f"## {_HEADINGS[example.kind]}", "", f"```{language}", example.text.rstrip(), "```", ""]
