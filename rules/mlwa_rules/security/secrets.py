"""Credentials in what containers, functions, jobs, connections and scripts get from their definitions."""

import re
from collections.abc import Iterator
from functools import partial, reduce

from mlwa_lint.graph import jobs
from mlwa_lint.graph.iam.wildcards import SURROUNDINGS
from mlwa_lint.graph.kinds import (
    AGENTCORE_RUNTIME,
    APP_RUNNER,
    FUNCTION,
    GLUE_JOB,
    INFERENCE_COMPONENT,
    LIFECYCLE_CONFIG,
    MODEL,
    STUDIO_LIFECYCLE_CONFIG,
    TASK_DEFINITION,
)
from mlwa_lint.graph.queries.scripts import decoded, scripts_of
from mlwa_lint.model.credentials import UNKNOWN_PIECE, known_format
from mlwa_lint.model.resources import NAMES_SECRETS
from mlwa_lint.model.secret_names import (
    is_fake,
    is_identifier,
    is_literal_secret,
    is_public_key,
    leads_elsewhere,
    promises_secret,
)
from mlwa_lint.model.values import READ_BY_PATH, Reference, Scalar, Unknown, Value
from mlwa_lint.rule import (
    NO,
    YES,
    Answer,
    Claim,
    GraphView,
    Remedy,
    ResourceView,
    View,
    answer,
    possibly,
    rule,
)

CONNECTION = "AWS::Glue::Connection"
API_KEY_PROVIDER = "AWS::BedrockAgentCore::ApiKeyCredentialProvider"
SECRET, SECRET_VERSION = "AWS::SecretsManager::Secret", "aws_secretsmanager_secret_version"
# The scripts that an instance or an application runs when it starts.
_WITH_SCRIPTS = (LIFECYCLE_CONFIG, STUDIO_LIFECYCLE_CONFIG)
# Maps of free text that a resource hands to its code or to the service, by type.
_MAPS = {
    FUNCTION: ("Environment.Variables",),
    GLUE_JOB: ("DefaultArguments", "NonOverridableArguments"),
    CONNECTION: (
        "ConnectionInput.ConnectionProperties",
        "ConnectionInput.AuthenticationConfiguration.BasicAuthenticationCredentials",
    ),
    INFERENCE_COMPONENT: ("Specification.Container.Environment",),
    AGENTCORE_RUNTIME: ("EnvironmentVariables",),
}
# An assignment in a script: `export NAME=value`, `name = "value"`, `"name": "value"`, `--name value`.
_ASSIGNED = re.compile(
    r"""(?P<name>[A-Za-z_][\w.-]{0,100})["']?(?:=(?P<bare>[^\s"'`$(){}\[\];&|<>]+)"""
    r"""|\s*[:=]\s*(?P<quote>["'])(?P<quoted>[^"'`$(){}\n]+)(?P=quote))"""
    r"""|--(?P<option>[A-Za-z][\w-]{0,100})\s+(?P<given>[^\s"'`$(){}\[\];&|<>-][^\s"'`$(){}\[\];&|<>]*)"""
)
# What reads a stored secret, by the SDK or the command line.
_TAKES_SECRET = re.compile(r"(?i)\bget[-_]?secret[-_]?value\b")
UNNAMED = "a literal credential"
_FAKE = "its value states that it is no true one"
_SCRIPT_REMEDY = Remedy(
    "Read it in the script: `aws secretsmanager get-secret-value --secret-id ...`.",
    "Read it in the script: `aws secretsmanager get-secret-value --secret-id ...`.",
)
_ACCESS_KEYS = ("AWS::IAM::AccessKey", "aws_iam_access_key")
_SECRET_PARTS = ("SecretAccessKey", "secret", "secret_access_key")
_ROLE_REMEDY = Remedy(
    "Give it a role with the permissions of the user, and remove the access key.",
    "Give it a role with the permissions of the user, and remove the `aws_iam_access_key`.",
)
_REMEDIES = {
    CONNECTION: Remedy(
        "Store the user name and password in Secrets Manager and set `SECRET_ID` in `ConnectionProperties`.",
        "Store the user name and password in Secrets Manager and set `SECRET_ID` in `connection_properties`.",
    ),
    API_KEY_PROVIDER: Remedy(
        "Use a dynamic reference: `ApiKey: '{{resolve:secretsmanager:search-key}}'`.",
        "Set `api_key_wo` from an ephemeral resource or a sensitive variable without a default.",
    ),
}


@rule(
    "MLS106",
    "plaintext-secret-in-environment",
    "high",
    literal=True,
    practices=("MLSEC03-BP02",),
    on=(
        MODEL,
        INFERENCE_COMPONENT,
        FUNCTION,
        *jobs.JOB_TYPES,
        GLUE_JOB,
        CONNECTION,
        *_WITH_SCRIPTS,
        AGENTCORE_RUNTIME,
        API_KEY_PROVIDER,
        TASK_DEFINITION,
        APP_RUNNER,
        SECRET,
        SECRET_VERSION,
    ),
    remedy=Remedy(
        "Store it in Secrets Manager, pass the secret's ARN and read it at run time.",
        "Store it in Secrets Manager, pass `aws_secretsmanager_secret.this.arn` and read it at run time.",
    ),
    scope="all",
    controls=(
        "awslambda_function_no_secrets_in_variables",
        "glue_catalog_connection_no_secrets",
        "glue_etl_jobs_no_secrets_in_arguments",
        "sagemaker_notebook_instance_no_secrets",
    ),
)
def plaintext_secret_in_environment(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An environment variable, argument, connection property or lifecycle script holds a literal credential.

    Anyone who can read the template or its history, or describe the resource, obtains the credential, and
    rotating it requires a deployment.

    The rule reports values in the format of a known kind of credential (AWS access keys, private keys, tokens
    of GitHub, Hugging Face, OpenAI, Slack and others, passwords in URLs), and any other literal under a name
    such as DB_PASSWORD, PGPASSWORD, CLIENT_SECRET, AUTH_TOKEN or API_KEY. Lifecycle scripts are decoded and
    their assignments are checked in the same way. The default value of a parameter or variable counts as a
    literal; the finding then also names the place of the literal. The value itself is never shown. Of ECS
    tasks and App Runner services, the rule checks those that the graph ties to machine learning, as by a role
    that lets it invoke models. Of what is stored in Secrets Manager in a project with machine learning, it
    reports literals in such a format, and those under such names: a secret that is written out is none.

    The secret access key of an IAM user that the project creates, handed over as a variable, is of severity
    medium: it is valid until it is deleted, where the temporary credentials of a role would suffice.

    It is info where the value itself states that it is no true one: `sk-FAKE-...`, `AKIA...EXAMPLE`.

    So is a variable without a default that a provider takes as its key or token: it is the credential itself
    then, and whoever may read the configuration of the resource obtains it.

    Exceptions: Not reported for dynamic references (Secrets Manager, Systems Manager), references to
    resources, names and ARNs of secrets, names of keys in them (`GITLAB_PAT`, or what a script or a function
    that reads a secret looks up by the variable), hashes, and obvious placeholders; and for keys that are
    public by design: JSON web tokens of Supabase whose role is `anon`, and publishable keys of Supabase and
    Stripe.
    Names that describe or locate something (TOKEN_TABLE, PASSWORD_MIN_LENGTH) and tokens of text
    (MAX_NEW_TOKENS, PAD_TOKEN) do not count.

    See [Using Secrets Manager
    secrets](https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets.html).
    """
    if resource.type in (TASK_DEFINITION, APP_RUNNER):
        yield from _of_program(resource, graph)
    if resource.type in (SECRET, SECRET_VERSION):
        from mlwa_rules.security.stored_literals import claims_of_secret

        yield from claims_of_secret(resource, graph)
    for settings in _settings(resource):
        if _is_read_by_path(settings.value):
            continue
        for name, value in settings.entries():
            if not value.never(partial(_matters, name, graph=graph)):
                yield _claim(resource, name, value, f"{settings}.{name}", graph)
    if resource.type == API_KEY_PROVIDER:
        key = resource["ApiKey"]
        yield _claim(resource, "ApiKey", key, str(key), graph)
    scripts = scripts_of(resource) if resource.type in _WITH_SCRIPTS else ()
    for script in scripts:
        yield _claim_of_script(resource, script)


def _matters(name: str, value: View, graph: GraphView) -> bool:
    """Whether a value may be a credential."""
    return (
        _is_key_of_user(value, graph)
        or _is_credential_of_provider(name, value, graph)
        or possibly(_is_secret(name, value))
    )


def _claim(resource: ResourceView, name: str, value: View, place: str, graph: GraphView) -> Claim:
    if _is_key_of_user(value, graph):
        message = f"{resource} has the secret access key of an IAM user in {place}: give it a role instead"
        return Claim(YES, value, message, "medium", remedy=_ROLE_REMEDY)
    if _is_credential_of_provider(name, value, graph):
        message = f"{resource} has a credential in {place}, as a provider is configured with it:"
        message += " pass a reference to a stored secret instead"
        return Claim(YES, value, message, "medium")
    texts = value.texts or (readable(value),)
    kinds = {known_format(text) or UNNAMED for text in texts}
    kind = kinds.pop() if len(kinds) == 1 else UNNAMED
    message = f"{resource} has {kind} in {place}: pass a reference to a stored secret instead"
    remedy = _REMEDIES.get(resource.type)
    found = NO if _is_name_of_secret(resource, name, value) else _is_secret(name, value)
    claim = Claim(found, value, message, None, origin_of(value), remedy, leaks=True)
    return as_fake(claim) if all(map(is_fake, texts)) else claim


def as_fake(claim: Claim) -> Claim:
    """A claim about a credential that states itself that it is no true one."""
    return claim._replace(severity="info", milder=_FAKE)


def origin_of(value: View) -> tuple[tuple[View, str], ...]:
    """The place of the literal, where a reference leads to it."""
    span = value.value.span
    if span is None or (span.path, span.line) == (value.span.path, value.span.line):
        return ()
    origin = View(value.resource, value.world, value.value, value.path, span)
    return ((origin, "the literal is defined here"),)


# -- where credentials can be


def _settings(resource: ResourceView) -> Iterator[View]:
    """The maps of free text that a resource hands to its code."""
    if resource.type == MODEL:
        from mlwa_lint.graph.queries.images import containers_of

        for container in containers_of(resource):
            yield container["Environment"]
    for path in _MAPS.get(resource.type, ()):
        yield resource[path]
    for job in jobs.of(resource):
        yield from job.settings


def _of_program(program: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """What is wrong with the variables of an ECS task or a service that works for machine learning."""
    from mlwa_lint.graph.queries import observed, programs, ties

    variables = [
        (name, value)
        for name, value in programs.variables_of(program)
        if not value.never(partial(_matters, name, graph=graph)) and _matters(name, value, graph)
    ]
    if not variables:
        return
    works = ties.is_tied_to_ml(program, graph) | observed.may_invoke_models(program, graph)
    for name, value in variables:
        place = ".".join(filter(None, (str(value).rpartition(".")[0], name)))
        claim = _claim(program, name, value, place, graph)
        yield claim._replace(answer=claim.answer & works)


# -- single values


def _is_key_of_user(view: View, graph: GraphView) -> bool:
    """Whether a value is the secret part of an access key that the project creates."""
    value = view.value
    if not isinstance(value, Reference) or value.attribute not in _SECRET_PARTS:
        return False
    named = graph.graph.by_address.get(value.address)
    return named is not None and named.type in _ACCESS_KEYS


def _is_name_of_secret(resource: ResourceView, name: str, view: View) -> bool:
    """Whether the code of a function names a stored secret, or a key in it, by a variable."""
    naming = {each.text for each in resource.attributes[NAMES_SECRETS].known_items()}
    return name in naming and is_identifier(view.text or "")


def _is_credential_of_provider(name: str, view: View, graph: GraphView) -> bool:
    """Whether a value that only deployment gives is the very one that a provider takes as its credential."""
    value = view.value
    credentials = graph.graph.project.credentials
    return isinstance(value, Unknown) and value.identity in credentials and promises_secret(name)


def _is_secret(name: str, view: View) -> Answer:
    value = view.value
    if isinstance(value, Unknown) and value.one_of and not value.secret:
        return view.test(lambda text: is_literal(name, text))
    text = readable(view)
    if is_public_key(name, text):
        return NO
    if known_format(text) is not None:
        return answer(True, value.assumed)
    promised = promises_secret(name)
    if isinstance(value, Scalar):
        return answer(promised and is_literal_secret(text), value.assumed)
    if not isinstance(value, Unknown) or value.secret or _is_read_by_path(value):
        return NO
    if promised:
        return NO if _is_location_or_name(value, text) else view.is_open()
    # What is made of parameters or resources is not a literal, unless nothing at all is known of it.
    opaque = not value.identity and not value.parts and not value.present
    return view.is_open() if opaque else NO


def _is_read_by_path(value: Value) -> bool:
    """Whether whoever starts an execution gives a value: then the definition holds no literal."""
    return isinstance(value, Unknown) and READ_BY_PATH in value.reason


def is_literal(name: str, text: str) -> bool:
    """Whether a text under a name is a credential that is written out."""
    if is_public_key(name, text):
        return False
    return known_format(text) is not None or (promises_secret(name) and is_literal_secret(text))


# What CloudFormation and Terraform fill in about the deployment itself is never a secret.
def _is_location_or_name(value: Unknown, text: str) -> bool:
    """Whether the known parts decide that a text leads to a secret or names one, and is none itself."""
    if not value.parts:
        return SURROUNDINGS.match(value.identity) is not None
    if leads_elsewhere(text):
        return True
    others = [part for part in value.parts if not isinstance(part, str)]
    return all(isinstance(part, Reference) or SURROUNDINGS.match(part.identity) for part in others)


def readable(view: View) -> str:
    """The text as the source states it; what is not known is marked."""
    value = view.value
    if isinstance(value, Unknown):
        return "".join(part if isinstance(part, str) else UNKNOWN_PIECE for part in value.parts)
    return "" if isinstance(value, Reference) else view.text or ""


# -- scripts


def _claim_of_script(resource: ResourceView, script: View) -> Claim:
    value = script.value
    text = readable(script)
    if not text:
        opaque = isinstance(value, Unknown) and not value.secret
        hidden = script.is_open() if opaque else NO
        return Claim(hidden, script, f"{resource} runs a script that is not known")
    code = decoded(text)
    literals = [
        each for each in _assignments(code) if _is_literal_in_script(*each) and not _is_looked_up(*each, code)
    ]
    names = dict.fromkeys(name for name, _ in literals)
    given = [text for _, text in literals]
    true = reduce(lambda rest, text: rest.replace(text, ""), given, code)
    kind = known_format(code)
    variables = f", as {' and '.join(names)}" if names else ""
    message = f"{resource} has {kind or UNNAMED} in the script {script}{variables}:"
    message += " read a stored secret in the script instead"
    found = answer(bool(names) or kind is not None, value.assumed)
    claim = Claim(found, script, message, remedy=_SCRIPT_REMEDY)
    return as_fake(claim) if names and known_format(true) is None and all(map(is_fake, given)) else claim


def _assignments(code: str) -> Iterator[tuple[str, str]]:
    for match in _ASSIGNED.finditer(code):
        yield match["name"] or match["option"], match["bare"] or match["quoted"] or match["given"]


def _is_looked_up(name: str, given: str, code: str) -> bool:
    """Whether a script takes a stored secret, or a key in it, by the name that a variable has."""
    if not is_identifier(given) or _TAKES_SECRET.search(code) is None:
        return False
    own = re.escape(name)
    used = (
        rf"\[\s*{own}\s*\]|\.get\(\s*{own}\b|(?<!\w){own} in \w"
        rf"|SecretId\W{{1,4}}{own}\b|--secret-id[ =]\W{{0,4}}{own}\b|\bjq\b[^\n]{{0,80}}\$\{{?{own}\b"
    )
    return re.search(used, code) is not None


def _is_literal_in_script(name: str, given: str) -> bool:
    return promises_secret(name) and is_literal_secret(given)
