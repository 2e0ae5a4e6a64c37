"""The user's values for what the sources leave open, and the limits of a front end."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias, Union

from mlwa_lint.files.endings import ProjectFiles, files_of
from mlwa_lint.startup.records import NamedTuple

Json: TypeAlias = Union[str, int, float, bool, list["Json"], dict[str, "Json"], None]

# Instances of Terraform modules that are expanded in one configuration, unless the user allows more.
MODULES = 500
_LISTED = 3


class LoadOptions(NamedTuple):
    """Inputs of the evaluate stage.

    root:       nothing outside this folder is read (nested templates, modules, `file()`);
                None means the folder of the file or module at hand.
    parameters: CloudFormation parameter values by name; they decide conditions.
    variables:  Terraform variable values by name, from `--var`, as text or JSON values.
    var_files:  Terraform variable files, later ones win.
    environment_variables: whether `TF_VAR_name` counts.
    parameters_shared: the parameters are for several templates, so that one need not declare all of them.
    files: the files below the root, where they are listed for several readers at once.
    module_limit: how many instances of Terraform modules are expanded.
    operated: whether someone operates what is linted; None for what the repository shows.
    sagemaker_config: a file of SageMaker defaults; where none is named, the nearest in the project counts.
    """

    root: Path | None = None
    parameters: Mapping[str, Json] = {}
    variables: Mapping[str, Json] = {}
    var_files: tuple[Path, ...] = ()
    environment_variables: bool = False
    parameters_shared: bool = False
    files: ProjectFiles | None = None
    module_limit: int = MODULES
    operated: bool | None = None
    sagemaker_config: Path | None = None

    def listing_files(self, default: Path | None = None) -> "LoadOptions":
        """The same options with the files of the root, or of another folder where there is none."""
        return self if self.files is not None else self._replace(files=files_of(self.root or default))


def unread_values(files: Sequence[str], what: str, option: str) -> str:
    """A notice about files with values that no option names, and the option that reads them."""
    if not files:
        return ""
    more = f" and {len(files) - _LISTED} more" if len(files) > _LISTED else ""
    listed = ", ".join(files[:_LISTED]) + more
    verb = "has" if len(files) == 1 else "have"
    return f"{listed} {verb} values for its {what}, which are not read: {option} {files[0]} reads them"
