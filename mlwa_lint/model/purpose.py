"""What a project is for, according to its path: to be deployed, as an example, or by callers."""

import re
from itertools import pairwise
from typing import Literal, TypeAlias

from mlwa_lint.startup.patterns import lazy

# deployed:    the default.
# example:     it shows how something is used, or gives people something to try.
# test:        tests deploy it and delete it again.
# development: it is the environment in which people develop.
# trial:       such an environment of an example.
# lesson:      an example that people come to for learning, and delete again: a workshop, a lab, a course.
# module:      a Terraform module that others complete, which nothing of the repository calls.
# uncalled:    such a module beside configurations that are deployed, and call others.
Purpose: TypeAlias = Literal[
    "deployed", "example", "test", "development", "trial", "lesson", "module", "uncalled"
]
# What is not operated.
SHOWN_PURPOSES: tuple[Purpose, ...] = ("example", "test", "trial", "lesson")
# Why what is a lesson weighs less.
FOR_LEARNING = "it is set up for learning, and deleted again"
# Why what matters to those who operate something weighs less.
UNOPERATED = "nothing in the repository shows that it is operated"
MODULES: tuple[Purpose, ...] = ("module", "uncalled")

# Stages that people depend on, wherever they are in a name.
OF_STAGES = lazy(r"(?i)(?<![a-z])(?:live|prd|preprod|prod|production|stag|staging)(?![a-z])")
_EXAMPLES = frozenset(
    (
        *("demo", "demos", "example", "examples", "playground", "poc", "sample", "samples"),
        *("tutorial", "tutorials", "workshop", "workshops"),
    )
)
# What people come to for learning, wherever it is in a name: `WorkshopDomain`, `workshop-setup.yaml`. A lab
# may be an environment, a company or a place where blood is tested; it counts as a folder's whole name.
_TAUGHT_IN = frozenset(
    (
        *(
            "bootcamp",
            "bootcamps",
            "codelab",
            "codelabs",
            "hackathon",
            "hackathons",
            "handson",
            "immersionday",
        ),
        *("masterclass", "nanodegree", "tutorial", "tutorials", "walkthrough", "workshop", "workshops"),
        *("bachelorarbeit", "diplomarbeit", "diplomka", "loppuprojekti", "masterarbeit", "masterthesis"),
    )
)
_TWO_WORDS = lazy(
    r"\b(?:hands on|immersion day|capture the flag|damn vulnerable|vulnerable by design)\b"
    r"|^(?:an? |the )?(?:deliberately|intentionally) (?:insecure|vulnerable)\b"
    # What is handed in at a school, also in languages that have a word of their own for it.
    r"|\b(?:bachelors?|masters?|diplom|diploma) thesis\b|\b(?:capstone|diploma|graduation|thesis) project\b"
    r"|\bfinal (?:year )?project\b|\bdiplom(?:n|sk|ov)a (?:praca|prace|rabota|robota)\b"
    r"|\bdiplomski rad\b|\bproyecto (?:de grado|final)\b|\bprojet de fin d etudes\b"
    r"|\btrabajo (?:de|fin de) (?:grado|master)\b|\btrabalho de conclus(?:ao| o)\b"
)
# What states that it is insecure on purpose, so that it can be attacked.
_INSECURE = r"(?:insecure|misconfigured|over ?(?:broad|permissi\w+|privileged)|vulnerable)"
_VULNERABLE = lazy(
    rf"\b(?:deliberately|intentionally|purposefully|purposely) (?:\w+ )?{_INSECURE}\b"
    rf"|\b{_INSECURE} (?:by design|on purpose)\b|\bdamn (?:insecure|vulnerable)\b"
    r"|\b(?:capture the flag|ctf) (?:challenges?|exercises?|labs?|scenarios?)\b"
    r"|^vulnerable (?:agent|app|application|bot|chatbot|demo|infra(?:structure)?|labs?|stack)$"
)
# Projects that are vulnerable to be learned from are called like WebGoat, the first of them.
_GOATS = lazy(
    r"(?i)\b(?:ai|aws|cdk|cfn|cicd|cloud|iam|kube|kubernetes|lambda|llm|ml|node|rails|sage|serverless|terra|web)"
    r"[-_ ]?goat\b"
)
# One of these is in each of them: most names are ruled out by that.
_MARKS = (
    *(*_TAUGHT_IN, "hands", "immersion", "capture", "vulnerable", "insecure", "goat"),
    *("bachelor", "capstone", "diplom", "final", "graduation", "master", "thesis", "trabajo", "trabalho"),
)
_MARKS_OF_VULNERABLE = (
    "ctf",
    "damn",
    "deliberately",
    "design",
    "flag",
    "goat",
    "purpose",
    "intentionally",
    "vulnerable",
)
_LABS = frozenset(("lab", "labs"))
_CAPITALS = lazy(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z]+")
# Repositories that are deployed to stay are called `claims-poc` and `agent-samples` as well.
_OF_REPOSITORIES = frozenset(("demo", "demos", "poc", "sample", "samples"))
# A folder `test` may be an environment of that name; folders named so hold tests.
_TESTS = frozenset(("tests", "testing", "e2e"))
_DEVELOPMENT = frozenset(("dev", "development", "qa", "sandbox"))
# Below these, a folder is an environment; elsewhere `dev` may be anyone's folder of sources.
_ENVIRONMENTS = frozenset(
    ("env", "envs", "environment", "environments", "live", "parameters", "stage", "stages")
)
_WORDS = lazy(r"[^a-z]+")
# The last word of a folder's name shows what it is: `06-workshops`, `advanced-examples`.
# So does that of a numbered lab: `lab_2_emr`.
_LAB = lazy(r"^labs?[-_]?\d")
_LAST = lazy(r"[a-z]+$")


def purpose_of(root: str, reusable: bool, teaches: bool = False) -> Purpose:
    """What a project is for.

    root: what is deployed, a folder or a template, below the repository or the working folder: what is
          above them is no part of the project.
    reusable: whether it is a Terraform module that waits for callers.
    teaches: whether the repository itself states that it is for learning or trying.
    """
    written = _parts(root)
    *folders, name = (part.lower() for part in written)
    stem, dot, _ = name.rpartition(".")
    words = set(_WORDS.split(stem)) if dot else set[str]()
    places = folders if dot else [*folders, name]
    ends = [
        end.group()
        for depth, each in enumerate(places)
        if (end := _LAST.search(each)) is not None and not (depth == 0 and _may_name_repository(each))
    ]
    taught = any(map(is_named_for_learning, written)) or any(map(_is_lab, places))
    if taught or not _EXAMPLES.isdisjoint((*ends, *words)):
        return "example"
    if not _TESTS.isdisjoint(places):
        return "test"
    within = [child for parent, child in pairwise((*folders, name)) if parent in _ENVIRONMENTS]
    if not _DEVELOPMENT.isdisjoint((*within, *words)):
        return "trial" if teaches else "development"
    if teaches:
        return "example"
    return "module" if reusable else "deployed"


def _parts(root: str) -> list[str]:
    """The folders and the name of what is deployed; its name alone where the folders lie above it."""
    written = root.replace("\\", "/").split("/")
    above = root.startswith("/") or ".." in written[:-1] or re.match("[a-z]:", root.lower())
    return written[-1:] if above else written


def is_place_for_learning(root: str) -> bool:
    """Whether a folder or the name of what is deployed has a word for what people come to for learning."""
    return any(map(is_named_for_learning, _parts(root)))


def is_named_for_learning(name: str) -> bool:
    """Whether a name, or a short text, has a word for what people come to for learning."""
    lower = name.lower()
    if not any(mark in lower for mark in _MARKS):
        return False
    words = [word.lower() for word in _CAPITALS.split(name) if word]
    taught = not _TAUGHT_IN.isdisjoint(words) or _TWO_WORDS.search(" ".join(words)) is not None
    return taught or _GOATS.search(name) is not None


def is_vulnerable_by_name(name: str) -> bool:
    """Whether a name, or a short text, states that what it is of is insecure on purpose."""
    lower = name.lower()
    if not any(mark in lower for mark in _MARKS_OF_VULNERABLE):
        return False
    words = " ".join(word.lower() for word in _CAPITALS.split(name) if word)
    return _VULNERABLE.search(words) is not None or _GOATS.search(name) is not None


def _is_lab(folder: str) -> bool:
    return folder in _LABS or _LAB.search(folder) is not None


def _may_name_repository(folder: str) -> bool:
    """Whether a folder at the top may be a repository called so: `claims-poc`, not `01-samples`."""
    *others, last = _WORDS.split(folder)
    return last in _OF_REPOSITORIES and any(others)
