"""Plain programs have the results that Python itself gives; where one is left open, a reason states why."""

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from mlwa_lint.model.values import Unknown
from tests.frontends.python.programs import result_of, value_of

# Expressions of the standard library, of operators and of methods.
EXPRESSIONS = """
str(3); str(None); str("a"); str(); str(True); str(0.5); int("7"); int(2.9); float("0.5"); int(True)
bool(""); bool("a"); bool(0); bool([]); bool([1]); bool({}); bool(None); bool()
list("ab"); list((1, 2)); list(); list({"a": 1}); tuple([1, 2]); list(reversed([1, 2, 3]))
list(None or [])
dict(); dict([("a", 1), ("b", 2)]); dict({"a": 1}, b=2); dict(a=1, **{"b": 2})
len("abc"); len([1, 2]); len({"a": 1}); len(())
list(range(3)); list(range(1, 3)); list(range(5, 0, -2)); list(zip([1, 2], ["a", "b"]))
list(enumerate(["a", "b"])); list(enumerate(["a"], 3)); list(enumerate(["a"], start=2))
sorted([3, 1, 2]); sorted({"b": 1, "a": 2}); max(1, 3, 2); min([4, 2]); max("b", "a"); min("ab")
2 + 3; 7 - 2; 3 * 4; 7 / 2; 7 // 2; 7 % 4; 2**3; -3; +3; not 1; not []; "ab" * 2; 3 * "ab"; [1] * 2
[1] + [2]; (1,) + (2,)
"a" + "b"; "a-%s" % "b"; "%s-%d" % ("a", 3); "%03d" % 7; "%.2f" % 0.5; "100%%-%s" % "a"
"%(a)s-%(b)d" % {"a": "x", "b": 2}; "%d" % 2.9; "%d" % True
1 == 1; 1 != 1; "a" < "b"; 2 >= 3; 1 <= 1; 2 > 1; None == None; None == 1; None != "a"; None is None
"a" in "abc"; "x" not in "abc"; 1 in [1, 2]; 3 in [1, 2]; "a" in {"a": 1}; "b" in {"a": 1}
f"{1}-{'a'}"; f"{7:03d}"; f"{0.5:.2f}"; f"{'a'!s}"; f"{'a':>4}"; f"{None}"
"a,b".split(","); "a,b,c".rsplit(",", 1); "a b".split(); "a.b".partition(".")
"a.b.c".rpartition("."); "b\\na".splitlines()
"Ab".lower(); "Ab".upper(); " a ".strip(); "a-b".replace("-", "+"); "ab".startswith("a")
"ab".endswith("a"); "7".zfill(3)
"a".join(["x", "y", "z"]); "-".join([]); "{}-{}".format("a", 1); "{1}{0}".format("a", "b")
"{x:>3}".format(x="a"); "{{{}}}".format(1)
"a".encode().decode(); "banana".count("a"); "banana".find("n")
{"a": 1}["a"]; {"a": 1}.get("a"); {"a": 1}.get("b"); {"a": 1}.get("b", 2); [1, 2][0]; [1, 2][-1]
[1, 2, 3][1:]; "abc"[:2]
list({"a": 1, "b": 2}.keys()); list({"a": 1}.values()); list({"a": 1}.items()); {"a": 1}.copy()
[1].copy()
[i * 2 for i in [1, 2, 3]]; [i for i in [1, 2, 3] if i > 1]; {k: v + 1 for k, v in {"a": 1}.items()}
[a + b for a in "xy" for b in "12"]
1 if True else 2; "a" or "b"; "" or "b"; "a" and "b"; (lambda x: x + 1)(2)
(lambda *a, **k: len(a))(1, 2, z=3)
"""
PROGRAMS = {
    "insert": "x = [1, 3]\nx.insert(1, 2)\n",
    "extend": "x = [1]\nx.extend([2, 3])\n",
    "pop": "y = [1, 2, 3]\nx = [y.pop(), y.pop(0), y]\n",
    "clear": "x = [1]\nx.clear()\n",
    "reverse": "x = [1, 2]\nx.reverse()\n",
    "update": "x = {'a': 1}\nx.update({'b': 2}, c=3)\n",
    "setdefault": "y = {'a': 1}\nx = [y.setdefault('a', 5), y.setdefault('b', 2), y]\n",
    "popped": "y = {'a': 1, 'b': 2}\nx = [y.pop('a'), y.pop('z', 0), y]\n",
    "delete": "x = {'a': 1, 'b': 2}\ndel x['a']\n",
    "augmented": """\
x = 1
x += 2
x *= 3
y = [1]
y += [2]
x = [x, y]
""",
    "unpacking": "a, (b, *c) = 1, (2, 3, 4)\nx = [a, b, c]\n",
    "swap": "a, b = 1, 2\na, b = b, a\nx = [a, b]\n",
    "loop": """\
x = []
for i in range(4):
    if i == 1:
        continue
    if i == 3:
        break
    x.append(i)
""",
    "else of a loop": """\
for i in [1, 2]:
    pass
else:
    x = i
""",
    "function": "def f(a, b=2, *c, d, **e):\n    return [a, b, c, d, e]\nx = f(1, 3, 4, d=5, z=6)\n",
    "closure": """\
def f(a):
    def g(b):
        return a + b
    return g
x = f(1)(2)
""",
    "class": """\
class A:
    k = 1
    def __init__(self, a):
        self.a = a
    def m(self):
        return self.a + self.k
x = A(2).m()
""",
    "property": """\
class A:
    @property
    def p(self):
        return 'p'
x = A().p
""",
    "static": """\
class A:
    @staticmethod
    def s(a):
        return a
    @classmethod
    def c(cls):
        return cls.k
    k = 7
x = [A.s(1), A().s(2), A.c(), A().c()]
""",
    "callable object": """\
class A:
    def __call__(self, a):
        return a * 2
x = A()(3)
""",
    "parent": """\
class A:
    def m(self):
        return 'a'
class B(A):
    def m(self):
        return super().m() + 'b'
x = B().m()
""",
    "dataclass": """\
from dataclasses import dataclass, field
@dataclass
class A:
    a: int
    b: str = 'x'
    c: list = field(default_factory=list)
    def __post_init__(self):
        self.d = self.a + 1
y = A(1, b='y')
x = [y.a, y.b, y.c, y.d]
""",
    "getattr": """\
class A:
    pass
y = A()
setattr(y, 'k', 3)
x = getattr(y, 'k')
""",
    "copy": """\
import copy
y = {'a': [1, {'b': 2}]}
z = copy.deepcopy(y)
z['a'].append(3)
x = [y, z]
""",
    "json": "import json\nx = json.loads('{\"a\": [1, null, true]}')\n",
    "json of what was dumped": "import json\nx = json.loads(json.dumps({'a': [1]}))['a']\n",
    "path": "import os\nx = os.path.join('a', 'b', 'c.txt')\n",
    "path in S3": "import os\nx = os.path.join('s3://', 'churn', 'train/', 'a.csv')\n",
    "path that begins anew": "import os\nx = os.path.join('a', '/b', '', 'c', '')\n",
    "walrus": "x = [(y := 2), y + 1]\n",
    "slice": "y = [1, 2, 3, 4]\nx = [y[1:3], y[::2], y[-2:], 'abcd'[1:-1]]\n",
    "conversions of a choice": "import sys\ny = 'a'\nx = str(y).upper() if y else int('1')\n",
    "chained assignment": "a = b = 2\nx = [a, b]\n",
    "annotation": "x: int = 3\n",
    "assigned items": """\
y = {'a': 1}
y['b'] = 2
y['a'] += 5
z = [1, 2]
z[0] = 9
x = [y, z]
""",
    "assigned attributes": """\
class A:
    n = 1
a = A()
a.n += 4
A.k = 2
x = [a.n, A.n, a.k]
""",
    "spread call": """\
def f(a, b, c=0, **d):
    return [a, b, c, d]
x = f(*[1, 2], **{'c': 3, 'z': 4})
""",
    "keyword only": "def f(*, a, b=2):\n    return a + b\nx = f(a=1)\n",
    "default of a parameter": """\
k = 5
def f(a=k):
    return a
k = 6
x = f()
""",
    "global": """\
n = 1
def f():
    global n
    n = 2
f()
x = n
""",
    "nonlocal": """\
def f():
    n = 1
    def g():
        nonlocal n
        n = 2
    g()
    return n
x = f()
""",
    "loop over pairs": "x = []\nfor k, v in {'a': 1, 'b': 2}.items():\n    x.append(k + str(v))\n",
    "pairs of a loop": "x = []\nfor i, (a, b) in enumerate([(1, 2), (3, 4)]):\n    x += [i + a * b]\n",
    "loop over text": "x = [c for c in 'abc' if c != 'b']\n",
    "break and else": """\
for i in [1, 2]:
    if i == 1:
        break
else:
    i = 9
x = i
""",
    "nested loops": """\
x = []
for i in range(2):
    for j in range(2):
        x.append((i, j))
""",
    "return in a loop": """\
def f():
    for i in range(5):
        if i == 2:
            return i
    return 9
x = f()
""",
    "early return": """\
def f(a):
    if a > 1:
        return 'big'
    return 'small'
x = [f(1), f(2)]
""",
    "elif": """\
def f(a):
    if a == 1:
        return 'a'
    elif a == 2:
        return 'b'
    else:
        return 'c'
x = [f(1), f(2), f(3)]
""",
    "chained comparison": "x = [1 < 2 < 3, 1 < 2 > 3]\n",
    "slice of a slice": "x = [1, 2, 3, 4, 5][1:4][::-1]\n",
    "inherited attribute": """\
class A:
    k = 1
    def m(self):
        return self.k
class B(A):
    k = 2
x = [A().m(), B().m()]
""",
    "initialiser of the parent": """\
class A:
    def __init__(self, a):
        self.a = a
class B(A):
    def __init__(self, a, b):
        super().__init__(a)
        self.b = b
y = B(1, 2)
x = [y.a, y.b]
""",
    "method handed on": """\
class A:
    def m(self, a):
        return a + 1
f = A().m
x = f(2)
""",
    "class method that makes one": """\
class A:
    def __init__(self, a):
        self.a = a
    @classmethod
    def of(cls, a):
        return cls(a * 2)
x = A.of(3).a
""",
    "functions in a table": """\
def f():
    return 1
def g():
    return 2
x = {'f': f, 'g': g}['g']()
""",
    "function handed on": "def f(g, a):\n    return g(a)\nx = f(lambda a: a * 2, 4)\n",
    "with": "from contextlib import nullcontext\nwith nullcontext(3):\n    x = 4\n",
    "assert": "assert 1 == 1\nx = 1\n",
    "pass and docstring": """\
def f():
    'text'
    pass
x = f()
""",
    "delete a name": "a = 1\ndel a\nx = 2\n",
    "delete an attribute": """\
class A:
    pass
y = A()
y.a = 1
del y.a
y.b = 2
x = y.b
""",
    "spread of lists and maps": "x = [*[1], *(2, 3)], {**{'a': 1}, 'b': 2, **{'a': 3}}\n",
    "lists are shared": """\
y = [1]
z = y
z.append(2)
x = y
""",
    "lists are copied": """\
y = [1]
z = list(y)
z.append(2)
x = [y, z]
""",
    "union of maps": "x = {'a': 1} | {'b': 2}\n",
    "ternary chain": "a = 2\nx = 'one' if a == 1 else 'two' if a == 2 else 'more'\n",
    "comprehension of maps": "x = {k: v for k, v in zip('ab', [1, 2]) if v > 1}\n",
    "multi-line text": "x = '''a\nb'''.strip()\n",
    "joined literals": "x = 'a' 'b'\n",
    "raise in a branch": """\
def f(a):
    if a:
        raise ValueError
    return 1
x = f(0)
""",
    "nested functions": """\
def f(a):
    def g(b):
        def h(c):
            return a + b + c
        return h
    return g
x = f(1)(2)(3)
""",
    "fields by name": """\
from dataclasses import dataclass
@dataclass
class A:
    a: int = 1
    b: int = 2
x = [A(b=5).a, A(b=5).b, A().b]
""",
}


def written(value: Any) -> str:
    """A value of Python as `text_of` writes ours."""
    if value is None:
        return "-"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {written(each)}" for key, each in value.items()) + "}"
    return repr(value)


def in_python(program: str) -> str:
    names: dict[str, Any] = {}
    exec(dedent(program), names)
    return written(names["x"])


def test_an_expression_is_what_python_makes_of_it(tmp_path: Path) -> None:
    each_one = [each.strip() for each in EXPRESSIONS.replace("\n", ";").split(";") if each.strip()]
    assert len(each_one) > 130
    for expression in each_one:
        program = f"x = {expression}\n"
        assert value_of(tmp_path, program) == in_python(program), expression


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_comes_to_what_python_makes_of_it(tmp_path: Path, name: str) -> None:
    assert value_of(tmp_path, PROGRAMS[name]) == in_python(PROGRAMS[name])


IMPORTS = "import json, os, time, uuid\nfrom other import somewhere\n"
OPEN = {
    '"a" - "b"': "it is worked out when the program runs",
    "2**5000": "it is worked out when the program runs",
    "[1] * 20000": "it is worked out when the program runs",
    "1 / 0": "it cannot be worked out",
    '"a" * 300000': "it is too long to be worked out",
    '"%s" % ()': "what is put into the text is not known",
    '"%(b)s" % {"a": 1}': "what is put into the text is not known",
    '"%099999999d" % 1': "its form is not worked out",
    'f"{1!r}"': "its form is not worked out",
    'f"{1:9999}"': "its form is not worked out",
    'f"{1:q}"': "it cannot be put into the text",
    '"{:q}".format(1)': "it cannot be put into the text",
    '"{0}".format()': "what is put into the text is not known",
    '"{9999}".format(1)': "what is put into the text is not known",
    '"{x}".format(y=1)': "what is put into the text is not known",
    'int("x")': "int() is known only when the program runs",
    'int("9" * 60)': "int() is known only when the program runs",
    "range(1, 2, 0)": "range() is known only when the program runs",
    "range(100000)": "range() is known only when the program runs",
    'sorted([1, "a"])': "sorted() is known only when the program runs",
    'max([1, "a"])': "max() is known only when the program runs",
    "max([])": "max() is known only when the program runs",
    "max(somewhere.items)": "max() is known only when the program runs",
    "len(somewhere)": "len() is known only when the program runs",
    '"a".split("")': "split() is known only when the program runs",
    '"7".zfill("a")': "zfill() is known only when the program runs",
    'json.loads("{")': "json.loads() is known only when the program runs",
    "json.dumps(3)": "json.dumps() is known only when the program runs",
    'json.loads(3)["a"]["b"]': "'b' of 'a' of json.loads() is known only when the program runs",
    'json.loads(3)["a"][0]': "'a' of json.loads() is known only when the program runs",
    'json.loads(os.environ["A"])["a"]': "environment variable A is set outside",
    "json.loads(3)": "json.loads() is known only when the program runs",
    "os.path.join()": "os.path.join() is known only when the program runs",
    'os.getenv("A")': "environment variable A is set outside",
    'os.environ["A"]': "environment variable A is set outside",
    'os.environ.get("A", None)': "environment variable A is set outside",
    "uuid.uuid4()": "it is made at random",
    "time.time()": "it is made from the time of the run",
    "[1][5]": "the list has no such item",
    "[1, *somewhere][-1]": "other.somewhere is known only when the program runs",
    "[1, *somewhere].pop()": "other.somewhere is known only when the program runs",
    '{"a": 1}["b"]': "key 'b' is given elsewhere",
    '{"a": 1, **somewhere}["b"]': "other.somewhere is known only when the program runs",
    '{"a": 1, **somewhere}.get("b", "")': "key 'b' may be given elsewhere",
    '{"a": 1}[somewhere]': "a key is not known",
    '{"a": 1}.setdefault(somewhere, 1)': "whether the key is there is not known",
    '"a".count(somewhere)': "other.somewhere is known only when the program runs",
    '"%s" % somewhere': "other.somewhere is known only when the program runs",
    "somewhere % 3": "other.somewhere is known only when the program runs",
    '("a" + somewhere).upper()': "other.somewhere is known only when the program runs",
    "not somewhere": "other.somewhere is known only when the program runs",
}


@pytest.mark.parametrize("expression", OPEN)
def test_what_only_python_could_evaluate_is_open_for_a_reason(tmp_path: Path, expression: str) -> None:
    value = result_of(tmp_path, f"{IMPORTS}x = {expression}\n")
    assert isinstance(value, Unknown)
    assert value.reason == OPEN[expression]


PARTLY = {
    "[1] + somewhere": "[1, ...]",
    "list(somewhere)": "[...]",
    "sorted(somewhere)": "[...]",
    "list(zip(somewhere, [1]))": "[...]",
    "dict(somewhere)": "{...}",
    "dict([1])": "{...}",
    'dict([("a", 1, 2)], b=3)': "{b: 3, ...}",
    "[1, *somewhere][0]": "1",
    '{"a": 1, **somewhere}["a"]': "1",
    '{"a": 1, **somewhere}.get("b", 2)': "2 | the default of key 'b'",
    '{"a": 1, **somewhere}.pop("b", 3)': "3 | the default of key 'b'",
    '"a".join(["1", somewhere])': "'1a?'",
    '"a" + somewhere': "'a?'",
    'os.getenv("A", "b")': "'b' | the default of environment variable A",
    'os.getenv(somewhere, "b")': "'b' | the default of an environment variable",
    # Whether it is set there decides.
    "1 if somewhere else 2": "(somewhere ? 1 : 2)",
    "1 if not somewhere else 2": "(somewhere ? 2 : 1)",
    "1 if somewhere is None else 2": "(somewhere is None ? 1 : 2)",
    "(1 if somewhere else 2) + 1": "(somewhere ? 2 : 3)",
    "-(1 if somewhere else 2)": "(somewhere ? -1 : -2)",
    "str(1 if somewhere else 2)": "(somewhere ? '1' : '2')",
    'int("1" if somewhere else "2")': "(somewhere ? 1 : 2)",
    '("a" if somewhere else "b").upper()': "(somewhere ? 'A' : 'B')",
    '"x".replace("x", "a" if somewhere else "b")': "(somewhere ? 'a' : 'b')",
    'f"{1 if somewhere else 2:03d}"': "(somewhere ? '001' : '002')",
    "(1 if somewhere else 2) == 1": "(somewhere ? True : False)",
    # A module that could be imported is none of these.
    "1 if json else 2": "1",
}


@pytest.mark.parametrize("expression", PARTLY)
def test_what_is_known_in_part(tmp_path: Path, expression: str) -> None:
    assert value_of(tmp_path, f"{IMPORTS}x = {expression}\n") == PARTLY[expression]
