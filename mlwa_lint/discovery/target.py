"""What discovery finds: the things that are linted as a whole."""

from typing import Literal, TypeAlias

from mlwa_lint.model.resources import Problem
from mlwa_lint.startup.records import NamedTuple

TargetKind: TypeAlias = Literal["cloudformation", "terraform", "plan", "cdk", "python"]


SIZE_LIMIT = 100_000_000


class Target(NamedTuple):
    """One thing that is deployed as a whole: a template, a Terraform root module, a plan, a CDK assembly.

    A program or notebook in Python is one too. For `terraform` and `cdk` the path is a folder, otherwise a
    file. `beside` are further templates that are nested in it, or that import from one another with it, and
    are linted together with it; for a Terraform module that is linted alone, the folders from which
    others call it. `linked` are further Terraform configurations that read one another's state or
    parameters with it, and are linted together with it.
    """

    kind: TargetKind
    path: str
    beside: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()


class Passed(NamedTuple):
    """A file or folder that is not linted, and why."""

    path: str
    reason: str


class Discovery(NamedTuple):
    """What is to be linted, in a fixed order, and what could not be read.

    children: Terraform modules that others call; they are linted through their callers.
    passed:   what is not linted though it might have been.
    """

    targets: tuple[Target, ...]
    problems: tuple[Problem, ...]
    children: tuple[Target, ...] = ()
    passed: tuple[Passed, ...] = ()
