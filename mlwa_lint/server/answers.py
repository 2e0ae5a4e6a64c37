"""Answers to requests, from what the worker found last."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from lsprotocol import types

from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.model.spans import Span
from mlwa_lint.server.desk import Desk, Known
from mlwa_lint.server.diagnostics import SOURCE, Shown
from mlwa_lint.server.documents import path_of
from mlwa_lint.server.hover import hover
from mlwa_lint.server.lenses import lenses
from mlwa_lint.server.navigation import head_of, related_to, users_of

OPEN_PAGE = "mlwa-lint.openPage"


class Answers:
    """What the client asks for; all of it happens in the thread of the worker."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def hover(self, params: types.HoverParams) -> types.Hover | None:
        """The rules of the findings at a place."""
        uri = params.text_document.uri
        page, known = self._desk.page(uri), self._desk.of_uri(uri)
        if page is None or known is None:
            return None
        return hover(page.shown, params.position, known.folder.session.registry)

    def actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """What can be done about the findings at a place."""
        page = self._desk.page(params.text_document.uri)
        only = params.context.only
        if page is None or (only and not any("quickfix".startswith(str(each)) for each in only)):
            return []
        found = [each for each in page.shown if _overlap(each.range, params.range)]
        return [*self._pages(found, params.context.diagnostics)]

    def lenses(self, params: types.CodeLensParams) -> list[types.CodeLens]:
        """How the endpoints of a document are deployed, watched and scaled."""
        known = self._at(params.text_document.uri)
        if known is None:
            return []
        return [
            types.CodeLens(known.writer.lines(known.name).range(each.span), types.Command(each.title, ""))
            for evaluated in known.folder.evaluated()
            for each in lenses(evaluated.graphs, known.name, evaluated.secrets.scrub)
        ]

    def definition(self, params: types.DefinitionParams) -> list[types.Location]:
        """The resources that a place leads to."""
        known = self._at(params.text_document.uri)
        if known is None:
            return []
        line, column = known.writer.lines(known.name).place(params.position)
        return _locations(known, related_to(_graphs(known), known.name, line, column))

    def references(self, params: types.ReferenceParams) -> list[types.Location]:
        """The properties that name the resource at a place."""
        known = self._at(params.text_document.uri)
        if known is None:
            return []
        line, column = known.writer.lines(known.name).place(params.position)
        head = head_of(_graphs(known), known.name, line, column)
        heads = [head] if head is not None and params.context.include_declaration else []
        return _locations(known, [*heads, *users_of(_graphs(known), known.name, line, column)])

    def is_page(self, address: str) -> bool:
        """Whether an address is one that a rule may have: a page in the web."""
        return urlsplit(address).scheme in ("http", "https")

    def _at(self, uri: str) -> Known | None:
        path = path_of(uri)
        return None if path is None else self._desk.known(path)

    def _pages(
        self, found: Iterable[Shown], diagnostics: Iterable[types.Diagnostic]
    ) -> Iterator[types.CodeAction]:
        """An action that opens the page of each rule."""
        for code, each in {each.finding.code: each for each in found}.items():
            title = f"Open the page of {code} ({each.finding.name})"
            yield types.CodeAction(
                title,
                kind=types.CodeActionKind.QuickFix,
                diagnostics=_of_rule(diagnostics, code),
                command=types.Command(title, OPEN_PAGE, arguments=[each.finding.help]),
            )


def _of_rule(diagnostics: Iterable[types.Diagnostic], code: str) -> list[types.Diagnostic]:
    return [each for each in diagnostics if each.source == SOURCE and each.code == code]


def _graphs(known: Known) -> list[ResourceGraph]:
    return [graph for evaluated in known.folder.evaluated() for graph in evaluated.graphs]


def _locations(known: Known, spans: Iterable[Span]) -> list[types.Location]:
    return [known.writer.location(span) for span in spans]


def _overlap(one: types.Range, other: types.Range) -> bool:
    return bool(one.start <= other.end and other.start <= one.end)
