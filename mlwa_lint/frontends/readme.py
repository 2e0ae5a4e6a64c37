"""What a README, or the name of a repository, states of it: that it is for learning, `# MLOps Workshop`."""

import re
from pathlib import Path

from mlwa_lint.files import NOTEBOOK
from mlwa_lint.files.endings import ProjectFiles, files_of
from mlwa_lint.files.reading import is_folder, names_if_listed, read_text, real_path
from mlwa_lint.model.purpose import is_named_for_learning, is_vulnerable_by_name
from mlwa_lint.startup.patterns import lazy

README = "README.md"
_SPELLINGS = (README, "readme.md", "Readme.md", "README.rst", "README.adoc", "README.txt", "README")
_PACKAGES = ("package.json", "pyproject.toml")
# GitHub shows that of one of these for a repository that has none at its top.
_FURTHER = (".github", "docs")
_SIZE = 200_000
_SEVERAL_WORDS = lazy(r"[A-Za-z0-9][-_+. ]+[A-Za-z0-9]")
_INTRODUCTION = 400
_TITLE = lazy(
    r"^#+ +(?P<title>.+)$|^(?P<underlined>\S.*)\n={3,}[ \t]*$|<h[1-3]\b[^<>]*>(?P<heading>[^<]+)</h",
    re.MULTILINE,
)
# What generators of pages read.
_FRONT_MATTER = lazy(r"\A---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_STATED_TITLE = lazy(r"^title:[ \t]*(?P<title>\S.*)$", re.MULTILINE)
# The same in languages without spaces, or with endings: workshop, hands-on, tutorial.
_LESSON_ELSEWHERE = (
    "워크샵",
    "워크숍",
    "핸즈온",
    "실습",
    "工作坊",
    "动手",
    "教程",
    "ワークショップ",
    "ハンズオン",
    "チュートリアル",
    # This exercise, this assignment.
    "denne oppgave",
    "denne opgave",
    "denne øvelse",
    "i øvelsen",
    "denna övning",
    "den här övningen",
    "diese übung",
    "dieser übung",
    "übungsaufgabe",
    "cet exercice",
    "travaux pratiques",
    "este ejercicio",
    "este exercício",
    "questo esercizio",
    "deze oefening",
    # This course; "treinamento" alone is also what is done with models.
    "este treinamento é",
    "bem-vindo ao treinamento",
    *("este curso", "neste curso", "deste curso", "del curso", "do curso", "dans ce cours", "diesem kurs"),
)
_ELSEWHERE = (*_LESSON_ELSEWHERE, "サンプルアプリ", "サンプルコード", "サンプルシステム", "試すリポジトリ")
# … and in titles alone: sample, demo, for study, what someone tried.
_ELSEWHERE_IN_TITLE = (
    "サンプル",
    "デモ",
    "検証用",
    "勉強用",
    "学習用",
    "てみた",
    "예제",
    "示例",
    "演示",
    "学习用",
)
_BETWEEN = lazy(r"[^a-z]+")
_IN_TITLE = frozenset(
    {
        *("bootcamp", "course", "demo", "demos", "exercise", "exercises", "hackathon", "labs"),
        *("lesson", "lessons", "nanodegree", "playground", "snippets", "tutorial", "tutorials"),
        *("workshop", "workshops", "samples", "examples", "coursework", "coursera", "udacity"),
    }
)
# Of these, words that name what people learn with, and nothing that others keep or are called.
_LESSON_IN_TITLE = frozenset({"coursework", "exercises", "homework", "lessons", "nanodegree", "udacity"})
# Those who give courses, and what is handed in there.
_SCHOOL = r"(?:coursera|datacamp|dataquest|deeplearning\.ai|edx|udacity|udemy)"
_TASK = r"(?:assignment|capstone|course|exercise|homework|nanodegree|project|specialization)s?"
# "Protein Lab Infrastructure" is that of a laboratory.
_LAB = lazy(r"^lab\b|\blab ?\d|\blab\W*$")
# A "sample service" scores samples; what is called "churn-sample" is one.
_ENDS_AS_SAMPLE = lazy(
    r"\b(?:sample|example)\W*$|^(?:first steps|getting started) (?:with|in|on)\b"
    # Done once, for an assignment or an exam: nothing of it is operated.
    r"|^(?:load|stress)[- ]test(?:s|ing)?\b(?! (?:framework|platform|service|tool))"
    r"|\bkaggle\b|\bbenchmark(?:s|ing)?(?: (?:script|suite|tool)s?)?\W*$|\btake[- ]home\b|\bhomework\b"
    r"|\b(?:assignment \d+|(?:coding|course|programming) assignment|portfolio project)\W*$"
    r"|\b(?:capstone|class|course|semester|university) project\W*$"
    r"|\beksamen(?:soppgaven?)?\b|^(?:final|home|take[- ]home) exam\b"
    r"|\bexam (?:assignment|project|submission)\b"
    r"|\bhello[ -]?world\b"
    # A talk at a conference.
    r"|\b(?:devfest|djangocon|kubecon|pycon|pydata)[a-z]{0,10}[ -]?(?:20)?\d\d\b"
    # Data that is only learned with.
    r"|\b(?:abalone|cifar-?10|fashion[- ]mnist|mnist|titanic)\b"
)
# Made for a lesson, a course or an exam, and not to be kept.
_LESSON_ENDS = lazy(
    # A data lab is where a company keeps its data.
    r"\blab ?\d|(?<!data )(?<!research )(?<!science )\blab\W*$|\beksamen(?:soppgaven?)?\b"
    r"|\btake[- ]home\b|\bhomework\b"
    r"|\b(?:assignment \d+|(?:coding|course|programming|technical) assignment)\W*$"
    r"|\b(?:capstone|class|course|semester|university) project\W*$|^(?:final|home|take[- ]home) exam\b"
    r"|\bexam (?:assignment|project|submission)\b|\b(?:coding|technical) (?:challenge|interview|test)\b"
    r"|\bprueba t[eé]cnica\b|\bteste t[eé]cnico\b|\btest technique\b"
)
# Below the title: "of course" marks nothing, and "a tutorial is in docs/" nothing about the project itself.
_NOUN = r"(?:(?:tutorial|workshop|bootcamp|nanodegree)s?|capture[ -]the[ -]flag)\b"
_VULNERABLE = r"(?:deliberately|intentionally|purposely) (?:insecure|misconfigured|vulnerable)"
_WORD = r"(?!with |and |has |have |see |contains |includes |comes )\S{1,100} "
_WORDS = rf"(?:{_WORD}){{0,6}}"
_MADE = (
    r"(?:code|codes|collection|content|contents|example|examples|exercise|exercises|files|lab|labs|material|"
    r"materials|notebook|notebooks|project|projects|repo|repository|resources|sample|samples|script|scripts|"
    r"solution|solutions)"
)
_KEPT = r"(?:app|application|code|directory|folder|notebook|project|repo|repository|script|solution|stack)s?"
# What people come to for learning, and what is made for a course, a grade or an interview.
_OF_LESSON = lazy(
    rf"(?:^|\b(?:in|throughout|during|with|of) )this (?:{_WORD}){{0,3}}{_NOUN}"
    rf"|\b(?:this|it|here) is (?:a|an|the|my|our) {_WORDS}{_NOUN}"
    rf"|\b(?:part|companion|accompanies|accompanying|join|attend|welcome to) {_WORDS}{_NOUN}"
    rf"|\b{_MADE} (?:for|from|of|used in|made in|following) {_WORDS}{_NOUN}"
    r"|\bhands-on labs?\b"
    rf"|^(?:(?:th(?:is|ese) (?:{_WORD}){{0,3}}is|it is) )?(?:an?|my|our|the) (?:{_WORD}){{0,4}}"
    r"(?:take[- ]home (?:assessment|assignment|challenge|exercise|project|task|test)"
    r"|(?:capstone|class|college|course|semester|university) project)\b"
    r"|^an? lab (?:for|testing|to)\b"
    r"|^(?:the )?final (?:year )?project (?:for|of) (?:\S+ ){0,8}(?:bootcamp|course|degree|master|program)\b"
    rf"|\bworkshops\.aws\b"
    rf"|\b{_SCHOOL}(?:['’]?s)? (?:\S+ ){{0,5}}?{_TASK}\b"
    rf"|\b{_TASK} (?:\S+ ){{0,3}}?(?:at|by|for|from|in|of|on|with) (?:\S+ ){{0,3}}?{_SCHOOL}\b"
    r"|\b(?:implementation|solution|submission)s? (?:for|of|to) (?:\S+ ){0,5}?"
    r"(?:coding|home|interview|technical) "
    r"(?:assessment|assignment|case|challenge|exercise|interview|task|test)\b"
    r"|\bsolutions? (?:for|of|to) (?:\S+ ){0,5}?(?:assignment|coursework|exercise|homework|nanodegree)s?\b"
    r"|\b(?:code|made|part|project|submission|submitted|work|written) (?:as|for|in|of|to) (?:\S+ ){0,6}?"
    r"(?:coursework\b|(?:course|curriculum|lecture|semester|seminar)\W*$)"
)
# The same, of how a package is described: "SageMaker MLOps workshop", not "a platform for workshops".
_OF_LESSON_ALONE = lazy(
    r"^(?:(?!for |to )\S+ ){0,8}?"
    r"(?:bootcamp|course|hands[- ]on lab|immersion day|nanodegree|tutorial|workshop)"
    r"(?:\W*$| (?:about|code|content|for|in|materials?|on|repository|with)\b)"
)
_REFERS = lazy(r"\b(?:described|explained|presented|seen|shown|taken|used) (?:at|during|from|in) this\b")
_OF_ITSELF = lazy(
    rf"^th(?:is|ese) (?:{_WORD}){{0,3}}(?:example|sample|demo)s? (?:\S+ ){{0,4}}"
    r"(?:show|demonstrat|illustrat|walk)"
    r"|^(?:cdk|cloudformation|code|iac|infrastructure as code|terraform) examples? (?:for|of|on|using|with)\b"
    r"|\b(?:aim|goal|idea|purpose) is to (?:\S+ ){0,3}(?:benchmark|familiar)"
    r"|^(?:this is )?(?:an? |my )?(?:\S+ ){0,2}project to (?:get familiar|get to know|learn|practi[cs]e)\b"
    rf"|^th(?:is|ese) (?:{_WORD}){{0,3}}is (?:a|an) {_WORDS}(?:example|sample|demo)\b"
    r"|\bthis is (?:just|merely|only|purely|simply) an? (?:\S+ )?(?:demo|demonstration|example|sample)\W*$"
    rf"|\bth(?:is|ese) (?:{_WORD}){{0,3}}(?:sample|demo|example)s? (?:app|project|repository|solution|tool)"
    rf"|\bthis repo(?:sitory)? (?:contains|holds|has) (?:a|an) (?:{_WORD}){{0,2}}(?:sample|demo|example)\b"
    r"|\bthat (?:showcases|demonstrates) how\b"
    rf"|^th(?:is|ese) (?:{_WORD}){{0,2}}{_KEPT} (?:\S+ )?(?:demonstrat|illustrat|showcas)\w* "
    r"(?:how|use|using)\b"
    r"|\b(?:written|described|explained) (?:\S+ ){0,3}(?:my|our) blog\b"
    r"|^(?:a )?demonstrat(?:es|ing|ion) (?:how|of|the|using)\b"
    rf"|^th(?:is|ese) (?:{_WORD}){{0,3}}is (?:a|an) {_WORDS}proof[ -]of[ -]concept\b"
    r"|\b(?:(?:code (?:for|from|of)|described in|part of) (?:\S+ ){0,3}"
    r"|(?:accompan\w+|companion) (?:\S+ ){0,8}?)(?:article|blog ?post)\b"
    r"|^(?:an? )?(?:simple|short|practical|hands-on|step-by-step|beginner s|beginner's|beginner’s) guide "
    r"(?:to|on|for)\b"
    rf"|^(?:(?:th(?:is|ese) (?:{_WORD}){{0,3}}is|it is) )?(?:an?|my|our|the) (?:{_WORD}){{0,4}}"
    r"portfolio project\b"
    rf"|^th(?:is|ese) (?:{_WORD}){{0,2}}{_KEPT} (?:\S+ ){{1,12}}to (?:demonstrate|illustrate|show) how\b"
    rf"|^an? (?:{_WORD}){{0,3}}(?:example|sample|demo|demonstration)(?: {_KEPT})? "
    r"(?:of how|of using|showing how|that|which)\b"
    rf"|^(?:how i built this )?learn how to (?:build|create|deploy|make|serve|train|use)\b"
    # Of something measured; not of a product that evaluates.
    rf"|^(?:an? )?(?:exploration|comparison|comparing|benchmark(?:s|ing)?) (?:of )?(?:{_WORD}){{0,2}}"
    r"(?:inference|latency|latencies|performance|speed|throughput)\b"
    r"|\bserves? as (?:\S+ ){0,3}for (?:\S+ ){0,3}(?:article|blog ?post)\b"
    r"|^the following (?:code|project|repository) (?:will )?demonstrat\w+\b"
    r"|\bfor demonstration(?: purposes)?(?: only)?\b"
    rf"|^this {_KEPT} (?:will )?guides? (?:users|you|readers|developers) through\b"
    # What is done for study or as a hobby.
    rf"|^(?:(?:th(?:is|ese) (?:{_WORD}){{0,3}}is|it is) )?(?:an?|my|our|the) (?:{_WORD}){{0,4}}"
    r"(?:hobby|pet|toy) project\b"
    r"|\bpart of (?:\S+ ){0,3}(?:bachelor|master|diploma)['’]?s? thesis\b"
    rf"|^th(?:is|ese) (?:{_WORD}){{0,3}}is an? (?:{_WORD}){{0,2}}case study\b"
    r"|\b(?:este|esse|esta|essa) \S+ (?:é|es) (?:um|un|uma|una) (?:estudo|estudio) de caso\b"
    r"|\b(?:a|as|is|for) (?:\S+ )?study (?:tool|project)\b"
    r"|\bfor (?:\w+(?: ?/ ?| and | or ))?(?:didactic|educational|learning|study|studying)"
    r"(?:(?: ?/ ?| and | or )\w+)? purposes\b"
    r"|\bpara fins (?:de estudo|didáticos)\b|\b(?:con|para) fines (?:de aprendizaje|didácticos|educativos)\b"
    r"|\b(?:collection|compilation) of (?:\S+ ){0,3}(?:examples|samples|demos|snippets)\b"
    r"|\b(?:collection|compilation) of (?:\S+ ){0,6}projects (?:that )?demonstrat\w+\b"
    # What nothing runs; a module that is not to be used on its own is used by others.
    rf"|\b(?:code|project|repo|repository|script|template)s?(?: {_WORDS})? ?(?:is|are)(?: not|n['’]t) "
    r"(?:intended|meant|supposed) to be (?:deployed|executed|run)\b(?! (?:alone|as|by|directly|from|in"
    r"|independently|locally|manually|on|outside|separately|standalone|with))"
    rf"|\b(?:do not|don['’]t|never) (?:deploy|run|use) (?:it|these|this)(?: {_KEPT})?"
    r" in(?:to)?(?: an?| any| your)? production(?: accounts?| environments?)?\W*$"
)
# What is made to be attacked; not what finds such code, or how it is reported.
_OF_VULNERABLE = lazy(
    rf"^(?:an? |the |this )?{_VULNERABLE}\b"
    rf"|^(?:this|it|these|all|everything) (?!(?:\S+ ){{0,3}}(?:that|which) )(?:{_WORD}){{0,4}}"
    rf"(?:is|are) (?:an? )?{_VULNERABLE}\b"
    rf"|^(?:\S+ ){{0,4}}is (?!not )(?:\S+ ){{0,5}}?['’]?vulnerable[ -]by[ -]design\b"
    rf"|^(?:an? |the )?vulnerable (?:\S+ ){{0,3}}(?:app|application|chatbot|environment|infrastructure|stack)"
    r" for (?:the|an?) (?:\S+ ){0,5}(?:ctf|demo|demonstration|exercise|lab|training)\b"
)
# The same further down, before the first section.
_OF_WORKSHOP = lazy(
    rf"^this {_KEPT} is (?:an?|my|our|the) (?:(?!for |to ){_WORD}){{0,4}}{_NOUN}"
    r"|\bfollow th(?:e|is) workshop\b"
)
_PREAMBLE = 4000
# It shows what it is, which a service may do as well.
_DEMONSTRATES = lazy(
    rf"^th(?:is|ese) (?:{_WORD}){{0,2}}{_KEPT} (?:\S+ )?(?:demonstrat|illustrat|showcas)\w* (?:an?|end|the)\b"
)
_INSECURE = ("insecure", "misconfigured", "vulnerable")
_SHOWING = ("demonstrat", "illustrat", "showcas")
# Without one of these words the expression, which takes a millisecond to compile, finds nothing.
_SUBJECTS = (
    "aprendizaje", "capstone", "case study", " de caso", "familiar", "get to know", "to learn", "practi",
    "didáctic", "didátic", "educativos", "estudo", "final ", "purposes", "study", "thesis", " lab ",
    " project", "article", "benchmark", "blog", "bootcamp", "meant to be", "intended to be",
    "supposed to be", "course", "datacamp", "dataquest", "deeplearning.ai", "edx", "udacity", "udemy",
    "assignment", "exercise", "interview", "technical ", "home ", "homework", "curriculum", "lecture",
    "semester", "seminar", "capture", "compari", "demo", "example", "exploration", "guide",
    "hands-on lab", "illustrat", "insecure", "learn how", "misconfigured", "nanodegree", "production",
    "portfolio project", "proof", "sample", "show how", "showcas", "snippets", "take-home", "take home",
    "tutorial", "vulnerable", "workshop",
)  # fmt: skip
# Some editors leave spaces without a width.
_BLANK = " \t\r\n\u200b\ufeff"
_CONTENTS = lazy(r"^[#\s]*(?:table of )?(?:contents?|toc)\W*$")
# Pictures and badges state nothing, and a title may be followed by many.
_PICTURES = lazy(r"\[?!\[[^\]]*\]\([^)\n]*\)(?:\]\([^)\n]*\))?|<img\b[^>]*>")
_MARKUP = lazy(r"[*_`\[\]()#>|\"]+")
_SENTENCE = lazy(r"[.!?]\s|(?<! for):\s|\n\s*\n|\n\s*[-*+] ")


def is_for_learning(folder: Path) -> bool:
    """Whether a folder's README states it about the folder itself, in its title or right below."""
    return files_of(folder).once(_is_for_learning)


def states_lesson(folder: Path) -> bool:
    """Whether a folder's README states in its title or right below that people learn with it.

    Or that it was made for a course, an exam or an interview: what is deployed of it is deleted again.
    """
    return files_of(folder).once(_states_lesson)


def _states_lesson(files: ProjectFiles) -> bool:
    parts = files.once(_parts_of)
    title, below = ("", _introduction(files.once(_text_of))) if parts is None else parts
    lower = title.lower()
    described = files.once(description_of)
    return bool(
        is_named_for_learning(title)
        or _OF_LESSON_ALONE.search(described)
        or any(each in lower or each in below for each in _LESSON_ELSEWHERE)
        or _LESSON_IN_TITLE.intersection(_BETWEEN.split(lower))
        or _LESSON_ENDS.search(lower)
        or any(
            _OF_LESSON.search(each) and not _REFERS.search(each)
            for each in sentences_of(f"{below}\n\n{described}")
            if any(subject in each for subject in _SUBJECTS)
        )
        or _is_of_workshop(files)
    )


def deletes_stacks(files: ProjectFiles) -> bool:
    """Whether a notebook of a repository deletes a stack: whoever works through it ends with that."""
    return files.once(_deletes_stacks)


def _deletes_stacks(files: ProjectFiles) -> bool:
    return any(
        steps[-1].endswith(NOTEBOOK) and b".delete_stack(" in each.content
        for steps, each in (files.texts() or {}).items()
    )


def is_called_for_learning(root: Path) -> bool:
    """Whether a repository is called after a workshop, a tutorial or their like: `ml-tutorial`.

    Without a remote, its folder counts if it has several words: `workshop` may be where someone works.
    """
    if is_folder(root / ".git"):
        from mlwa_lint.frontends.remotes import names_of

        names = names_of(root)
        if names:
            return any(map(is_named_for_learning, names))
    folder = Path(real_path(root)).name
    return _SEVERAL_WORDS.search(folder) is not None and is_named_for_learning(folder)


def demonstrates(folder: Path) -> bool:
    """Whether a folder's README states that it demonstrates something: that alone shows what it is."""
    return files_of(folder).once(_demonstrates)


def _demonstrates(files: ProjectFiles) -> bool:
    parts = files.once(_parts_of)
    found = sentences_of(parts[1]) if parts is not None else []
    return any(_DEMONSTRATES.search(each) for each in found if any(map(each.__contains__, _SHOWING)))


def _is_for_learning(files: ProjectFiles) -> bool:
    parts = files.once(_parts_of)
    words, below = ("", _introduction(files.once(_text_of))) if parts is None else parts
    if (
        any(each in words or each in below for each in _ELSEWHERE)
        or any(map(words.__contains__, _ELSEWHERE_IN_TITLE))
        or is_named_for_learning(words)
        or _IN_TITLE.intersection(_BETWEEN.split(words.lower()))
        or _LAB.search(words.lower())
        or _ENDS_AS_SAMPLE.search(words.lower())
    ):
        return True
    return (
        any(map(_states_it, sentences_of(f"{below}\n\n{files.once(description_of)}")))
        or files.once(_states_lesson)
        or files.once(_is_of_workshop)
    )


def _is_of_workshop(files: ProjectFiles) -> bool:
    """Whether a README states before its first section that it is a workshop's material."""
    text = files.once(_text_of)[:_PREAMBLE].lower()
    further = text.partition("\n")[2].partition("\n#")[0]
    return "workshop" in further and any(map(_OF_WORKSHOP.search, sentences_of(further)))


def parts_of(folder: Path) -> tuple[str, str] | None:
    """The title of a folder's README and what is right below it, in small letters; None without a title.

    A title in its front matter comes before that of the first section.
    """
    return files_of(folder).once(_parts_of)


def _parts_of(files: ProjectFiles) -> tuple[str, str] | None:
    text = files.once(_text_of)
    front = _FRONT_MATTER.match(text)
    title = _TITLE.search(text) if front is None else _STATED_TITLE.search(front.group())
    heading = len(text) if title is None else title.start()
    if front is None and text[:heading].strip(_BLANK):
        from mlwa_lint.frontends.titles import title_before

        first = title_before(text, heading)
        if first is not None:
            return first.words, f"{first.words.lower()}\n\n{_introduction(text[first.end :])}"
    if title is None:
        return None
    if front is not None:
        return title["title"], f"{front.group().lower()}\n\n{_introduction(text[front.end() :])}"
    words = title["title"] or title["underlined"] or title["heading"]
    return words, _introduction(text[title.end() :])


def description_of(files: ProjectFiles) -> str:
    """How the package in a folder is described, in small letters: `package.json`, `pyproject.toml`."""
    folder = files.root or Path()
    present = frozenset(names_if_listed(folder)).intersection(_PACKAGES)
    if not present:
        return ""
    from mlwa_lint.frontends.titles import description_of as described

    return described(folder, present)


def sentences_of(below: str) -> list[str]:
    """The sentences of an introduction, without markup."""
    return [" ".join(_MARKUP.sub(" ", each).split()) for each in _SENTENCE.split(below)]


def text_of(folder: Path) -> str:
    """The text of a folder's README; empty where there is none."""
    return files_of(folder).once(_text_of)


def _text_of(files: ProjectFiles) -> str:
    folder = files.root or Path()
    present = names_if_listed(folder)
    places = [folder / name for name in _SPELLINGS if name in present]
    for within in () if places else (folder / name for name in _FURTHER if name in present):
        there = names_if_listed(within)
        places += [within / name for name in _SPELLINGS if name in there]
    for place in places:
        try:
            return read_text(place, _SIZE)
        except (OSError, UnicodeDecodeError):
            continue
    return ""


def _introduction(text: str, contents: bool = True) -> str:
    """What is right below a title; where that is another heading, that one and what is below it.

    contents: whether a table of contents may come first, which is passed over.
    """
    shown = _PICTURES.sub("", text[: 8 * _INTRODUCTION])
    last = _SENTENCE.search(shown, _INTRODUCTION, 2 * _INTRODUCTION)
    own, _, other = shown[: _INTRODUCTION if last is None else last.start()].lower().partition("\n#")
    if own.strip(_BLANK):
        return own
    heading, _, below = other.partition("\n")
    if contents and _CONTENTS.search(heading):
        return _introduction(text.partition("\n#")[2].partition("\n#")[2].partition("\n")[2], contents=False)
    return "\n\n".join((heading, below.partition("\n#")[0]))


def _states_it(sentence: str) -> bool:
    if not any(each in sentence for each in _SUBJECTS):
        return False
    return _OF_ITSELF.search(sentence) is not None or _OF_VULNERABLE.search(sentence) is not None


def states_vulnerable(folder: Path) -> bool:
    """Whether a folder's README states of it that it is insecure on purpose, in its title or right below."""
    return files_of(folder).once(_states_vulnerable)


def _states_vulnerable(files: ProjectFiles) -> bool:
    parts = files.once(_parts_of)
    title, below = ("", _introduction(files.once(_text_of))) if parts is None else parts
    stated = (each for each in sentences_of(below) if any(map(each.__contains__, _INSECURE)))
    return is_vulnerable_by_name(title) or any(map(_OF_VULNERABLE.search, stated))


__all__ = [
    "README",
    "deletes_stacks",
    "demonstrates",
    "is_called_for_learning",
    "is_for_learning",
    "parts_of",
    "sentences_of",
    "states_lesson",
    "states_vulnerable",
    "text_of",
]
