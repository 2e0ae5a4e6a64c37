"""A browser without network for tests of pages: a page that requests anything but itself fails."""

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import BrowserContext, Page, Request, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
)


def chromium() -> str:
    """Where Chromium is; empty where it is not installed. MLWA_LINT_CHROMIUM names another one."""
    given = os.environ.get("MLWA_LINT_CHROMIUM")
    return given or next(filter(None, map(shutil.which, _NAMES)), "")


needs_chromium = pytest.mark.skipif(not chromium(), reason="Chromium is not installed")


class Opened:
    """A page in a browser, and what happened to it that should not have."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []
        page.on("console", lambda each: self._output(each.type, each.text))
        page.on("pageerror", lambda each: self.wrong.append(f"error: {each}"))
        page.on("request", self._requested)
        page.on("dialog", lambda each: self.wrong.append(f"dialog: {each.message}"))

    def _output(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.wrong.append(f"{kind}: {text}")

    def _requested(self, request: Request) -> None:
        if not request.url.startswith("file:"):
            self.wrong.append(f"request: {request.url}")

    def show(self, path: Path, fragment: str = "") -> Page:
        """Opens a report, as one does from a link."""
        self.page.goto("about:blank")
        self.page.goto(f"{path.as_uri()}{fragment}")
        return self.page

    def drawn(self) -> int:
        """How many resources the graph shows, once it is laid out."""
        graph = self.page.locator("#graph[data-ready]")
        graph.wait_for(timeout=60_000)
        return int(graph.get_attribute("data-ready") or 0)


class Browsing(Protocol):
    """Opens a page of a browser for as long as a test needs it; fails if anything went wrong in it."""

    def __call__(self, **options: Any) -> AbstractContextManager[Opened]:
        """options: as Playwright's `new_context` takes them."""
        ...


def browsing() -> Iterator[Browsing]:
    """A browser for the tests of a module. Its pages keep nothing: those of like options share a window."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=list(_FLAGS))

        contexts: dict[tuple[tuple[str, Any], ...], BrowserContext] = {}

        @contextmanager
        def browse(**options: Any) -> Iterator[Opened]:
            key = tuple(sorted(options.items()))
            if key not in contexts:
                contexts[key] = started.new_context(viewport={"width": 1440, "height": 900}, **options)
            page = contexts[key].new_page()
            try:
                opened = Opened(page)
                yield opened
                if opened.wrong:
                    raise AssertionError("; ".join(opened.wrong))
            finally:
                page.close()

        try:
            yield browse
        finally:
            started.close()
