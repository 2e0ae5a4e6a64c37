"""Operation of notebook instances."""

from collections.abc import Iterator

from mlwa_lint.facts.today import has_passed, written
from mlwa_lint.facts.versions import notebook_platform
from mlwa_lint.graph.kinds import NOTEBOOK
from mlwa_lint.graph.queries import purposes, scripts
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, rule, set_to

_FILLED = "a script fills it with files from S3 or the web, where they are kept"
_OFF = "it does not exist by default"
_SHOWN = "it is an example"


@rule(
    "MLO401",
    "notebook-without-code-repository",
    "low",
    operational=True,
    practices=("MLOPS03-BP02",),
    on=(NOTEBOOK,),
    remedy=Remedy(
        "Set `DefaultCodeRepository: !GetAtt Notebooks.CodeRepositoryName`.",
        "Set `default_code_repository = aws_sagemaker_code_repository.notebooks.code_repository_name`.",
    ),
)
def notebook_without_code_repository(notebook: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A notebook instance has no code repository.

    Notebooks then exist only on the volume of one instance: without history, without review, and lost
    together with the instance.

    A default repository or an additional one is enough, by its URL or by the name of an
    `AWS::SageMaker::CodeRepository`.

    The severity is info where a script of the instance's lifecycle configuration fills it from S3 or the web
    (`aws s3 sync s3://...`): the notebooks are kept there. It is info for an instance that does not exist
    by default, in examples, and in workshops, labs and courses.

    Exceptions: Not reported where a script of the instance's lifecycle configuration clones a repository
    (`git clone`).

    See [Git repositories with SageMaker AI notebook
    instances](https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-git-repo.html).
    """
    default, others = notebook["DefaultCodeRepository"], notebook["AdditionalCodeRepositories"]
    message = f"{notebook} has no code repository: it sets neither {default} nor {others}"
    named = default.is_present() | others.is_present()
    milder = _FILLED if scripts.copies_files(notebook, graph) else _OFF if _is_off(notebook) else ""
    milder = milder or purposes.why_for_learning(graph) or (_SHOWN if purposes.is_shown(graph) else "")
    yield Claim(~named & ~scripts.fetches_repository(notebook, graph), default, message, milder=milder)


def _is_off(notebook: ResourceView) -> bool:
    """Whether an instance exists only where a parameter or variable is not left at its default."""
    return any(each.condition.default is (not each.holds) for each in notebook.resource.guards)


@rule(
    "MLO402",
    "notebook-on-retired-platform",
    "medium",
    literal=True,
    practices=("MLSEC03-BP02",),
    on=(NOTEBOOK,),
    remedy=Remedy(
        "Set `PlatformIdentifier: notebook-al2023-v1`.", 'Set `platform_identifier = "notebook-al2023-v1"`.'
    ),
    controls=("SageMaker.8",),
    facts=("versions",),
)
def notebook_on_retired_platform(notebook: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A notebook instance runs on a platform that AWS no longer supports.

    The operating system gets no security patches any more, and some platforms cannot be started again.

    The platforms and their last days of support are in a dated table.

    See [Amazon Linux 2 notebook instances](https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-al2.html).
    """
    platform = notebook["PlatformIdentifier"]
    known = {notebook_platform(text) for text in platform.texts}
    found = known.pop() if len(known) == 1 else None
    ends = found.ends if found is not None else None
    ended = f"has not supported since {written(ends)}" if ends is not None else "no longer supports"
    wanted = found.successor if found is not None else "a current one"
    message = f"{notebook} runs on {platform.words}, which AWS {ended}: {platform} should be"
    fix = set_to(platform, found.successor) if found is not None else None
    yield Claim(platform.test(_is_retired), platform, f"{message} {wanted}", fix=fix)


def _is_retired(name: str) -> bool:
    found = notebook_platform(name)
    return found is not None and has_passed(found.ends)
