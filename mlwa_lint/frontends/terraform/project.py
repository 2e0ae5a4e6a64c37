"""A root module's folder into a project of resources."""

import os
from collections.abc import Sequence
from pathlib import Path

from mlwa_lint.files.paths import shown
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.evaluation.loader import Loader
from mlwa_lint.frontends.terraform.evaluation.module import Module
from mlwa_lint.frontends.terraform.stacks import gaps_of
from mlwa_lint.frontends.terraform.vocabulary import normalise
from mlwa_lint.model.budget import for_target
from mlwa_lint.model.resources import Project


def load(folder: Path, options: LoadOptions, files: Sequence[Path] | None = None) -> Project:
    """The project of a root module; what cannot be read or understood becomes problems of the project."""
    with for_target():
        loader = loaded(folder, options, files)
        resources = tuple(normalise(loader.resources))
    return Project(
        root=shown(folder),
        resources=resources,
        scenarios=loader.scenarios,
        gaps=(*loader.gaps, *gaps_of(resources)),
        problems=tuple(loader.problems),
        sources=tuple(loader.sources),
    )


def loaded(folder: Path, options: LoadOptions, files: Sequence[Path] | None = None) -> Loader:
    """The evaluated configuration, still in Terraform's own names."""
    from mlwa_lint.frontends.terraform.evaluation.inputs import inputs_of

    folder = Path(os.path.normpath(folder))
    loader = Loader(folder, options.root or folder)
    content = loader.folder(loader.root_folder, files)
    inputs, problems = inputs_of(content, options)
    loader.problems += problems
    loader.load(Module(loader, content, "", inputs))
    return loader
