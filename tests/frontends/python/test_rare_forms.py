"""Forms of Python that few deployment programs use, each with what it comes to."""

from pathlib import Path

import pytest

from tests.frontends.python.programs import value_of

FILES = {
    "lib____init____py": "",
    "lib___names__py": "NAME = 'one'\n_HIDDEN = 'two'\n",
    "lib___more__py": "from . import names\nNAME = names.NAME + '-more'\n",
    "plain___deep___inner__py": "NAME = 'inner'\n",
}
IMPORTS = {
    "below a package": ("import lib.names\nx = lib.names.NAME", "'one'"),
    "two below one": (
        "import lib.names\nimport lib.more\nx = [lib.names.NAME, lib.more.NAME]",
        "['one', 'one-more']",
    ),
    "below folders": ("import plain.deep.inner\nx = plain.deep.inner.NAME", "'inner'"),
    "renamed": ("import lib.names as n\nx = n.NAME", "'one'"),
    "a module of a package": ("from lib import names as n\nx = n.NAME", "'one'"),
    "everything": ("from lib.names import *\nx = NAME", "'one'"),
    "everything but what is private": ("from lib.names import *\nx = _HIDDEN", "?"),
    "everything of a stranger's": ("from elsewhere import *\nx = NAME", "?"),
    "what is not there": ("from lib.names import MISSING\nx = MISSING", "?"),
}


@pytest.mark.parametrize(("text", "expected"), IMPORTS.values(), ids=IMPORTS)
def test_modules_of_the_project_are_imported(tmp_path: Path, text: str, expected: str) -> None:
    assert value_of(tmp_path, text, **FILES) == expected


FORMS = {
    "bytes": ("x = b'abc'", "'abc'"),
    "complex numbers": ("x = 2j", "?"),
    "an ellipsis": ("x = ...", "?"),
    "an expression with a name": ("y = [n := 2, n + 1]\nx = y + [n]", "[2, 3, 2]"),
    "a function within a method": (
        "class A:\n k = 'k'\n def m(s, a):\n  def f(): return [s.k, a, b]\n  b = 2\n  return f()\nx=A().m(1)",
        "['k', 1, 2]",
    ),
    "a method beside a name of its class": (
        "k = 'module'\nclass A:\n    k = 'class'\n    def m(self):\n        return k\nx = A().m()",
        "'module'",
    ),
    "a method kept": ("f = 'a-{}'.format\nx = f('b')", "'a-b'"),
    "a function of one branch": (
        "def f(a):\n    return a + '1'\ndef g(a):\n    return a + '2'\nh = f if big else g\nx = h('a')",
        "(big ? 'a1' : 'a2')",
    ),
    "a function or None": ("f = (lambda a: a + '1') if big else None\nx = f('a')", "'a1'"),
    "an attribute of either": (
        "class A:\n    k = 'a'\nclass B:\n    k = 'b'\nc = A if big else B\nx = c.k",
        "(big ? 'a' : 'b')",
    ),
    "an attribute or None": ("class A:\n    k = 'a'\nc = A if big else None\nx = c.k", "'a'"),
    "an item of either": ("y = {'k': 'a'} if big else {'k': 'b'}\nx = y['k']", "(big ? 'a' : 'b')"),
    "an item put into either": (
        "a = {}\nb = {}\ny = a if big else b\ny['k'] = 1\nx = [a, b]",
        "[{k: (big ? 1 : -)}, {k: (big ? - : 1)}]",
    ),
    "an item at a place that does not exist": ("y = [1]\ny[3] = 2\nx = y", "[1, ...]"),
    "an item under a key that is not known": ("y = {'a': 1}\ny[key] = 2\nx = y", "{a: 1, ...}"),
    "an item beyond the end": ("x = [1, 2][5]", "?"),
    "a number from no number": ("x = int('a')", "?"),
    "a comparison of what has no order": ("x = 'y' if 1 < 'a' else 'n'", "(1 < 'a' ? 'y' : 'n')"),
    "a text that does not fit": ("x = '%d' % 'a'", "?"),
    "a huge power": ("x = 10 ** 100000", "?"),
    "a minus before what is no number": ("x = -[1]", "?"),
    "a loop that does not begin": ("x = 'a'\nwhile False:\n    x = 'b'", "'a'"),
    "a handler with a name": (
        "try:\n    x = f()\nexcept ValueError as error:\n    x = error",
        "?",
    ),
    "a nonlocal name": (
        "def f():\n k = 1\n def g():\n  nonlocal k\n  k = 2\n g()\n return k\nx = f()",
        "2",
    ),
    "an argument that is missing": ("def f(a, b):\n    return [a, b]\nx = f(1)", "[1, ?]"),
    "arguments that are not known": ("def f(a, **b):\n    return [a, b]\nx = f(1, **more)", "[1, {...}]"),
    "a file by the parts of its path": (
        "from pathlib import Path\nx = Path('lib').joinpath('name.txt').read_text()",
        "'one'",
    ),
    "a match": ("x = 'a'\nmatch kind:\n    case 1:\n        x = 'b'\n", "(kind == 1 ? 'b' : 'a')"),
}


@pytest.mark.parametrize(("text", "expected"), FORMS.values(), ids=FORMS)
def test_a_form_comes_to_its_value(tmp_path: Path, text: str, expected: str) -> None:
    assert value_of(tmp_path, text, lib___name__txt="one") == expected
