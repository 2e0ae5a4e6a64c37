"""What programs and scripts of the repository show of agents, gateways, guardrails and their account."""

import re
from collections.abc import Callable, Mapping

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.frontends.guardrail_sides import sides_applied
from mlwa_lint.model.resources import (
    APPLIED_TO,
    CONTENT_OFF,
    EXPORTS_SPANS,
    MAKES_INDEXES,
    NAMED_ACCOUNTS,
    NOT_KNOWN,
    SETS_UP_POLICY,
    Project,
    Resource,
)
from mlwa_lint.startup.patterns import lazy

FILE_SIZE_LIMIT = 1_000_000
_GATEWAY = "AWS::BedrockAgentCore::Gateway"
_GUARDRAIL = "AWS::Bedrock::Guardrail"
_RUNTIME = "AWS::BedrockAgentCore::Runtime"
_ACCESS_POLICY = "AWS::OpenSearchServerless::AccessPolicy"
_SECURITY_POLICY = "AWS::OpenSearchServerless::SecurityPolicy"
_SCRIPT = lazy(r"\.(?:sh|bash|ps1|py|[cm]?[jt]s|ya?ml|tf)$|^(?:Makefile|Justfile|justfile)$", re.IGNORECASE)
_ENGINE = lazy(
    r"\bcreate-policy-engine\b|\bcreate_policy_engine\(|\bCreatePolicyEngineCommand\b"
    r"|--policy-engine-configuration\b"
)
# One of these is in whatever the pattern finds: to look for them takes a twentieth of the time.
_ENGINE_WORDS = ("policy-engine", "policy_engine", "PolicyEngine")
_IMAGE = lazy(
    r"(?i)(?:^|[._-])dockerfile|\.dockerfile$|^requirements[\w.-]*\.txt$|^pyproject\.toml$|\.(?:py|toml)$"
)
_ANY_IMAGE = lazy(r"(?i)(?:^|[._-])dockerfile|\.dockerfile$|\.(?:py|sh|toml|ya?ml)$|^\.env")
# What exports spans: the agent of ADOT that starts a program, and SDKs that are set up to do so.
_SPANS = lazy(
    r"\bopentelemetry-instrument\b|\baws[-_]opentelemetry[-_]distro\b|\bOTLPSpanExporter\b"
    r"|\bsetup_otlp_exporter\b|\bstrands-agents\[[^\]]{0,200}\botel\b"
)
_SPANS_WORDS = ("opentelemetry", "otel", "otlp", "OTLP")
_PROGRAM = lazy(r"\.(?:py|ipynb)$")
# What signs requests to a collection, what creates an index with it, and what shows that a function does so.
_SIGNER = lazy(r"\bAWS4Auth\b|\bAWSV4Signer(?:Async)?Auth\b|\bBotoAWSRequestsAuth\b|\bSigV4Auth\b")
_INDEX = lazy(r"\bindices\.create\(|\brequests\.put\(|\bhttpx\.put\(|[\"']PUT[\"']|\bcreate_index\(")
_HANDLER = lazy(r"(?m)^(?:async )?def \w+\(_?event\b")
# What keeps prompts and responses out of spans.
_CONTENT = lazy(
    r"\b(?:TRACELOOP_TRACE_CONTENT|OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT)\b"
    r"[\"'\])]{0,3}[ \t]*[=:,][ \t]*[\"']?(?i:false)\b"
)
_CONTENT_WORDS = ("TRACELOOP_TRACE_CONTENT", "CAPTURE_MESSAGE_CONTENT")
_TEXT = lazy(r"\.(?:py|ipynb|sh|bash|[cm]?[jt]sx?|ya?ml|json|toml|tf|tfvars|hcl|env)$|^\.env", re.IGNORECASE)
# The account of a resource in a Region; identities have no Region, and may be those of others.
_ACCOUNT = lazy(r"arn:aws[\w-]*:[a-z0-9-]+:[a-z]{2}-[a-z-]+-\d:(\d{12}):")


def with_agent_notes(project: Project, files: ProjectFiles | None) -> Project:
    """The project with notes at gateways, guardrails, runtimes and policies of vector stores."""
    questions: dict[str, tuple[str, Callable[[ProjectFiles], str]]] = {
        _GATEWAY: (SETS_UP_POLICY, _setting_up_policies),
        _GUARDRAIL: (APPLIED_TO, sides_applied),
        _RUNTIME: (EXPORTS_SPANS, _exporting_spans),
        _SECURITY_POLICY: (MAKES_INDEXES, _making_indexes),
        _ACCESS_POLICY: (NAMED_ACCOUNTS, _accounts),
    }
    project = _with_notes(project, files, {_RUNTIME: (CONTENT_OFF, _leaving_content_out)})
    return _with_notes(project, files, questions)


def with_index_makers(project: Project, files: ProjectFiles | None) -> Project:
    """The project of a program with notes at policies of vector stores alone."""
    return _with_notes(project, files, {_SECURITY_POLICY: (MAKES_INDEXES, _making_indexes)})


def _with_notes(
    project: Project,
    files: ProjectFiles | None,
    questions: Mapping[str, tuple[str, Callable[[ProjectFiles], str]]],
) -> Project:
    if files is None or files.root is None or not any(each.type in questions for each in project.resources):
        return project
    resources = tuple(
        _noted(each, *questions[each.type], files) if each.type in questions else each
        for each in project.resources
    )
    return project._replace(resources=resources)


def _noted(
    resource: Resource, attribute: str, question: Callable[[ProjectFiles], str], files: ProjectFiles
) -> Resource:
    found = files.once(question)
    return resource.with_note(attribute, found) if found else resource


def _setting_up_policies(files: ProjectFiles) -> str:
    """The first script or program that creates a policy engine of AgentCore or attaches one."""
    return _first(files, _SCRIPT.search, _ENGINE, _ENGINE_WORDS)


def _exporting_spans(files: ProjectFiles) -> str:
    """The first file that shows that programs of the repository export spans."""
    return _first(files, _IMAGE.search, _SPANS, _SPANS_WORDS)


def _leaving_content_out(files: ProjectFiles) -> str:
    """The first file that keeps prompts and responses out of what programs of the repository record."""
    found = _first(files, _ANY_IMAGE.search, _CONTENT, _CONTENT_WORDS)
    return "" if found == NOT_KNOWN else found


def _making_indexes(files: ProjectFiles) -> str:
    """The first program that creates an index of a collection on the computer where it runs."""
    for each, text in files.texts_like(_PROGRAM.search, FILE_SIZE_LIMIT) or ():
        signs = "aoss" in text and _SIGNER.search(text) is not None
        if signs and _INDEX.search(text) is not None and _HANDLER.search(text) is None:
            return each.name
    return ""


def _first(
    files: ProjectFiles, named: Callable[[str], object], content: "re.Pattern[str]", words: tuple[str, ...]
) -> str:
    found = files.texts_like(named, FILE_SIZE_LIMIT)
    if found is None:
        return NOT_KNOWN
    for each, text in found:
        if any(word in text for word in words) and content.search(text):
            return each.name
    return ""


def _accounts(files: ProjectFiles) -> str:
    """The accounts of resources that files of the repository name, separated by spaces."""
    found = files.texts_like(_TEXT.search, FILE_SIZE_LIMIT)
    return " ".join(sorted({number for _, text in found or () for number in _ACCOUNT.findall(text)}))
