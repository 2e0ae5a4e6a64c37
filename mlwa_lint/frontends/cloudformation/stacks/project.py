"""A template with its nested stacks, into a project of resources."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.paths import inside, shown
from mlwa_lint.files.reading import is_file, read_text
from mlwa_lint.frontends.cloudformation.conditions.table import TemplateScenarios
from mlwa_lint.frontends.cloudformation.notifications import with_notifications
from mlwa_lint.frontends.cloudformation.stack_context import StackContext
from mlwa_lint.frontends.cloudformation.stacks.exports import exports_of, linked_within
from mlwa_lint.frontends.cloudformation.syntax.files import FILE_LIMIT, TemplateTree, part, tree
from mlwa_lint.frontends.cloudformation.syntax.macros import macros
from mlwa_lint.frontends.cloudformation.syntax.nodes import MapNode, Node, TemplateSyntaxError, TextNode
from mlwa_lint.frontends.cloudformation.syntax.reader import expression
from mlwa_lint.frontends.cloudformation.syntax.shapes import text_of_key
from mlwa_lint.frontends.cloudformation.template import Child, Template
from mlwa_lint.frontends.cloudformation.vocabulary import VOCABULARY, is_mistaken, unknown_properties
from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.failures import reason_of
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.budget import for_target
from mlwa_lint.model.conditions import AnyScenario
from mlwa_lint.model.purpose import is_named_for_learning
from mlwa_lint.model.resources import Gap, Problem, Project, Resource, notice
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.model.values import MapValue, Scalar, Unknown, Value, known_text, tail_of
from mlwa_lint.startup.patterns import lazy

__all__ = ["VOCABULARY", "Together", "load"]

STACKS_LIMIT = 500
NESTING_LIMIT = 20
_STACKS = "AWS::CloudFormation::"
# Of all templates that are linted together, each of which may nest the others.
TOGETHER_LIMIT = 2_000
# The name of a file that is called after its content: as good as a path.
_SURROGATES = lazy("[\ud800-\udfff]")
# No more properties are named at once.
_NAMED = 4
_NUMBERED_LAB = lazy(r"\blab *#?\d|\b(?:for|of) (?:the|this|a) (?:[a-z-]+ )?lab\b")
_CONTENT_HASH = lazy(r"[0-9a-f]{32,64}\.[a-z.]+")


class Together:
    """What templates that are linted together have in common.

    nests: file -> those that its stacks are made of, whether they were read or not.
    left:  how many nested stacks may still be read.
    handed: file -> the outputs that a script gives to another template, and the name of the script.
    """

    def __init__(self) -> None:
        self.handed: dict[str, dict[str, str]] = {}
        self.nests: dict[str, set[str]] = {}
        self.left = TOGETHER_LIMIT

    def leads(self, name: str, to: str) -> bool:
        """Whether a file nests another, at any depth."""
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            for each in self.nests.get(waiting.pop(), ()):
                if each == to:
                    return True
                if each not in seen:
                    seen.add(each)
                    waiting.append(each)
        return False


def load(
    path: Path, options: LoadOptions, text: str | None = None, together: Together | None = None
) -> Project:
    """The project of a template; what cannot be read or understood becomes problems of the project."""
    with for_target():
        return _load(path, options, text, together or Together())


def _load(path: Path, options: LoadOptions, text: str | None, together: Together) -> Project:
    name = shown(path)
    root = options.root or path.parent
    loader = _Loader(root, options.listing_files(path.parent).files, together)
    try:
        context = StackContext(name, space=name, given=options.parameters, chain=(path,))
        template = loader.template(context, text)
        resources = with_notifications(template.evaluated())
        if any(each.type == "AWS::S3::Bucket" for each in resources):
            from mlwa_lint.frontends.cloudformation.stacks.descriptions import descriptions_in
            from mlwa_lint.frontends.described import with_descriptions

            resources = with_descriptions(resources, descriptions_in(template))
    except TemplateSyntaxError as error:
        return _begun(path, options, text, together, error)
    except RecursionError:
        return _unread(name, 1, "its stacks, or its values, depend on each other in too long a chain")
    parts = list(template.all_parts())
    gaps = tuple(gap for part in parts for gap in part.gaps)
    problems = [*(problem for part in parts for problem in (*part.problems, *_mistaken(part)))]
    if any(part.scope.undeclared for part in parts):
        from mlwa_lint.frontends.cloudformation.undeclared import undeclared_in

        problems += (problem for part in parts for problem in undeclared_in(part))
    problems += loader.problems
    problems += _of_parameters(template, options, path)
    if not resources and not gaps and all(problem.quiet for problem in problems):
        why = "the conditions of its resources never hold" if template.bodies else "declares no resources"
        problems.append(Problem(name, 1, f"{why}: there is nothing to check", fatal=False))
    problems += _nothing_seen(resources, gaps, problems)
    description = text_of_key(template.root, "Description")
    project = Project(
        root=name,
        resources=resources,
        scenarios=template.scenarios,
        gaps=gaps,
        problems=tuple(dict.fromkeys(problems)),
        sources=tuple(dict.fromkeys((*(part.context.name for part in parts), *loader.included))),
        exports=exports_of(template, together.handed.get(name, {})),
        teaches=_is_for_learning(description),
        description=description,
    )
    template.release()
    return linked_within(project)


def _of_parameters(template: Template, options: LoadOptions, path: Path) -> Iterator[Problem]:
    """What is wrong with the values that a template's parameters are given, or lack."""
    name = shown(path)
    missing = [each.name for each in template.scope.parameters.values() if each.is_missing]
    if missing:
        from mlwa_lint.frontends.cloudformation.offers import offered

        offer = offered(path, options.root or path.parent, missing)
        if offer:
            yield Problem(name, 1, offer, fatal=False, quiet=True)
    undeclared = sorted(set(options.parameters) - set(template.scope.parameters))
    if undeclared and not options.parameters_shared:
        message = f"parameters are given that it does not declare: {', '.join(undeclared)}"
        yield Problem(name, 1, message, fatal=False)


def _nothing_seen(
    resources: Sequence[Resource], gaps: Sequence[Gap], problems: Sequence[Problem]
) -> Iterator[Problem]:
    """A notice where all that a template has is in nested stacks, or made by macros, that are not read."""
    if not gaps or any(not each.type.startswith(_STACKS) for each in resources):
        return
    if any(not problem.quiet for problem in problems):
        return  # which is more precise
    whats = list(dict.fromkeys(gap.what for gap in gaps))
    more = f" and {len(whats) - 1} more" if len(whats) > 1 else ""
    message = "nothing is checked here, for all that it declares is in what could not be analysed: "
    message += f"{whats[0]}{more}"
    yield notice(gaps[0].span.path, gaps[0].span.line, message)


def _mistaken(template: Template) -> Iterator[Problem]:
    """Notices about types of resources, and properties of them, that CloudFormation does not have.

    As far as is known: both may be new. What a macro rewrites, and what SAM makes, is not the author's text.
    """
    own = not any(True for _ in macros(template.root))
    for name, (key, body) in template.bodies.items():
        kind = text_of_key(body, "Type")
        if is_mistaken(kind):
            message = f"{kind}, the type of {name}, is not one of CloudFormation's: unless it is newer than"
            message += f" mlwa-lint, deploying it fails. Nothing of {name} is checked"
            yield notice(template.context.name, key.span.line, message)
            continue
        given = body.get("Properties")
        if not own or name in template.sources or not isinstance(given, MapNode) or given.tag:
            continue
        unknown = unknown_properties(kind, (each.text for each, _ in given.entries))
        if unknown:
            more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
            are = "is not a property" if len(unknown) == 1 else "are not properties"
            message = (
                f"{', '.join(unknown[:_NAMED])}{more} of {name} {are} of {kind}: unless it is newer than"
            )
            line = next(each.span.line for each, _ in given.entries if each.text == unknown[0])
            yield notice(template.context.name, line, f"{message} mlwa-lint, deploying it fails", whole=True)


def _is_for_learning(description: str) -> bool:
    """Whether the description of a template has a word for what people come to for learning."""
    return is_named_for_learning(description) or _NUMBERED_LAB.search(description.lower()) is not None


def _begun(
    path: Path, options: LoadOptions, text: str | None, together: Together, error: TemplateSyntaxError
) -> Project:
    """The project of what precedes a mistake in a template, which is an error all the same."""
    from mlwa_lint.frontends.cloudformation.syntax.beginnings import beginning, never_in, only_in

    name = shown(path)
    unread = _unread(name, error.line, error.message)
    try:
        whole = read_text(path, FILE_LIMIT) if text is None else text
    except (OSError, ValueError):
        return unread
    start = beginning(whole, error)
    if start is None:
        return unread
    begun = _load(path, options, start, together)
    rest = whole[len(start) :]
    what, never = f"{name}:{error.line}, which is not valid,", never_in(rest)
    gap = Gap(what, start_of(name), never=never, broken=True, only=only_in(rest))
    return begun._replace(problems=(*unread.problems, *begun.problems), gaps=(*begun.gaps, gap), partial=True)


def _unread(name: str, line: int, message: str) -> Project:
    problems = (Problem(name, line, message),)
    return Project(name, (), AnyScenario(), problems=problems, sources=(name,), partial=True)


class _Loader:
    """Reads a template and, on demand, those of its nested stacks."""

    def __init__(self, root: Path, files: ProjectFiles | None, together: Together) -> None:
        self.problems: list[Problem] = []
        self.included: list[str] = []
        self._together = together
        self._trees: dict[Path, TemplateTree] = {}
        self._real: dict[Path, Path] = {}
        self._root = root
        self._files = files
        self._scenarios = TemplateScenarios()
        self._assets: dict[str, str] | None = None
        self._left = STACKS_LIMIT
        self._is_full = False
        self._circles: set[tuple[str, str]] = set()

    def template(self, context: StackContext, text: str | None = None) -> Template:
        """The template of a file, among its stacks. Raises TemplateSyntaxError."""
        path = context.chain[-1]
        own = self._trees.get(path) if text is None else None
        if own is None:
            own = tree(path, context.name, text)
            if text is None and own.step is None:
                self._trees[path] = own
        return Template(own, context, self, self._scenarios)

    def child(self, parent: Template, key: TextNode, body: MapNode) -> Child:
        """The template of a nested stack, if it is a file that may be read."""
        chain = parent.context.chain
        found = self._file(parent, body, chain[-1].parent)
        if isinstance(found, str):
            return Child(None, found)
        name = shown(found)
        self._together.nests.setdefault(parent.context.name, set()).add(name)
        refused = self._beyond(parent, key, found, name)
        if refused is not None:
            return refused
        from mlwa_lint.frontends.cloudformation.stacks.inputs import inputs_of

        self._left -= 1
        self._together.left -= 1
        guards = parent.guards_of(body)
        given, bindings, complete = inputs_of(parent, body)
        context = StackContext(
            name=name,
            prefix=f"{parent.context.prefix}{key.text}.",
            space=f"{parent.context.space} {key.text}",
            given=given,
            bindings=bindings,
            guards=guards or (),
            complete=complete,
            chain=(*chain, found),
        )
        try:
            return Child(self.template(context))
        except TemplateSyntaxError as error:
            self.problems.append(Problem(name, error.line, error.message))
            return Child(None, f"{name} cannot be read")

    def _beyond(self, parent: Template, key: TextNode, found: Path, name: str) -> Child | None:
        """Why a nested stack is not read, reported once: it contains itself, or there are too many."""
        chain = parent.context.chain
        real = self._resolved(found)
        if any(self._resolved(each) == real for each in chain):
            circle = " → ".join([*(shown(each) for each in chain), name])
            message = f"the stack {key.text} contains itself: {circle}"
            if (parent.context.name, key.text) in self._circles:
                return Child(None, message)
            self._circles.add((parent.context.name, key.text))  # there are many paths to it
            return self._refused(parent, key, message)
        if len(chain) == NESTING_LIMIT:
            return self._refused(parent, key, f"stacks are nested deeper than {NESTING_LIMIT}")
        if min(self._left, self._together.left) > 0:
            return None
        limit = STACKS_LIMIT if self._left <= 0 else TOGETHER_LIMIT
        message = f"there are more than {limit} nested stacks"
        if self._is_full:
            return Child(None, message)
        self._is_full = True
        return self._refused(parent, key, message)

    def _resolved(self, path: Path) -> Path:
        if path not in self._real:
            self._real[path] = path.resolve()
        return self._real[path]

    def part(self, parent: Template, place: Node) -> MapNode | None:
        """The content of a file that a template includes, if it is in the project."""
        value = evaluate(expression(place), parent.scope)
        if isinstance(value, MapValue) and "Key" in value.entries:
            value = value.entries["Key"].value
        template = parent.context.chain[-1]
        text = known_text(value)
        path: Path | str = "" if text is None or "://" in text else self._allowed(template.parent, text)
        if isinstance(path, str):
            found = self._by_ending(parent, value, place.span)
            if found is None:
                return None
            path = found
        name = shown(path)
        try:
            content = part(path, name)
        except TemplateSyntaxError as error:
            self.problems.append(Problem(name, error.line, error.message))
            return None
        self.included.append(name)
        return content

    def _by_ending(self, parent: Template, value: Value, span: Span) -> Path | None:
        """The only file of the project that ends like a place in S3; where it is taken from is reported."""
        tail = tail_of(value)
        if not tail or self._files is None:
            return None
        found = self._files.ending_like(tail, parent.context.chain, near=parent.context.chain[-1].parent)
        if found is None or inside(found, self._root) is None:
            return None
        message = f"{tail} is read from {shown(found)}, the file of the project that ends like it"
        self.problems.append(Problem(parent.context.name, span.line, message, fatal=False, quiet=True))
        return found

    def _allowed(self, folder: Path, name: str) -> Path | str:
        """A file beside a template, if it may be read; otherwise why not."""
        if "\0" in name or _SURROGATES.search(name):
            return "its name is that of no file"
        path = folder / name
        if inside(path, self._root) is None:
            return f"{name} is outside of {shown(self._root)}"
        return path if is_file(path) else f"{name} does not exist"

    def _refused(self, parent: Template, key: TextNode, message: str) -> Child:
        self.problems.append(Problem(parent.context.name, key.span.line, message))
        return Child(None, message)

    def _file(self, parent: Template, body: MapNode, folder: Path) -> Path | str:
        """The file of a nested stack's template, or why there is none."""
        properties = body.get("Properties")
        node = properties.get("TemplateURL") if isinstance(properties, MapNode) else None
        if node is None:
            return "it has no TemplateURL"
        from mlwa_lint.frontends.cloudformation.stacks.addresses import addresses, asset_of

        if asset := asset_of(body):
            return self._at(parent, asset, node.span, folder)
        value = evaluate(expression(node), parent.scope)
        places = addresses(value, parent.guards_of(body) or ())
        found = list(dict.fromkeys(self._meant(parent, each, node.span, folder) for each in places))
        if len(found) == 1:
            return found[0]
        why = next((each for each in found if isinstance(each, str)), None)
        return why or f"its TemplateURL is one of {len(found)} files"

    def _meant(self, parent: Template, value: Value, span: Span, folder: Path) -> Path | str:
        """The file that an address, one of those that a stack may have, stands for, or why there is none."""
        asset = self._published(value, parent.context.chain[0]) or known_text(value)
        if asset is not None:
            return self._at(parent, asset, span, folder)
        return self._by_ending(parent, value, span) or reason_of(value, "its TemplateURL is not known")

    def _at(self, parent: Template, asset: str, span: Span, folder: Path) -> Path | str:
        """The file at a path beside a template, or at an address."""
        if "://" in asset:
            # A packaged template's address ends with the hash of its content: it may lie here nevertheless.
            address, asset = asset, asset.partition("?")[0].rpartition("/")[2]
            if not _CONTENT_HASH.fullmatch(asset) or not is_file(folder / asset):
                return self._by_ending(parent, Scalar(address, span), span) or f"its template is at {address}"
        allowed = self._allowed(folder, asset)
        return (self._unbuilt(parent, asset, span) or allowed) if isinstance(allowed, str) else allowed

    def _unbuilt(self, parent: Template, asset: str, span: Span) -> Path | None:
        """The only file of the project from which a template is built that is not there."""
        if self._files is None or self._files.root is None or "\0" in asset:
            return None
        from mlwa_lint.frontends.cloudformation.unbuilt import unbuilt

        found = unbuilt(asset, parent.context.chain[-1], self._files)
        if found is None or inside(found, self._root) is None:
            return None
        message = (
            f"{asset} is read from {shown(found)}, the only file of the project that it may be built from"
        )
        self.problems.append(Problem(parent.context.name, span.line, message, fatal=False, quiet=True))
        return found

    def _published(self, value: Value, template: Path) -> str | None:
        """The file that a CDK assembly publishes under the hash that an address ends with."""
        end = value.parts[-1] if isinstance(value, Unknown) and value.parts else known_text(value)
        name = end.rpartition("/")[2] if isinstance(end, str) else ""
        if not _CONTENT_HASH.fullmatch(name):
            return None
        if self._assets is None:
            from mlwa_lint.frontends.cloudformation.stacks.addresses import published_files

            self._assets = published_files(template)
        return self._assets.get(name)
