"""Whether anything in a repository suggests that its data needs a customer managed key (docs/decisions/0328).

AWS encrypts what ML services store with keys of its own. A key of the customer is a second lock: expected
where programs or configurations of the project use or mention one, where its data is sensitive or regulated,
and where its work is isolated.
"""

from typing import Literal, TypeAlias

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.installed import own_texts
from mlwa_lint.files.texts import PathSteps, is_described, is_test
from mlwa_lint.frontends.hints import describes_files, has_hint
from mlwa_lint.model.resources import Project
from mlwa_lint.startup.patterns import lazy, leading

_KEY = "AWS::KMS::Key"
# What a text suggests: that the data needs a key, or no more than that keys are used for something.
_Hint: TypeAlias = Literal["needed", "named", "none"]
# Names and checksums of packages: what they contain is not about this project.
_LOCKED = ("package-lock.json", "npm-shrinkwrap.json")
# Permission to use keys (`kms:Decrypt`), `aws:kms` alone and `alias/aws/s3` name no key of the customer.
_MENTIONS = lazy(
    r"(?<![A-Za-z0-9+/])kms(?!:[A-Za-z*])(?<!aws:kms)(?<!alias/aws/kms)|arn:aws[\w-]*:kms:"
    r"|K(?:ms|MS)(?![a-z0-9+/=]|:[A-Za-z*])"
    r"|(?i:customer[ -]managed[ -](?:\w+[ -])?keys?\b|(?<![a-z0-9+/])cmks?(?![a-z0-9+/]))"
)
# What a statement or policy is called that allows using keys.
_CALLED = lazy(r"\b(?:[Ss]id|PolicyName|policy_name)[\"']?\s*[=:]\s*[\"']?\w+")
# Feature flags of the CDK, what is stated to be absent, and lines of documents that leave the choice.
_NO_MENTION = lazy(
    r"(?i)\"@aws-cdk/[^\n]*|\b(?:no|without|avoid(?:s|ed|ing)?|instead of|rather than)[ \t]+"
    r"(?:(?:a|an|any|the)[ \t]+)?(?:customer[ -]managed[ \t]+)?"
    r"(?:cmks?|(?:kms|keys?)\b)"
)
_CHOICE = lazy(
    r"(?im)^.*(?:\boptional|\b(?:use|or)[ \t]+(?:the[ \t]+)?default|\b(?:aes-?256|sse-s3)\W+or\b).*$"
)
_DOCUMENTS = (".md", ".rst", ".txt")
_README = ("readme", "readme.md", "readme.rst", "readme.txt")
_INTRODUCTION = 1_500
# What a README introduces the project with.
_SENSITIVE = lazy(
    # Not what filters personal data: "PII redaction".
    r"(?i)(?<![a-z])(?:gdpr|hipaa|pci[- ]?dss|pii(?![ _-](?:detect|entit|filter|handl|mask|redact)))(?![a-z])"
    r"|personally[- ]identifiable|personal(?:ly)?[ _-](?:data|information)(?![a-z])"
    r"|\b(?:contain|handl|hold|keep|process|protect|stor)\w* (?:\S+ ){0,3}?sensitive (?:data|information)"
    r"|(?<![a-z])sensitive[_-]data(?![a-z])|(?<![a-z])(?:biometric|clinical|confidential|medical)(?![a-z])"
    r"|(?<![a-z])(?:health[ -]?care|hospitals?|patients|payments?)(?![a-z])"
    r"|(?<![a-z])patient(?:['’]s|[ _-](?:care|data|ids?|notes?|outcomes?|records?|risks?))(?![a-z])"
    r"|(?<![a-z])health[ _-](?:data|insurance|records?|risks?)(?![a-z])"
    r"|(?<![a-z])customers?['’]{0,2}[ _-](?:data|records?)(?![a-z])"
    r"|(?<![a-z])credit[ _-]?(?:cards?|risks?|scor(?:e|es|ing))(?![a-z])|(?-i:\bPHI\b)"
)
# "No clinical, medical, or safety claims.": what a list leaves out.
_NONE_OF = lazy(r"(?im)^[ \t]*(?:(?:[-*+]|\d+\.)[ \t]*)?(?:no|never|without)\b[^\n]*$")
# Names of data in programs and configurations, and tags that classify it.
_NAMED = leading(
    r"(?i)(?<![a-z])(?:patient|medical|clinical|health(?![_-]data))s?[_-]"
    r"(?:data|history|ids?|images?|info(?:rmation)?|names?|notes?|records?)(?![a-z])"
    # As tags have it: `Project = "Patient Record Migration"`.
    r"|(?<=[\"'])(?:patient|medical|clinical) (?:data|histor(?:y|ies)|records?)(?![a-z])"
    # What holds personal data, rather than what finds or removes it: `pii_data_bucket`, `raw-pii-uploads`.
    r"|(?<![a-z])pii[_-](?:data|documents?|files?|inputs?|originals?|records?|stor(?:e|age)|uploads?)(?![a-z])"
    r"|(?<![a-z])(?:customer|personal|payment|biometric)s?[_-](?:data|history|info(?:rmation)?|records?)(?![a-z])"
    r"|(?<![a-z])credit[_-]card[_-]?(?:data|numbers?|transactions?)(?![a-z])"
    # Files with a row for each: `customers.csv`, `Telco-Customer-Churn.csv`.
    r"|(?<![a-z])(?:customer|patient)s?(?:[_-][\w-]{1,100})?\.(?:csv|json|jsonl|parquet|tsv|xlsx?)(?![a-z])"
    r"|(?:classification|compliance|sensitivity)[\"']?(?:[ \t]*[:=,]|,?\s+[\"']?value[\"']?\s*[:=])\s*[\"']?"
    r"(?:confidential|gdpr|hipaa|pci|phi|pii|restricted|sensitive)",
    *(
        "patient",
        "medical",
        "clinical",
        "health",
        "pii",
        "customer",
        "personal",
        "payment",
        "biometric",
        "credit",
    ),
    *("classification", "compliance", "sensitivity"),
)
# A key that AWS manages encrypts no less: what is required there is no key of the customer.
_HARDENED = lazy(
    r"(?i)x-amz-server-side-encryption[^\n]{0,60}(?:\n[^\n]{0,60})?aws:kms"
    r"|enable_?(?:network_?isolation|inter_?container_?traffic_?encryption)[\"']?\s*[:=]\s*[\"']?true"
    r"|encrypt_inter_container_traffic\s*=\s*true"
)
# Interface endpoints of SageMaker, which keep its work within a VPC.
_ENDPOINT = lazy(
    r"(?i)vpc_?endpoint(?s:.){0,400}?(?:sagemaker[.](?:api|runtime|featurestore)|aws\.sagemaker"
    r"|AwsService\.SAGEMAKER)"
)
# Without one of these in small letters, the expressions, a hundred times slower, find nothing.
_WORDS = (
    *(b"kms", b"cmk", b"customer", b"gdpr", b"hipaa", b"pii", b"pci", b"personal", b"sensitiv"),
    *(b"biometric", b"clinical", b"confidential", b"medical", b"health", b"hospital", b"patient", b"payment"),
    *(b"credit", b"sagemaker", b"x-amz-server-side-encryption", b"isolation", b"encrypt", b"classif"),
    *(b"compliance", b"phi"),
)


def needs_no_key(project: Project, files: ProjectFiles) -> bool:
    """Whether nothing in a repository suggests that a project needs a customer managed key.

    files: those of the repository. Nothing is known where its texts are too many.
    """
    return _declares_none(project) and files.once(_hint_of) == "none"


def names_keys(project: Project, files: ProjectFiles) -> bool:
    """Whether texts of a repository suggest a key by nothing but a mention, or by other hardening.

    Its data is not sensitive then, as far as names and the README show, and nothing there requires a key. A
    project that declares one uses it.
    """
    return _declares_none(project) and files.once(_hint_of) == "named"


def _declares_none(project: Project) -> bool:
    return all(each.type != _KEY for each in project.resources)


def _hint_of(files: ProjectFiles) -> _Hint | None:
    """What the texts of a repository suggest; None where no document or program shows what it is about."""
    texts = own_texts(files)
    if texts is None or not is_described(texts):
        return None
    # Each stops at the first text that shows it.
    if any(_needs_key(steps, text.content) for steps, text in texts.items()):
        return "needed"
    if not any(_names_key(steps, text.content) for steps, text in texts.items()):
        return "none"
    # A document that rules keys out decides what a mention leaves open.
    from mlwa_lint.frontends.stated_choices import leaves_keys_out

    return "none" if leaves_keys_out(files) else "named"


def _needs_key(steps: PathSteps, content: bytes) -> bool:
    """Whether the introduction of a README requires a key, or names in a text show that data is sensitive."""
    if _is_introduction(steps):
        text = content[:_INTRODUCTION].decode("utf-8", "replace")
        stated = _NONE_OF.sub("", text)
        if _MENTIONS.search(text) is not None:
            from mlwa_lint.frontends.stated_choices import without_left_out

            text = without_left_out(text)
        return _SENSITIVE.search(stated) is not None or _mentions_key(_CHOICE.sub("", text), steps[-1])
    return _may_suggest(steps, content) and _NAMED.search(content.decode("utf-8", "replace")) is not None


def _names_key(steps: PathSteps, content: bytes) -> bool:
    """Whether a text mentions a key, or other hardening."""
    if _is_introduction(steps) or not _may_suggest(steps, content):
        return False
    text, name = content.decode("utf-8", "replace"), steps[-1]
    if _ENDPOINT.search(text) is not None:
        return True
    if describes_files(content.lower()):
        return False
    hardened = has_hint(_HARDENED, text, name)
    return hardened or _mentions_key(_CALLED.sub("", text), name)


def _is_introduction(steps: PathSteps) -> bool:
    return len(steps) == 1 and steps[0].lower() in _README


def _may_suggest(steps: PathSteps, content: bytes) -> bool:
    """Whether a text is neither for people nor about packages, and has a word that suggests a key."""
    name = steps[-1]
    if name in _LOCKED or name.lower().endswith(_DOCUMENTS) or is_test(steps):
        return False
    small = content.lower()
    return any(word in small for word in _WORDS)


def _mentions_key(text: str, name: str) -> bool:
    if _MENTIONS.search(text) is None:
        return False
    text = _NO_MENTION.sub("", text)
    return has_hint(_MENTIONS, text, name)


__all__ = ["names_keys", "needs_no_key"]
