"""A root module's folder into a project of resources."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mlwa_lint.files.paths import shown
from mlwa_lint.files.reading import names_if_listed
from mlwa_lint.frontends.expressions import Call
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.evaluation.loader import Loader
from mlwa_lint.frontends.terraform.evaluation.module import Module
from mlwa_lint.frontends.terraform.evaluation.providers import Provider, Providers, Shared
from mlwa_lint.frontends.terraform.evaluation.switches import DEFAULT_OF, ROUNDS_LIMIT
from mlwa_lint.frontends.terraform.stacks import gaps_of
from mlwa_lint.frontends.terraform.syntax.blocks import Block
from mlwa_lint.frontends.terraform.syntax.folder import MODULE_FOLDERS, ModuleDeclarations
from mlwa_lint.frontends.terraform.syntax.readmes import readme_of
from mlwa_lint.frontends.terraform.vocabulary import normalise
from mlwa_lint.frontends.terraform.vocabulary.index import table_of
from mlwa_lint.model.budget import for_target
from mlwa_lint.model.resources import Problem, Project, Resource, notice
from mlwa_lint.model.values import Value
from mlwa_lint.startup.patterns import lazy

# The providers that callers beyond these pass on are not read.
_CALLERS_LIMIT = 20
_NAMED_LIMIT = 5
_OF_MODULES = "examples"
_INTRODUCTION = 1_000
_IS_MODULE = lazy(r"(?i)\b(?:terraform|opentofu|reusable) module\b")
_CALL = lazy(r"(?m)^[ \t]*module[ \t]+\"[\w-]+\"[ \t]*\{\s*+(?:#[^\n]*+\s*+)*+source\s*=")
# Files of values, in whatever way they are given, and of Terragrunt, which gives them.
_GIVES_VALUES = lazy(r"\.tfvars(?:\.|$)|^terragrunt\.hcl$")
# The folders of examples beyond these are not read.
_EXAMPLES_LIMIT = 20
# Of addresses without keys, those of module calls and of resources of AWS.
_MAY_BE_CHECKED = lazy(r"^(?:module\.[\w-]+\.)*(?:aws_|awscc_|module\.[\w-]+$)")
_OF_AWS = ("AWS::", "aws_", "awscc_")
_PROVIDERS_OF_AWS = (("aws",), ("awscc",))


def load(
    folder: Path, options: LoadOptions, files: Sequence[Path] | None = None, callers: Sequence[Path] = ()
) -> Project:
    """The project of a root module; what cannot be read or understood becomes problems of the project.

    callers: the folders that call it, where it is not a root but none of them expands it.
    """
    with for_target():
        loader, module = opened(folder, options, files, callers)
        loader.load(module)
        for _ in range(ROUNDS_LIMIT):
            switches = loader.further_switches()
            if not switches:
                break
            loader, module = opened(folder, options, files, callers, loader.again(switches))
            loader.load(module)
        resources = _described(tuple(normalise(loader.resources)), module)
        credentials = module.providers.credentials()
    project = Project(
        root=shown(folder),
        resources=resources,
        scenarios=loader.scenarios,
        gaps=(*loader.gaps, *gaps_of(resources)),
        problems=problems_of(loader, resources, whole=files is None),
        sources=tuple(loader.sources),
        reusable=_waits_for_callers(loader, callers),
        credentials=credentials,
        left_out=left_out(loader),
        called_for_ml=bool(callers) and _called_for_ml(callers, folder, options),
    )
    if not callers:
        return project
    from mlwa_lint.frontends.terraform.dormant import with_callers_choices

    return with_callers_choices(project, folder, callers, options)


def _described(resources: tuple[Resource, ...], module: Module) -> tuple[Resource, ...]:
    """The resources with what the descriptions of outputs, and of variables, state of buckets."""
    if not any(each.type == "AWS::S3::Bucket" for each in resources):
        return resources
    from mlwa_lint.frontends.described import with_descriptions
    from mlwa_lint.frontends.terraform.descriptions import descriptions_in

    return with_descriptions(resources, descriptions_in(module))


def _called_for_ml(callers: Sequence[Path], folder: Path, options: LoadOptions) -> bool:
    from mlwa_lint.frontends.terraform.callers import are_for_ml  # only where no caller expands a module

    return are_for_ml(callers[:_CALLERS_LIMIT], folder, options.root or folder)


def left_out(loader: Loader) -> dict[str, str]:
    """Which default leaves out resources of a type, as a phrase, by the canonical type."""
    found: dict[str, str] = {}
    for name, off in {**loader.switched, **loader.off}.items():
        for table in filter(None, map(table_of, off.types)):
            found.setdefault(table.type, f"{' and '.join(sorted(off.assumed))} leaves {name} out")
    return found


def _waits_for_callers(loader: Loader, callers: Sequence[Path]) -> bool:
    """Whether it is only a module: without a provider of AWS, and meant to be called.

    That is what requires providers of its callers, is called, is among modules, takes objects that no file
    gives, is introduced as one by its README, or comes with examples of its use as published modules do, in
    folders or in its README.
    """
    content = loader.folder(loader.root_folder)
    above = Path(os.path.relpath(content.path.parent, loader.root)).parts
    if content.backend is not None:
        return False
    if content.has_aliases:
        return True
    readme = readme_of(content.path)
    introduced = _IS_MODULE.search(readme[:_INTRODUCTION]) is not None
    if any(each.labels[:1] in _PROVIDERS_OF_AWS for each in content.providers):
        # Modules should not, but some configure a provider themselves.
        if not introduced:
            return False
    elif introduced or callers or not MODULE_FOLDERS.isdisjoint(above) or _needs_structures(content):
        return True
    return _has_examples(content.path) or _CALL.search(readme) is not None


def _needs_structures(content: ModuleDeclarations) -> bool:
    """Whether a variable without a default takes several objects, and no file beside gives its value.

    These are arguments of a call: hardly anyone enters them when Terraform asks.
    """
    if any(_GIVES_VALUES.search(name) for name in names_if_listed(content.path)):
        return False
    return any(
        "default" not in each.arguments and _takes_objects(each) for each in content.variables.values()
    )


def _takes_objects(variable: Block) -> bool:
    kind = variable.arguments.get("type")
    outer = kind.value if kind is not None else None
    if not isinstance(outer, Call) or outer.function not in ("list", "map", "set"):
        return False
    return any(isinstance(inner, Call) and inner.function == "object" for inner in outer.arguments)


def _has_examples(folder: Path) -> bool:
    """Whether there are configurations below `examples`, where the registry looks for those of a module."""
    examples = folder / _OF_MODULES
    own = names_if_listed(examples)
    below = (own, *(names_if_listed(examples / each) for each in own[:_EXAMPLES_LIMIT]))
    return any(name.endswith(".tf") for names in below for name in names)


def problems_of(loader: Loader, resources: Sequence[Resource], whole: bool = True) -> tuple[Problem, ...]:
    """What was noticed of a configuration. whole: whether all files of its folder are read."""
    missing = undeclared(loader) if whole else ()
    return (*loader.problems, *missing, *nothing_seen(resources, loader), *off_by_default(loader))


def undeclared(loader: Loader) -> Iterator[Problem]:
    """A notice for each module about what it refers to and nothing declares, which Terraform refuses."""
    for names in loader.missing.values():
        first = next(iter(names.values()))
        be, them = ("is", "it") if len(names) == 1 else ("are", "them")
        message = f"{_named(list(names))} {be} referred to, and nothing in the module declares {them}:"
        yield notice(first.path, first.line, f"{message} Terraform refuses it", whole=True)


def nothing_seen(resources: Sequence[Resource], loader: Loader) -> Iterator[Problem]:
    """A notice where all that a configuration has is in modules that are not expanded."""
    modules = [gap for gap in loader.gaps if gap.what.startswith("module ")]
    if not modules or any(each.type.startswith(_OF_AWS) for each in resources):
        return
    if any(problem.fatal for problem in loader.problems):
        return  # which is more precise
    first = modules[0].span
    message = (
        "nothing is checked here, for all resources of AWS are in modules that cannot be expanded: "
        f"{_named([gap.what for gap in modules])}; run `terraform init` first, or lint a plan"
    )
    yield notice(first.path, first.line, message)


def off_by_default(loader: Loader) -> Iterator[Problem]:
    """A note on what the defaults of variables leave out, and which is not checked therefore."""
    off = {name: each for name, each in loader.off.items() if _MAY_BE_CHECKED.search(name) is not None}
    if not off:
        return
    # Rather what the root module declares itself.
    first = off[min(off, key=lambda name: (name.startswith("module."), off[name].span))].span
    defaults = sorted({default.removeprefix(DEFAULT_OF) for each in off.values() for default in each.assumed})
    what = "1 block is" if len(off) == 1 else f"{len(off)} blocks are"
    message = (
        f"{what} not checked, with no instances by {DEFAULT_OF}{', '.join(defaults)}: {_named([*off])}; "
        "`--var` and `--var-file` give other values"
    )
    yield Problem(first.path, first.line, message, fatal=False, quiet=True)


def _named(names: Sequence[str]) -> str:
    more = len(names) - _NAMED_LIMIT
    return ", ".join(names[:_NAMED_LIMIT]) + (f" and {more} more" if more > 0 else "")


def loaded(
    folder: Path, options: LoadOptions, files: Sequence[Path] | None = None, callers: Sequence[Path] = ()
) -> Loader:
    """The evaluated configuration, still in Terraform's own names."""
    loader, module = opened(folder, options, files, callers)
    loader.load(module)
    return loader


def opened(
    folder: Path,
    options: LoadOptions,
    files: Sequence[Path] | None = None,
    callers: Sequence[Path] = (),
    loader: Loader | None = None,
) -> tuple[Loader, Module]:
    """A configuration that was read and not evaluated yet, and its root module.

    loader: what reads it, if that is to be a certain one.
    """
    from mlwa_lint.frontends.terraform.evaluation.inputs import inputs_of

    folder = Path(os.path.normpath(folder))
    loader = loader or Loader(folder, options.root or folder, options.module_limit)
    content = loader.folder(loader.root_folder, files)
    inputs, problems = inputs_of(content, options)
    loader.problems += [*problems, *_about_variables(loader, content, inputs, options)]
    providers = _inherited(callers, options) if callers and not content.providers else None
    return loader, Module(loader, content, "", inputs, (), providers)


def _about_variables(
    loader: Loader, content: ModuleDeclarations, inputs: Mapping[str, Value], options: LoadOptions
) -> Iterator[Problem]:
    """What the user should know of values that are never used, and of those that are missing."""
    from mlwa_lint.frontends.terraform.evaluation.offers import offered

    name = content.sources[0] if content.sources else shown(content.path)
    undeclared = sorted(set(options.variables) - set(content.variables))
    if undeclared and not options.parameters_shared and not content.unread:
        yield notice(name, 1, f"variables are given that it does not declare: {', '.join(undeclared)}")
    missing = [
        each
        for each, block in content.variables.items()
        if each not in inputs and "default" not in block.arguments
    ]
    if missing and (offer := offered(content.path, loader.root, missing)):
        yield Problem(name, 1, offer, fatal=False, quiet=True)


def _inherited(callers: Sequence[Path], options: LoadOptions) -> Providers | None:
    """The provider that the callers pass on: Region and tags that all of them agree on are known."""
    found: list[Provider] = []
    for folder in callers[:_CALLERS_LIMIT]:
        loader = Loader(folder, options.root or folder)
        content = loader.folder(folder)
        if not content.providers:
            continue
        from mlwa_lint.frontends.terraform.evaluation.inputs import inputs_of

        caller = Module(loader, content, "", inputs_of(content, options)[0])
        provider = caller.providers.named("aws")
        if provider is not None:
            found.append(provider)
    return Providers({"aws": Shared(found)}) if found else None
