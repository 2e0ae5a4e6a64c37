"""A Well-Architected Tool that lives in memory, behind a real client of boto3.

Every request is held against the service's own model, with its upper limits too, which botocore leaves to
the service.
"""

import re
from typing import Any

import boto3

WORKLOAD = "0123456789abcdef0123456789abcdef"


def client() -> Any:
    """A client without a server."""
    return boto3.client(
        "wellarchitected", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="y"
    )


def beyond(shape: Any, value: Any, at: str = "") -> list[str]:
    """What in a value is beyond the limits of its shape in the service's model."""
    found = []
    limits = shape.metadata
    if shape.type_name == "structure":
        for name, each in value.items():
            found += beyond(shape.members[name], each, f"{at}.{name}")
    elif shape.type_name == "map":
        for name, each in value.items():
            found += beyond(shape.key, name, f"{at}[{name}]") + beyond(shape.value, each, f"{at}[{name}]")
        found += _outside(len(value), limits, at)
    elif shape.type_name == "list":
        for each in value:
            found += beyond(shape.member, each, f"{at}[]")
        found += _outside(len(value), limits, at)
    elif shape.type_name == "string":
        found += _outside(len(value.encode("utf-16-le")) // 2, limits, at)
        if "pattern" in limits and not re.fullmatch(limits["pattern"], value):
            found.append(f"{at}: {value!r} does not match {limits['pattern']}")
        if shape.enum and value not in shape.enum:
            found.append(f"{at}: {value!r} is not one of {shape.enum}")
    elif shape.type_name == "integer":
        found += _outside(value, limits, at)
    return found


def _outside(size: int, limits: Any, at: str) -> list[str]:
    if limits.get("min", 0) <= size <= limits.get("max", size):
        return []
    return [f"{at}: {size} is outside of {limits.get('min')} to {limits.get('max')}"]


class Tool:
    """One workload with one lens review. questions: the choices of each, as titles by id."""

    def __init__(self, questions: dict[str, dict[str, str]], name: str, page: int = 10) -> None:
        self.questions = questions
        self.name = name
        self.page = page
        self.answers: dict[str, dict[str, Any]] = {
            each: {"SelectedChoices": [], "ChoiceAnswers": {}, "IsApplicable": True} for each in questions
        }
        self.milestones: list[str] = []
        self.tokens: set[str] = set()
        self.written: list[str] = []
        self.improvement = "NOT_STARTED"
        self.client = client()
        self.client.meta.events.register_first("before-parameter-build.wellarchitected", self._check)
        self.client.meta.events.register("before-call.wellarchitected", self._call)
        self._parameters: dict[str, Any] = {}

    def _check(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        assert beyond(model.input_shape, params) == []
        self._parameters = params

    def _call(self, model: Any, **_: Any) -> tuple[Any, dict[str, Any]]:
        class Response:
            status_code = 200

        return Response, getattr(self, model.name)(**self._parameters)

    def ListLensReviews(self, **_: Any) -> dict[str, Any]:  # noqa: N802 - named as the service's operations
        return {
            "LensReviewSummaries": [
                {"LensAlias": "wellarchitected", "LensName": "AWS Well-Architected Framework"},
                {"LensAlias": "the-lens", "LensName": self.name},
            ]
        }

    def ListAnswers(self, NextToken: str = "0", **_: Any) -> dict[str, Any]:  # noqa: N802, N803
        start = int(NextToken)
        chosen = list(self.questions)[start : start + self.page]
        found: dict[str, Any] = {"AnswerSummaries": [self._summary(each) for each in chosen]}
        if start + self.page < len(self.questions):
            found["NextToken"] = str(start + self.page)
        return found

    def _summary(self, question: str) -> dict[str, Any]:
        choices = [{"ChoiceId": key, "Title": title} for key, title in self.questions[question].items()]
        return {"QuestionId": question, "QuestionTitle": f"About {question}", "Choices": choices}

    def GetAnswer(self, QuestionId: str, **_: Any) -> dict[str, Any]:  # noqa: N802, N803
        answer = self.answers[QuestionId]
        choices = [{"ChoiceId": key, **each} for key, each in answer["ChoiceAnswers"].items()]
        return {"Answer": {**self._summary(QuestionId), **answer, "ChoiceAnswers": choices}}

    def UpdateAnswer(self, QuestionId: str, **given: Any) -> dict[str, Any]:  # noqa: N802, N803
        self.written.append(QuestionId)
        answer = self.answers[QuestionId]
        answer["ChoiceAnswers"].update(given.pop("ChoiceUpdates", {}))
        for choice in given.get("SelectedChoices", ()):
            assert choice in self.questions[QuestionId]
        answer.update({key: each for key, each in given.items() if key not in ("WorkloadId", "LensAlias")})
        return {}

    def GetWorkload(self, **_: Any) -> dict[str, Any]:  # noqa: N802
        return {"Workload": {"WorkloadId": WORKLOAD, "ImprovementStatus": self.improvement}}

    def ListMilestones(self, **_: Any) -> dict[str, Any]:  # noqa: N802
        return {"MilestoneSummaries": [{"MilestoneName": each} for each in self.milestones]}

    def CreateMilestone(self, MilestoneName: str, ClientRequestToken: str, **_: Any) -> dict[str, Any]:  # noqa: N802, N803
        if ClientRequestToken not in self.tokens:
            self.tokens.add(ClientRequestToken)
            self.milestones.append(MilestoneName)
        return {"MilestoneNumber": len(self.milestones)}
