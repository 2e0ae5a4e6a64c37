"""What the roles of machine learning may do, and who may act with them."""

from collections.abc import Iterator

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import MODEL, ROLE
from mlwa_lint.graph.queries import hosting, roles
from mlwa_lint.graph.queries.identity import is_ml_role
from mlwa_lint.rule import (
    Answer,
    Claim,
    GraphView,
    Remedy,
    ResourceView,
    View,
    certainly,
    possibly,
    rule,
    some,
)

POLICIES = (ROLE, *policies.ATTACHED_TYPES)
BROAD_ACTIONS = ("*", "*:*", "sagemaker:*", "s3:*", "bedrock:*", "iam:*")
BROAD_SERVICES = ("sagemaker", "s3", "bedrock", "iam")
_ADVICE = ": it should list the actions and resources that are needed"
ADMINISTRATION = ("AdministratorAccess", "PowerUserAccess")
BROAD_POLICIES = (
    "AmazonSageMakerFullAccess",
    "AmazonS3FullAccess",
    "AmazonBedrockFullAccess",
    "IAMFullAccess",
)


def _is_for_ml(policy: ResourceView, graph: GraphView) -> Answer:
    """Whether a policy, or the role itself, is there for an ML role."""
    return policies.roles_of(policy, graph).any(lambda role: is_ml_role(role, graph))


def _extent(statement: policies.Statement) -> str:
    few = certainly(statement["NotResource"].is_present())
    return "all but a few resources" if few else "every resource"


@rule(
    "MLS501",
    "ml-role-with-wildcard-actions",
    "high",
    practices=("MLSEC03-BP01",),
    on=POLICIES,
    remedy=Remedy(
        "List what is needed: `Action: [s3:GetObject]`, `Resource: !Sub ${TrainingData.Arn}/*`.",
        'List what is needed: `actions = ["s3:GetObject"]`, '
        '`resources = ["${aws_s3_bucket.training.arn}/*"]`.',
    ),
)
def ml_role_with_wildcard_actions(policy: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A role of machine learning may do everything with a service, on every resource.

    Code from notebooks, packages and model files runs with these roles; whoever gets to run code there can
    read, change and delete all that the role can reach, also far from this workload.

    It is about roles that SageMaker, Bedrock, Glue or another ML service may assume or acts with, and
    those of functions that call AI services, endpoints or Bedrock models; and about `*`, `sagemaker:*`,
    `s3:*`, `bedrock:*`, `iam:*` and `NotAction` lists that leave one of these services out. `NotResource`
    counts as every resource: what it does not name, also what comes later, is allowed.

    See [Grant least
    privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege).
    """
    for_ml = _is_for_ml(policy, graph)
    if not possibly(for_ml):
        return
    for statement in policies.of_policy(policy):
        anywhere = for_ml & statement.allows() & statement.on_any_resource()
        if not possibly(anywhere):
            continue
        for action in statement.actions.items():
            message = f"{policy} allows {action.text} on {_extent(statement)} to an ML role"
            broad = action.test(lambda text: text.lower() in BROAD_ACTIONS)
            yield Claim(anywhere & broad, action, message + _ADVICE)
        others = statement["NotAction"]
        covered = some(statement.covers_service(service) for service in BROAD_SERVICES)
        message = f"{policy} allows all but a few actions on {_extent(statement)} to an ML role"
        yield Claim(anywhere & others.is_present() & covered, others, message + _ADVICE)


@rule(
    "MLS502",
    "ml-role-with-broad-managed-policy",
    "medium",
    practices=("MLSEC03-BP01",),
    on=(ROLE,),
    remedy=Remedy(
        "Replace it in `ManagedPolicyArns` by a policy with the actions and resources that are needed.",
        "Attach an `aws_iam_policy` with the actions and resources that are needed instead.",
    ),
)
def ml_role_with_broad_managed_policy(role: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A role of machine learning has one of AWS's broad managed policies.

    These policies are made to get going: they reach every bucket, every endpoint or the whole account, so
    that code which runs with the role can do far more than its task.

    It looks for AmazonSageMakerFullAccess, AmazonS3FullAccess, AmazonBedrockFullAccess, IAMFullAccess and,
    with severity high, AdministratorAccess and PowerUserAccess.

    See [Get started with AWS managed policies, then move to
    least-privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-use-aws-defined-policies).
    """
    for_ml = is_ml_role(role, graph)
    if not possibly(for_ml):
        return
    for arn in policies.managed_policy_arns(role):
        for name in (*ADMINISTRATION, *BROAD_POLICIES):
            message = f"{role} is a role of machine learning and has the broad managed policy {name}"
            advice = "it should have a policy of its own with what it needs"
            named = for_ml & roles.is_aws_policy(arn, name)
            yield Claim(named, arn, f"{message}: {advice}", "high" if name in ADMINISTRATION else None)


@rule(
    "MLS503",
    "training-and-hosting-share-role",
    "high",
    practices=("MLSEC03-BP01", "MLSEC04-BP01"),
    on=(MODEL,),
    remedy=Remedy(
        "Give the model a role of its own: `ExecutionRoleArn: !GetAtt HostingRole.Arn`.",
        "Give the model a role of its own: `execution_role_arn = aws_iam_role.hosting.arn`.",
    ),
)
def training_and_hosting_share_role(model: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A hosted model acts with the same role as training, a pipeline, a notebook or Studio.

    A model needs little more than to read its artefact; with the role of training, a manipulated request or
    model reaches the training data, and a notebook's user can act as production.

    It compares the execution roles of models that an endpoint configuration or an inference component
    hosts with those of training, tuning and AutoML jobs (also in Step Functions and pipelines), of
    pipelines, notebook instances, Studio domains and user profiles. The same ARN or the same parameter is
    the same role.

    See [How to use SageMaker AI execution
    roles](https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html).
    """
    own = model["ExecutionRoleArn"]
    hosted = hosting.configs_serving(model, graph).exist()
    if not possibly(hosted):
        return
    found = roles.same_of_development(own, graph)
    shared = [role for role, same in found if certainly(same)]
    message = f"{model} is hosted with the same role as {_names(shared)}: {own} should be a role of its own"
    related = tuple((role, f"{roles.holder_of(role)} acts with it as well") for role in shared)
    yield Claim(hosted & some(same for _, same in found), own, message, related=related)


def _names(shared: list[View]) -> str:
    """Whose roles they are, the first few by name."""
    names = list(dict.fromkeys(str(roles.holder_of(role)) for role in shared))
    return " and ".join(names) if len(names) < 3 else f"{names[0]} and {len(names) - 1} others"


@rule(
    "MLS504",
    "pass-role-on-any-resource",
    "high",
    practices=("MLSEC03-BP01",),
    on=POLICIES,
    remedy=Remedy(
        "Name the roles in `Resource`, or add "
        "`Condition: {StringEquals: {iam:PassedToService: sagemaker.amazonaws.com}}`.",
        "Name the roles in `resources`, or add a `condition` on `iam:PassedToService`.",
    ),
)
def pass_role_on_any_resource(policy: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A role of machine learning may hand any role to any service.

    Whoever runs code with it can start something with a more powerful role, an administrator's for
    example, and so get all that this role may do.

    `role/*` of an account is any role as well. Silent when a condition on `iam:PassedToService` says to
    which services roles may be passed.

    See [Grant a user permissions to pass a role to an AWS
    service](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html).
    """
    for_ml = _is_for_ml(policy, graph)
    if not possibly(for_ml):
        return
    for statement in policies.of_policy(policy):
        passes = for_ml & statement.allows() & statement.covers_action("iam:PassRole")
        anyone = statement.on_any_resource() | roles.is_any_role(statement.resources)
        limited = statement.narrowed_by("iam:PassedToService")
        message = f"{policy} lets an ML role pass any role to any service"
        advice = "it should name the roles, or limit iam:PassedToService"
        yield Claim(passes & anyone & ~limited, statement.resources_or_others, f"{message}: {advice}")


@rule(
    "MLS505",
    "ml-role-trust-too-broad",
    "high",
    practices=("MLSEC03-BP01",),
    on=(ROLE,),
    remedy=Remedy(
        "Trust one service or role: `Principal: {Service: sagemaker.amazonaws.com}`.",
        'Trust one service or role: `Principal = { Service = "sagemaker.amazonaws.com" }`.',
    ),
)
def ml_role_trust_too_broad(role: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Anybody, or everybody of another account, may act with a role of machine learning.

    Strangers can then read the training data and the models that the role can reach, without any right in
    your account.

    A literal account number is taken for another account's, unless resources of the project act with roles
    of it. Silent when the statement has any condition, such as on `sts:ExternalId`, `aws:SourceAccount` or
    `aws:PrincipalOrgID`.

    See [AWS JSON policy elements:
    Principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
    """
    for_ml = is_ml_role(role, graph)
    if not possibly(for_ml):
        return
    for statement in policies.trust(role):
        free = for_ml & statement.allows() & ~statement.has_condition()
        principal = statement.principal
        message = f"{role} may be assumed by anybody: its trust policy should name who may"
        yield Claim(free & statement.any_principal(), principal, message)
        for account in statement.principals("AWS"):
            number = roles.account_in(account)
            message = f"{role} may be assumed by everybody of the account {number}, without a condition"
            yield Claim(free & roles.is_foreign_account(account, graph), account, message)
