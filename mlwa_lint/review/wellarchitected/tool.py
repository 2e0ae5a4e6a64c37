"""What the tool knows of a lens review, and which of its choices represent which practices."""

from collections.abc import Iterable, Mapping

from mlwa_lint.catalogue.lens import Lens, Practice, practices
from mlwa_lint.review.questions import question_of, questions
from mlwa_lint.review.wellarchitected.custom_lens import NONE_OF_THESE, choice_id, none_id
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_LABEL = lazy(r"(?i)^\W*[A-Z]+ ?\d+[-_ ]?BP ?\d+\W*")
_OTHER = lazy(r"[^a-z0-9]+")


class ToolQuestion(NamedTuple):
    """A question of a lens in the tool. choices: titles by id."""

    id: str
    title: str
    choices: Mapping[str, str]

    @property
    def none(self) -> str:
        """The id of the choice "None of these", if there is one."""
        return next((each for each in self.choices if each.endswith(NONE_OF_THESE)), "")


class ChoiceState(NamedTuple):
    """The state of one choice in the tool."""

    status: str = "UNSELECTED"
    reason: str = "NONE"
    notes: str = ""


class ToolAnswer(NamedTuple):
    """The state of one question in the tool."""

    selected: tuple[str, ...] = ()
    choices: Mapping[str, ChoiceState] = {}
    notes: str = ""
    is_applicable: bool = True
    reason: str = "NONE"
    risk: str = "UNANSWERED"


class Unmatched(NamedTuple):
    """A practice that no choice of the tool represents, and why."""

    practice: Practice
    reason: str


class Matching(NamedTuple):
    """Which choice represents which practice: by question, then by choice.

    without_practice: choices of the tool that represent no practice, as question and title.
    """

    practices: Mapping[str, Mapping[str, str]]
    unmatched: tuple[Unmatched, ...]
    without_practice: tuple[tuple[str, str], ...]


def own_questions(lens: Lens) -> list[ToolQuestion]:
    """The questions of a lens as it is exported."""
    return [
        ToolQuestion(
            each.id,
            each.title,
            {
                **{choice_id(practice.id): practice.title for practice in each.practices},
                none_id(each.id): "None of these",
            },
        )
        for each in questions(lens)
    ]


def matched(lens: Lens, tool_questions: Iterable[ToolQuestion]) -> Matching:
    """Matches by id in an exported lens, else by title; what is not one to one is left out, never guessed."""
    known = practices(lens.name)
    by_choice = {choice_id(each): each for each in known}
    by_title: dict[str, list[str]] = {}
    for practice in known.values():
        by_title.setdefault(normalised(practice.title), []).append(practice.id)
    places: dict[str, list[tuple[str, str]]] = {}
    without_practice = []
    for question in tool_questions:
        for choice, title in question.choices.items():
            if choice.endswith(NONE_OF_THESE):
                continue
            own = by_choice.get(choice)
            if own is not None and question_of(own) == question.id:
                found = [own]
            else:
                found = by_title.get(normalised(title), [])
            for each in found:
                places.setdefault(each, []).append((question.id, choice))
            if len(found) != 1:
                without_practice.append((question.id, title))
    chosen: dict[str, dict[str, str]] = {}
    unmatched = []
    for practice in known.values():
        at = places.get(practice.id, [])
        alike = by_title[normalised(practice.title)]
        if len(at) == 1 and (len(alike) == 1 or at[0][1] in by_choice):
            question_id, choice = at[0]
            chosen.setdefault(question_id, {})[choice] = practice.id
        elif not at:
            unmatched.append(Unmatched(practice, "no choice has its title"))
        else:
            unmatched.append(Unmatched(practice, "several choices or practices have its title"))
    return Matching(chosen, tuple(unmatched), tuple(without_practice))


def normalised(title: str) -> str:
    """A title without its label (`[MLOPS01-BP01]`), case, punctuation and spacing."""
    return _OTHER.sub(" ", _LABEL.sub("", title).casefold()).strip()
