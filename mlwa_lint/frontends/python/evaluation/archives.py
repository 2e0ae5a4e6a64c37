"""Archives that a program packs, with the code of functions: `zipfile.ZipFile(buffer, "w")`."""

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.subscripts import key_text
from mlwa_lint.frontends.python.evaluation.values import Handle, PathObj, PyValue, Site
from mlwa_lint.model.values import Unknown
from mlwa_lint.startup.records import NamedTuple

_READ = frozenset({"getbuffer", "getvalue", "read"})


class Member(NamedTuple):
    """A file of an archive: where its content comes from, or the content itself."""

    source: PyValue | None
    text: PyValue | None


Members = dict[str, Member]


class Archives:
    """The archives of a program, by the names of their files."""

    def __init__(self) -> None:
        self._files: dict[str, Members] = {}

    def table(self, core: Core, path: str, site: Site) -> PyValue | None:
        """The result of a call that makes or opens an archive."""
        if path == "io.BytesIO" and not site.positional and not site.named:
            return PackedBytes({})
        if path not in ("zipfile.ZipFile", "open"):
            return None
        first, mode = site.value("file", 0), _name(site.value("mode", 1))
        if path == "open":
            members = self._files.get(_name(first)) if mode == "rb" else None
            return None if members is None else PackedBytes(members)
        if not mode or mode[0] not in "wxa":
            return None
        if isinstance(first, PackedBytes):
            return Archive(first.members)
        name = _name(first)
        return Archive(self._files.setdefault(name, {})) if name else None


class PackedBytes(Handle):
    """The content of an archive, or a buffer that holds it."""

    __slots__ = ("members",)

    def __init__(self, members: Members) -> None:
        self.members = members

    def call(self, name: str, site: Site) -> PyValue | None:
        """`read` and `getvalue`; what else a buffer does changes nothing."""
        return self if name in _READ else None

    def described(self) -> str:
        """Why it is not a value of a request."""
        return "an archive is known by the code in it"


class Archive(Handle):
    """An archive that is written."""

    __slots__ = ("members",)

    def __init__(self, members: Members) -> None:
        self.members = members

    def call(self, name: str, site: Site) -> PyValue | None:
        """`write` and `writestr`."""
        if name == "write":
            source = site.value("filename", 0)
            inner = _name(site.value("arcname", 1) or source)
            if inner and source is not None:
                self.members[inner.removeprefix("./")] = Member(source, None)
        elif name == "writestr":
            inner = _name(site.value("zinfo_or_arcname", 0))
            if inner:
                self.members[inner.removeprefix("./")] = Member(None, site.value("data", 1))
        return None


def _name(value: PyValue | None) -> str:
    if isinstance(value, PathObj):
        value = value.text
    if isinstance(value, Unknown):
        return f"\0{value.identity}" if value.identity else ""
    return key_text(value) or "" if value is not None else ""
