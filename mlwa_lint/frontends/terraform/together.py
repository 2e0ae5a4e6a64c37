"""Several configurations at once: those that read one another's state, or what another writes for them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from mlwa_lint.files.paths import shown
from mlwa_lint.files.reading import real_path
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.evaluation.handing import Handed
from mlwa_lint.frontends.terraform.evaluation.loader import Loader
from mlwa_lint.frontends.terraform.evaluation.module import Module
from mlwa_lint.frontends.terraform.evaluation.neighbours import Neighbour, Neighbours
from mlwa_lint.frontends.terraform.evaluation.switches import ROUNDS_LIMIT
from mlwa_lint.frontends.terraform.project import left_out, opened, problems_of
from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.frontends.terraform.stacks import gaps_of
from mlwa_lint.frontends.terraform.syntax.folder import ModuleDeclarations
from mlwa_lint.frontends.terraform.vocabulary import normalise
from mlwa_lint.model.budget import for_target
from mlwa_lint.model.resources import Problem, Project, Resource
from mlwa_lint.startup.records import NamedTuple


class _Member(NamedTuple):
    """One of the configurations: what reads it, its root module, and how the others see it."""

    loader: Loader
    module: Module
    handed: Handed

    def resources(self) -> list[RawResource]:
        """Its resources as the others see them."""
        return list(map(self.handed.raw, self.loader.resources))


def load_together(folders: Sequence[Path], options: LoadOptions) -> list[Project]:
    """One project of several root modules.

    Resources that two of them declare under one address get the folder's name in front; what is open in
    one of them (a variable, a data source) is not what another calls by the same name.
    """
    options = options._replace(parameters_shared=True)
    with for_target():
        members = _evaluated(folders, options)
        own = [each.resources() for each in members]
        for position, each in enumerate(members):
            others = (raws for other, raws in enumerate(own) if other != position)
            each.loader.read_back(list(chain.from_iterable(others)))
        deployed = [(shown(each.loader.root_folder), each.resources()) for each in members]
        resources = tuple(normalise([raw for _, raws in deployed for raw in raws]))
    roots = {raw.address: root for root, raws in deployed for raw in raws}
    return [
        Project(
            root=shown(folders[0]),
            resources=resources,
            scenarios=_Together(members),
            gaps=(
                *(each.handed.gap(gap) for each in members for gap in each.loader.gaps),
                *gaps_of(resources),
            ),
            problems=tuple(chain.from_iterable(_problems(each.loader, resources, roots) for each in members)),
            sources=tuple(dict.fromkeys(source for each in members for source in each.loader.sources)),
            roots=roots,
            left_out=dict(chain.from_iterable(left_out(each.loader).items() for each in members)),
        )
    ]


def _evaluated(folders: Sequence[Path], options: LoadOptions) -> list[_Member]:
    """All of them, each with its switches open."""
    loaders: list[Loader | None] = [None] * len(folders)
    for _ in range(ROUNDS_LIMIT + 1):
        members = _opened(folders, options, loaders)
        for each in members:
            each.loader.evaluate()
        switches = [each.loader.further_switches() for each in members]
        if not any(switches):
            break
        loaders = [each.loader.again(found) for each, found in zip(members, switches, strict=True)]
    return members


def _opened(folders: Sequence[Path], options: LoadOptions, loaders: Sequence[Loader | None]) -> list[_Member]:
    """All of them, each with the others beside it; none is evaluated yet."""
    read = [opened(folder, options, loader=loader) for folder, loader in zip(folders, loaders, strict=True)]
    names = _names(folders)
    declared = [_declared(module.folder) for _, module in read]
    times = Counter(chain.from_iterable(declared))
    neighbours = Neighbours()
    members = []
    for (loader, module), name, own in zip(read, names, declared, strict=True):
        handed = Handed(name, names, [address for address in own if times[address] > 1])
        neighbours.members.append(Neighbour(module, handed))
        loader.neighbours = neighbours
        loader.modules.append(module)
        members.append(_Member(loader, module, handed))
    return members


def _problems(loader: Loader, resources: Sequence[Resource], roots: Mapping[str, str]) -> Iterator[Problem]:
    root = shown(loader.root_folder)
    yield from problems_of(loader, [each for each in resources if roots.get(each.address) == root])


def _declared(folder: ModuleDeclarations) -> set[str]:
    return {".".join(key) for key in folder.resources} | {f"module.{name}" for name in folder.modules}


def _names(folders: Sequence[Path]) -> list[str]:
    """What distinguishes the folders from one another: as few of their last parts as necessary."""
    parts = [Path(real_path(each)).parts for each in folders]
    length = 1
    while len({each[-length:] for each in parts}) < len(parts):
        length += 1
    return ["/".join(each[-length:]) for each in parts]


class _Together:
    """The scenarios of several configurations: each has its own conditions, marked as its own."""

    def __init__(self, members: Iterable[_Member]) -> None:
        self._members = [(each.handed.mark, each.loader.scenarios) for each in members]
        self._marks = tuple(mark for mark, _ in self._members)

    def possible(self, answers: Mapping[str, bool]) -> bool:
        """Whether every configuration can have its answers."""
        # The workspace has no mark: it is the same for all of them.
        shared = {name: answer for name, answer in answers.items() if not name.startswith(self._marks)}
        for mark, scenarios in self._members:
            own = shared | {
                name.removeprefix(mark): answer for name, answer in answers.items() if name.startswith(mark)
            }
            if not scenarios.possible(own):
                return False
        return True
