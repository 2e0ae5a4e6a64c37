"""What the code of the images needs that a repository builds, for the models of templates and Terraform.

docs/decisions/0236 gives the reasons, 0289 those for templates.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.model.resources import FETCHES, Project, Resource
from mlwa_lint.model.values import Entry

if TYPE_CHECKING:
    from mlwa_lint.frontends.python.uses.project import Uses

_MODEL = "AWS::SageMaker::Model"


def with_container_code(project: Project, files: ProjectFiles | None) -> Project:
    """The project with why its models need the network, where the repository has their containers' code."""
    from mlwa_lint.frontends.python.uses.project import uses_in

    uses = uses_in(files) if files is not None else None
    if uses is None:
        return project
    from mlwa_lint.frontends.program_code import names_of_repositories

    repositories = names_of_repositories(project)
    resources = tuple(
        _noted(each, repositories, uses) if each.type == _MODEL else each for each in project.resources
    )
    return project._replace(resources=resources)


def _noted(model: Resource, repositories: Mapping[str, str], uses: "Uses") -> Resource:
    from mlwa_lint.frontends.python.uses.containers import images_of, need_of_image
    from mlwa_lint.frontends.python.uses.packing import need_of_archive

    near = uses.steps_of(model.span.path) or ()
    value = model.properties.value
    images = images_of(value)
    needs = (need_of_image(image, near, model, repositories, uses) for image in images)
    why = next((each for each in needs if each is not None), None)
    why = need_of_archive(value, model.span, near, uses) if why is None else why
    if why is None:
        return model
    entries = {**model.properties.entries, FETCHES: Entry(model.span, why, FETCHES)}
    return model._replace(properties=model.properties._replace(entries=entries))
