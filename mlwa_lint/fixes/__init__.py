"""Fixes: from what a rule would change to edits of source text, and those edits made.

    fixes = propose(linted.result.findings, choices_of(session))     # one for each finding that has one
    compatible(fix for fix in fixes if fix.safety == "safe").now     # those that can be made together
    edited(text, fix.edits)                                          # the new text
    ignore(finding, "the lab's only user administers it")            # a suppression, as a fix

Nothing here writes a file but `mlwa_lint.fixes.apply`. `texts` are unsaved texts by the paths that findings
name.
"""

from mlwa_lint.fixes.edits import Chosen, Edit, Fix, Safety, by_path, compatible, edited, place_of
from mlwa_lint.fixes.ignores import ignore
from mlwa_lint.fixes.propose import Choices, choices_of, propose

__all__ = [
    "Choices",
    "Chosen",
    "Edit",
    "Fix",
    "Safety",
    "by_path",
    "choices_of",
    "compatible",
    "edited",
    "ignore",
    "place_of",
    "propose",
]
