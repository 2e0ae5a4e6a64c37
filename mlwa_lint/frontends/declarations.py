"""What a repository, a folder or what is deployed declares itself to be: the one place that decides it.

It is shown where a README, a path or a name states that it is an example, a demo or a sample. It is a lesson
where people come to it for learning, and delete again what they deployed: workshops, labs, courses. Rules and
weights know both by the purpose of a project alone (`model/purpose.py`). What tries something out, unless
something shows that it is operated, is in `trials.py`.

A README states a lesson in its title or below (`readme.py`), further down ("In this workshop, you …"), in a
heading ("How to run the workshop"), or in the link that launches the stack. Files show it (`lab1.md`,
`lab2.md`), and so does what resources, tags and nested stacks are called. A workshop somewhere else, to which
a README refers, shows nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from mlwa_lint.files import NOTEBOOK
from mlwa_lint.files.endings import ProjectFiles, files_of
from mlwa_lint.files.reading import names_if_listed, real_path
from mlwa_lint.frontends.readme import (
    deletes_stacks,
    demonstrates,
    is_called_for_learning,
    is_for_learning,
    parts_of,
    sentences_of,
    states_lesson,
    states_vulnerable,
    text_of,
)
from mlwa_lint.model.purpose import is_named_for_learning, is_vulnerable_by_name
from mlwa_lint.model.resources import STATED_REASON, VULNERABLE, Project, Resource
from mlwa_lint.model.values import ListValue, MapValue, Reference, Scalar, Unknown, Value, known_text
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

# How much of a README may state it: the rest is what commands print, and the like.
_SIZE = 60_000
_COME_FOR = r"(?:bootcamp|code ?lab|hackathon|hands-on lab|immersion day|masterclass|workshop)"
_NOUN = rf"(?:{_COME_FOR}|hands-on|lab|lesson|tutorial|walkthrough)"
_DOES = (
    r"(?:will|shows?|walks?|guides?|uses?|assumes?|requires?|covers?|consists?|deploys?|creates?|provisions?"
    r"|demonstrates?|teaches|focuses|helps|introduces|takes|costs?|incurs?|has been tested"
    r"|was (?:built|tested|written)"
    r"|is (?:divided|designed|intended|split|structured))"
)
# "[this workshop](https://…)" is one somewhere else, and "As shown in this workshop" refers to it.
_OWN = rf"this (?:\w+[ -]){{0,2}}?{_NOUN}s?\b(?!\]| ?\(http)"
_FURTHER_DOWN = lazy(
    rf"(?:^|[.!?:]\s|\n)[\s>#\d.-]{{0,12}}(?:"
    rf"(?:in|during|throughout|by the end of|at the end of|for|after(?: completing| finishing)?) {_OWN}"
    rf"|(?:an? )?{_COME_FOR}s? (?:demonstrating|showing|teaching|that (?:demonstrates|shows|teaches))\b)"
    rf"|(?<!\[)\bthis (?:\w+[ -]){{0,2}}?{_NOUN} {_DOES}\b"
    rf"|\b(?:complete|completed|completing|finish|finished|finishing|running|starting) (?:with )?{_OWN}"
    r"|\b(?:neste|nesse) (?:workshop|tutorial|laboratório)\b|\ben este (?:taller|tutorial|laboratorio)\b"
    r"|\bdans (?:cet atelier|ce tutoriel|ce tp)\b|\bin diesem (?:workshop|tutorial)\b"
    r"|(?:この|本)(?:ワークショップ|ハンズオン|チュートリアル)(?:で|を|は|の)"
    r"|이 (?:워크숍|워크샵|핸즈온|실습)"
)
# Nothing but the address of an article, perhaps below a title: what lies there is the article's.
_ARTICLE_ALONE = lazy(
    r"(?:#{1,3}[^\n]{0,200}\n)?\s*(?:[-*] )?(?:\[[^\]\n]{0,200}\]\()?<?https?://[^\s)>]{0,60}(?<=[/.])(?:blogs?|medium)[./]"
    r"[^\s)>]{1,300}[>)]?\s*"
)
# "This application was written for demonstration and educational purposes, and not for production use."
_WORK = r"\bth(?:is|e|ese) (?:\w+ ){0,2}(?:app|application|code|project|repo|repository|solution|stack)s?"
_IS = r"(?:is|are|was|were)"
_SHOWS = r"(?:demonstration|demo|educational|illustration|illustrative|learning)"
_DISCLAIMED = lazy(
    rf"{_WORK} {_IS} (?:\w+,? ){{0,3}}for {_SHOWS}(?: and \w+| or \w+)?(?: purposes?| only|[.,;])"
    rf"|{_WORK} {_IS}(?: not|n['’]t) (?:\w+ ){{0,2}}for production(?: use| workloads?)?[.,;]"
)
_HEADING = lazy(r"\n#{1,6}[ \t]+([^\n]{1,120})")
# "## Workshop" alone may be about one that someone else gives.
_OF_WORKSHOP = lazy(
    r"\b(?:begin|clean(?:ing)? ?up|complete|deploy|do|follow|prepare|prerequisites for|run"
    r"|running|set ?up|start)"
    rf" (?:the |this |your )?(?:{_COME_FOR}|lab|tutorial)\b|^\W{{0,6}}(?:labs?|{_COME_FOR}) ?\d"
    rf"|^\W{{0,6}}(?:about (?:the|this) )?{_COME_FOR} (?:agenda|architecture|content|environment|guide"
    r"|instructions|modules|outline|overview|prerequisites|set-?up|steps|structure)\b"
)
_ABOUT_OTHERS = lazy(
    r"\b(?:acknowledg\w*|additional|based on|credits?|events?|external|from|further|inspired|links?|more|news"
    r"|other|past|presentations?|previous|publications?|references?|related|resources?|see|similar|talks?"
    r"|upcoming|videos?)\b"
)
_ARTICLE_SIZE = 1_000
_LAUNCH = lazy(r"\b(?:stackName|templateURL)=([^&\s\"')\]]{1,300})")
_LINKED_LAB = lazy(r"\]\((?:\./)?(?:[\w-]{1,60}/){0,3}(?:labs?|workshops?)[-_ ]?\d")
_LAB = lazy(r"(?i)labs?[-_ ]?\d{1,2}(?!\d)(?:[-_. ][^/]*)?$|\d{1,2}[-_. ]?labs?(?:\.(?:md|ipynb))?$")
_FOR_WORKSHOP = lazy(
    r"(?i)(?<![a-z])(?:bootcamp|code[-_ ]?lab|hackathon|immersion[-_ ]?day|workshop)(?![a-z])[^/]*\.\w+$"
)
# What a README calls a repository.
_READY = lazy(r"\b(?:enterprise|production)[- ](?:grade|ready)\b")
_REFERENCE = lazy(r"\breference (?:architecture|implementation)\b")
# What is not so yet, never was, or is what readers should make of it.
_NOT_YET = lazy(
    r"n['’]t\b|\b(?:aims?|before|could|from|goals?|if|instead|make|making|never|no|not|otherwise|should|towards?"
    r"|until|without|would)\b"
)
_SEVERAL = 2
_VULNERABLE = "it states that it is insecure on purpose"
_ALL_VULNERABLE = "its repository states that it is insecure on purpose"
_URL_OF_TEMPLATE = "TemplateURL"
_STACK = "AWS::CloudFormation::Stack"


class Declared(NamedTuple):
    """What READMEs and files around something declare it to be. See the module."""

    shown: bool
    lesson: bool


def declared_by(folders: Sequence[Path], top: Path, files: ProjectFiles | None) -> Declared:
    """What the folders from a project's own to that of what is deployed declare.

    top: the folder of the project, whose name counts. files: its files.
    """
    lesson = is_called_for_learning(top) or any(map(is_lesson, folders))
    shown = lesson or any(is_shown_by(each, files) for each in folders)
    return Declared(shown, lesson or (files is not None and deletes_stacks(files)))


def is_shown_by(folder: Path, files: ProjectFiles | None) -> bool:
    """Whether a folder declares itself to be an example of some kind.

    files: those of the repository, whose continuous integration may deploy what only demonstrates something.
    """
    if (
        is_for_learning(folder)
        or is_lesson(folder)
        or _ARTICLE_ALONE.fullmatch(text_of(folder)[:_ARTICLE_SIZE])
        or _DISCLAIMED.search(text_of(folder)[:_SIZE].lower())
    ):
        return True
    if files is None or not demonstrates(folder):
        return demonstrates(folder)
    # That takes all texts of the repository, which few folders need.
    from mlwa_lint.frontends.deployed import is_deployed

    return not is_deployed(files)


def is_lesson(folder: Path) -> bool:
    """Whether the README of a folder, or what lies in it, shows that people learn with it."""
    return files_of(folder).once(_is_lesson)


def _is_lesson(files: ProjectFiles) -> bool:
    folder = files.root or Path()
    return states_lesson(folder) or _states_it(folder) or _has_labs(folder)


def _states_it(folder: Path) -> bool:
    text = text_of(folder)[:_SIZE]
    if any(map(is_named_for_learning, _LAUNCH.findall(text))):
        return True
    lower = text.lower().replace("\u200b", "")
    plain = lower.replace("*", "").replace("_", "")
    if _FURTHER_DOWN.search(plain) or _LINKED_LAB.search(lower):
        return True
    return any(
        _OF_WORKSHOP.search(each) and not _ABOUT_OTHERS.search(each) and "](http" not in each
        for each in _HEADING.findall(lower)
    )


def _has_labs(folder: Path) -> bool:
    """Whether several files or folders are numbered labs, or a file is for a workshop: `clean_workshop.sh`.

    Or most notebooks are called a tutorial or the like.
    """
    names = names_if_listed(folder)
    if any(map(_FOR_WORKSHOP.search, names)):
        return True
    if sum(_LAB.match(each) is not None for each in names) >= _SEVERAL:
        return True
    notebooks = [each for each in names if each.endswith(NOTEBOOK)]
    return 2 * sum(map(is_named_for_learning, notebooks)) > len(notebooks)


def called_for_learning(resources: Iterable[Resource], top: Path) -> bool:
    """Whether a resource is called after a workshop, a tutorial or their like: `WorkshopDomain`.

    So may be what a tag states, the default of a part of a name, or where the template of a nested stack is.
    One name does not outweigh a README that calls the repository, at `top`, ready for production.
    """
    texts = dict.fromkeys(text for each in resources for text in _texts_of(each))
    return any(map(is_named_for_learning, texts)) and not files_of(top).once(_is_model)


def is_ready(files: ProjectFiles) -> bool:
    """Whether the README of a repository introduces it as ready for production: someone operates that."""
    return any(map(_READY.search, files.once(_statements)))


def _is_model(files: ProjectFiles) -> bool:
    """The same, or as a reference architecture: people do not come to it for learning."""
    return any(_READY.search(each) or _REFERENCE.search(each) for each in files.once(_statements))


def _statements(files: ProjectFiles) -> tuple[str, ...]:
    """The title of a README and the sentences below it, other than those about what it is not."""
    parts = parts_of(files.root or Path())
    sentences = [] if parts is None else [parts[0].lower(), *sentences_of(parts[1])]
    return tuple(each for each in sentences if not _NOT_YET.search(each))


def with_vulnerable(project: Project, folders: Sequence[Path]) -> Project:
    """The project with a note of what is insecure on purpose: all of it, or what is called or tagged so.

    folders: those from the top of the repository to that of what is deployed, whose names and READMEs count.
    """
    if any(is_vulnerable_by_name(Path(real_path(each)).name) or states_vulnerable(each) for each in folders):
        return project.with_notes({each.type for each in project.resources}, VULNERABLE, _ALL_VULNERABLE)
    named = {each.address for each in project.resources if _is_vulnerable(each)}
    if not named:
        return project
    noted = (
        each.with_note(VULNERABLE, _VULNERABLE) if each.address in named or named & _named_in(each) else each
        for each in project.resources
    )
    return project._replace(resources=tuple(noted))


def _is_vulnerable(resource: Resource) -> bool:
    stated = resource.attributes.entries.get(STATED_REASON)
    by_comment = stated is not None and "vulnerable" in (known_text(stated.value) or "").split()
    return by_comment or any(map(is_vulnerable_by_name, _texts_of(resource)))


def _named_in(resource: Resource) -> set[str]:
    """The resources that a policy is attached to."""
    values = [entry.value for entry in resource.properties.entries.values()] if "IAM" in resource.type else []
    lists = [item for each in values if isinstance(each, ListValue) for item in each.items]
    return {each.address for each in (*values, *lists) if isinstance(each, Reference)}


def _texts_of(resource: Resource) -> Iterator[str]:
    yield resource.address.rpartition(".")[2]
    entries = resource.properties.entries
    for key, entry in entries.items():
        if key.endswith("Name") or (key == _URL_OF_TEMPLATE and resource.type == _STACK):
            yield from _known_in(entry.value)
    if "Tags" in entries:
        yield from _tagged(entries["Tags"].value)


def _known_in(value: Value) -> Iterator[str]:
    """A text, or what is known of it."""
    if isinstance(value, Unknown):
        yield from (part for part in value.parts if isinstance(part, str))
    elif isinstance(value, Scalar):
        yield known_text(value) or ""


def _tagged(tags: Value) -> Iterator[str]:
    for each in tags.items if isinstance(tags, ListValue) else ():
        if isinstance(each, MapValue) and "Value" in each.entries:
            yield from _known_in(each.entries["Value"].value)


__all__ = [
    "Declared",
    "called_for_learning",
    "declared_by",
    "is_lesson",
    "is_ready",
    "is_shown_by",
    "with_vulnerable",
]
