"""Security of vector stores: who can reach the documents that models retrieve."""

from collections.abc import Iterator

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.queries import purposes, safeguards, vectors
from mlwa_lint.model.findings import Severity
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, certainly, possibly, rule

VECTOR_BUCKET_POLICY = "AWS::S3Vectors::VectorBucketPolicy"
_SHOWN = "it is an example"
# What it weighs by how many reasons beside the first one, which lowers it once more unless it is info.
_LOWERED: tuple[Severity | None, ...] = (None, "medium", "info")
_BUCKET_REMEDY = Remedy(
    "Name the roles in `Principal`, or add a `Condition` on `aws:PrincipalOrgID`.",
    "Name the roles in `Principal`, or add a `Condition` on `aws:PrincipalOrgID`.",
)


@rule(
    "MLS611",
    "vector-store-open",
    "high",
    operational=True,
    subject="network",
    practices=("GENSEC01-BP02", "GENSEC01-BP03"),
    on=(vectors.SECURITY_POLICY, VECTOR_BUCKET_POLICY),
    remedy=Remedy(
        'Set `"AllowFromPublic": false` and `"SourceServices": ["bedrock.amazonaws.com"]`; what creates '
        'indexes needs its VPC endpoint in `"SourceVPCEs"`.',
        'Set `AllowFromPublic = false` and `SourceServices = ["bedrock.amazonaws.com"]`; what creates '
        "indexes needs its VPC endpoint in `SourceVPCEs`.",
    ),
)
def vector_store_open(policy: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A vector store of a knowledge base is reachable from the internet, or open to every AWS account.

    The store holds the text of all documents that a model can retrieve; anyone who reaches it with a stolen
    or overly broad permission can read them, or plant text that the model then repeats.

    The rule reports network policies of OpenSearch Serverless with `AllowFromPublic` for a collection that a
    knowledge base of the project uses, or for all of them (`collection/*`) where one uses any, and policies
    of S3 vector buckets that allow something to `Principal: "*"`. The severity of an open network is high,
    and medium where the project has data access policies whose principals are roles, users, values of
    parameters, or the account that the project is deployed to, by a literal id if the repository names
    resources of that account as well: other requests are refused, from whatever network they come. It is
    medium too where a knowledge base and its role are declared and no data access policy is, without which
    every request is refused (MLR607). In notebooks and examples that is low, and so it is where nothing in
    the repository shows that the project is operated or suggests a customer managed key (see MLS401): what
    creates the index often runs on someone's computer. It is one less where Terraform's opensearch provider
    creates the index in a project without a VPC that is no module of others, or a program of the repository
    does that is not a function. A collection of the type VECTORSEARCH that no knowledge base of a project
    with ML uses is reported with severity medium, and low where data access policies name who has access and
    the index is created like that.

    A knowledge base needs access from the service alone. What creates its indexes, a function or Terraform's
    opensearch provider, needs a VPC endpoint of OpenSearch Serverless in `SourceVPCEs` as well.

    Exceptions: Not reported for a vector bucket policy with a condition that restricts callers: organization,
    account, source VPC, VPC endpoint, IP range.

    See [Network access for Amazon OpenSearch
    Serverless](https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-network.html)
    and [Managing vector bucket
    policies](https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-vectors-access-management.html).
    """
    if policy.type == vectors.SECURITY_POLICY:
        for document in vectors.documents_of(policy):
            public = document["AllowFromPublic"]
            used = vectors.covers_knowledge_base(document, graph)
            message = f"{policy} opens the collection of a knowledge base to the internet:"
            message += " AllowFromPublic should be false"
            open_ = policy["Type"].equals("network") & public.is_true()
            open_to_all = open_ & used
            milder = vectors.why_few_have_access(graph)
            maker = vectors.why_reached_from_outside(policy, graph)
            if milder and policy.language == "python":
                # A notebook reaches the collection over the internet to create its index.
                yield Claim(open_to_all, public, message, "medium", milder=maker, concern="protection")
                continue
            of_others = open_ & vectors.covers_vectors(document, graph)
            if certainly(used) or not possibly(of_others):
                # The index is often created from the computer of whoever tries it.
                tried = _SHOWN if purposes.is_shown(graph) else safeguards.why_modest(graph)
                further = [each for each in (tried, maker) if each and milder]
                severity = _LOWERED[len(further)]
                milder = ", and ".join([milder, *further])
                yield Claim(open_to_all, public, message, severity, milder=milder)
            else:  # a program searches them, or a knowledge base that is declared elsewhere
                message = f"{policy} opens a collection of vectors to the internet: AllowFromPublic should be"
                less = f"{milder}, and {maker}" if milder and maker else ""
                yield Claim(open_to_all | of_others, public, f"{message} false", "medium", milder=less)
        return
    for statement in policies.of_policy(policy):
        message = f"{policy} is open to anyone: {statement} allows access to everyone, without a condition"
        message += " on the source or the account"
        yield Claim(statement.open_to_anyone(), statement.principal, message, remedy=_BUCKET_REMEDY)
