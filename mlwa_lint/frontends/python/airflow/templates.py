"""What Airflow fills in when a DAG runs: templates of Jinja, and what tasks push for others."""

import ast
import re

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.operators import joined
from mlwa_lint.frontends.python.evaluation.subscripts import item_of, key_text
from mlwa_lint.frontends.python.evaluation.values import ListObj, Names, PyValue, Site
from mlwa_lint.frontends.python.syntax.parse import parse
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Choice,
    ListValue,
    MapValue,
    Scalar,
    Unknown,
    Value,
    assume,
)

RETURNED = "return_value"
_EXPRESSION = re.compile(r"\{\{-?(.{0,2000}?)-?\}\}", re.DOTALL)
_STATEMENT = "{%"
_TASK_INSTANCE = frozenset({"ti", "task_instance"})
# What gives another value each time.
_CHANGING = re.compile(r"\b(?:now|random|utcnow|uuid\w*)\b")
_SHOWN = 60
_DEPTH = 40


class Templates:
    """Fills in what the program shows of templates; the rest is unknown, and the same wherever it is used."""

    def __init__(self) -> None:
        # What tasks have pushed so far, by task and key.
        self._pushed = Names()
        self.task = ""

    def push(self, core: Core, key: str, value: PyValue) -> None:
        """Notes what the task that runs pushes under a key."""
        if self.task:
            core.store(self._pushed, _place(self.task, key), value)

    def pulled(self, core: Core, task: str, key: str, span: Span) -> PyValue:
        """What a task has pushed under a key."""
        found: PyValue | None = self._pushed.get(_place(task, key))
        if found is not None:
            return found
        what = "returns it" if key == RETURNED else f"pushes {key!r}"
        reason = f"task {task} {what} when the DAG runs"
        return Unknown(reason, span, identity=f"XCom {_place(task, key)}")

    def pulled_by(self, core: Core, site: Site) -> PyValue | None:
        """`ti.xcom_pull(task_ids="train", key="name")`; None where the task is not known."""
        given = site.value("task_ids", 0)
        listed = isinstance(given, ListObj) and len(given.values) == 1 and given.rest is None
        task = (
            key_text(given.values[0] if isinstance(given, ListObj) and listed else given) if given else None
        )
        key = key_text(site.named["key"].value) if "key" in site.named else RETURNED
        if task is None or key is None:
            return None
        found = self.pulled(core, task, key, site.span)
        return ListObj((found,), site.span) if listed else found

    def rendered(self, core: Core, value: Value, site: Site, depth: int = 0) -> Value:
        """A value of a templated parameter, with what its templates give."""
        if isinstance(value, Scalar) and isinstance(value.data, str) and "{" in value.data:
            return self._text(core, value, value.data, site)
        if depth > _DEPTH:
            return value
        if isinstance(value, ListValue):
            items = tuple(self.rendered(core, each, site, depth + 1) for each in value.items)
            return value._replace(items=items)
        if isinstance(value, MapValue):
            entries = {
                key: entry._replace(value=self.rendered(core, entry.value, site, depth + 1))
                for key, entry in value.entries.items()
            }
            return value._replace(entries=entries)
        if isinstance(value, Choice):
            yes, no = (self.rendered(core, each, site, depth + 1) for each in (value.yes, value.no))
            return value._replace(yes=yes, no=no)
        return value

    def _text(self, core: Core, value: Scalar, text: str, site: Site) -> Value:
        if _STATEMENT in text:
            return core.unknown("a template gives it when the DAG runs", value.span)
        pieces: list[PyValue] = []
        end = 0
        for match in _EXPRESSION.finditer(text):
            if match.start() > end:
                pieces.append(Scalar(text[end : match.start()], value.span))
            pieces.append(self._expression(core, match[1].strip(), site._replace(span=value.span)))
            end = match.end()
        if not end:
            return value
        if text[end:]:
            pieces.append(Scalar(text[end:], value.span))
        whole = pieces[0] if len(pieces) == 1 else joined(core, pieces, value.span)
        return assume(frozen(core, whole, value.span), value.assumed)

    def _expression(self, core: Core, text: str, site: Site) -> PyValue:
        try:
            statements = parse(text)
        except PythonSyntaxError:
            return self._open(core, text, site.span)
        only = statements[0] if len(statements) == 1 else None
        found = self._followed(core, only.value, site) if isinstance(only, ast.Expr) else None
        return self._open(core, text, site.span) if found is None else found

    def _followed(self, core: Core, node: ast.expr, site: Site) -> PyValue | None:
        """`ti.xcom_pull("train")["Training"]`, `var.value.bucket`."""
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            base = self._followed(core, node.value, site)
            key = node.slice.value
            if base is None or not isinstance(key, (str, int)):
                return None
            return item_of(core, base, Scalar(key, site.span), site)
        if isinstance(node, ast.Attribute):
            kind = node.value
            if not isinstance(kind, ast.Attribute) or kind.attr not in ("value", "json"):
                return None
            is_variable = isinstance(kind.value, ast.Name) and kind.value.id == "var"
            return variable(node.attr, site.span) if is_variable else None
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            return None
        owner = node.func.value
        if node.func.attr != "xcom_pull" or not isinstance(owner, ast.Name) or owner.id not in _TASK_INSTANCE:
            return None
        texts: dict[str, str] = {}
        given = [*zip(("task_ids",), node.args, strict=False)]
        given += [(each.arg or "", each.value) for each in node.keywords]
        for name, argument in given:
            if name in ("task_ids", "key"):
                if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                    return None
                texts[name] = argument.value
        if "task_ids" not in texts:
            return None
        return self.pulled(core, texts["task_ids"], texts.get("key", RETURNED), site.span)

    def _open(self, core: Core, text: str, span: Span) -> Unknown:
        shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "\N{HORIZONTAL ELLIPSIS}"
        reason = f"{{{{ {shown} }}}} is filled in when the DAG runs"
        identity = core.number() if _CHANGING.search(text) else f"template {''.join(text.split())}"
        return Unknown(reason, span, identity=identity)


def variable(name: str, span: Span) -> Unknown:
    """A variable of Airflow."""
    return Unknown(f"variable {name} of Airflow is set outside", span, identity=f"Airflow variable {name}")


def _place(task: str, key: str) -> str:
    return f"{task} {key}"
