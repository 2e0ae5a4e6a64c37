"""The interface for authors of rules: a rule is metadata with a check, and all that a check needs is here.

@rule(
    "MLS402",
    "notebook-root-access",
    "high",
    practices=("MLSEC03-BP02",),
    on=("AWS::SageMaker::NotebookInstance",),
    remedy=Remedy("Set RootAccess: Disabled", 'Set root_access = "Disabled"'),
)
def notebook_root_access(notebook: ResourceView, graph: GraphView) -> Iterator[Claim]:
    '''Summary in one sentence. …'''
    access = notebook["RootAccess"]
    yield Claim(~access.equals("Disabled"), access, f"{notebook} gives its users root access")
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from mlwa_lint.graph.changes import Change, add_resource, append_to, remove, set_attributes, set_to, use_key
from mlwa_lint.graph.edges import Edge, EdgeKind
from mlwa_lint.graph.relations import GraphView, Links
from mlwa_lint.graph.views import Resolved, ResourceView, View, same_value, why_unknown
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, every, possibly, some, undecided
from mlwa_lint.model.findings import AccountSetting, Concern, Operational, Scope, Severity, StatedSubject
from mlwa_lint.model.intents import Data
from mlwa_lint.model.resources import Language
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from mlwa_lint.model.notation import ArgumentNames

__all__ = [
    "DECLARATIVE",
    "HELP_ADDRESS",
    "LANGUAGES",
    "NO",
    "PILLARS",
    "TITLES",
    "YES",
    "AccountSetting",
    "Answer",
    "Change",
    "Check",
    "Claim",
    "Concern",
    "Data",
    "Edge",
    "EdgeKind",
    "GraphView",
    "Links",
    "Mistake",
    "ProjectCheck",
    "Remedy",
    "Resolved",
    "ResourceView",
    "Rule",
    "Scope",
    "StatedSubject",
    "View",
    "add_resource",
    "answer",
    "append_to",
    "certainly",
    "every",
    "possibly",
    "project_rule",
    "remove",
    "rule",
    "same_value",
    "set_attributes",
    "set_to",
    "some",
    "undecided",
    "use_key",
    "why_unknown",
]

PILLARS = {
    "O": "operational-excellence",
    "S": "security",
    "R": "reliability",
    "P": "performance-efficiency",
    "C": "cost-optimization",
    "U": "sustainability",
}
LANGUAGES: tuple[Language, ...] = ("cloudformation", "terraform", "python")
# Where only those can make the mistake that declare a whole stack.
DECLARATIVE: tuple[Language, ...] = ("cloudformation", "terraform")
TITLES: dict[Language, str] = {
    "cloudformation": "CloudFormation",
    "terraform": "Terraform",
    "python": "Python",
}
# Codes of built-in rules start with this: they are about machine learning, whatever types they read.
_OWN_CODES = "ML"
BUILT_IN = "mlwa_rules"
# Prefix of the module names of rule files that the user names.
LOCAL_MODULE = "mlwa_lint_local_"
_EXCEPTIONS = "Exceptions:"
_REFERENCES = "See ["
HELP_ADDRESS = "https://mlwa-lint.readthedocs.io/rules/{code}/"


class Remedy(NamedTuple):
    """How to fix it, in one line of each language.

    Without a line for Python, the one for CloudFormation is rewritten: boto3 has the same names.
    """

    cloudformation: str
    terraform: str
    python: str = ""

    def in_language(
        self, language: Language, names: "ArgumentNames | None" = None, at: tuple[str, ...] = ()
    ) -> str:
        """The line for one language; `names` are those of the calls of a program.

        `at` is the property that a finding is about.
        """
        if language == "python":
            from mlwa_lint.model.notation import ArgumentNames, in_python

            return in_python(self.python or self.cloudformation, names or ArgumentNames(), at)
        return self.terraform if language == "terraform" else self.cloudformation


class Claim(NamedTuple):
    """What a check claims: the answer to "is this wrong?", where, and in one sentence what.

    The engine makes a finding of YES, an undecided one of UNDECIDED, and nothing of NO.
    severity: another than the rule's own, where a case is worse or milder.
    related:  other properties that it rests on, with a few words on each.
    remedy:   one that overrides the rule's, where the resource's type or the finding needs another.
    width:    how much the message covers. What a rule claims of one place in several worlds is one finding,
              reported in its widest wording: the one of the greatest width, then the longest.
    lacking:  where the mistake is that nothing in the project has a relation to an endpoint or a workflow,
              that relation, which something in another stack of the repository may have: a kind of edge, or
              a text where it is more than that (`KEEPS_SEVERAL`). Or what the account lacks, which any stack
              may declare: such findings of one repository are one.
    fix:      what would put it right, where one change of the resource does: `set_to(access, "Disabled")`.
    concern:  another than the rule's own, where a case concerns fewer or more.
    milder:   what in the configuration lowers a case by one severity, in the words of the report:
              "nothing that is deployed with it uses a customer managed key"; empty where nothing shows it.
    required: whether the service requires the setting, so that writing a value is not a choice of the user:
              in notebooks and examples it then weighs no more than what is left out.
    in_use:   whether a protection matters only where production depends on the resource: where nothing shows
              that, in a program, the finding weighs low.
    leaks:    whether the text itself is the mistake, such as a password: whoever reads it obtains it, whether
              it is run or not.
    operational: whether it is a practice of those who operate something, where that is otherwise than for the
              rule's other cases.
    """

    answer: Answer
    at: View
    message: str
    severity: Severity | None = None
    related: tuple[tuple[View, str], ...] = ()
    remedy: Remedy | None = None
    width: int = 0
    lacking: EdgeKind | AccountSetting | str | None = None
    fix: Change | None = None
    concern: Concern | None = None
    milder: str = ""
    required: bool = False
    leaks: bool = False
    in_use: bool = False
    operational: bool | None = None


# The name that rules of third parties may still import.
Mistake = Claim


Check: TypeAlias = Callable[[ResourceView, GraphView], Iterator[Claim]]
ProjectCheck: TypeAlias = Callable[[GraphView], Iterator[Claim]]


class Rule(NamedTuple):
    """One rule of the catalogue.

    on:            canonical types whose resources are handed to `check`, one at a time; a type may end
                   in `*`. A rule about a project as a whole runs once if one of them occurs.
    practices:     ids of the Machine Learning Lens's best practices that it gives evidence for.
    documentation: Markdown; the first paragraph is the summary, the second why it matters. Further ones
                   give details; one that begins with `Exceptions:` lists when the rule does not report,
                   and one that begins with `See [` names references.
    languages:     those in which the mistake can be made; where one cannot express it, the
                   documentation states so.
    retired:       why the rule no longer finds anything; its code stays known and is never used again.
    scope:         `ml`: of types that serve every purpose (buckets, keys, functions …) the rule checks only
                   resources that the graph ties to machine learning; `all`: every resource of its types.
    controls:      the same control elsewhere: `SageMaker.1` of AWS Security Hub, or a check of Prowler, that
                   fails for the same setting of the same type; exact matches only.
    facts:         the dated tables of `mlwa_lint.facts` that it rests on.
    concern:       whose concern the mistake is, which decides its weight in a script or notebook.
    literal:       whether the mistake is a value itself, wherever it is used: all uses of one that is written
                   once, as a variable's default or a parameter's, are one finding.
    operational:   whether it is about a practice of those who operate something, rather than a mistake: it
                   weighs less, or `info`, where nothing shows that a project is operated, unless other
                   resources of the project follow the practice.
    subject:       of what a comment beside the resource states, on purpose or with a reason, what the rule
                   reports: it is info then.
    link:          the address of its page, for rules that are not ours.
    """

    code: str
    name: str
    severity: Severity
    practices: tuple[str, ...]
    on: tuple[str, ...]
    remedy: Remedy
    documentation: str
    check: Check | None
    project_check: ProjectCheck | None = None
    languages: tuple[Language, ...] = LANGUAGES
    retired: str = ""
    scope: Scope = "all"
    controls: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    concern: Concern = "any"
    literal: bool = False
    operational: Operational = False
    subject: StatedSubject | None = None
    link: str = ""

    @property
    def pillar(self) -> str:
        """The pillar, from the code's third letter."""
        return PILLARS[self.code[2]]

    @property
    def summary(self) -> str:
        """What is wrong, in one sentence."""
        return " ".join(self.documentation.split("\n\n", 1)[0].split())

    @property
    def reason(self) -> str:
        """Why it matters, in one sentence: the documentation's second paragraph."""
        return _second_paragraph(self.documentation)

    @property
    def details(self) -> tuple[str, ...]:
        """What exactly is reported: paragraphs beside summary, reason, exceptions and references."""
        kept = (each for each in self._paragraphs[2:] if not each.startswith((_EXCEPTIONS, _REFERENCES)))
        return tuple(kept)

    @property
    def exceptions(self) -> tuple[str, ...]:
        """When the rule does not report, one paragraph each."""
        found = (each for each in self._paragraphs[2:] if each.startswith(_EXCEPTIONS))
        return tuple(each.removeprefix(_EXCEPTIONS).strip() for each in found)

    @property
    def references(self) -> tuple[str, ...]:
        """Where to read on, one paragraph each."""
        return tuple(each for each in self._paragraphs[2:] if each.startswith(_REFERENCES))

    @property
    def _paragraphs(self) -> list[str]:
        return self.documentation.strip().split("\n\n")

    @property
    def help(self) -> str:
        """The address of the rule's page; empty for a third-party rule that names none."""
        if self.link or not self.code.startswith(_OWN_CODES):
            return self.link
        return _page_of(self.code)

    @property
    def package(self) -> str:
        """The package or file that brings the rule; empty for our own."""
        check = self.check or self.project_check
        module = str(getattr(check, "module", None) or getattr(check, "__module__", ""))
        name = module.partition(".")[0]
        if name.startswith(LOCAL_MODULE):
            return f"{name.removeprefix(LOCAL_MODULE)}.py"
        return "" if name == BUILT_IN else name


# Read for each of many thousand findings, which then share one text.
@cache
def _second_paragraph(documentation: str) -> str:
    paragraphs = documentation.strip().split("\n\n")
    return " ".join(paragraphs[1].split()) if len(paragraphs) > 1 else ""


@cache
def _page_of(code: str) -> str:
    return HELP_ADDRESS.format(code=code)


def rule(
    code: str,
    name: str,
    severity: Severity,
    *,
    practices: tuple[str, ...],
    on: tuple[str, ...],
    remedy: Remedy,
    languages: tuple[Language, ...] = LANGUAGES,
    retired: str = "",
    scope: Scope | None = None,
    controls: tuple[str, ...] = (),
    facts: tuple[str, ...] = (),
    concern: Concern = "any",
    literal: bool = False,
    operational: Operational = False,
    subject: StatedSubject | None = None,
    help: str = "",  # noqa: A002 - what authors of rules call it
) -> Callable[[Check], Rule]:
    """Makes a rule of a check; its docstring is the rule's documentation.

    scope:   defaults to `ml` for built-in rules and to `all` for third-party rules.
    concern: `any` for what weighs the same in templates, scripts and notebooks.
    literal: the mistake is the value itself: where one variable gives it to many, that is one finding.
    operational: a practice of those who operate something (see `Rule`).
    subject: what a comment that states the choice speaks of (see `Rule`).
    help:    the address of a page about the rule, for rules that are not ours.
    """

    def decorate(check: Check) -> Rule:
        return Rule(
            code=code,
            name=name,
            severity=severity,
            practices=practices,
            on=on,
            remedy=remedy,
            documentation=_documentation(check.__doc__),
            check=check,
            languages=languages,
            retired=retired,
            scope=scope or _usual_scope(code),
            controls=controls,
            facts=facts,
            concern=concern,
            literal=literal,
            operational=operational,
            subject=subject,
            link=help,
        )

    return decorate


def project_rule(
    code: str,
    name: str,
    severity: Severity,
    *,
    practices: tuple[str, ...],
    on: tuple[str, ...],
    remedy: Remedy,
    languages: tuple[Language, ...] = LANGUAGES,
    controls: tuple[str, ...] = (),
    facts: tuple[str, ...] = (),
    concern: Concern = "any",
    operational: Operational = False,
    subject: StatedSubject | None = None,
    help: str = "",  # noqa: A002 - what authors of rules call it
) -> Callable[[ProjectCheck], Rule]:
    """Makes a rule about a project as a whole."""

    def decorate(check: ProjectCheck) -> Rule:
        return Rule(
            code=code,
            name=name,
            severity=severity,
            practices=practices,
            on=on,
            remedy=remedy,
            documentation=_documentation(check.__doc__),
            check=None,
            project_check=check,
            languages=languages,
            controls=controls,
            facts=facts,
            concern=concern,
            operational=operational,
            subject=subject,
            link=help,
        )

    return decorate


def _usual_scope(code: str) -> Scope:
    return "ml" if code.startswith(_OWN_CODES) else "all"


def _documentation(docstring: str | None) -> str:
    lines = (docstring or "").strip().splitlines()
    rest = [line for line in lines[1:] if line.strip()]
    indent = min((len(line) - len(line.lstrip()) for line in rest), default=0)
    return "\n".join([*lines[:1], *(line[indent:] for line in lines[1:])])
