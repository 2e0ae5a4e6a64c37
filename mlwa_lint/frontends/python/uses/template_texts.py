"""What expressions of CloudFormation templates come to, as far as their texts show it."""

import re

from mlwa_lint.files.texts import PathSteps
from mlwa_lint.frontends.python.uses.terraform_texts import StatedVariable, pieces_of
from mlwa_lint.frontends.python.uses.variables import OpenPiece, Piece

_SUBSTITUTED = re.compile(r"!(?:Ref|Sub|GetAtt)[ \t]+")
_OF_SHELL = re.compile(r"\$(?!\{)|\$\{[!#]|`")


class TemplateTexts:
    """The expressions of one template, with the parameters that it declares."""

    def __init__(self, steps: PathSteps, text: str) -> None:
        self._steps = steps
        self._text = text

    def setting(self, expression: str) -> StatedVariable | None:
        """What an expression comes to."""
        tag = _SUBSTITUTED.match(expression)
        inner = expression[tag.end() if tag is not None else 0 :].strip().strip("\"'")
        if tag is None:
            return None if expression.startswith("!") else StatedVariable(self._steps, (inner,))
        if expression.startswith("!Sub"):
            return self._filled(inner)
        if expression.startswith("!Ref") and (default := self._default(inner)):
            return StatedVariable(self._steps, (default,), f"the default of {inner}")
        return StatedVariable(self._steps, (OpenPiece(expression),))

    def substituted(self, text: str) -> StatedVariable | None:
        """A line of a text of `Fn::Sub`; None where a shell inserts something of its own."""
        names = [each.what for each in pieces_of(text) if isinstance(each, OpenPiece)]
        if _OF_SHELL.search(text) is not None or not all(map(self._is_declared, names)):
            return None
        return self._filled(text)

    def _filled(self, text: str) -> StatedVariable:
        """A text of `Fn::Sub` with the defaults of the parameters that it inserts."""
        found: list[Piece] = []
        reasons: list[str] = []
        for each in pieces_of(text):
            default = self._default(each.what) if isinstance(each, OpenPiece) else None
            piece = default or each
            if default and isinstance(each, OpenPiece):
                reasons.append(f"the default of {each.what}")
            if isinstance(piece, str) and found and isinstance(found[-1], str):
                found[-1] += piece
            else:
                found.append(piece)
        return StatedVariable(self._steps, tuple(found), " and ".join(dict.fromkeys(reasons)))

    def _is_declared(self, name: str) -> bool:
        declared = rf"^  {re.escape(name.partition('.')[0])}:"
        return "::" in name or re.search(declared, self._text, re.MULTILINE) is not None

    def _default(self, name: str) -> str:
        """The default of a parameter; nothing where it has none."""
        declared = re.search(
            rf"^  {re.escape(name)}:[ \t]*\n(?P<body>(?:^    [^\n]*\n)+)", self._text, re.MULTILINE
        )
        default = re.search(
            r"^    Default:[ \t]*(?P<value>[^\n#]+)", declared["body"] if declared else "", re.MULTILINE
        )
        return "" if default is None else default["value"].strip().strip("\"'")
