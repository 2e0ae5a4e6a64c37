"""Provider blocks: which one a resource uses, its Region and default tags."""

from collections.abc import Iterator, Mapping, Sequence

from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.expressions import Expr, Literal, Lookup, MapExpr
from mlwa_lint.frontends.terraform.evaluation.scope import TerraformFrame
from mlwa_lint.frontends.terraform.syntax.blocks import Block
from mlwa_lint.model.secret_names import promises_secret
from mlwa_lint.model.values import MapValue, Unknown, Value, alternatives, known_text


class Provider:
    """One provider block, evaluated in the module that declares it: the root, or one that it calls."""

    def __init__(self, block: Block, frame: TerraformFrame, of_root: bool) -> None:
        self._of_root = of_root
        self._block = block
        self._frame = frame
        self._region: str | None = None
        self._tags: MapValue | None = None
        self._read = False

    @property
    def is_default(self) -> bool:
        """Whether it is the one that a configuration deploys with unless another one is named."""
        return self._of_root and "alias" not in self._block.arguments

    def region(self) -> str | None:
        """The Region that it pins."""
        self._evaluate()
        return self._region

    def default_tags(self) -> MapValue | None:
        """The tags that every resource gets; with a rest where they are not known."""
        self._evaluate()
        return self._tags

    def credentials(self) -> Iterator[str]:
        """What is equal to a credential that it is configured with: the identities of its arguments."""
        for name, argument in self._block.arguments.items():
            if promises_secret(name):
                found = (each.value for each in alternatives(evaluate(argument.value, self._frame)))
                yield from (each.identity for each in found if isinstance(each, Unknown) and each.identity)

    def _evaluate(self) -> None:
        if self._read:
            return
        self._read = True
        argument = self._block.arguments.get("region")
        if argument is not None:
            found = {known_text(each.value) for each in alternatives(evaluate(argument.value, self._frame))}
            self._region = found.pop() if len(found) == 1 else None
        for block in self._block.blocks:
            if block.type == "default_tags" or (block.type == "dynamic" and "default_tags" in block.labels):
                self._tags = self._tags_of(block)

    def _tags_of(self, block: Block) -> MapValue:
        argument = block.arguments.get("tags")
        value: Value
        if argument is None:
            value = Unknown("default_tags are not known", block.span)
        else:
            value = evaluate(argument.value, self._frame)
        if isinstance(value, MapValue):
            return value
        reason = value.reason if isinstance(value, Unknown) else "default_tags depend on a condition"
        return MapValue({}, block.span, Unknown(reason, block.span))


class Shared(Provider):
    """The providers of several roots that deploy the same module: what all of them agree on is known."""

    def __init__(self, providers: Sequence[Provider]) -> None:
        self._providers = providers

    @property
    def is_default(self) -> bool:
        """The roots may deploy with different ones."""
        return False

    def credentials(self) -> Iterator[str]:
        """Those of the roots are not of what they call."""
        return iter(())

    def region(self) -> str | None:
        """The Region that all of them pin."""
        found = {each.region() for each in self._providers}
        return found.pop() if len(found) == 1 else None

    def default_tags(self) -> MapValue | None:
        """The tags that every resource gets wherever it is deployed; with a rest where roots differ."""
        tags = [each.default_tags() for each in self._providers]
        stated = [each for each in tags if each is not None]
        if not stated:
            return None
        first = stated[0]
        if len(stated) == len(tags) and all(_same(first, each) for each in stated[1:]):
            return first
        shared = {
            key: entry
            for key, entry in first.entries.items()
            if len(stated) == len(tags) and all(key in each.entries for each in stated)
        }
        rest = Unknown("default_tags differ between the roots that call the module", first.span)
        return MapValue(
            {
                key: entry if _agree(key, stated) else entry._replace(value=rest)
                for key, entry in shared.items()
            },
            first.span,
            rest,
        )


def _same(one: MapValue, other: MapValue) -> bool:
    """Whether tags are known and the same, though each root writes them in a place of its own."""
    return (
        one.rest is None
        and other.rest is None
        and one.entries.keys() == other.entries.keys()
        and all(
            known_text(one.entries[key].value) is not None and _agree(key, (one, other))
            for key in one.entries
        )
    )


def _agree(key: str, tags: Sequence[MapValue]) -> bool:
    return len({known_text(each.entries[key].value) for each in tags}) == 1


class Providers:
    """The providers that a module sees, by local name and alias: `aws`, `aws.west`."""

    def __init__(self, known: Mapping[str, Provider]) -> None:
        self._known = dict(known)

    def declare(self, blocks: Sequence[Block], frame: TerraformFrame, of_root: bool) -> None:
        """Adds the module's own provider blocks."""
        for block in blocks:
            name = block.labels[0]
            alias = block.arguments.get("alias")
            text = known_text(evaluate(alias.value, frame)) if alias is not None else None
            self._known[f"{name}.{text}" if text else name] = Provider(block, frame, of_root)

    def credentials(self) -> frozenset[str]:
        """What is equal to a credential that one of them is configured with."""
        return frozenset(each for provider in self._known.values() for each in provider.credentials())

    def handed(self, call: Block) -> "Providers":
        """What a called module sees."""
        # Only default configurations are inherited; aliases are handed over in `providers`.
        found = {name: provider for name, provider in self._known.items() if "." not in name}
        argument = call.arguments.get("providers")
        if argument is None or not isinstance(argument.value, MapExpr):
            return Providers(found)
        for entry in argument.value.entries:
            if isinstance(entry.value, Lookup):
                provider = self._known.get(_name(entry.value))
                if provider is not None:
                    found[_name(entry.key)] = provider
        return Providers(found)

    def named(self, name: str) -> Provider | None:
        """A provider by its local name."""
        return self._known.get(name)

    def is_default(self, block: Block) -> bool:
        """Whether a block uses what the configuration deploys with unless another provider is named."""
        provider = self.of(block)
        if provider is None:
            return "provider" not in block.arguments
        return provider.is_default

    def of(self, block: Block) -> Provider | None:
        """The provider of a resource block."""
        argument = block.arguments.get("provider")
        if argument is not None:
            return self._known.get(_name(argument.value))
        return self._known.get(block.labels[0].partition("_")[0])


def _name(expression: Expr) -> str:
    """The name of a provider, which Terraform before 0.12 wrote as a text."""
    if isinstance(expression, Lookup):
        return ".".join(expression.path)
    return str(expression.data) if isinstance(expression, Literal) else ""
