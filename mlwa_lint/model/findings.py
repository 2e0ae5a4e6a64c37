"""What a run finds: findings, undecided questions, and failures of rules."""

import builtins
from enum import Enum
from typing import Literal, TypeAlias

from mlwa_lint.model.intents import Intent
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.records import NamedTuple

Severity: TypeAlias = Literal["high", "medium", "low", "info"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low", "info")
# Whether only what the graph ties to machine learning is checked, or every resource.
Scope: TypeAlias = Literal["ml", "all"]
SCOPES: tuple[Scope, ...] = ("ml", "all")
# Whose concern a mistake is, which decides its weight in a program, an example or a module.
#   any:        of everyone, always: a leak, a door open to the world, a certain failure, an outdated version.
#   protection: of those who have something to protect: encryption, networks, pinned versions. A setting that
#               the program states unsafe weighs more than one that it leaves out.
#   cost:       of those who pay for what runs on unattended.
#   production: of those whom others depend on: a second instance, captured data, retries, tags.
#   deployment: of the deployment as a whole, since it has a place of its own: alarms, scaling, schedules.
Concern: TypeAlias = Literal["any", "protection", "cost", "production", "deployment"]
CONCERNS: tuple[Concern, ...] = ("any", "protection", "cost", "production", "deployment")

# Whether a rule is about a practice of those who operate something: it weighs one less where nothing shows
# that a project is operated; as `info`, no more than that.
Operational: TypeAlias = "bool | Literal['info']"
# What a comment has to speak of that states the choice which a rule reports, on purpose or with a reason.
StatedSubject: TypeAlias = Literal[
    "access",
    "filter",
    "idle",
    "internet",
    "key",
    "network",
    "permissions",
    "retention",
    "scaling",
    "trust",
    "vulnerable",
]


class AccountSetting(Enum):
    """What an account has once for each Region, whichever project declares it: "source VALUE"."""

    BEDROCK_ALARM = "watches throttles or errors of Bedrock models"
    BEDROCK_LOGGING = "configures model invocation logging"


ACCOUNT_SETTINGS = frozenset(each.value for each in AccountSetting)


class RelatedLocation(NamedTuple):
    """Another place that a finding rests on, and what is there."""

    span: Span
    message: str


class Lowered(NamedTuple):
    """Why a finding weighs less than elsewhere. severity: what it weighs there. because: a phrase."""

    severity: Severity
    because: str


class Written(NamedTuple):
    """A value that is written once, as a variable's default, and used elsewhere.

    checksum: of its last segment; reports hold no text that may be a secret.
    """

    span: Span
    checksum: int


class Instance(NamedTuple):
    """One of the resources that a finding is about: those of a loop, or of a module that is called often.

    root: what it is deployed with: a template, a Terraform root module, a plan, a CDK assembly.
    """

    address: str
    root: str
    condition: str | None


class Construct(NamedTuple):
    """Where a program of the CDK makes a resource.

    path: of the construct. file, line: of the program, if the assembly has them; `found` where that
          file is in the project.
    """

    path: str
    file: str = ""
    line: int = 0
    found: bool = False

    @property
    def source(self) -> str:
        """The line of the program, `lib/team.ts:17`; empty where it is not known."""
        return f"{self.file}:{self.line}" if self.file else ""


class Finding(NamedTuple):
    """One mistake at one place.

    condition: under which scenario or assumption it holds ("when IsProd is false"), None if always.
    reason:    why it matters, one line. remedy: how to fix it, one line, in the user's language.
    suppressed: the reason given when the user suppressed it ("" when none was given).
    property:  the property that it is about, in canonical names; empty for the resource as a whole.
    root:      what the resource is deployed with.
    controls:  the same control elsewhere, as in AWS Security Hub.
    several:   the resources that it is about, where equal findings were put together.
    construct: what it comes from, where a program of the CDK made the resource.
    fix:       what the rule would change; `mlwa_lint.fixes` makes an edit of it.
    lowered:   from what its severity was lowered, and why; None where it was not.
    lacking:   the relation that nothing has to an endpoint or a workflow, where that is the mistake
               ("monitors", "scales", "triggers"), and the known names of these; or the value of an
               AccountSetting.
    written:   the value that is the mistake wherever it is used; None where the use is.
    subject:   the name that a program states of what it is about, of which there is one: an endpoint, an
               agent, a gateway; empty for others.
    stated:    whether a program states the value that is the mistake, rather than leaving something out.
    joined:    the findings that were put together, the first being itself; empty where it is a single one.
    """

    code: str
    name: str
    severity: Severity
    pillar: str
    practices: tuple[str, ...]
    message: str
    span: Span
    address: str
    resource_type: str
    resource_span: Span
    help: str
    related: tuple[RelatedLocation, ...] = ()
    condition: str | None = None
    reason: str = ""
    remedy: str = ""
    suppressed: str | None = None
    property: str = ""
    root: str = ""
    controls: tuple[str, ...] = ()
    several: tuple[Instance, ...] = ()
    construct: Construct | None = None
    fix: Intent | None = None
    lowered: Lowered | None = None
    lacking: tuple[str, ...] = ()
    written: Written | None = None
    subject: str = ""
    stated: bool = False
    joined: tuple["Finding", ...] = ()

    @builtins.property
    def singles(self) -> tuple["Finding", ...]:
        """The findings that it consists of, each with a place of its own."""
        return self.joined or (self,)

    @builtins.property
    def of_account(self) -> bool:
        """Whether it reports as missing what an account has once for each Region."""
        return bool(self.lacking) and self.lacking[0] in ACCOUNT_SETTINGS

    @builtins.property
    def instances(self) -> tuple[Instance, ...]:
        """All resources that it is about."""
        return self.several or (Instance(self.address, self.root or self.span.path, self.condition),)


class Undecided(NamedTuple):
    """A rule that could not be decided for a resource before deployment, and why.

    failed: whether the rule has a finding for the resource nevertheless; reports then list only that.
    severity: that of the finding which it could be; less severe ones than are reported are not listed either.
    of_account: whether it is about what an account has once: one question for all of a repository.
    """

    code: str
    name: str
    address: str
    span: Span
    reasons: tuple[str, ...]
    failed: bool = False
    severity: Severity = "high"
    of_account: bool = False


class Checked(NamedTuple):
    """How many resources a rule passed, failed and could not decide."""

    code: str
    passed: int
    failed: int
    undecided: int


class RuleError(NamedTuple):
    """A rule that failed while it ran on a project: a bug in the rule; without a code, one of mlwa-lint.

    package: what brings the rule (a package, a file of the user's), where that is not us.
    help:    the address of that rule's page, where it has one.
    advice:  what to do where it need not be a bug.
    """

    code: str
    path: str
    message: str
    package: str = ""
    help: str = ""
    advice: str = ""
