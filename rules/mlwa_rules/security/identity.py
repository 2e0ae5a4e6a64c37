"""What ML execution roles may do, and who may assume them."""

from collections.abc import Iterator, Sequence

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import ROLE
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.queries import observed, purposes, roles, trusted
from mlwa_lint.graph.queries.acting import user_of
from mlwa_lint.graph.queries.identity import is_ml_role
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.resources import BEDROCK, ENDPOINTS
from mlwa_lint.rule import (
    NO,
    Answer,
    Claim,
    GraphView,
    Remedy,
    ResourceView,
    View,
    certainly,
    every,
    possibly,
    rule,
)
from mlwa_rules.security.holders import (
    ML_ROLE,
    POLICIES,
    changes_of_roles,
    is_administrators,
    is_for_ml,
    is_for_program,
    not_to_stay,
    serves_bases_alone,
    serves_code_alone,
    serves_functions_elsewhere,
    serves_glue,
    serves_glue_alone,
    serves_ml_elsewhere,
    whom,
    whose_code_calls_none,
    why_only_sets_up,
)
from mlwa_rules.security.service_roles import WITHOUT_CODE, is_for_services_at_hand
from mlwa_rules.security.wildcards import (
    ADMINISTRATION,
    BROAD_ACTIONS,
    BROAD_BESIDE,
    BROAD_POLICIES,
    grants_wildcard_actions,
)

_ML_ACTIONS = ("sagemaker:*", "bedrock:*", "bedrock-agentcore:*")
_PROGRAM = "a program acts with the role, not an ML service"
_ELSEWHERE = "the function that acts with the role is declared elsewhere"
_ADVICE = "list the actions and resources that are needed"
# Named beside wildcards, as whoever removes these alone would leave every secret to the role.
_OF_SECRETS = ("secretsmanager:getsecretvalue", "secretsmanager:batchgetsecretvalue")
_OF_MODELS = frozenset({"bedrock:*"})
# Wildcards that grant no access to data where no code runs with them.
_WITHOUT_DATA = frozenset({"bedrock:*", "kms:*"})
_FOR_BASES = "only knowledge bases act with it: no code runs with the role, and what it allows reads no data"
_NAMED = 2
# Wildcards of the services whose calls are known of code, and the kind of these calls.
_KINDS = {"bedrock:*": ("bedrock", BEDROCK), "sagemaker:*": ("sagemaker", ENDPOINTS)}
_LEFT = "remove the permission"
_HARMLESS = frozenset({"cloudwatch", "logs", "xray"})
_ONE_SERVICE = "only functions and Bedrock itself act with it, and it allows all of Bedrock alone"
# Wildcards that a policy of AWS has as well, which MLS502 reports as medium.
_MANAGED = {
    "sagemaker:*": "AmazonSageMakerFullAccess",
    "ecr:*": "AmazonEC2ContainerRegistryFullAccess",
    "glue:*": "AWSGlueConsoleFullAccess",
}
_AS_GLUE = "AWSGlueServiceRole, which the role has as well, allows it too"
_FOR_GLUE = "only Glue acts with it, and AWS's own policy for that, AWSGlueServiceRole, allows the same"
# Full access to what holds no data of a workload, and what AWS prescribes for one part of SageMaker.
_MILDER = (
    "AmazonSageMakerCanvasDataPrepFullAccess",
    "AmazonSageMakerCanvasFullAccess",
    "AmazonSageMakerModelRegistryFullAccess",
    "CloudWatchLogsFullAccess",
)


def is_reported_for_wildcards(
    policy: ResourceView, statement: policies.Statement, graph: GraphView
) -> Answer:
    """Whether MLS501 already covers a statement, so that narrower rules need not."""
    granted = grants_wildcard_actions(statement)
    return _concerns_ml(policy, statement, graph) & granted if possibly(granted) else NO


def _concerns_ml(policy: ResourceView, statement: policies.Statement, graph: GraphView) -> Answer:
    """Whether an ML role has a policy, or another program all of an ML service by a statement of it.

    Those are functions of another stack, tasks of ECS, services of App Runner and instances.
    """
    for_ml = is_for_ml(policy, graph)
    if certainly(for_ml):
        return for_ml
    if not serves_functions_elsewhere(policy, graph) and not possibly(is_for_program(policy, graph)):
        return for_ml
    all_of_ml = statement.any_action(lambda text: text.lower() in _ML_ACTIONS)
    return for_ml | all_of_ml | serves_ml_elsewhere(policy, graph)


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
    controls=("IAM.21",),
)
def ml_role_with_wildcard_actions(policy: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An ML execution role may perform every action of a service on every resource.

    Code from notebooks, packages and model files runs with these roles; anyone who can run code there can
    read, change and delete everything that the role can reach, including resources of other workloads.

    The rule checks roles that SageMaker, Bedrock, AgentCore, Glue or another ML service assumes, and those of
    functions that call SageMaker, Bedrock or AI services; not those of pipelines, builds and CloudFormation.
    A role that Lambda assumes, and that no function of the project acts with, counts with severity medium for
    what allows all of SageMaker, Bedrock or AgentCore, and so does one that ECS tasks, App Runner services or
    EC2 instances act with. Such a role of Lambda counts for any wildcard where it also allows invoking models
    or starting jobs, or is named for that (`TrainModelRole`). It reports `*`, the wildcard of a service that
    holds models, data, keys or permissions (`sagemaker:*`, `s3:*`, `bedrock:*`, `bedrock-agentcore:*`,
    `iam:*`, `kms:*`, `glue:*`, `ecr:*`, `secretsmanager:*`, `dynamodb:*`), and `NotAction` lists that leave
    one of these services out. `NotResource` counts as every resource: everything that it does not name is
    allowed. Several such statements of one role or policy are one finding, which also names the permission to
    read every secret (`secretsmanager:GetSecretValue`) in them. The severity is medium for `glue:*` alone
    where the role has AWS's own policy AWSGlueServiceRole, which allows it as well, or only Glue acts with
    it, to which that policy would allow the same, for roles that a notebook or an example program makes, or
    that the program deletes again, for `bedrock:*` alone where only functions, agents, flows and knowledge
    bases act with the role: it grants no access to data, keys or roles, and people do not assume it; for
    what is less than `*` or `iam:*` where Bedrock alone can assume the role, and only agents, flows, gateways
    and knowledge bases of the project act with it: no code runs with it; in workshops and tutorials, as for
    MLS504, and what is less than `*` or `iam:*` for functions that only custom resources of the project call;
    and for `sagemaker:*`, `ecr:*` and `glue:*` alone, which AmazonSageMakerFullAccess and its like
    allow as well (MLS502), where the role may neither make nor change a role, which the finding names
    otherwise; MLS504 reports that it may pass any. Where only functions act with the role, whose code in the
    repository calls the service nowhere, the permission should be removed.

    Exceptions: Not reported for policies of roles that have AdministratorAccess as well: MLS502 reports it.

    See [Grant least
    privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege).
    """
    found: list[tuple[Answer, View, str, str]] = []
    beside: dict[str, None] = {}
    for statement in policies.of_policy(policy) if not is_administrators(policy, graph) else ():
        granted = grants_wildcard_actions(statement)
        if not possibly(granted):
            continue
        granted = _concerns_ml(policy, statement, graph) & granted
        if not possibly(granted):
            continue
        what, place = _granted(statement)
        if certainly(granted):
            found.append((granted, place, what, _extent(statement)))
            beside.update(dict.fromkeys(_further_services(statement)))
        else:
            message = _broad(policy, [(what, _extent(statement))], graph)
            yield Claim(granted, place, message)
    if found:
        message = _broad(policy, [(what, extent) for _, _, what, extent in found], graph)
        related = tuple((place, f"allows {what}") for _, place, what, _ in found[1:])
        named = {what.lower() for _, _, what, _ in found}
        milder, changes = _milder(policy, named, graph)
        if changes:
            message += f"; the role may make or change roles as well ({', '.join(changes[:_NAMED])})"
        if _is_unused(policy, named, graph):
            message = f"{message.removesuffix(f': {_ADVICE}')}, whose code calls none of it: {_LEFT}"
        elif beside and all(what != "*" for _, _, what, _ in found):
            # At the end: what weighs most comes first.
            message += f"; beside that, it allows {_listed(list(beside))}"
        answered = every(each for each, _, _, _ in found)
        milder = milder or not_to_stay(policy, graph)
        milder = milder or purposes.why_for_learning(graph)
        if not milder and not changes and not _administers(named):
            milder = why_only_sets_up(policy, graph)
        yield Claim(answered, found[0][1], message, related=related, milder=milder)


def _is_unused(policy: ResourceView, named: set[str], graph: GraphView) -> bool:
    """Whether only functions have all of one service of ML, and call it nowhere in their code."""
    kind = _KINDS.get(next(iter(named))) if len(named) == 1 else None
    return kind is not None and bool(whose_code_calls_none(policy, graph, *kind))


def _milder(policy: ResourceView, named: set[str], graph: GraphView) -> tuple[str, Sequence[str]]:
    """Why what a policy allows weighs less, if it does, and the changes of roles for which it does not."""
    if not possibly(is_for_ml(policy, graph)):
        return _PROGRAM if possibly(is_for_program(policy, graph)) else _ELSEWHERE, ()
    if named == {"glue:*"} and serves_glue(policy, graph):
        return _AS_GLUE, ()
    if named == {"glue:*"} and serves_glue_alone(policy, graph):
        return _FOR_GLUE, ()
    if managed := _managed(named):
        changes = changes_of_roles(policy, graph)
        return "" if changes else managed, changes
    if named <= _WITHOUT_DATA and serves_bases_alone(policy, graph):
        return _FOR_BASES, ()
    if named <= _OF_MODELS and serves_code_alone(policy, graph):
        return _ONE_SERVICE, ()
    # Of what changes permissions, more than a service could make use.
    return WITHOUT_CODE if not _administers(named) and is_for_services_at_hand(policy, graph) else "", ()


def _administers(named: set[str]) -> bool:
    return any(each in ("*", "iam:*") for what in named for each in what.split(" and "))


def _managed(named: set[str]) -> str:
    """Which policies of AWS allow the same; empty where none does. named: the wildcards of statements."""
    wildcards = sorted({each for what in named for each in what.split(" and ")})
    if not wildcards or not _MANAGED.keys() >= {*wildcards}:
        return ""
    names = _listed([_MANAGED[each] for each in wildcards])
    return (
        f"{names}, " + ("policies of AWS, allow" if wildcards[1:] else "a policy of AWS, allows") + " as much"
    )


def _granted(statement: policies.Statement) -> tuple[str, View]:
    """Which wildcards a statement allows, in words, and where they are."""
    others = statement["NotAction"]
    listed = statement.actions_matching(lambda text: text.lower() in (*BROAD_ACTIONS, *_OF_SECRETS))
    named = " and ".join(dict.fromkeys(action.words for action in listed))
    if named:
        return named, statement.actions
    return "all but a few actions", statement.actions if certainly(others.is_absent()) else others


def _further_services(statement: policies.Statement) -> Iterator[str]:
    """Wildcards for whole services beside those that are reported; what logs and measures need is aside."""
    for action in statement.actions_matching(_is_of_service):
        if all(text.lower() not in (*BROAD_ACTIONS, *_OF_SECRETS) for text in action.texts):
            yield action.words


def _is_of_service(action: str) -> bool:
    service, _, name = action.lower().partition(":")
    return name == "*" and service not in _HARMLESS


def _listed(names: list[str]) -> str:
    """Some names as a phrase: "a, b and c"."""
    return " and ".join([*([", ".join(names[:-1])] if names[1:] else []), names[-1]])


def _broad(policy: ResourceView, granted: list[tuple[str, str]], graph: GraphView) -> str:
    """MLS501's message about a policy: what it allows, grouped by the resources it allows it on."""
    by_extent: dict[str, dict[str, None]] = {}
    for what, extent in granted:
        by_extent.setdefault(extent, {}).update(dict.fromkeys(what.split(" and ")))
    allowed = ", and ".join(f"{_listed(list(what))} on {extent}" for extent, what in by_extent.items())
    user = whom(policy, graph)
    if policy.type == ROLE and user == ML_ROLE:
        return f"{policy}, an ML execution role, allows {allowed}: {_ADVICE}"
    return f"{policy} allows {allowed} to {user}: {_ADVICE}"


@rule(
    "MLS502",
    "ml-role-with-broad-managed-policy",
    "medium",
    concern="protection",
    subject="permissions",
    practices=("MLSEC03-BP01",),
    on=(ROLE,),
    remedy=Remedy(
        "Replace it in `ManagedPolicyArns` by a policy with the actions and resources that are needed.",
        "Attach an `aws_iam_policy` with the actions and resources that are needed instead.",
    ),
    controls=("bedrock_full_access_policy_attached", "iam_role_administratoraccess_policy"),
)
def ml_role_with_broad_managed_policy(role: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A broad AWS managed policy is attached to an ML execution role.

    These policies are meant for getting started: they grant access to every bucket, every endpoint or the
    whole account, so code that runs with the role can do far more than its task requires.

    The rule reports AmazonSageMakerFullAccess, AmazonS3FullAccess, AmazonBedrockFullAccess,
    BedrockAgentCoreFullAccess, SecretsManagerReadWrite, AWSLambda_FullAccess, which lets its role change
    the code of every function, and the other full-access policies of data services, in every partition;
    with severity high, AdministratorAccess, PowerUserAccess and IAMFullAccess, and with severity low a
    role with CloudWatchLogsFullAccess alone, or with the policies of Canvas or of the model registry alone
    (AmazonSageMakerCanvasFullAccess), and one that nothing in the repository names or acts with where
    something does with other roles. One finding names all of a role that weigh alike, and beside
    them those for services that run code or pass messages on, such as AWSStepFunctionsFullAccess; beside
    AdministratorAccess, it also names what the role's own statements allow in addition.

    A role that ECS tasks, App Runner services or EC2 instances act with counts as an ML execution role as
    well where AmazonBedrockFullAccess, AmazonBedrockLimitedAccess or BedrockAgentCoreFullAccess is attached
    to it, and so does one whose trust policy is for them, for pods of EKS, Amplify, users of a Cognito
    identity pool, state machines, APIs, AppSync, rules, pipes or schedules.

    The role of a function that a Bedrock agent, or a gateway of AgentCore, calls as a tool counts as well:
    the model decides what it is called with.

    Exceptions: AmazonBedrockLimitedAccess itself, which is not reported.

    See [Get started with AWS managed policies, then move to
    least-privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-use-aws-defined-policies).
    """
    for_ml = is_ml_role(role, graph) | observed.runs_model_program(role, graph)
    for_ml |= trusted.holds_model_policy(role, graph)
    if not possibly(for_ml):
        return
    found: list[tuple[View, str]] = []
    beside: list[tuple[View, str]] = []
    for arn in policies.managed_policy_arns(role):
        name = outline(arn.value).rpartition("/")[2]
        attached = for_ml & roles.is_aws_policy(arn, name if GAP not in name else ADMINISTRATION[0])
        if name in (*ADMINISTRATION, *BROAD_POLICIES) and certainly(attached):
            found.append((arn, name))
        elif name in BROAD_BESIDE and certainly(attached):
            beside.append((arn, name))
        elif name in (*ADMINISTRATION, *BROAD_POLICIES) or GAP in name:
            yield Claim(attached, arn, f"a managed policy of {role} is not known")
    for administration in (True, False):
        alike = [each for each in found if (each[1] in ADMINISTRATION) == administration]
        if alike:
            yield _claim_of_broad(role, alike, [] if administration else beside, for_ml, graph)


def _claim_of_broad(
    role: ResourceView,
    found: list[tuple[View, str]],
    beside: list[tuple[View, str]],
    for_ml: Answer,
    graph: GraphView,
) -> Claim:
    """One claim for the broad policies of a role that weigh alike, at the first; it names those beside."""
    user = user_of(role, graph)
    if user is None and not possibly(is_ml_role(role, graph)):
        holder = trusted.holder_of(role, graph)
        user = observed.program_of(role, graph) or (holder.name if holder is not None else None)
    having = f"{role} gives {user}" if user else f"{role} is an ML execution role with"
    names = list(dict.fromkeys(name for _, name in (*found, *beside)))
    several = "policies" if len(names) > 1 else "policy"
    message = f"{having} the broad managed {several} {_listed(names)}: attach a policy with only the"
    message += " permissions that are needed"
    severity: Severity | None = "high" if names[0] in ADMINISTRATION else None
    if all(name in _MILDER for _, name in found):
        severity = "low"
    related = [(arn, f"attaches {name}") for arn, name in (*found[1:], *beside)]
    if is_administrators(role, graph):
        broad = [each for each in policies.of_role(role, graph) if certainly(grants_wildcard_actions(each))]
        related += [(place, f"allows {what} in addition") for what, place in map(_granted, broad)]
    offered = roles.why_only_offered(role, graph) if severity is None and user is None else ""
    return Claim(for_ml, found[0][0], message, severity, tuple(related), milder=offered)


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
    """Anyone, or anyone in another account, can assume an ML execution role.

    Principals outside your account can then read the training data and the models that the role can reach,
    without any permission in your account.

    A literal account number counts as another account, unless resources of the project use roles of that
    account.

    Exceptions: Not reported when the statement has a condition, such as on `sts:ExternalId`,
    `aws:SourceAccount` or `aws:PrincipalOrgID`.

    See [AWS JSON policy elements:
    Principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
    """
    for_ml = is_ml_role(role, graph)
    if not possibly(for_ml):
        return
    for statement in policies.trust(role):
        free = for_ml & statement.allows() & ~statement.has_condition()
        principal = statement.principal
        message = f"{role} can be assumed by anyone: its trust policy should name a service or a role"
        yield Claim(free & statement.any_principal(), principal, message)
        for account in statement.principals("AWS"):
            number = roles.account_in(account)
            message = f"{role} can be assumed by anyone in the account {number}, without a condition"
            yield Claim(free & roles.is_foreign_account(account, graph), account, message)
