"""Module calls: the inputs passed, and modules that are not expanded."""

from collections.abc import Iterator, Mapping

from mlwa_lint.frontends.terraform.evaluation.open_conditions import evaluated
from mlwa_lint.frontends.terraform.evaluation.providers import Provider
from mlwa_lint.frontends.terraform.evaluation.scope import TerraformFrame
from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.frontends.terraform.syntax.blocks import Block
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.resources import Gap
from mlwa_lint.model.values import Entry, MapValue, Unknown, Value

_META = frozenset({"count", "for_each", "providers", "depends_on", "source", "version"})


class Inputs(Mapping[str, Value]):
    """A call's arguments, evaluated in the caller when the called module reads them."""

    def __init__(self, block: Block, frame: TerraformFrame) -> None:
        self._arguments = {name: each for name, each in block.arguments.items() if name not in _META}
        self._version = block.arguments.get("version")
        self._frame = frame
        self._found: dict[str, Value] = {}
        self.span = block.span

    def __getitem__(self, name: str) -> Value:
        if name not in self._found:
            self._found[name] = evaluated(self._arguments[name].value, self._frame)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arguments)

    def __len__(self) -> int:
        return len(self._arguments)

    def version(self) -> str:
        """The `version` that the call requires, as it is written."""
        return str(getattr(self._version.value, "data", "")) if self._version is not None else ""

    def whole(self) -> MapValue:
        """All arguments, at the places where they are written."""
        return MapValue(
            {name: Entry(each.span, self[name], name) for name, each in self._arguments.items()}, self.span
        )


class UnresolvedModule:
    """An instance of a module whose files are not at hand. Well-known ones are known by a table."""

    def __init__(
        self,
        name: str,
        source: str | None,
        why: str,
        address: str,
        inputs: Inputs,
        guards: tuple[Guard, ...],
        provider: Provider | None,
    ) -> None:
        self._provider = provider
        self._name = name
        self._source = source
        self._why = why
        self._address = address
        self._inputs = inputs
        self._guards = guards
        self._known: tuple[list[RawResource], Mapping[str, Value], Gap | None] | None = None

    def _what(self) -> str:
        return self._why or _kind(self._source)

    def _is_known(self) -> bool:
        from mlwa_lint.frontends.terraform.vocabulary.modules import is_known

        return self._source is not None and not self._why and is_known(self._source)

    def _contents(self) -> tuple[list[RawResource], Mapping[str, Value], Gap | None]:
        if self._known is None:
            # While its inputs are evaluated its outputs may be read.
            self._known = ([], {}, None)
            inputs = self._inputs.whole()
            found = None
            if self._source is not None and self._is_known():
                from mlwa_lint.frontends.terraform.vocabulary.modules import known_module

                span, version = self._inputs.span, self._inputs.version()
                found = known_module(self._source, self._name, self._address, inputs, span, version)
            if found is None:
                values = tuple(entry.value for entry in inputs.entries.values())
                what = f"module {self._name} ({self._what()})"
                gap = Gap(what, self._inputs.span, values, self._never())
                found = ([], {}, gap)
            self._known = found
        return self._known

    def _never(self) -> tuple[str, ...]:
        from mlwa_lint.frontends.terraform.vocabulary.services import never_in_module

        return never_in_module(self._source) if self._source is not None and not self._why else ()

    def output(self, name: str) -> Value:
        """An output: from the table, else not known."""
        # The inputs of others are skipped: they may lead back here, which is not a circle for Terraform.
        outputs = self._contents()[1] if self._is_known() else {}
        if name in outputs:
            return outputs[name]
        reason = f"module {self._name} ({self._what()}) could not be analysed"
        return Unknown(reason, self._inputs.span, identity=f"{self._address}.{name}")

    def resources(self) -> list[RawResource]:
        """The resources that it certainly represents."""
        tags = self._provider.default_tags() if self._provider is not None else None
        region = self._provider.region() if self._provider is not None else None
        return [
            raw._replace(
                guards=(*self._guards, *(guard for guard in raw.guards if guard not in self._guards)),
                default_tags=raw.default_tags or tags,
                region=raw.region or region,
            )
            for raw in self._contents()[0]
        ]

    def gap(self) -> Gap | None:
        """What may be in it beside them."""
        return self._contents()[2]


def _kind(source: str | None) -> str:
    if source is None:
        return "its source is not known"
    if source.startswith(("git::", "git@", "github.com/", "bitbucket.org/")):
        return "git source"
    if source.startswith(("./", "../")):
        return "local source"
    if "://" in source or source.startswith(("s3::", "gcs::", "hg::")):
        return "remote source"
    return "registry source"
