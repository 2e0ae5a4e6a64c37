"""A regular expression as a small program for `re2_machine`."""

from mlwa_lint.frontends.re2.syntax import PatternError, PatternNode, PatternReader, Test
from mlwa_lint.startup.records import NamedTuple

_PROGRAM_LIMIT = 5_000


class Instruction(NamedTuple):
    """One step of a program.

    take:   the next character must pass `test`.
    fork:   go on at `first`, or else at `second`.
    mark:   note the position in slot `first`.
    assert: `name` must hold here.
    match:  done.
    """

    kind: str
    test: Test | None = None
    first: int = 0
    second: int = 0
    name: str = ""


class Pattern(NamedTuple):
    """A program, the number of its groups and the names of those that have one."""

    steps: tuple[Instruction, ...]
    groups: int
    names: dict[int, str]


class _Compiler:
    def __init__(self) -> None:
        self.steps: list[Instruction] = []

    def _add(self, step: Instruction) -> int:
        if len(self.steps) >= _PROGRAM_LIMIT:
            raise PatternError(supported=False)
        self.steps.append(step)
        return len(self.steps) - 1

    def compile(self, node: PatternNode) -> None:
        if node.kind == "sequence":
            for child in node.children:
                self.compile(child)
        elif node.kind == "take":
            self._add(Instruction("take", node.test))
        elif node.kind == "assert":
            self._add(Instruction("assert", name=node.name))
        elif node.kind == "group":
            self._add(Instruction("mark", first=2 * node.group))
            self.compile(node.children[0])
            self._add(Instruction("mark", first=2 * node.group + 1))
        elif node.kind == "branch":
            self._branch(node.children)
        else:
            self._repeat(node)

    def _fork(self, at: int, enter: int, leave: int, greedy: bool) -> None:
        first, second = (enter, leave) if greedy else (leave, enter)
        self.steps[at] = Instruction("fork", first=first, second=second)

    def _branch(self, branches: tuple[PatternNode, ...]) -> None:
        leaving: list[int] = []
        for branch in branches[:-1]:
            fork = self._add(Instruction("fork"))
            self.compile(branch)
            leaving.append(self._add(Instruction("fork")))
            self._fork(fork, fork + 1, len(self.steps), greedy=True)
        self.compile(branches[-1])
        for at in leaving:
            self._fork(at, len(self.steps), len(self.steps), greedy=True)

    def _repeat(self, node: PatternNode) -> None:
        (inner,) = node.children
        if node.most is None:
            self._endless(node, inner)
            return
        for _ in range(node.least):
            self.compile(inner)
        forks: list[int] = []
        for _ in range(node.most - node.least):
            forks.append(self._add(Instruction("fork")))
            self.compile(inner)
        for fork in forks:
            self._fork(fork, fork + 1, len(self.steps), node.greedy)

    def _endless(self, node: PatternNode, inner: PatternNode) -> None:
        """`x*` is `(x+)?`: an `x` that matches nothing is tried once, as in RE2."""
        for _ in range(node.least - 1):
            self.compile(inner)
        skip = self._add(Instruction("fork")) if node.least == 0 else None
        start = len(self.steps)
        self.compile(inner)
        back = self._add(Instruction("fork"))
        self._fork(back, start, len(self.steps), node.greedy)
        if skip is not None:
            self._fork(skip, start, len(self.steps), node.greedy)


def read_pattern(text: str) -> Pattern:
    """The program of a pattern; raises `PatternError`."""
    reader = PatternReader(text)
    node = reader.read()
    compiler = _Compiler()
    compiler.compile(PatternNode("group", (node,), group=0))
    return Pattern((*compiler.steps, Instruction("match")), reader.groups, reader.names)
