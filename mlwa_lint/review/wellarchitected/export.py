"""A review as the JSON of UpdateAnswer calls."""

import json
from typing import Any

from mlwa_lint.review.assess import Review
from mlwa_lint.review.wellarchitected.plan import planned
from mlwa_lint.review.wellarchitected.tool import matched, own_questions

VERSION = 1


def update_answers(review: Review, workload_id: str = "", lens_alias: str = "") -> str:
    """The calls that write a review to the tool, for the lens as it is exported.

    Each is what `aws wellarchitected update-answer --cli-input-json` takes, once workload and lens are named.
    """
    tool_questions = own_questions(review.lens)
    named: dict[str, Any] = {}
    if workload_id:
        named["WorkloadId"] = workload_id
    if lens_alias:
        named["LensAlias"] = lens_alias
    calls = [
        {**named, **each.arguments}
        for each in planned(review, matched(review.lens, tool_questions), tool_questions, {})
    ]
    document = {"version": VERSION, "lens": review.lens.name, "updateAnswer": calls}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
