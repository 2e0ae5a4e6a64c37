"""Responses to requests, from what the worker found last."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from lsprotocol import types

from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.model.spans import Span
from mlwa_lint.server.actions import FIX_ALL, Actions
from mlwa_lint.server.desk import Desk, DocumentState
from mlwa_lint.server.documents import path_of
from mlwa_lint.server.hover import hover
from mlwa_lint.server.lenses import lenses
from mlwa_lint.server.navigation import head_of, related_to, users_of

REASON_LIMIT = 300


class RequestHandler:
    """Handlers of the client's requests; all of it happens in the thread of the worker."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.versioned_edits = False

    def hover(self, params: types.HoverParams) -> types.Hover | None:
        """The rules of the findings at a place."""
        uri = params.text_document.uri
        page, known = self._desk.page(uri), self._desk.of_uri(uri)
        if page is None or known is None:
            return None
        return hover(page.shown, params.position, known.folder.session.registry)

    def actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """What can be done about the findings at a place, or about all of the document."""
        uri = params.text_document.uri
        page, known = self._desk.page(uri), self._desk.of_uri(uri)
        if page is None or known is None:
            return []
        wanted = [str(getattr(each, "value", each)) for each in params.context.only or ()]
        with self._desk.working_in(known.folder):
            actions = Actions(known, self.versioned_edits)
            found: list[types.CodeAction] = []
            if not wanted or any("quickfix".startswith(each) for each in wanted):
                here = [each for each in page.shown if _overlap(each.range, params.range)]
                found += actions.about(here, params.context.diagnostics)
            if any(FIX_ALL.startswith(each) for each in wanted):
                found += actions.all_at_once()
        return found

    def suppression(self, where: Any, reason: str) -> types.WorkspaceEdit | None:
        """The edit that suppresses a finding which an action named; None where there is none by now."""
        named = where if isinstance(where, dict) else {}
        known = self._desk.of_uri(str(named.get("uri")))
        if known is None:
            return None
        key = (named.get("code"), named.get("address"), named.get("property"))
        with self._desk.working_in(known.folder):
            for each in known.shown:
                if (each.finding.code, each.finding.address, each.finding.property) == key:
                    actions = Actions(known, self.versioned_edits)
                    return actions.suppression(each.finding, reason[:REASON_LIMIT])
        return None

    def lenses(self, params: types.CodeLensParams) -> list[types.CodeLens]:
        """How the endpoints of a document are deployed, watched and scaled."""
        known = self._at(params.text_document.uri)
        if known is None:
            return []
        with self._desk.working_in(known.folder):
            lines = known.writer.lines(known.name)
            return [
                types.CodeLens(lines.range(each.span), types.Command(each.title, ""))
                for evaluated in known.folder.evaluated()
                for each in lenses(evaluated.graphs, known.name, evaluated.secrets.scrub)
            ]

    def definition(self, params: types.DefinitionParams) -> list[types.Location]:
        """The resources that a place leads to."""
        known = self._at(params.text_document.uri)
        if known is None:
            return []
        with self._desk.working_in(known.folder):
            line, column = known.writer.lines(known.name).place(params.position)
            return _locations(known, related_to(_graphs(known), known.name, line, column))

    def references(self, params: types.ReferenceParams) -> list[types.Location]:
        """The properties that name the resource at a place."""
        known = self._at(params.text_document.uri)
        if known is None:
            return []
        with self._desk.working_in(known.folder):
            line, column = known.writer.lines(known.name).place(params.position)
            head = head_of(_graphs(known), known.name, line, column)
            heads = [head] if head is not None and params.context.include_declaration else []
            return _locations(known, [*heads, *users_of(_graphs(known), known.name, line, column)])

    def is_page(self, address: str) -> bool:
        """Whether an address is one that a rule may have: a page in the web."""
        return urlsplit(address).scheme in ("http", "https")

    def _at(self, uri: str) -> DocumentState | None:
        path = path_of(uri)
        return None if path is None else self._desk.known(path)


def _graphs(known: DocumentState) -> list[ResourceGraph]:
    return [graph for evaluated in known.folder.evaluated() for graph in evaluated.graphs]


def _locations(known: DocumentState, spans: Iterable[Span]) -> list[types.Location]:
    return [known.writer.location(span) for span in spans]


def _overlap(one: types.Range, other: types.Range) -> bool:
    return bool(one.start <= other.end and other.start <= one.end)
