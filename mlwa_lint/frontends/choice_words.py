"""How comments state a choice: the words for its subject, and those for the intent behind it.

One sentence has both, or two that are all of the comment. What announces a change, asks or denies, does not.
"""

import re

from mlwa_lint.model.findings import StatedSubject
from mlwa_lint.model.purpose import is_vulnerable_by_name
from mlwa_lint.startup.patterns import lazy

_ON_PURPOSE = lazy(
    r"\b(?:on purpose|intentional(?:ly)?|deliberate(?:ly)?|purposely|purposefully|knowingly|consciously)\b"
    r"|\bby (?:choice|design|intent)\b|\btrade-?offs?\b|\baccept(?:ed|able|ing)\b|\bwe accept\b"
    r"|\b(?:is|are) (?:good |more than )?(?:enough|fine|plenty|sufficient)\b|\bsuffic(?:e|es)\b"
    r"|\b(?:no need|unnecessary)\b|(?:\bnot|n['’]t) (?:be )?(?:necessary|needed|required|need|require)\b"
    r"|\bbecause\b|\bso that\b"
)
_FOR_LESS = lazy(
    r"\bto (?:avoid|cut|keep|limit|lower|minimi[sz]e|reduce|save)(?: on)? (?:\w+ ){0,3}?"
    r"(?:bills?|charges?|costs?|expenses?|money|spend(?:ing)?)\b"
    r"|\bcost[- ](?:conscious|effective|efficient|optimi[sz]\w+|saving)\b|\bcheap(?:er|est)?\b"
    r"|\b(?:keeps?|saves?|saving) (?:\w+ )?(?:costs?|money)\b"
)
_FOR_LEARNING = lazy(
    r"\bfor (?:an? |our |the |this )?(?:\w+ )?(?:class|course|demo|demonstration|example|lab|poc"
    r"|proof[- ]of[- ]concept|prototype|sample|tutorial|workshop)\b"
)
_OF_CALLERS = lazy(
    r"\b(?:browsers?|callers?|clients?|users|visitors|web ?site|widget)(?: \w+){0,2} (?:are|has|have|is)\b"
)
# What an agent or a tool needs the internet for.
_FOR_INTERNET = lazy(
    r"\b(?:allow\w*|for|needs?|needed|required?|requires|so that|to (?:call|download|fetch|install|reach))\b"
)
_LATER = lazy(
    r"\b(?:todo|fixme|xxx|once|later|until|yet|for now|temporar\w+|should|replace|change|will be|insecure"
    r"|production|prod|restrict|tighten|harden|lock (?:\w+ )?down|not recommended|workaround|hack"
    r"|unintentional\w*|unacceptable|not (?:acceptable|by design|enough|fine|intentional\w*|on purpose"
    r"|sufficient))\b|\?"
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
        (_ON_PURPOSE, _OF_CALLERS),
    ),
    (
        "filter",
        lazy(
            r"\b(?:prompt[- _]?(?:attack|injection)|jailbreak)s?\b"
            r"|\b(?:no|only|without) (?:\w+ ){0,2}filters?\b|\bfilters? (?:is |are )?(?:left out|off)\b"
        ),
        (_ON_PURPOSE, _FOR_LESS, _FOR_LEARNING),
    ),
    (
        "idle",
        lazy(
            r"\bidle\b|\bauto[- ]?(?:matic )?(?:shut-?down|stop\w*)\b|\balways[- ]on\b|\b24/7\b"
            r"|\b(?:keeps?|kept|left|stays?) (?:on|running|up)\b|\baround the clock\b"
            r"|\b(?:no|without) (?:an? )?lifecycle\b"
        ),
        (_ON_PURPOSE, _FOR_LESS, _FOR_LEARNING),
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
        (_ON_PURPOSE, _FOR_LESS, _FOR_LEARNING),
    ),
    (
        "network",
        lazy(
            r"\b(?:egress|internet|outbound|public(?:ly)?)\b|\b(?:no|outside (?:of )?(?:an?|the)|without an?)"
            r" vpc\b|\ballowfrompublic\b"
        ),
        (_ON_PURPOSE, _FOR_LESS),
    ),
    (
        "internet",
        lazy(
            r"\b(?:download\w*|egress|external|install\w*|internet|npm|outbound|pip|public|third[- ]party"
            r"|web)\b"
        ),
        (_ON_PURPOSE, _FOR_INTERNET),
    ),
    (
        "permissions",
        lazy(
            r"\bfull[- ]?access\b|full_?access\b|\w+fullaccess\b|\badmin(?:istrat\w+)?\b|\bbroad(?:er)?\b"
            r"|\bpermissive\b|\bwide permissions?\b|\bmanaged polic(?:y|ies)\b|\bleast[- ]privilege\b"
            r"|\ball (?:actions|buckets|models|permissions|resources)\b|\bpower ?user\w*\b"
        ),
        (_ON_PURPOSE, _FOR_LEARNING),
    ),
    (
        "retention",
        lazy(
            r"\bforce_?destroy\b|\bdeletion ?policy\b|\bprevent_?destroy\b|\bretain(?:ed|s)?\b"
            r"|\b(?:delet|destroy|remov)(?:e|es|ed|s)?\b[^.]{0,40}\b(?:stack|with|together|along)\b"
            r"|\btear(?:s|ing)?[- ]?down\b|\b(?:disposable|ephemeral|throw-?away)\b|\bclean-? ?up\b"
        ),
        (_ON_PURPOSE, _FOR_LESS, _FOR_LEARNING),
    ),
    (
        "scaling",
        lazy(
            r"\b(?:single|one|1|fixed)(?: \w+)? (?:copy|count|instances?|replica)\b|\bauto-?scal\w*\b"
            r"|\bscal(?:e|es|ed|ing)\b|\bredundan\w+\b|\bhigh[- ]availability\b|\bmulti-?az\b"
        ),
        (_ON_PURPOSE, _FOR_LESS, _FOR_LEARNING),
    ),
    (
        "trust",
        lazy(
            r"\bconfused deputy\b|\bsource_?(?:account|arn)\b|\btrust(?:s| polic(?:y|ies))?\b"
            r"|\b(?:no|without) (?:an? )?(?:source )?condition\b"
        ),
        (_ON_PURPOSE, _FOR_LEARNING),
    ),
)


def subjects_of(comment: str) -> frozenset[StatedSubject]:
    """The subjects of the choices that a comment states on purpose, or with a reason."""
    words = " ".join(comment.lower().split())
    vulnerable: frozenset[StatedSubject] = frozenset(
        ("vulnerable",) if is_vulnerable_by_name(comment) else ()
    )
    if _LATER.search(_NOT_FOR_PRODUCTION.sub("", words)) is not None:
        return vulnerable
    sentences = _SENTENCE.split(words)
    return vulnerable | frozenset(
        subject
        for sentence in (sentences if len(sentences) > _TOGETHER else (words,))
        for subject, named, intents in _SUBJECTS
        if named.search(sentence) and any(each.search(sentence) for each in intents)
    )
