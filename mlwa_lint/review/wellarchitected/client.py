"""Reads and writes a workload's lens review through boto3 (extra `aws`)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from mlwa_lint.catalogue.lens import Lens
from mlwa_lint.errors import UserError
from mlwa_lint.review.answers import Workload
from mlwa_lint.review.wellarchitected.custom_lens import lens_name
from mlwa_lint.review.wellarchitected.limits import MILESTONE_NAME, MILESTONES, PAGE
from mlwa_lint.review.wellarchitected.plan import Planned
from mlwa_lint.review.wellarchitected.tool import ChoiceState, ToolAnswer, ToolQuestion, normalised

if TYPE_CHECKING:
    from mypy_boto3_wellarchitected import WellArchitectedClient
    from mypy_boto3_wellarchitected.type_defs import UpdateAnswerInputTypeDef

_ATTEMPTS = 10


def connect(profile: str | None, region: str | None) -> "WellArchitectedClient":
    """A client with the user's profile and Region, as boto3 finds them. Raises UserError."""
    try:
        import boto3
        from botocore.config import Config
    except ImportError:
        raise UserError("this needs boto3", "pip install 'mlwa-lint[aws]'") from None
    with failing_politely():
        session = boto3.Session(profile_name=profile, region_name=region)
        config = Config(retries={"mode": "adaptive", "max_attempts": _ATTEMPTS})
        return session.client("wellarchitected", config=config)


@contextmanager
def failing_politely() -> Iterator[None]:
    """Turns what boto3 raises into an error with a way out."""
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

    try:
        yield
    except NoCredentialsError:
        raise UserError(
            "no AWS credentials", "give --profile, or set the variables that boto3 reads"
        ) from None
    except NoRegionError:
        raise UserError("no AWS Region", "give --region, or set AWS_REGION") from None
    except (BotoCoreError, ClientError) as error:
        raise UserError(f"AWS: {error}") from None


class LensReview:
    """One lens review of one workload."""

    def __init__(self, client: "WellArchitectedClient", workload_id: str, lens_alias: str) -> None:
        self._client = client
        self.workload_id = workload_id
        self.lens_alias = lens_alias

    def questions(self) -> list[ToolQuestion]:
        """All questions with their choices."""
        return [
            ToolQuestion(
                each["QuestionId"],
                each.get("QuestionTitle", ""),
                {choice["ChoiceId"]: choice.get("Title", "") for choice in each.get("Choices", [])},
            )
            for each in _pages(
                self._client.list_answers,
                "AnswerSummaries",
                WorkloadId=self.workload_id,
                LensAlias=self.lens_alias,
            )
        ]

    def answer(self, question: str) -> ToolAnswer:
        """The state of a question."""
        with failing_politely():
            found = self._client.get_answer(
                WorkloadId=self.workload_id, LensAlias=self.lens_alias, QuestionId=question
            )["Answer"]
        selected = tuple(found.get("SelectedChoices", ()))
        choices = {each: ChoiceState("SELECTED") for each in selected}
        for choice in found.get("ChoiceAnswers", []):
            choices[choice["ChoiceId"]] = ChoiceState(
                choice.get("Status", "UNSELECTED"), choice.get("Reason", "NONE"), choice.get("Notes", "")
            )
        return ToolAnswer(
            selected,
            choices,
            found.get("Notes", ""),
            found.get("IsApplicable", True),
            found.get("Reason", "NONE"),
            found.get("Risk", "UNANSWERED"),
        )

    def update(self, call: Planned) -> None:
        """Writes the answer to one question."""
        arguments = {"WorkloadId": self.workload_id, "LensAlias": self.lens_alias, **call.arguments}
        with failing_politely():
            self._client.update_answer(**cast("UpdateAnswerInputTypeDef", arguments))

    def workload(self) -> Workload:
        """The workload, with its improvement status."""
        with failing_politely():
            found = self._client.get_workload(WorkloadId=self.workload_id)["Workload"]
        return Workload(self.workload_id, self.lens_alias, found.get("ImprovementStatus", ""))

    def milestones(self) -> list[str]:
        """The names of the workload's milestones."""
        found = _pages(self._client.list_milestones, "MilestoneSummaries", WorkloadId=self.workload_id)
        return [each.get("MilestoneName", "") for each in found]

    def save_milestone(self, name: str) -> None:
        """Saves a milestone; requested twice under the same name, the service saves it once."""
        token = sha256(f"{self.workload_id} {name}".encode()).hexdigest()
        with failing_politely():
            self._client.create_milestone(
                WorkloadId=self.workload_id, MilestoneName=name, ClientRequestToken=token
            )


def lens_alias_of(client: "WellArchitectedClient", workload_id: str, lens: Lens) -> str:
    """The alias under which a workload has a lens, AWS's own or the exported one. Raises UserError."""
    reviews = list(_pages(client.list_lens_reviews, "LensReviewSummaries", WorkloadId=workload_id))
    names = {normalised(lens.title), normalised(lens_name(lens))}
    found = [each for each in reviews if normalised(each.get("LensName", "")) in names]
    if len(found) == 1:
        return str(found[0].get("LensArn") or found[0]["LensAlias"])
    known = ", ".join(f"{each.get('LensAlias', '')} ({each.get('LensName', '')})" for each in reviews)
    how_many = "no lens" if not found else "more than one lens"
    raise UserError(
        f"the workload has {how_many} called {lens.title}",
        f"name one with --lens-alias; it has {known}" if known else "add the lens to the workload first",
    )


def milestone_name(wanted: str, existing: Sequence[str]) -> str:
    """A name that no milestone has yet: `2026-Q3`, `2026-Q3 (2)`. Raises UserError."""
    if len(wanted) not in MILESTONE_NAME:
        bounds = f"{MILESTONE_NAME[0]} to {MILESTONE_NAME[-1]}"
        raise UserError(f"--milestone {wanted!r}: a milestone's name has {bounds} characters")
    if len(existing) >= MILESTONES:
        raise UserError(f"the workload has {MILESTONES} milestones, which is as many as there may be")
    name, number = wanted, 1
    while name in existing:
        number += 1
        ending = f" ({number})"
        name = wanted[: MILESTONE_NAME[-1] - len(ending)] + ending
    return name


def _pages(call: Callable[..., Mapping[str, Any]], key: str, **arguments: Any) -> Iterator[Mapping[str, Any]]:
    """What a list operation gives, page by page; botocore has no paginators for this service."""
    token = ""
    while True:
        more = {"NextToken": token} if token else {}
        with failing_politely():
            answer = call(**arguments, MaxResults=PAGE, **more)
        yield from answer.get(key, ())
        token = answer.get("NextToken", "")
        if not token:
            return
