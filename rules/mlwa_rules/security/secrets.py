"""Credentials in what containers and functions get from their definitions."""

from collections.abc import Iterator

from mlwa_lint.graph import jobs
from mlwa_lint.graph.kinds import FUNCTION, MODEL
from mlwa_lint.model.values import Reference, Scalar, Unknown
from mlwa_lint.rule import (
    NO,
    Answer,
    Claim,
    GraphView,
    Remedy,
    ResourceView,
    View,
    answer,
    rule,
    undecided,
    why_unknown,
)
from mlwa_rules.security.secret_patterns import (
    UNKNOWN_PIECE,
    is_literal_secret,
    known_format,
    promises_secret,
)

GLUE_JOB = "AWS::Glue::Job"


@rule(
    "MLS106",
    "plaintext-secret-in-environment",
    "high",
    practices=("MLSEC03-BP02",),
    on=(MODEL, FUNCTION, *jobs.JOB_TYPES, GLUE_JOB),
    remedy=Remedy(
        "Store it in Secrets Manager, pass the secret's ARN and read it at run time.",
        "Store it in Secrets Manager, pass `aws_secretsmanager_secret.this.arn` and read it at run time.",
    ),
    scope="all",
)
def plaintext_secret_in_environment(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An environment variable, default argument or hyperparameter holds a credential in plain text.

    Everybody who may read the template, its history, or describe the resource gets the credential, and it
    cannot be changed without a deployment.

    Looked for are texts in the format of a known kind of credential (AWS access keys, private keys,
    tokens of GitHub, Hugging Face, Slack and others, passwords in URLs), and any other literal under a
    name such as DB_PASSWORD, CLIENT_SECRET, AUTH_TOKEN or API_KEY. The value itself is never shown.

    Silent for dynamic references (Secrets Manager, SSM), references to resources, hidden parameters,
    names and ARNs of secrets, and obvious placeholders. The default of a parameter counts as a literal.
    Tokens of text (MAX_NEW_TOKENS, PAD_TOKEN) are no secrets.

    See [Using Secrets Manager
    secrets](https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets.html).
    """
    for settings in _settings(resource):
        for name, value in settings.entries():
            kind = known_format(_readable(value)) or "what looks like a credential in plain text"
            message = (
                f"{resource} holds {kind} in {settings}.{name}: pass a reference to a stored secret instead"
            )
            yield Claim(_is_secret(name, value), value, message)


def _settings(resource: ResourceView) -> Iterator[View]:
    """The maps of free text that a resource hands to its code."""
    if resource.type == MODEL:
        yield resource["PrimaryContainer.Environment"]
        for container in resource["Containers"].items():
            yield container["Environment"]
    elif resource.type == FUNCTION:
        yield resource["Environment.Variables"]
    elif resource.type == GLUE_JOB:
        yield resource["DefaultArguments"]
        yield resource["NonOverridableArguments"]
    for job in jobs.of(resource):
        yield from job.settings


def _is_secret(name: str, view: View) -> Answer:
    value = view.value
    text = _readable(view)
    if known_format(text) is not None:
        return answer(True, value.assumed)
    promised = promises_secret(name)
    if isinstance(value, Scalar):
        return answer(promised and is_literal_secret(text), value.assumed)
    if isinstance(value, Unknown) and not value.secret:
        # What is made of parameters or resources is no literal, unless its name makes one wonder.
        opaque = not value.identity and not value.parts and not value.present
        return undecided(why_unknown(value)) if promised or opaque else NO
    return NO


def _readable(view: View) -> str:
    """The text as far as it stands in the source; what is not known is marked."""
    value = view.value
    if isinstance(value, Unknown):
        return "".join(part if isinstance(part, str) else UNKNOWN_PIECE for part in value.parts)
    return "" if isinstance(value, Reference) else view.text or ""
