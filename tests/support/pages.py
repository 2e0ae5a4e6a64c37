"""Pages of HTML as browsers read them: which elements there are, and the data that is embedded."""

from html.parser import HTMLParser


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.data = ""
        self._in = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        inert = ("type", "application/json") in attrs
        self._in = "data" if inert else tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "data":
            self.data += data
        elif self._in == "script":
            self.scripts.append(data)
        elif self._in == "style":
            self.styles.append(data)


def parsed(text: str) -> _Page:
    """A page, parsed as one."""
    page = _Page()
    page.feed(text)
    page.close()
    return page
