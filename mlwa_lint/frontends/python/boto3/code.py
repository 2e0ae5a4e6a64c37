"""The code of functions that a program packs itself: `create_function(Code={"ZipFile": buffer.read()})`."""

import os
from pathlib import Path

from mlwa_lint.frontends.python.evaluation.archives import PackedBytes
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.values import DictObj, Item, PyValue, Site, options
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.model.resources import CODE_PATH
from mlwa_lint.model.values import Entry, MapValue, Scalar, known_text

# Calls that show that a function may be there already: what is created where they fail is so in either case.
UPDATES_OF_FUNCTIONS = frozenset({"get_function", "update_function_code", "update_function_configuration"})


def _file_of(core: Core, source: PyValue) -> Path | None:
    """The file of the project that a program packs; by its end where its path is of another machine."""
    found = core.project_file(source)
    if found is not None or not isinstance(source, Scalar) or not str(source.data).startswith("/"):
        return found
    _, *steps = str(source.data).split("/")
    span = source.span
    shorter = (core.project_file(Scalar("/".join(steps[each:]), span)) for each in range(len(steps)))
    return next((each for each in shorter if each is not None), None)


def note_code(core: Core, made: Created, site: Site) -> None:
    """Notes of a function where the file of its handler is, or gives it the text of that."""
    given = site.named.get("Code")
    held = (
        given.value.cells.get("ZipFile") if given is not None and isinstance(given.value, DictObj) else None
    )
    handler = made.value("Handler")
    module = (known_text(handler) or "" if handler is not None else "").rpartition(".")[0]
    if held is None or given is None or not module:
        return
    for each, _ in options(held.value):
        member = each.members.get(f"{module.replace('.', '/')}.py") if isinstance(each, PackedBytes) else None
        if member is None:
            continue
        if member.text is not None:
            text = frozen(core, member.text, held.key_span)
            code = MapValue({"ZipFile": Entry(held.key_span, text, "ZipFile")}, given.span)
            core.store(made.cells, "Code", Item(given.span, code))
        elif member.source is not None:
            file = _file_of(core, member.source)
            if file is not None:
                place = os.path.relpath(file, Path(made.span.path).parent)
                made.attributes[CODE_PATH] = Entry(
                    held.key_span, Scalar(Path(place).as_posix(), held.key_span)
                )
        return
