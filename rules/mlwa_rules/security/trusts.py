"""Trust policies of roles that services of ML assume: on whose behalf, and whether they can at all."""

from collections.abc import Iterator, Sequence

from mlwa_lint.facts.ai_services import principals_with_source
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.iam.statements import Statement
from mlwa_lint.graph.kinds import ROLE
from mlwa_lint.rule import Answer, Claim, GraphView, Remedy, ResourceView, certainly, rule, some
from mlwa_rules.security.holders import why_deleted_again

# Services whose documentation recommends limiting the source in the trust policies of their roles.
SERVICES_WITH_SOURCE = principals_with_source()
_FEW_SERVICES = 2
_SOURCE_KEYS = ("aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths")
_POWERLESS = "the project gives the role no permission"
_INSTEAD = Remedy(
    "Replace the condition by `Condition: {StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}`.",
    'Replace the condition by `Condition = { StringEquals = { "aws:SourceAccount" = ... } }`.',
)


@rule(
    "MLS508",
    "service-trust-without-source",
    "low",
    subject="trust",
    practices=("MLSEC03-BP01",),
    on=(ROLE,),
    facts=("ai_services",),
    remedy=Remedy(
        "Add `Condition: {StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}` to the trust policy.",
        'Add `Condition = { StringEquals = { "aws:SourceAccount" = ... } }` to the trust policy.',
    ),
)
def service_trust_without_source(role: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A service of ML can assume a role on behalf of any account or resource.

    Without a condition on the source, a resource of another account that can make the service use the role
    acts with its permissions (the confused deputy problem).

    The rule checks trust policies that name SageMaker, Bedrock, AgentCore, Comprehend, Forecast, Fraud
    Detector, Kendra, Lex, Personalize, Amazon Q Business, Rekognition, Textract or Transcribe, whose
    documentation recommends `aws:SourceAccount` or `aws:SourceArn`. EC2 and other services that the same
    statement names may not send them: they need a statement without the condition.

    A condition on `aws:PrincipalTag`, `aws:PrincipalOrgID` or `aws:PrincipalOrgPaths` never holds for a
    service, whose requests have none of these: the service cannot assume the role at all. That is reported
    instead, and the condition has to be replaced.

    The severity is info for roles to which the project gives no permission at all, and in workshops and
    tutorials, whose roles are deleted again: as the title of a README, a path or the name of a resource
    shows, or a notebook that deletes the stack of an example. So it is for what a program deletes again, and
    for what a program of an example makes: whoever starts jobs there may pass roles anyway.

    See [The confused deputy problem](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
    """
    failing: dict[bool, list[tuple[Statement, Answer]]] = {True: [], False: []}
    milder = why_deleted_again(role, graph)
    for statement in policies.trust(role):
        trusts = statement.allows() & statement.for_service(*SERVICES_WITH_SOURCE)
        never = trusts & statement.excludes_services()
        is_open = trusts & ~statement.narrowed_by(*_SOURCE_KEYS)
        if certainly(never):
            failing[True].append((statement, never))
        elif certainly(is_open):
            failing[False].append((statement, is_open))
        else:
            yield Claim(is_open, statement.principal, _trust_message(role, [statement]), milder=milder)
    for excluded, found in failing.items():
        if not found:
            continue
        statements, answers = zip(*found, strict=True)
        first, *others = (each["Condition"] if excluded else each.principal for each in statements)
        related = tuple((each, "this statement as well") for each in others)
        if excluded:
            message = _exclusion_message(role, statements)
            yield Claim(some(answers), first, message, related=related, milder=milder, remedy=_INSTEAD)
        else:
            weaker = milder or (_POWERLESS if _may_do_nothing(role, graph) else "")
            message = _trust_message(role, statements)
            yield Claim(some(answers), first, message, related=related, milder=weaker)


def _may_do_nothing(role: ResourceView, graph: GraphView) -> bool:
    """Whether the project certainly gives a role no permission, and attaches no policy to it."""
    return policies.of_role(role, graph).is_empty() and not policies.managed_policy_arns(role)


def _trust_message(role: ResourceView, statements: Sequence[Statement]) -> str:
    message = f"{role} can be assumed by {_services(statements)} on behalf of any account: its trust policy"
    message += " should have a condition on aws:SourceAccount or aws:SourceArn"
    others = [each for statement in statements for each in _others_in(statement)]
    if others:
        shown = " and ".join(others) if len(others) <= _FEW_SERVICES else "other services"
        message += f", in a statement of its own, as {shown} may not send them"
    return message


def _exclusion_message(role: ResourceView, statements: Sequence[Statement]) -> str:
    keys = " and ".join(dict.fromkeys(key for each in statements for key in each.keys_without_services()))
    message = (
        f"{role} cannot be assumed by {_services(statements)}: its trust policy has a condition on {keys},"
    )
    return f"{message} which requests of a service do not have; aws:SourceAccount should replace it"


def _services(statements: Sequence[Statement]) -> str:
    named = [
        each
        for each in SERVICES_WITH_SOURCE
        if any(certainly(statement.for_service(each)) for statement in statements)
    ]
    services = " and ".join(f"{each}.amazonaws.com" for each in named)
    return services if 0 < len(named) <= _FEW_SERVICES else "ML services"


def _others_in(statement: Statement) -> list[str]:
    """The services of a trust policy's statement whose documentation does not mention the source."""
    texts = (each.text or "" for each in statement.principals("Service"))
    return [each for each in texts if each and each.partition(".")[0] not in SERVICES_WITH_SOURCE]
