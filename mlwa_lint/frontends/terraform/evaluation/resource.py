"""One instance of a resource: its address, its attributes, its body."""

from mlwa_lint.frontends.choices import over_alternatives
from mlwa_lint.frontends.identities import identity_of
from mlwa_lint.frontends.terraform.evaluation.bodies import META, body_of, grouped, nested
from mlwa_lint.frontends.terraform.evaluation.limits import bounded
from mlwa_lint.frontends.terraform.evaluation.objects import Attributes, plain, whole
from mlwa_lint.frontends.terraform.evaluation.open_conditions import evaluated
from mlwa_lint.frontends.terraform.evaluation.scope import TerraformFrame
from mlwa_lint.frontends.terraform.syntax.blocks import Block
from mlwa_lint.frontends.terraform.vocabulary.attributes import (
    followed,
    if_unset,
    names_itself,
    repeated,
)
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.values import (
    Absent,
    Assumptions,
    Choice,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    known_text,
)


class ResourceInstance:
    """A resource instance. Attributes are evaluated on demand."""

    def __init__(
        self,
        address: str,
        block: Block,
        frame: TerraformFrame,
        guards: tuple[Guard, ...],
        assumed: Assumptions,
    ) -> None:
        self.address = address
        self.block = block
        self.guards = guards
        self.assumed = assumed
        self.frame = frame
        self._groups = grouped(block, top=True)
        self._arguments: dict[str, Value] = {}
        self._open: set[str] = set()
        self._body: MapValue | None = None

    def value(self) -> MapValue:
        """The instance as a whole."""
        stated = (
            *(name for name in self.block.arguments if name not in META),
            *grouped(self.block, top=True),
        )
        attributes = Attributes(self.address, self.block.span, stated, self.attribute)
        return whole(attributes, self.block.span, f"{self.address} is known only after deployment")

    def attribute(self, name: str) -> Value:
        """What `address.name` gives: the resource's own name stays a reference to it, and any other argument
        is exactly what it was set to."""
        kind = self.block.labels[0]
        further = followed(kind, name)
        if further is not None:
            return self._followed(name, *further)
        argument = name if self.argument(name) is not None else repeated(kind, name)
        return self._seen(name, self.argument(argument), names_itself(kind, argument))

    def _seen(self, name: str, stated: Value | None, own: bool) -> Value:
        span = self.block.span
        if stated is None or isinstance(stated, Absent):
            reference = Reference(self.address, name, span)
            if (missing := if_unset(self.block.labels[0], name)) is None:
                return reference
            if missing:
                return Absent(span)
            # The provider may give it a value, or leave it null.
            reason = f"{self.address} sets no {name}"
            return Unknown(reason, span, (reference,), identity_of(reference))
        if isinstance(stated, Choice):
            yes, no = self._seen(name, stated.yes, own), self._seen(name, stated.no, own)
            return stated._replace(yes=yes, no=no)
        if not own:
            return stated
        if isinstance(stated, (Reference, Unknown)) or (
            isinstance(stated, Scalar) and isinstance(stated.data, str)
        ):
            return Reference(self.address, name, span, known_text(stated), stated.assumed)
        return stated

    def _followed(self, name: str, argument: str, attribute: str) -> Value:
        """An attribute of the resource that an argument names."""
        stated = self.argument(argument)
        own = Reference(self.address, name, self.block.span)
        if stated is None:
            return own
        return over_alternatives(
            [stated],
            lambda values: (
                values[0]._replace(attribute=attribute, known=None)
                if isinstance(values[0], Reference)
                else own
            ),
            self.block.span,
        )

    def argument(self, name: str) -> Value | None:
        """An argument's or nested block's value as written; None when it is not given."""
        if name in self._arguments:
            return self._arguments[name]
        if name in META or name in self._open:
            return None
        self._open.add(name)
        try:
            if name in self.block.arguments:
                span = self.block.arguments[name].span
                found = bounded(plain(evaluated(self.block.arguments[name].value, self.frame)), span)
            elif name in self._groups:
                found = nested(name, self._groups[name], self.frame)
            else:
                return None
        finally:
            self._open.discard(name)
        self._arguments[name] = found
        return found

    def body(self) -> MapValue:
        """All that the block states, without meta-arguments."""
        if self._body is None:
            try:
                self._body = body_of(self.block, self.frame)
            except RecursionError:
                span = self.block.span
                self._body = MapValue({}, span, Unknown("it is nested too deeply", span))
            if self.assumed:
                self._body = self._body._replace(assumed=self.assumed)
        return self._body
