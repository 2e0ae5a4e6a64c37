"""Reads files, and gives their paths and lines as they are shown."""

from mlwa_lint.startup.patterns import lazy

# The ending of Jupyter notebooks, for modules that do not read any.
NOTEBOOK = ".ipynb"
# Those of programs: of Python files, and of notebooks.
PROGRAMS = (".py", NOTEBOOK)
# Those of configurations for Terraform and OpenTofu.
TERRAFORM = (".tf", ".tf.json", ".tofu", ".tofu.json")
# What a program of the CDK has synthesized, into one of perhaps several folders beside one another.
ASSEMBLY = lazy(r"(?:^|(?<=/))cdk(?:tf)?\.out[^/]*/")
_SCRIPTS = (".sh", ".bash", "Makefile", "makefile")


def is_script(name: str) -> bool:
    """Whether a file may be a script that deploys templates, by its name."""
    return name.endswith(_SCRIPTS)
