"""Data stores and functions that can be reached from outside the workload."""

from collections.abc import Iterator

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import PERMISSION, SECURITY_GROUP
from mlwa_lint.graph.queries import network
from mlwa_lint.graph.queries.identity import has_ml
from mlwa_lint.graph.queries.ties import is_tied_to_ml
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.secret_names import is_literal_secret
from mlwa_lint.model.values import Scalar, Unknown
from mlwa_lint.rule import (
    NO,
    Answer,
    Claim,
    Data,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    answer,
    certainly,
    possibly,
    rule,
    set_to,
    some,
    undecided,
    why_unknown,
)

DOMAIN = "AWS::OpenSearchService::Domain"
REDSHIFT = "AWS::Redshift::Cluster"
STORES = (
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBCluster",
    REDSHIFT,
    "AWS::DocDB::DBCluster",  # has the password of its instances
    "AWS::DocDB::DBInstance",
    "AWS::Neptune::DBInstance",
)
_OLD_TLS = ("Policy-Min-TLS-1-0-2019-07",)
_HTTPS_REMEDY = Remedy(
    "Set `DomainEndpointOptions: {EnforceHTTPS: true, TLSSecurityPolicy: Policy-Min-TLS-1-2-2019-07}`.",
    "Add `domain_endpoint_options` with `enforce_https = true` and a `tls_security_policy` of TLS 1.2.",
)
_PASSWORD_REMEDY = Remedy(
    "Set `ManageMasterUserPassword: true` (Redshift: `ManageMasterPassword`).",
    "Set `manage_master_user_password = true` (Redshift: `manage_master_password`).",
)
_NARROWING = ("SourceArn", "SourceAccount", "PrincipalOrgID", "EventSourceToken")


@rule(
    "MLS320",
    "search-domain-exposed",
    "high",
    practices=("MLSEC03-BP02",),
    on=(DOMAIN,),
    remedy=Remedy(
        "Set `VPCOptions`, or name the roles in the `Principal` of `AccessPolicies`.",
        "Add `vpc_options`, or name the roles in the `Principal` of `access_policies`.",
    ),
)
def search_domain_exposed(domain: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A search domain of an ML workload can be reached by anyone, or without a current version of TLS.

    Documents and embeddings for retrieval are as sensitive as their sources; open search domains are scanned
    for and copied within hours.

    The rule reports domains outside of a VPC whose access policy allows everyone; the severity is medium
    where fine-grained access control requires a user as well. With severity medium it reports domains that do
    not enforce HTTPS or allow TLS below 1.2.

    Exceptions: Not reported for domains that no ML resource of the project uses, and for policies with a
    condition that restricts callers: IP range, source VPC, organization, account.

    See [Identity and access management in Amazon OpenSearch
    Service](https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html) and [Domain
    endpoint
    options](https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainEndpointOptions.html).
    """
    outside = domain["VPCOptions"].is_absent()
    users = domain["AdvancedSecurityOptions.Enabled"].is_true()
    for statement in policies.statements(domain["AccessPolicies"]):
        message = f"{domain} is open to the internet: {statement} of its access policy lets everyone in,"
        message += f" and it sets no {domain['VPCOptions']}"
        severity: Severity | None = "medium" if certainly(users) else None
        yield Claim(outside & statement.open_to_anyone(), statement.principal, message, severity)
    options = domain["DomainEndpointOptions"]
    https, tls = options["EnforceHTTPS"], options["TLSSecurityPolicy"]
    plain, old = ~https.is_true(), tls.one_of(_OLD_TLS)
    named = [f"{https} should be true"] if certainly(plain) else []
    named += [f"{tls} should require TLS 1.2"] if certainly(old) else []
    place = https if certainly(plain) or not certainly(old) else tls
    message = f"{domain} accepts connections that are not protected by current TLS: {' and '.join(named)}"
    related = ((tls, "allows TLS 1.0"),) if certainly(plain) and certainly(old) else ()
    values: dict[str, Data] = {"EnforceHTTPS": True} if certainly(plain) else {}
    if certainly(old):
        values["TLSSecurityPolicy"] = "Policy-Min-TLS-1-2-2019-07"
    fix = set_to(options, values, risk="clients without TLS 1.2 are refused")
    yield Claim(plain | old, place, message, "medium", related, _HTTPS_REMEDY, fix=fix)


@rule(
    "MLS321",
    "data-store-publicly-accessible",
    "high",
    practices=("MLSEC03-BP02",),
    on=STORES,
    remedy=Remedy("Set `PubliclyAccessible: false`.", "Set `publicly_accessible = false`."),
    scope="all",
)
def data_store_publicly_accessible(store: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A database of an ML workload has a public address, or its master password is in the configuration.

    Features, embeddings and experiments are then protected only by a password, which in the second case
    everyone who can read the template or its history knows.

    A literal default of a parameter or variable counts as a literal. The finding never shows the password.

    Exceptions: A public address is reported for databases that ML resources of the project use, and for every
    database of a project with ML resources whose security group lets in the whole internet; a literal
    password for every database of such a project. Placeholders, dynamic references and generated
    passwords are not reported. MLS106 reports a password in a secret, such as that with which a knowledge
    base logs in to its vector store.

    See [Hiding a DB instance in a VPC from the
    internet](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html)
    and [Password management with Amazon RDS and AWS Secrets
    Manager](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html).
    """
    public = store["PubliclyAccessible"]
    fix = set_to(public, False, risk="clients outside the VPC cannot reach it any more")
    open_to_all = [(opening, certainly(opening.to_world)) for opening in _openings(store, graph)]
    related = tuple((each.cidr, "lets in the whole internet") for each, is_open in open_to_all if is_open)
    message = f"{store} has a public address{', open to the whole internet' if related else ''}:"
    exposed = some(opening.to_world for opening, _ in open_to_all) & has_ml(graph)
    concerned = public.is_true() & (is_tied_to_ml(store, graph) | exposed)
    yield Claim(concerned, public, f"{message} {public} should be false", related=related, fix=fix)
    if possibly(has_ml(graph)):
        password = store["MasterUserPassword"]
        managed = store["ManageMasterPassword" if store.type == REDSHIFT else "ManageMasterUserPassword"]
        message = f"{store} has a literal master password in {password}: {managed} should be true instead"
        literal = _is_literal(password) & has_ml(graph)
        yield Claim(literal, password, message, remedy=_PASSWORD_REMEDY, leaks=True)


def _openings(store: ResourceView, graph: GraphView) -> Iterator[network.Opening]:
    """What the security groups of a store let in."""
    for group in graph.targets(store, EdgeKind.PLACED_IN, SECURITY_GROUP):
        yield from network.openings(group, graph)


def _is_literal(password: View) -> Answer:
    value = password.value
    if isinstance(value, Scalar):
        return answer(is_literal_secret(str(value.data)), value.assumed)
    opaque = isinstance(value, Unknown) and not value.secret and not value.parts
    return undecided(why_unknown(value)) if opaque else NO


@rule(
    "MLS509",
    "function-invocable-from-any-account",
    "medium",
    concern="protection",
    practices=("MLSEC06-BP01",),
    on=(PERMISSION,),
    remedy=Remedy(
        "Set `SourceArn`, and `SourceAccount` for buckets: `SourceAccount: !Ref AWS::AccountId`.",
        "Set `source_arn`, and `source_account` for buckets.",
    ),
)
def function_invocable_from_any_account(permission: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A service can invoke an ML function on behalf of any account.

    A bucket, topic or API of another account can then feed the function, which invokes a model at your
    expense and writes to your data.

    The rule checks permissions for functions that invoke a model or an AI service, or that ML resources use.
    The severity is high for `Principal: "*"`.

    Exceptions: Not reported with `SourceArn`, `SourceAccount`, `PrincipalOrgID` or `EventSourceToken`, and
    for permissions of function URLs, which MLS107 checks.

    See [Granting Lambda function access to AWS
    services](https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html).
    """
    principal = permission["Principal"]
    everyone = principal.equals("*")
    service = principal.test(lambda text: text.endswith((".amazonaws.com", ".amazonaws.com.cn")))
    narrowed = some(permission[key].is_present() for key in _NARROWING)
    for_url = permission["Action"].test(lambda text: text.lower() == "lambda:invokefunctionurl")
    for_url |= permission["FunctionUrlAuthType"].is_present() | permission["InvokedViaFunctionUrl"].is_true()
    source, account = permission["SourceArn"], permission["SourceAccount"]
    who = "anyone" if certainly(everyone) else principal.words
    message = f"{permission} lets {who} invoke an ML function on behalf of any account:"
    message += f" {source} or {account} should be set"
    severity: Severity | None = "high" if certainly(everyone) else None
    yield Claim((service | everyone) & ~narrowed & ~for_url, principal, message, severity)
