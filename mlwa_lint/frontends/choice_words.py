"""How comments state a choice: the words for its subject, and those for the intent behind it.

One sentence has both, or two that are all of the comment. What announces a change, asks or denies, does not.
"""

import re

from mlwa_lint.model.findings import StatedSubject
from mlwa_lint.model.purpose import is_vulnerable_by_name
from mlwa_lint.startup.patterns import lazy

_INTENDED = lazy(
    r"(?<!not )\b(?:on purpose|intentional(?:ly)?|deliberate(?:ly)?|purposely|purposefully|knowingly"
    r"|consciously)\b|(?<!not )\bby (?:choice|design|intent)\b|\bacceptable\b|\baccepted (?:risk|trade-?off)"
    r"|\bwe accept\b|\btrade-?offs?\b"
)
_NEEDLESS = lazy(
    r"\b(?:is|are) (?:good |more than )?(?:enough|fine|plenty|sufficient)\b|\bsuffic(?:e|es)\b"
    r"|\b(?:no need|unnecessary)\b|(?:\bnot|n['’]t) (?:be )?(?:necessary|needed|required|need|require)\b"
    r"|\bbecause\b"
)
_FOR_LESS = lazy(
    r"\bto (?:avoid|cut|keep|limit|lower|minimi[sz]e|reduce|save)(?: on)? (?:\w+ ){0,3}?"
    r"(?:bills?|charges?|costs?|expenses?|money|spend(?:ing)?)\b"
    r"|\bcost[- ](?:conscious|effective|efficient|optimi[sz]\w+|saving)\b|\bcheap(?:er|est)?\b"
    r"|\b(?:keeps?|saves?|saving) (?:\w+ )?(?:costs?|money)\b|\bcost savings?\b|\bfor cost\b"
    r"|\bno (?:\w+ )?(?:charges?|costs?)\b"
)
_FOR_LEARNING = lazy(
    r"\bfor (?:an? |our |the |this )?(?:\w+ )?(?:class|course|demo|demonstration|example|lab|poc"
    r"|proof[- ]of[- ]concept|prototype|sample|sandbox|tutorial|workshop)\b"
    r"|^(?:demo|lab|poc|sandbox|workshop) ?[:,—–-]|\b(?:demo|lab|poc|sandbox|workshop) only\b"
)
# What checks callers in place of the setting.
_GUARDED = lazy(
    r"\b(?:access|auth\w*|calls?|callers?|hmac|jwt|signatures?|tokens?)\b[^.]{0,60}\b(?:app['’]s|checked"
    r"|controlled by|enforced|gated by|limited by|protected by|restricted by|secured by|validat\w+|verif\w+"
    r"|in(?:side)? (?:the )?(?:app|application|code|function|handler|lambda))\b"
)
_ON_DELETION = lazy(
    r"\b(?:allows?|enables?|lets?)\b[^.]{0,40}\b(?:clean-? ?up|delet\w+|destroy\w*|remov\w+|tear-? ?down)\b"
)
_OF_CALLERS = lazy(
    r"\b(?:browsers?|callers?|clients?|users|visitors|web ?site|widget)(?: \w+){0,2} (?:are|has|have|is)\b"
)
# What an agent or a tool needs the internet for.
_FOR_INTERNET = lazy(
    r"\b(?:allow\w*|for|needs?|needed|required?|requires|so that|to (?:call|download|fetch|install|reach))\b"
)
_INTERNET = lazy(
    r"\b(?:download\w*|egress|external|install\w*|internet|npm|outbound|pip|public|third[- ]party|web)\b"
)
_OPENED = lazy(r"\bPUBLIC\b")
# "VULNERABILITY: it may read every bucket".
_LABELED = lazy(r"(?:vulnerability|vulnerable) ?[:\u2013-]")
_LATER = lazy(
    r"\b(?:todo|fixme|xxx|bug|soon|once|later|until|yet|for now|temporar\w+|should|replace|change|will be"
    r"|insecure|production|prod|restrict|tighten|harden|lock (?:\w+ )?down|not recommended|workaround|hack"
    r"|unintentional\w*|unacceptable|not (?:acceptable|by design|enough|fine|intentional\w*|on purpose"
    r"|sufficient))\b|\?|本番"
)
_NOT_FOR_PRODUCTION = lazy(r"\bnon-?production\b|\b(?:never|not) (?:\w+ ){0,3}?prod(?:uction)?\b")
_TOGETHER = 2
_SENTENCE = lazy(r"(?<=[.!?;])\s+")
# How comments speak of a subject, and the intents that count for it.
_SUBJECTS: tuple[tuple[StatedSubject, re.Pattern[str], tuple[re.Pattern[str], ...]], ...] = (
    (
        "access",
        lazy(
            r"\b(?:anonymous|open|public(?:ly)?|un-?authenticated)\b"
            r"|\b(?:no|without) (?:an? )?(?:api key|auth\w*|login|sign-?in|sign-?up)\b"
        ),
        (_INTENDED, _OF_CALLERS, _GUARDED),
    ),
    (
        "filter",
        lazy(
            r"\b(?:prompt[- _]?(?:attack|injection)|jailbreak)s?\b"
            r"|\b(?:no|only|without) (?:\w+ ){0,2}filters?\b|\bfilters? (?:is |are )?(?:left out|off)\b"
        ),
        (_INTENDED, _NEEDLESS, _FOR_LESS, _FOR_LEARNING),
    ),
    (
        "idle",
        lazy(
            r"\bidle\b|\bauto[- ]?(?:matic )?(?:shut-?down|stop\w*)\b|\balways[- ]on\b|\b24/7\b"
            r"|\b(?:keeps?|kept|left|stays?) (?:on|running|up)\b|\baround the clock\b"
            r"|\b(?:no|without) (?:an? )?lifecycle\b"
        ),
        (_INTENDED, _NEEDLESS, _FOR_LESS, _FOR_LEARNING),
    ),
    (
        "key",
        lazy(
            r"\b(?:no|not|rather than|instead of|skip\w*|without)(?: an?| any| use| using| have| own)*"
            r" (?:cmks?|customer[- ](?:managed|owned)|(?:own |dedicated )?kms)\b"
            r"|\b(?:aws|s3|amazon)(?:[- ]s3)?[- ](?:managed|owned)\b|\bsse-?s3\b|\baes-?256\b"
            r"|\b(?:cmks?|customer[- ]managed (?:kms )?keys?|kms keys?) (?:is|are) (?:not|unnecessary)\b"
            r"|\bdefault encryption\b"
        ),
        (_INTENDED, _NEEDLESS, _FOR_LESS, _FOR_LEARNING),
    ),
    (
        "network",
        lazy(r"\b(?:egress|internet|outbound|public(?:ly)?)\b|\ballowfrompublic\b"),
        (_INTENDED, _GUARDED),
    ),
    (
        "network",
        lazy(r"\b(?:no|outside (?:of )?(?:an?|the)|without an?) vpc\b"),
        (_INTENDED, _NEEDLESS, _FOR_LESS),
    ),
    ("internet", _INTERNET, (_INTENDED,)),
    (
        "permissions",
        lazy(
            r"\bfull[- ]?access\b|full_?access\b|\w+fullaccess\b|\badmin(?:istrat\w+)?\b|\bbroad(?:er)?\b"
            r"|\bpermissive\b|\bwide permissions?\b|\bmanaged polic(?:y|ies)\b|\bleast[- ]privilege\b"
            r"|\ball (?:actions|buckets|models|permissions|resources)\b|\bpower ?user\w*\b"
        ),
        (_INTENDED, _NEEDLESS, _FOR_LEARNING),
    ),
    (
        "retention",
        lazy(
            r"\bforce_?destroy\b|\bdeletion ?policy\b|\bprevent_?destroy\b|\bretain(?:ed|s)?\b"
            r"|\b(?:delet|destroy|remov)(?:e|es|ed|s)?\b[^.]{0,40}\b(?:stack|with|together|along)\b"
            r"|\btear(?:s|ing)?[- ]?down\b|\b(?:disposable|ephemeral|throw-?away)\b|\bclean-? ?up\b"
        ),
        (_INTENDED, _NEEDLESS, _FOR_LESS, _FOR_LEARNING, _ON_DELETION),
    ),
    (
        "scaling",
        lazy(
            r"\b(?:single|one|1|fixed)(?: \w+)? (?:copy|count|instances?|replica)\b|\bauto-?scal\w*\b"
            r"|\bscal(?:es?|ed|ing) (?:down|in|out|policy|policies|to|up)\b|\b(?:no|without) scaling\b"
            r"|\bredundan\w+\b|\bhigh[- ]availability\b|\bmulti-?az\b"
        ),
        (_INTENDED, _NEEDLESS, _FOR_LESS, _FOR_LEARNING),
    ),
    (
        "trust",
        lazy(
            r"\bconfused deputy\b|\bsource_?(?:account|arn)\b|\btrust(?:s| polic(?:y|ies))?\b"
            r"|\b(?:no|without) (?:an? )?(?:source )?condition\b"
        ),
        (_INTENDED, _NEEDLESS, _FOR_LEARNING),
    ),
)


# The settings themselves, beside which a comment need not name them.
_IN_CODE: dict[StatedSubject, re.Pattern[str]] = {
    "access": lazy(r"(?i)\bauth\w*\W{1,4}NONE\b"),
    "network": lazy(r"(?i)\ballowfrompublic\W{1,4}true\b"),
    "permissions": lazy(r"(?i)policy/(?:[\w-]+/)?\w*(?:FullAccess|AdministratorAccess|PowerUser)"),
    "retention": lazy(r"(?i)\b(?:force_?destroy\W{1,4}true|deletion_?policy\W{1,4}delete|prevent_destroy)\b"),
    "scaling": lazy(r"(?i)\binitial_?instance_?count\W{1,4}1\b"),
}


# Without any of these, which most comments lack, a comment states no choice.
_INTENTS = tuple(dict.fromkeys(intent for _, _, intents in _SUBJECTS for intent in intents))


def subjects_of(comment: str, code: str = "") -> frozenset[StatedSubject]:
    """The subjects of the choices that a comment states on purpose, or with a reason.

    code: the line that it is about, which may name the subject. What the internet is needed for counts where
    that line opens a network.
    """
    words = " ".join(comment.lower().split())
    vulnerable = is_vulnerable_by_name(comment) or _LABELED.match(words) is not None
    found = set[StatedSubject](("vulnerable",) if vulnerable else ())
    if _LATER.search(_NOT_FOR_PRODUCTION.sub("", words)) is not None:
        return frozenset(found)
    if not any(each.search(words) for each in _INTENTS) and _OPENED.search(code) is None:
        return frozenset(found)
    if _OPENED.search(code) is not None and _INTERNET.search(words) and _FOR_INTERNET.search(words):
        found.add("internet")
    sentences = _SENTENCE.split(words)
    found.update(
        subject
        for sentence in (sentences if len(sentences) > _TOGETHER else (words,))
        for subject, named, intents in _SUBJECTS
        if (named.search(sentence) or (subject in _IN_CODE and _IN_CODE[subject].search(code)))
        and any(each.search(sentence) for each in intents)
    )
    return frozenset(found)
