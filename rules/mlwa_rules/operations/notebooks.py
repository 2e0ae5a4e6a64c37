"""Operation of notebook instances."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import NOTEBOOK
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, rule


@rule(
    "MLO401",
    "notebook-without-code-repository",
    "low",
    practices=("MLOPS03-BP02",),
    on=(NOTEBOOK,),
    remedy=Remedy(
        "Set `DefaultCodeRepository: !GetAtt Notebooks.CodeRepositoryName`.",
        "Set `default_code_repository = aws_sagemaker_code_repository.notebooks.code_repository_name`.",
    ),
)
def notebook_without_code_repository(notebook: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A notebook instance has no code repository.

    Notebooks then live on one instance's volume alone: without history, without review, and gone
    together with the instance.

    A default repository or an additional one will do, by its URL or by the name of a
    `AWS::SageMaker::CodeRepository`.

    See [Git repositories with SageMaker AI notebook
    instances](https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-git-repo.html).
    """
    default, others = notebook["DefaultCodeRepository"], notebook["AdditionalCodeRepositories"]
    message = f"{notebook} has no code repository: it sets neither {default} nor {others}"
    yield Claim(default.is_absent() & others.is_absent(), default, message)
