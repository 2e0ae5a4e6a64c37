"""The options of commands that lint, as a table: what reads a command line without click shares it."""

from pathlib import Path
from typing import Any

from mlwa_lint.config.command_line import CommandLine
from mlwa_lint.config.settings import THRESHOLDS
from mlwa_lint.errors import UserError
from mlwa_lint.frontends.options import Json
from mlwa_lint.model.findings import SCOPES, SEVERITIES
from mlwa_lint.reporters import FORMATS
from mlwa_lint.reporters.summary import GROUPS
from mlwa_lint.startup.records import NamedTuple

LENS_NAMES = ("machine-learning", "generative-ai", "agentic-ai", "responsible-ai")


class Option(NamedTuple):
    """An option: how it is written, and last its name in the program where that is not the same."""

    spellings: tuple[str, ...]
    help: str
    kind: str = "text"  # flag, number, path, text
    metavar: str | None = None
    choices: tuple[str, ...] = ()
    multiple: bool = False
    default: str | None = None
    completed: str = ""  # by which function of completing.py

    @property
    def name(self) -> str:
        """Its name in the program."""
        return self.spellings[-1].lstrip("-").replace("-", "_")


SELECTION = (
    Option(
        ("--select",),
        "Only these rules: rule codes, code prefixes, or names.",
        multiple=True,
        metavar="RULES",
        completed="rule_names",
    ),
    Option(
        ("--ignore",),
        "Not these rules; the more specific selector wins.",
        multiple=True,
        metavar="RULES",
        completed="rule_names",
    ),
    Option(("--config",), "Configuration file to use.", kind="path", metavar="FILE"),
    Option(("--rules",), "Load further rules (runs their code).", multiple=True, metavar="DIR|MODULE"),
)
RULES = (
    Option(
        ("--lens", "lenses"),
        "Only rules for best practices of a Well-Architected lens; repeatable.",
        multiple=True,
        choices=LENS_NAMES,
    ),
    *SELECTION,
)
INPUT = (
    Option(
        ("--scope",),
        "Check buckets, keys, functions and other general resources only where they are tied to ML "
        "(ml, the default), or all of them.",
        choices=SCOPES,
    ),
    Option(
        ("--parameters",),
        "CloudFormation parameter values, JSON or YAML; repeatable.",
        kind="path",
        multiple=True,
        metavar="FILE",
    ),
    Option(
        ("--var", "variables"),
        "The value of a Terraform variable; repeatable.",
        multiple=True,
        metavar="NAME=VALUE",
    ),
    Option(
        ("--var-file", "var_files"),
        "A file of Terraform variables; repeatable.",
        kind="path",
        multiple=True,
        metavar="FILE",
    ),
    Option(
        ("--sagemaker-config",),
        "Defaults of the SageMaker Python SDK (config.yaml) for Python programs.",
        kind="path",
        metavar="FILE",
    ),
    Option(
        ("--exclude",),
        "Leave out files and directories that match a pattern, as in .gitignore; repeatable. "
        "A file named as an argument is linted anyway, unless a hook names it.",
        multiple=True,
        metavar="GLOB",
    ),
    Option(
        ("--from-hook",),
        "A commit hook names the files: those that are not infrastructure code are skipped.",
        kind="flag",
    ),
    Option(
        ("--no-inline-suppressions",),
        "Report also what comments and metadata in the sources suppress.",
        kind="flag",
    ),
    Option(
        ("--validate",),
        "Report also what cfn-lint finds about ML resources in CloudFormation and SAM templates.",
        kind="flag",
    ),
    Option(("--jobs",), "Lint N targets at a time.", kind="number", metavar="N"),
    Option(("--no-cache",), "Neither read nor write the result cache.", kind="flag"),
)
LINT = (
    Option(("--severity",), "Report findings of at least this severity (default: low).", choices=SEVERITIES),
    Option(
        ("--fail-on",), "Exit 1 for findings of at least this severity (default: low).", choices=THRESHOLDS
    ),
    Option(
        ("--baseline",),
        "Report only findings that are not in this baseline.",
        kind="path",
        metavar="FILE",
    ),
    *INPUT,
)
FIX = (
    Option(("--fix",), "Fix what can be fixed safely, and report the rest.", kind="flag"),
    Option(
        ("--unsafe-fixes",),
        "With --fix or --diff: also fixes that replace a resource, cost, or change behaviour.",
        kind="flag",
    ),
    Option(("--diff",), "Print what --fix would change, and change nothing; exit 1 then.", kind="flag"),
    Option(("--show-fixes",), "List each fix, and why it is not safe or cannot be made.", kind="flag"),
    Option(
        ("--add-ignores",),
        "Suppress every finding where it is, with the reason that --reason gives.",
        kind="flag",
    ),
    Option(("--reason",), "Why --add-ignores suppresses.", metavar="TEXT"),
)
# The options above by their names in the program.
FIXING = tuple(each.name for each in FIX)
CHECK = (
    Option(
        ("--format", "formats"),
        f"Report format, to standard output or a file; repeatable. One of {', '.join(FORMATS)}.",
        multiple=True,
        metavar="FORMAT[:FILE]",
        completed="format_names",
    ),
    *RULES,
    *LINT,
    Option(
        ("--show-undecided",),
        "List undecided checks (values known only after deployment).",
        kind="flag",
    ),
    Option(("--show-suppressed",), "List suppressed findings too.", kind="flag"),
    Option(
        ("--since",),
        "Report only findings that depend on files changed since a git commit, branch or tag.",
        metavar="REF",
    ),
    *FIX,
    Option(("--exit-zero",), "Exit 0 even with findings (not with unreadable input).", kind="flag"),
    Option(("--statistics",), "Count findings per rule; with --format, list them as well.", kind="flag"),
    Option(("--group",), "Group findings in text output.", choices=GROUPS),
    Option(("--full",), "Show every finding in full, however many there are.", kind="flag"),
    Option(("--watch",), "Lint again whenever a file changes.", kind="flag"),
    Option(
        ("--color",),
        "Colour in text output; NO_COLOR and FORCE_COLOR are honoured.",
        choices=("auto", "always", "never"),
        default="auto",
    ),
    Option(
        ("--stdin-filename",),
        "File name for standard input: its extension determines the format, and reports use it.",
        default="",
        metavar="NAME",
    ),
    Option(("-q", "--quiet"), "One line per finding, no excerpts, no summary.", kind="flag"),
    Option(("-v", "--verbose"), "Show what is read, with which configuration.", kind="flag"),
)


def command_line_of(options: dict[str, Any]) -> CommandLine:
    """The values of the shared options. Raises UserError."""
    return CommandLine(
        select=_split(options["select"]),
        ignore=_split(options["ignore"]),
        severity=options.get("severity"),
        fail_on=options.get("fail_on"),
        scope=options.get("scope"),
        parameters=_existing("--parameters", options.get("parameters", ())),
        variables=dict(_variable(text) for text in options.get("variables", ())),
        var_files=_existing("--var-file", options.get("var_files", ())),
        sagemaker_config=_only("--sagemaker-config", options.get("sagemaker_config")),
        config=_only("--config", options["config"]),
        rules=options["rules"],
        jobs=options.get("jobs"),
        baseline=Path(options["baseline"]) if options.get("baseline") else None,
        cache=not options.get("no_cache", False),
        exclude=options.get("exclude", ()),
        from_hook=options.get("from_hook", False),
        since=options.get("since"),
        inline_suppressions=not options.get("no_inline_suppressions", False),
        lenses=options.get("lenses", ()),
        validate=options.get("validate", False),
    )


def _split(texts: tuple[str, ...]) -> tuple[str, ...]:
    """`--select MLS1,MLR` is the same as giving it twice."""
    return tuple(word for text in texts for word in text.replace(",", " ").split())


def _existing(option: str, texts: tuple[str, ...]) -> tuple[Path, ...]:
    for text in texts:
        if not Path(text).is_file():
            raise UserError(f"{option} {text}: no such file")
    return tuple(map(Path, texts))


def _only(option: str, text: str | None) -> Path | None:
    return _existing(option, (text,))[0] if text else None


def _variable(text: str) -> tuple[str, Json]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        shown = f"--var {text}" if text.replace("-", "_").isidentifier() else "--var"
        raise UserError(f"{shown}: no value", "write --var NAME=VALUE")
    return name.strip(), value
