"""What the outputs and variables of a root module state of buckets in their descriptions."""

from collections.abc import Iterator

from mlwa_lint.frontends.described import Description, is_informative
from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.terraform.evaluation.module import Module
from mlwa_lint.frontends.terraform.syntax.blocks import Block
from mlwa_lint.model.values import known_text


def descriptions_in(module: Module) -> Iterator[Description]:
    """The descriptions of a module's outputs and variables, with what they are about."""
    for name, block in module.folder.outputs.items():
        text = _description(module, block)
        value = module.output(name) if is_informative(text) else None
        if value is not None:
            yield Description(text, value)
    for name, block in module.folder.variables.items():
        text = _description(module, block)
        if is_informative(text, of_name=True):
            yield Description(text, module.variable(name, block.span))


def _description(module: Module, block: Block) -> str:
    argument = block.arguments.get("description")
    return "" if argument is None else known_text(evaluate(argument.value, module.frame)) or ""
