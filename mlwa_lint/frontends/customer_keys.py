"""Whether anything in a repository suggests that its data needs a customer managed key (docs/decisions/0268).

AWS encrypts what ML services store with keys of its own. A key of the customer is a second lock: expected
where the project uses or mentions one, where its data is sensitive or regulated, and where it is hardened
otherwise.
"""

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.texts import PathSteps
from mlwa_lint.model.resources import Project
from mlwa_lint.startup.patterns import lazy

_KEY = "AWS::KMS::Key"
# Names and checksums of packages: what they contain is not about this project.
_LOCKED = ("package-lock.json", "npm-shrinkwrap.json")
# What shows which data a repository is about; configurations alone do not.
_DESCRIBING = (".ipynb", ".js", ".md", ".py", ".rst", ".ts", ".txt")
# Permission to use keys (`kms:Decrypt`), `aws:kms` alone and `alias/aws/s3` name no key of the customer.
_MENTIONS = lazy(
    r"(?<![A-Za-z0-9+/])kms(?!:[A-Za-z*])(?<!aws:kms)(?<!alias/aws/kms)|arn:aws[\w-]*:kms:"
    r"|K(?:ms|MS)(?![a-z0-9+/=]|:[A-Za-z*])"
    r"|(?i:customer[ -]managed[ -](?:\w+[ -])?keys?\b|(?<![a-z0-9+/])cmks?(?![a-z0-9+/]))"
)
_CALLED = lazy(r"\b[Ss]id[\"']?\s*[=:]\s*[\"']?\w+")
# Feature flags of the CDK, what is stated to be absent, and lines of documents that leave the choice.
_NO_MENTION = lazy(
    r"(?i)\"@aws-cdk/[^\n]*|\b(?:no|without)[ \t]+(?:(?:a|an|any)[ \t]+)?(?:customer[ -]managed[ \t]+)?"
    r"(?:cmks?|(?:kms|keys?)\b)"
)
_CHOICE = lazy(
    r"(?im)^.*(?:\boptional|\b(?:use|or)[ \t]+(?:the[ \t]+)?default|\b(?:aes-?256|sse-s3)\W+or\b).*$"
)
_DOCUMENTS = (".md", ".rst", ".txt")
_SENSITIVE = lazy(
    r"(?i)(?<![a-z])(?:gdpr|hipaa|pii|pci[- ]?dss)(?![a-z])"
    r"|personally[- ]identifiable|personal(?:ly)?[ _-](?:data|information)(?![a-z])"
    r"|\b(?:contain|handl|hold|keep|process|protect|stor)\w* (?:\S+ ){0,3}?sensitive (?:data|information)"
    r"|(?<![a-z])sensitive[_-]data(?![a-z])|(?<![a-z])(?:biometric|clinical|confidential|medical)(?![a-z])"
    r"|(?<![a-z])(?:health[ -]?care|hospitals?|patients|payments?)(?![a-z])"
    r"|(?<![a-z])patient(?:['’]s|[ _-](?:care|data|ids?|notes?|outcomes?|records?|risks?))(?![a-z])"
    r"|(?<![a-z])health[ _-](?:data|insurance|records?|risks?)(?![a-z])"
    r"|(?<![a-z])customers?['’]{0,2}[ _-](?:data|records?)(?![a-z])"
    r"|(?<![a-z])credit[ _-]?(?:cards?|risks?|scor(?:e|es|ing))(?![a-z])|(?-i:\bPHI\b)"
)
# One of the words of a list, of sectors or those that a program sorts texts by: `["visa", "payment"]`.
_KEYWORD = lazy(
    r"(?i),[ \t]*([\"'])(?:health[ -]?care|payments?)\1(?=[ \t]*[,\])])"
    r"|(?<=[\[(])([\"'])(?:health[ -]?care|payments?)\2(?=[ \t]*,)"
)
_HARDENED = lazy(
    r"(?i)(?<![a-z])vpconly(?![a-z])|x-amz-server-side-encryption"
    r"|enable_?(?:network_?isolation|inter_?container_?traffic_?encryption)[\"']?\s*[:=]\s*[\"']?true"
    r"|encrypt_inter_container_traffic\s*=\s*true"
)
# Without one of these in small letters, the expressions, a hundred times slower, find nothing.
_WORDS = (
    *(b"kms", b"cmk", b"customer", b"gdpr", b"hipaa", b"pii", b"pci", b"personal", b"sensitive"),
    *(b"biometric", b"clinical", b"confidential", b"medical", b"health", b"hospital", b"patient", b"payment"),
    *(b"credit", b"vpconly", b"x-amz-server-side-encryption", b"isolation", b"encrypt"),
)


def needs_no_key(project: Project, files: ProjectFiles) -> bool:
    """Whether nothing in a repository suggests that a project needs a customer managed key.

    files: those of the repository. Nothing is known where its texts are too many.
    """
    return all(each.type != _KEY for each in project.resources) and files.once(_suggests_none)


def _suggests_none(files: ProjectFiles) -> bool:
    """Whether no text suggests a key, where documents or programs show what the repository is about."""
    texts = files.texts()
    if texts is None or not any(steps[-1].endswith(_DESCRIBING) for steps in texts):
        return False
    return not any(_suggests(steps, text.content) for steps, text in texts.items())


def _suggests(steps: PathSteps, content: bytes) -> bool:
    if steps[-1] in _LOCKED:
        return False
    small = content.lower()
    if b"PHI" not in content and not any(word in small for word in _WORDS):
        return False
    # What a statement is called that allows using keys names none either.
    text = _CALLED.sub("", content.decode("utf-8", "replace"))
    if steps[-1].endswith(".py"):
        text = _KEYWORD.sub("", text)
    if _SENSITIVE.search(text) is not None:
        return True
    from mlwa_lint.frontends.hints import is_hint

    name = steps[-1]
    if any(is_hint(text, *match.span(), name) for match in _HARDENED.finditer(text)):
        return True
    if _MENTIONS.search(text) is None:
        return False
    text = _NO_MENTION.sub("", text)
    if name.lower().endswith(_DOCUMENTS):
        text = _CHOICE.sub("", text)
    return any(is_hint(text, *match.span(), name) for match in _MENTIONS.finditer(text))
