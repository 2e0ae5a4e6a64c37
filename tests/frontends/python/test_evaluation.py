# ruff: noqa: E501 - a program a line
"""Programs into values: what is known before they run, and what is not."""

from pathlib import Path

import pytest

from mlwa_lint.model.values import Choice
from tests.frontends.python.programs import START, load_text, only, shown, value_of

KNOWN = {
    "constant": ("x = 'a'", "'a'"),
    "number": ("x = 2 * 3 + 4 // 2 - 1", "7"),
    "f-string": ("n = 3\nx = f'a-{n}-{n:03d}-{True}'", "'a-3-003-True'"),
    "plus": ("a = 'x'\nx = a + '-' + 'y'", "'x-y'"),
    "percent": ("x = '%s-%d-%03d' % ('a', 2, 5)", "'a-2-005'"),
    "percent map": ("x = '%(a)s!' % {'a': 'b'}", "'b!'"),
    "format": ("x = '{}-{}-{name}-{{}}'.format('a', 'b', name='c')", "'a-b-c-{}'"),
    "format by position": ("x = '{0}/{1}/{0}'.format('a', 'b')", "'a/b/a'"),
    "format by name": ("x = 'a-{n:>3}'.format(n=1)", "'a-  1'"),
    "join": ("x = '/'.join(['s3:', '', 'b', 'k'])", "'s3://b/k'"),
    "text methods": ("x = ' A-b '.strip().lower().replace('-', '_')", "'a_b'"),
    "split": ("x = 'a,b,c'.split(',')[1]", "'b'"),
    "slice": ("x = 'abcdef'[1:3]", "'bc'"),
    "tuple": ("a, (b, c) = 1, ('x', 'y')\nx = c", "'y'"),
    "starred": ("a, *b = [1, 2, 3]\nx = b", "[2, 3]"),
    "dict": ("x = {'A': 1, **{'B': 2}}", "{A: 1, B: 2}"),
    "dict changed": (
        "x = {'A': 1}\nx['B'] = 2\nx.update(C=3)\ndel x['A']\nx |= {'D': 4}",
        "{B: 2, C: 3, D: 4}",
    ),
    "dict union": ("x = {'A': 1} | {'B': 2}", "{A: 1, B: 2}"),
    "dict(...)": ("x = dict({'A': 1}, B=2)", "{A: 1, B: 2}"),
    "dict get": (
        "d = {'A': 1}\nx = [d.get('A'), d.get('B', 2), d.setdefault('C', 3), d]",
        "[1, 2, 3, {A: 1, C: 3}]",
    ),
    "alias": ("a = {}\nb = a\nb['K'] = 1\nx = a", "{K: 1}"),
    "list changed": (
        "x = [1]\nx.append(2)\nx += [3]\nx.extend([4])\nx.insert(0, 0)\nx.pop()",
        "[0, 1, 2, 3]",
    ),
    "list sum": ("x = [1] + [2] * 2", "[1, 2, 2]"),
    "list item": ("x = ['a', 'b'][-1]", "'b'"),
    "comprehension": ("x = [f'v{i}' for i in range(4) if i % 2]", "['v1', 'v3']"),
    "dict comprehension": ("x = {k: v for k, v in zip(['A', 'B'], [1, 2])}", "{A: 1, B: 2}"),
    "loop": (
        "x = []\nfor n, name in enumerate(['a', 'b']):\n    x.append({'N': n, 'V': name})",
        "[{N: 0, V: 'a'}, {N: 1, V: 'b'}]",
    ),
    "break": ("x = []\nfor n in [1, 2, 3]:\n    if n == 2:\n        break\n    x.append(n)", "[1]"),
    "if known": ("if 1 > 2:\n    x = 'a'\nelse:\n    x = 'b'", "'b'"),
    "conditional": ("x = 'a' if 'b' in ['b'] else 'c'", "'a'"),
    "or": ("x = None or 'default'", "'default'"),
    "none": ("x = None", "-"),
    "function": ("def f(a, b=2, *, c='c'):\n    return [a, b, c]\nx = f(1, c='d')", "[1, 2, 'd']"),
    "kwargs": ("def f(**k):\n    return dict(k, B=2)\nx = f(A=1)", "{A: 1, B: 2}"),
    "spread call": ("def f(a, b):\n    return a + b\nx = f(*['a'], **{'b': 'c'})", "'ac'"),
    "lambda": ("f = lambda a: a + 'b'\nx = f('a')", "'ab'"),
    "closure": ("def f(a):\n    def g():\n        return a\n    return g\nx = f(1)()", "1"),
    "early return": (
        "def f(a):\n    if a:\n        return 1\n    return 2\nx = [f(True), f(False)]",
        "[1, 2]",
    ),
    "class": (
        "class A:\n    kind = 'k'\n    def __init__(self, n):\n        self.n = n\n    def both(self):\n        return [self.kind, self.n]\nx = A(3).both()",
        "['k', 3]",
    ),
    "inheritance": (
        "class A:\n    def __init__(self):\n        self.a = 1\nclass B(A):\n    def __init__(self):\n        super().__init__()\n        self.b = 2\nb = B()\nx = [b.a, b.b]",
        "[1, 2]",
    ),
    "property": ("class A:\n    @property\n    def p(self):\n        return 'p'\nx = A().p", "'p'"),
    "classmethod": (
        "class A:\n    n = 1\n    @classmethod\n    def make(cls):\n        return cls.n\nx = A.make()",
        "1",
    ),
    "dataclass": (
        "from dataclasses import dataclass, field\n@dataclass\nclass C:\n    a: str\n    b: int = 2\n    c: list = field(default_factory=list)\nc = C('x')\nx = [c.a, c.b, c.c]",
        "['x', 2, []]",
    ),
    "global": ("x = 1\ndef f():\n    global x\n    x = 2\nf()", "2"),
    "walrus": ("if (x := 'a'):\n    pass", "'a'"),
    "with": ("import contextlib\nwith contextlib.suppress(Exception):\n    x = 1", "1"),
    "try": ("try:\n    x = 1\nexcept ValueError:\n    raise", "1"),
    "recursion that ends": (
        "def f(v):\n    if isinstance(v, dict):\n        return {k: f(i) for k, i in v.items()}\n    if isinstance(v, (list, tuple)):\n        return [f(i) for i in v]\n    return v + 1 if isinstance(v, int) else v\nx = f({'A': [1, 'b'], 'C': {'D': 2}})",
        "{A: [2, 'b'], C: {D: 3}}",
    ),
    "nothing matches": (
        "import re, os\np = re.compile(r'\\$\\{([^}]+)\\}')\nx = [p.sub('b', 'a'), re.findall('%(', 'a'), re.sub(r'^\\$', 'b', 'a'), p.search('a'), os.path.expandvars('a')]",
        "['a', [], 'a', -, 'a']",
    ),
    "a path": ("import os\nx = [os.path.isabs('a'), os.path.isabs('/a')]", "[False, True]"),
    "break of a loop": (
        "x = 0\nfor i in [1, 2, 3]:\n    if i == 2:\n        x = i\n        break",
        "2",
    ),
    "what is found in a loop": (
        "x = None\nfor i in given:\n    if i['Key'] == 'a':\n        x = 'found'\n        break\nif not x:\n    raise ValueError",
        "'found'",
    ),
    "a function that finds or fails": (
        "def f():\n    for i in given:\n        if i == 'a':\n            return 'found'\n    raise ValueError\nx = f()",
        "'found'",
    ),
    "something or an error": (
        "x = 'a' if given == 'b' else None\nif x is None:\n    raise ValueError",
        "'a'",
    ),
    "try with another text after an error": (
        "import outside\ntry:\n    outside.call()\n    x = 'a'\nexcept ValueError:\n    x = 'b'",
        "'a'",
    ),
    "json": ("import json\nx = json.loads('{\"A\": [1, null]}')", "{A: [1, -]}"),
    "json dumps": ("import json\nx = json.dumps({'A': 1})", "{A: 1}"),
    "deep copy": (
        "import copy\na = {'A': {'B': 1}}\nb = copy.deepcopy(a)\nb['A']['B'] = 2\nx = [a, b]",
        "[{A: {B: 1}}, {A: {B: 2}}]",
    ),
    "long sum": ("x = " + " + ".join(["'a'"] * 500) + "\nx = len(x)", "500"),
}
UNKNOWN = {
    "call of a stranger": ("import somewhere\nx = somewhere.f()", "?"),
    "time": ("import time\nx = 'a-' + time.strftime('%Y')", "'a-?'"),
    "undefined": ("x = f'{bucket}/k'", "'?/k'"),
    "dict with an unknown key": ("x = {'A': 1, key: 2}", "{A: 1, ...}"),
    "dict of a stranger": ("x = {**other, 'A': 1}", "{A: 1, ...}"),
    "open loop": ("x = []\nfor each in other:\n    x.append(load(each))\n    x.sort()", "[?, ...]"),
    "turns that differ": ("x = []\nw = 1\nfor v in other:\n    x.append(w)\n    w = 2", "[1, ...]"),
    "turns of which not all add": (
        "x = []\nfor v in other:\n    if v:\n        x.append(1)",
        "[(v ? 1 : -), ...]",
    ),
    "turns that add to something": ("x = [1]\nfor v in other:\n    x.append(2)", "[1, 2, ...]"),
    "turns that change one object": (
        "x = []\nd = {}\nfor v in other:\n    d['a'] = v\n    x.append(d)",
        "[{a: ?}, ...]",
    ),
    "counter of an open loop": ("x = 0\nfor each in other:\n    x += 1", "?"),
    "list of a stranger": ("x = [1, *other]", "[1, ...]"),
    "open filter": ("x = [i for i in [1, 2] if i in other]", "[1, 2, ...]"),
    "a pattern that may match": (
        "import re\nx = [re.sub('[a-z]', 'b', 'a'), re.findall('x?a', 'a'), re.findall('a|b', 'c')]",
        "[?, ?, ?]",
    ),
    "open recursion": ("def f(n):\n    return f(n[0]) if n else 1\nx = f(given)", "(n ? ? : 1)"),
    "recursion": ("def f(n):\n    return f(n - 1)\nx = f(3)", "?"),
    "division by zero": ("x = 1 / 0", "?"),
    "too long": ("x = 'a' * 10**9", "?"),
    "too large": ("x = 10 ** 10 ** 10", "?"),
    # An empty file is never meant: what follows `or` only keeps the program from failing.
    "empty fallback": ("x = given or {}", "?"),
    "fallback to no list": ("x = [*(given or [])]", "[...]"),
    "fallback to dict()": ("x = {'A': 1, **(given or dict())}", "{A: 1, ...}"),
    # Where it is not given, it is not given: no condition is needed to state it.
    "empty where it is None": ("x = {} if given is None else given", "?"),
    "empty where it is None, by a function": (
        "def mapping(value):\n    if value is None:\n        return {}\n    return value\nx = mapping(given)",
        "?",
    ),
    "handed on if given": ("x = {'A': 1}\nif given:\n    x['B'] = given", "{A: 1, B: ?}"),
    "handed on unless None": ("x = {}\nif given is not None:\n    x['B'] = given", "{B: ?}"),
    "handed on or None": ("x = [given if given else None]", "[?]"),
    "appended if given": ("x = []\nif given:\n    x.append(given)", "[?]"),
    "key handed on if it is there": (
        "x = {}\nif given.get('k'):\n    x['B'] = given['k']",
        "{B: ?}",
    ),
    "key of an open dict handed on": (
        "d = {'A': 1, **given}\nx = {}\nif d.get('k') is not None:\n    x['B'] = d['k']",
        "{B: ?}",
    ),
    "handed on from the environment": (
        "import os\nx = {}\nif os.environ.get('KEY'):\n    x['B'] = os.environ['KEY']",
        "{B: ?}",
    ),
}
CHOICES = {
    # That it is not given is stated nowhere: what is made of it may be there or not.
    "made of what is given": ("x = {}\nif given:\n    x['B'] = {'C': given}", "{B: (given ? {C: ?} : ?)}"),
    "made of its items": (
        "x = {}\nif given:\n    x['B'] = [{'K': k} for k, v in given.items()]",
        "{B: (given ? [{K: ?}, ...] : ?)}",
    ),
    "text with an option that may be left out": (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--name')\nx = f'{p.parse_args().name}-a'",
        "'?-a'",
    ),
    "text made of what is given": ("x = [f'a-{given}' if given else None]", "[(given ? 'a-?' : ?)]"),
    "made of one of two": (
        "x = {}\nif c.get('a') or c.get('b'):\n    x['B'] = {'C': c.get('a'), 'D': 1}",
        "{B: (c.get('a') or c.get('b') ? {C: ?, D: 1} : ?)}",
    ),
    "made of what has it": (
        "x = {}\nif c.vpc is not None:\n    x['B'] = [build(c), 1]",
        "{B: (c.vpc is None ? ? : [?, 1])}",
    ),
    "a switch of what is handed on": (
        "x = {}\nif c.uses_cache:\n    x['B'] = [build(c), 1]",
        "{B: (c.uses_cache ? [?, 1] : -)}",
    ),
    "made of what a key has": (
        "x = {}\nif c.get('a'):\n    a = load(c['a'])\n    if a:\n        x['B'] = a",
        "{B: ?}",
    ),
    "not made of it": ("x = {}\nif given:\n    x['B'] = 1", "{B: (given ? 1 : -)}"),
    "asked for more": (
        "x = {}\nif given and a == 'b':\n    x['B'] = [given]",
        "{B: (given and a == 'b' ? [?] : -)}",
    ),
    "made by a function": (
        "def made(c):\n    if c.vpc:\n        return [c.vpc, 1]\n    return None\nx = [made(c)]",
        "[(c.vpc ? [?, 1] : ?)]",
    ),
    "made by a function that may leave": (
        "def made(c):\n    if not c.vpc:\n        return None\n    return [c.vpc, 1]\nx = [made(c)]",
        "[(c.vpc ? [?, 1] : ?)]",
    ),
    "something where it is None": (
        "x = {'A': 1} if given is None else given",
        "(given is None ? {A: 1} : ?)",
    ),
    "if": ("if big:\n    x = 'a'\nelse:\n    x = 'b'", "(big ? 'a' : 'b')"),
    "if without else": ("x = 'b'\nif big == 'yes':\n    x = 'a'", "(big == 'yes' ? 'a' : 'b')"),
    "elif": ("if a:\n    x = 1\nelif b:\n    x = 2\nelse:\n    x = 3", "(a ? 1 : (b ? 2 : 3))"),
    "conditional": ("x = 'a' if big else 'b'", "(big ? 'a' : 'b')"),
    "not": ("x = 'a' if not big else 'b'", "(big ? 'b' : 'a')"),
    "same condition": (
        "x = ['a' if big else 'b']\nif big:\n    x.append('c')",
        "[(big ? 'a' : 'b'), (big ? 'c' : -)]",
    ),
    "or": ("x = given or 'default'", "(given ? ? : 'default')"),
    "key under a condition": ("x = {'A': 1}\nif big:\n    x['B'] = 2", "{A: 1, B: (big ? 2 : -)}"),
    "spread under a condition": ("x = {'A': 1, **({'B': 2} if big else {})}", "{A: 1, B: (big ? 2 : -)}"),
    "both ways": ("d = {}\nif big:\n    d['A'] = 1\nelse:\n    d['A'] = 2\nx = d", "{A: (big ? 1 : 2)}"),
    "early return": ("def f():\n    if big:\n        return 1\n    return 2\nx = f()", "(big ? 1 : 2)"),
    "through text": ("n = 'a' if big else 'b'\nx = f'{n}-c'", "(big ? 'a-c' : 'b-c')"),
    "path or text": (
        "from pathlib import Path\nn = Path('a') if big else None if small else 3\nx = f'{n}-c'",
        "(big ? 'a-c' : (small ? 'None-c' : '3-c'))",
    ),
    "dict or text": ("n = {} if big else 'b'\nx = f'{n}-c'", "(big ? '?-c' : 'b-c')"),
    "choice handed on": (
        "v = given if big else other\nx = {}\nif v:\n    x['B'] = v",
        "{B: ?}",
    ),
    "other key": ("x = {}\nif given.get('k'):\n    x['B'] = given['l']", "{B: (given.get('k') ? ? : -)}"),
    "unequal": (
        "x = []\nif big != 'a':\n    x.append(1)\nif big == 'a':\n    x.append(2)",
        "[(big == 'a' ? - : 1), (big == 'a' ? 2 : -)]",
    ),
    "raise": ("x = 1\nif big:\n    raise ValueError\nelse:\n    x = 2", "2"),
    "nothing known of either": ("x = {'B': load('a') if big else load('b')}", "{B: ?}"),
    "either structure as text": (
        "import json\nd = {'a': 1} if big else {'a': 2}\nx = json.loads(json.dumps(d))['a']",
        "(big ? 1 : 2)",
    ),
    "further turns": (
        "x = []\nfor v in given:\n    n = f'a-{v}'\n    x.append({'N': n, 'W': 1})",
        "[{N: 'a-?', W: 1}, (another turn of the loop in line 4 ? {N: 'a-?', W: 1} : -)]",
    ),
    "further turns of one choice": (
        "k = 1 if big else 2\nx = []\nfor v in given:\n    x.append([k])",
        "[[(big ? 1 : 2)], (another turn of the loop in line 5 ? [(big ? 1 : 2)] : -)]",
    ),
}


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_known(name: str, tmp_path: Path) -> None:
    text, expected = KNOWN[name]
    assert value_of(tmp_path, text) == expected


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_not_known(name: str, tmp_path: Path) -> None:
    text, expected = UNKNOWN[name]
    assert value_of(tmp_path, text) == expected


@pytest.mark.parametrize("name", CHOICES)
def test_what_depends_on_a_condition(name: str, tmp_path: Path) -> None:
    text, expected = CHOICES[name]
    assert value_of(tmp_path, text) == expected


ASSUMED = {
    "environment": (
        "import os\nx = os.environ.get('TYPE', 'a')",
        "'a' | the default of environment variable TYPE",
    ),
    "getenv": ("import os\nx = os.getenv('TYPE', 'a')", "'a' | the default of environment variable TYPE"),
    "argparse": (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--my-type', default='a')\nargs = p.parse_args()\nx = args.my_type",
        "'a' | the default of --my-type",
    ),
    "flag": (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--spot', action='store_true')\nargs, _ = p.parse_known_args()\nx = args.spot",
        "False | the default of --spot",
    ),
    "flag with one value": (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--wait', action='store_true', default=True)\nx = p.parse_args().wait",
        "True",
    ),
    "argparse without default": (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--a', required=True)\nx = p.parse_args().a",
        "?",
    ),
    "into text": (
        "import os\nx = f\"{os.environ.get('A', 'b')}-c\"",
        "'b-c' | the default of environment variable A",
    ),
    "list": (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--a', nargs='*', default=[])\nx = p.parse_args().a",
        "[] | the default of --a",
    ),
    "or behind a default": (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--a')\nx = p.parse_args().a or 'b'",
        "(p.parse_args().a ? ? : 'b')",
    ),
    "keys of a default": (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--a')\nx = [k for k in p.parse_args().a or []]",
        "[?, ...]",
    ),
    "option set by the program": (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--a', default='b')\nargs = p.parse_args()\nif big:\n    args.a = 'c'\nx = args.a",
        "(big ? 'c' : 'b')",
    ),
    "branch on a default": (
        "import os\nx = 'a' if os.environ.get('STAGE', 'dev') == 'prod' else 'b'",
        "(os.environ.get('STAGE', 'dev') == 'prod' ? 'a' : 'b')",
    ),
}


@pytest.mark.parametrize("name", ASSUMED)
def test_defaults_are_assumptions(name: str, tmp_path: Path) -> None:
    text, expected = ASSUMED[name]
    assert value_of(tmp_path, text) == expected


def test_options_of_click_and_typer_are_assumptions(tmp_path: Path) -> None:
    text = """
        import click, typer, boto3
        sm = boto3.client("sagemaker")

        @click.command()
        @click.option("--model-name", default="a")
        def one(model_name):
            sm.create_model(ModelName=model_name)

        def two(model_name: str = typer.Option("b", "--name")):
            sm.create_model(ModelName=model_name)

        def three(model_name="c"):
            sm.create_model(ModelName=model_name)
    """
    found = [shown(each, "ModelName") for each in load_text(tmp_path, text).resources]
    assert found == [
        "'a' | the default of --model-name, the default of model_name in one()",
        "'b' | the default of --name, the default of model_name in two()",
        "'c' | the default of model_name in three()",
    ]


def test_constants_come_from_the_projects_own_modules(tmp_path: Path) -> None:
    text = "from config import NAME\nfrom pack.more import suffix, Settings\nimport pack.more as m\n"
    found = value_of(
        tmp_path,
        text + "x = [NAME + suffix('b'), Settings.size, m.OTHER]",
        config__py="NAME = 'a'\n",
        pack___more__py="from . import base\nOTHER = base.BASE\ndef suffix(a):\n    return '-' + a\nclass Settings:\n    size = 3\n",
        pack___base__py="BASE = 'base'\n",
    )
    assert found == "['a-b', 3, 'base']"


def test_modules_that_import_each_other_end(tmp_path: Path) -> None:
    found = value_of(tmp_path, "import a\nx = a.A", a__py="import b\nA = 'a'\n", b__py="import a\nB = a.A\n")
    assert found == "'a'"


def test_configuration_files_that_are_opened_by_name_are_read(tmp_path: Path) -> None:
    text = """
        import json, yaml
        from pathlib import Path
        with open("config.json") as file:
            one = json.load(file)
        two = yaml.safe_load(Path("config.yaml").read_text())
        three = json.loads(open("config.json").read())
        x = [one["type"], two["a"]["b"], three["type"]]
    """
    found = value_of(tmp_path, text, config__json='{"type": "ml.m5.large"}', config__yaml="a:\n  b: 3\n")
    assert found == "['ml.m5.large', 3, 'ml.m5.large']"


def test_files_outside_of_the_project_are_not_read(tmp_path: Path) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    tmp_path.joinpath("secret.json").write_text('{"a": 1}')
    assert value_of(folder, 'import json\nx = json.load(open("../secret.json"))["a"]') == "?"


def test_what_a_program_does_in_functions_is_seen_with_their_arguments(tmp_path: Path) -> None:
    text = """
        import boto3

        def deploy(client, name, size=1):
            client.create_endpoint_config(
                EndpointConfigName=name, ProductionVariants=[{"InitialInstanceCount": size}]
            )

        class App:
            def __init__(self):
                self.sm = boto3.client("sagemaker")

            def run(self):
                deploy(self.sm, "a", 2)

        if __name__ == "__main__":
            App().run()
            deploy(boto3.Session().client("sagemaker"), name="b")
    """
    project = load_text(tmp_path, text)
    found = [(each.address, shown(each, "ProductionVariants")) for each in project.resources]
    assert found == [("a", "[{InitialInstanceCount: 2}]"), ("b", "[{InitialInstanceCount: 1}]")]


def test_functions_that_nothing_calls_are_evaluated(tmp_path: Path) -> None:
    text = """
        import boto3

        def handler(event, context):
            boto3.client("sagemaker").create_model(ModelName=event["name"], EnableNetworkIsolation=False)

        class Deployer:
            def __init__(self, client, size=3):
                self.client = client
                self.size = size

            def deploy(self):
                self.client.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[self.size])
    """
    model, config = load_text(tmp_path, text).resources
    assert shown(model, "ModelName") == "?"
    assert shown(model, "EnableNetworkIsolation") == "False"
    assert shown(config, "ProductionVariants") == "[3]"


def test_a_resource_exists_under_the_conditions_of_its_call(tmp_path: Path) -> None:
    text = START + "if big:\n    sm.create_model(ModelName='a')\nelse:\n    sm.create_model(ModelName='b')\n"
    project = load_text(tmp_path, text)
    guards = [[(guard.condition.text, guard.holds) for guard in each.guards] for each in project.resources]
    assert guards == [[("big", True)], [("big", False)]]


FOUND = {
    "comprehension": "found = [m for m in sm.list_models()['Models'] if m['ModelName'] == 'a']",
    "all of a list": "found = [m['ModelName'] for m in sm.list_models()['Models']]",
    "dictionary": "found = {m['ModelName']: m for m in sm.list_models()['Models']}",
    "loop": "found = []\nfor m in sm.list_models()['Models']:\n    found.append(m)",
    "first of them": "found = next((m for m in sm.list_models()['Models'] if m['ModelName'] == 'a'), None)",
}


@pytest.mark.parametrize("name", FOUND)
def test_what_may_be_empty_is_no_reason_to_create_nothing(name: str, tmp_path: Path) -> None:
    text = f"{START}{FOUND[name]}\nif not found:\n    sm.create_model(ModelName='a')\n"
    assert [each.type for each in load_text(tmp_path, text).resources] == ["AWS::SageMaker::Model"]


DEFAULTS = {
    "options": "path = os.environ.get('PATH_OF', '/')\nverb = os.environ.get('VERB', 'GET')",
    "keys": "event = json.loads(sys.stdin.read())\npath, verb = event.get('path', '/'), event.get('verb', 'GET')",
    "one": "event = json.loads(sys.stdin.read())\npath, verb = event.get('path', '/'), 'POST'",
}


@pytest.mark.parametrize("name", DEFAULTS)
def test_several_defaults_together_are_as_open_as_each(name: str, tmp_path: Path) -> None:
    condition = "path == '/chat' and verb == 'POST'"
    text = f"import json, os, sys\n{START}{DEFAULTS[name]}\nif {condition}:\n    sm.create_model(ModelName='a')\n"
    assert [each.type for each in load_text(tmp_path, text).resources] == ["AWS::SageMaker::Model"]


def test_what_is_false_of_its_own_stays_so_beside_a_default(tmp_path: Path) -> None:
    text = f"import os\n{START}verb = os.environ.get('VERB', 'GET')\nhere = False\n"
    text += "if here and verb == 'POST':\n    sm.create_model(ModelName='a')\n"
    assert not load_text(tmp_path, text).resources


def test_after_a_return_under_a_condition_the_rest_happens_otherwise(tmp_path: Path) -> None:
    text = START + "def f():\n    if big:\n        return\n    sm.create_model(ModelName='a')\nf()\n"
    (guard,) = only(load_text(tmp_path, text)).guards
    assert (guard.condition.text, guard.holds) == ("big", False)


def test_answers_of_one_comparison_exclude_each_other(tmp_path: Path) -> None:
    text = (
        START
        + "if stage == 'a':\n    sm.create_model(ModelName='a')\nif stage == 'b':\n    sm.create_model(ModelName='b')\n"
    )
    project = load_text(tmp_path, text)
    names = [each.guards[0].condition.name for each in project.resources]
    assert not project.scenarios.possible(dict.fromkeys(names, True))
    assert project.scenarios.possible({names[0]: True, names[1]: False})


def test_a_later_change_does_not_reach_an_earlier_call(tmp_path: Path) -> None:
    text = START + "c = {'Image': 'a'}\nsm.create_model(PrimaryContainer=c)\nc['Image'] = 'b'\n"
    assert shown(only(load_text(tmp_path, text)), "PrimaryContainer.Image") == "'a'"


def test_an_alternative_that_is_a_function_does_not_stop_the_evaluation(tmp_path: Path) -> None:
    program = """
    import os
    d = {"a": 1}
    f = d.get if os.environ["A"] else "b"
    t = [f] if os.environ["B"] else []
    x = os.environ.get("NAME", f)
    """
    assert "NAME" in value_of(tmp_path, "\n".join(line.strip() for line in program.splitlines()))


def test_a_parameter_and_the_attribute_that_holds_it_are_one_condition(tmp_path: Path) -> None:
    text = """
    import boto3
    class Deployment:
        def __init__(self, serverless=False):
            self.serverless = serverless
            self.config = {"MaxConcurrency": 1} if serverless else None
            self.create()
        def create(self):
            if self.serverless:
                boto3.client("sagemaker").create_model(ModelName="a", Tags=self.config)
    """
    (resource,) = load_text(tmp_path, text).resources
    assert [each.condition.text for each in resource.guards] == ["serverless"]
    value = resource.properties.entries["Tags"].value
    assert isinstance(value, Choice)
    assert value.condition == resource.guards[0].condition
