"""What programs use of the standard library in place of plain values, each with what it comes to."""

from pathlib import Path

import pytest

from tests.frontends.python.programs import value_of

FORMS = {
    "a match of a known value": (
        """
        match 'b':
            case 'a':
                x = 1
            case 'b' | 'c':
                x = 2
            case _:
                x = 3
        """,
        "2",
    ),
    "a match of anything": (
        """
        k = 'b'
        match k:
            case 'a':
                x = 1
            case None:
                x = 2
            case other:
                x = other
        """,
        "'b'",
    ),
    "a match with a guard": (
        """
        k = 'a'
        match k:
            case 'a' if False:
                x = 1
            case 'a':
                x = 2
        """,
        "2",
    ),
    "a match of a structure": (
        """
        x = 'a'
        match kind:
            case [1, *_]:
                x = 'b'
        """,
        "(which case of line 5 is taken ? 'b' : 'a')",
    ),
    "members of an enum": (
        """
        from enum import Enum
        class E(Enum):
            A = 'one'
            B = 'two'
        x = [E.A.value, E('two').value, E['A'].value, *(each.value for each in E)]
        """,
        "['one', 'two', 'one', 'one', 'two']",
    ),
    "a member of an enum with several values": (
        """
        import enum
        class E(enum.Enum):
            A = {'k': 1}
        x = E.A.value['k']
        """,
        "1",
    ),
    "a named tuple": (
        """
        from typing import NamedTuple
        class C(NamedTuple):
            a: str
            b: int = 2
        c = C('one')
        d, e = c
        x = [c.a, c.b, c[0], d, c._replace(b=3).b, c._asdict()]
        """,
        "['one', 2, 'one', 'one', 3, {a: 'one', b: 2}]",
    ),
    "a named tuple by its names": (
        """
        from collections import namedtuple
        C = namedtuple('C', 'a, b', defaults=[2])
        c = C('one')
        x = [c.a, c.b]
        """,
        "['one', 2]",
    ),
    "a named tuple by pairs": (
        """
        from typing import NamedTuple
        C = NamedTuple('C', [('a', str), ('b', int)])
        x = C(b=2, a='one').a
        """,
        "'one'",
    ),
    "a typed dictionary": (
        """
        from typing import TypedDict
        class C(TypedDict):
            a: str
        x = C(a='one')
        """,
        "{a: 'one'}",
    ),
    "a data class as a dictionary": (
        """
        from dataclasses import asdict, dataclass, replace
        @dataclass
        class C:
            a: str
            b: int = 2
        c = C('one')
        x = [asdict(c), vars(replace(c, b=3)), c.__dict__]
        """,
        "[{a: 'one', b: 2}, {a: 'one', b: 3}, {a: 'one', b: 2}]",
    ),
    "options as a dictionary": (
        """
        import argparse
        p = argparse.ArgumentParser()
        p.add_argument('--a', default='one')
        args = vars(p.parse_args())
        x = args['a']
        """,
        "'one' | the default of --a",
    ),
    "a function with some arguments": (
        """
        from functools import partial
        def f(a, b, c):
            return [a, b, c]
        x = partial(f, 1, c=3)(2)
        """,
        "[1, 2, 3]",
    ),
    "a cast": (
        """
        from typing import cast
        x = cast(str, 'one')
        """,
        "'one'",
    ),
    "a template": (
        """
        from string import Template
        x = Template('$$ $a-${b}').substitute({'a': 'one'}, b=2)
        """,
        "'$ one-2'",
    ),
    "a template of what is not known": (
        """
        from string import Template
        x = Template('$a').substitute(b=1)
        """,
        "?",
    ),
    "a variable or a text": (
        """
        import os
        x = os.environ.get('A') or 'one'
        """,
        "'one' | the default of environment variable A",
    ),
    "a context": (
        """
        from contextlib import closing, contextmanager
        @contextmanager
        def f():
            yield 'one'
        with f() as a, closing('two') as b:
            x = [a, b]
        """,
        "['one', 'two']",
    ),
    "a context of a class": (
        """
        class C:
            def __enter__(self):
                return 'one'
            def __exit__(self, *rest):
                pass
        with C() as x:
            pass
        """,
        "'one'",
    ),
    "keys whose values are something": (
        """
        y = {'a': 1, 'b': None, 'c': key}
        x = {k: v for k, v in y.items() if v is not None}
        """,
        "{a: 1, c: ?}",
    ),
    "keys by a list that is not known": (
        """
        y = {'a': 1}
        x = {k: v for k, v in y.items() if k in wanted}
        """,
        "{a: 1, ...}",
    ),
    "a function that a pool calls": (
        """
        from concurrent.futures import ThreadPoolExecutor
        def f(a, b):
            return [a, b]
        with ThreadPoolExecutor() as pool:
            later = pool.submit(f, 1, b=2)
            x = [later.result(), *pool.map(f, [3], [4])]
        """,
        "[[1, 2], [3, 4]]",
    ),
    "a function that a thread calls": (
        """
        from threading import Thread
        x = []
        def f(a, b):
            x.append([a, b])
        Thread(target=f, args=(1,), kwargs={"b": 2}).start()
        """,
        "[[1, 2]]",
    ),
    "a function that a loop calls": (
        """
        import asyncio
        def f(a):
            return a
        async def g():
            first, second = await asyncio.gather(asyncio.to_thread(f, 1), h(2))
            return [first, second]
        async def h(a):
            return a
        x = asyncio.run(g())
        """,
        "[1, 2]",
    ),
    "a function for each item": (
        """
        x = list(map(lambda a: a + 1, [1, 2]))
        """,
        "[2, 3]",
    ),
    "a function for each of what is not known": (
        """
        x = list(map(str, names))
        """,
        "[...]",
    ),
    "the names of a call": (
        """
        def f(a, b=2):
            return locals()
        x = f(1)
        """,
        "{a: 1, b: 2}",
    ),
    "seconds": (
        """
        from datetime import timedelta
        x = int(timedelta(hours=2, minutes=1).total_seconds())
        """,
        "7260",
    ),
    "a number without its fraction": (
        """
        x = [round(2.6), round(2.66, 1), abs(-3)]
        """,
        "[3, 2.7, 3]",
    ),
    "dictionaries one before the other": (
        """
        from collections import ChainMap
        x = ChainMap({'a': 1}, {'a': 2, 'b': 3})
        """,
        "{a: 1, b: 3}",
    ),
    "a dictionary with a default": (
        """
        from collections import defaultdict
        x = defaultdict(list, a=1)
        x["b"] = 2
        """,
        "{a: 1, b: 2}",
    ),
    "attributes from a dictionary": (
        """
        class C:
            def __init__(self, **given):
                self.__dict__.update(given)
        c = C(a=1)
        x = [c.a, c.__dict__["a"], c.__dict__.get("b", 2)]
        """,
        "[1, 1, 2]",
    ),
    "items and attributes that a class looks up": (
        """
        class C:
            held = {"a": 1}
            def __getitem__(self, key):
                return self.held[key]
            def __getattr__(self, name):
                return self.held[name]
        x = [C()["a"], C().a]
        """,
        "[1, 1]",
    ),
    "a variable by a test": (
        """
        import os
        x = os.environ.get("A")
        if not x:
            x = "one"
        """,
        "'one' | the default of environment variable A",
    ),
    "a variable by an error": (
        """
        import os
        try:
            x = os.environ["A"]
        except KeyError:
            x = "one"
        """,
        "'one' | the default of environment variable A",
    ),
    "a variable by a function": (
        """
        import os
        def read(name, default):
            value = os.getenv(name)
            if value is None:
                return default
            return value
        x = read("A", "one")
        """,
        "'one' | the default of environment variable A",
    ),
    "a variable that is a flag": (
        """
        import os
        x = os.environ.get('A') or False
        """,
        "(os.environ.get('A') ? ? : False)",
    ),
    "a variable by a library": (
        """
        from decouple import config
        from environs import Env
        env = Env()
        x = config("A", default="one") + env.str("B", "two")
        """,
        "'onetwo' | the default of environment variable A, the default of environment variable B",
    ),
    "what a generator gives": (
        """
        def f():
            for each in ["one", "two"]:
                yield each
            yield from ["three"]
        x = [*f(), next(f())]
        """,
        "['one', 'two', 'three', 'one']",
    ),
    "what a generator gives of something unknown": (
        """
        def f():
            for each in names:
                yield "one"
        x = list(f())
        """,
        "['one', ...]",
    ),
    "what a generator gives in branches": (
        """
        def f():
            try:
                if flag:
                    yield "one"
                elif other:
                    yield "two"
            except ValueError:
                yield "three"
        x = list(f())
        """,
        "[(flag ? 'one' : (other ? 'two' : -)), (an error in line 5 ? 'three' : -)]",
    ),
    "what a generator gives that has nothing to give": (
        """
        def f():
            return
            yield "one"
        x = f()
        """,
        "?",
    ),
    "what is read from a text that is so by default": (
        """
        import json
        b = json.loads(event.get("body", "{}"))
        x = len(list(b.copy().keys()))
        """,
        "0 | the default of key 'body'",
    ),
    "a function that an option chooses": (
        """
        import argparse
        def f(options):
            return options.a
        p = argparse.ArgumentParser()
        p.add_argument("--a", default="one")
        p.set_defaults(function=f)
        options = p.parse_args()
        x = options.function(options)
        """,
        "'one' | the default of --a",
    ),
    "lists put together": (
        """
        from itertools import chain
        x = [*chain([1], [2]), *chain.from_iterable([[3], [4]]), *sum([[5], [6]], [])]
        """,
        "[1, 2, 3, 4, 5, 6]",
    ),
    "a sum": (
        """
        x = sum([1, 2])
        """,
        "3",
    ),
    "what a filter leaves": (
        """
        y = {"a": 1, "b": None}
        x = [dict(filter(lambda pair: pair[1] is not None, y.items())), list(filter(None, ["", "one"]))]
        """,
        "[{a: 1}, ['one']]",
    ),
    "what a filter may leave": (
        """
        x = list(filter(wanted, [1]))
        """,
        "[1, ...]",
    ),
    "keys whose values are not empty": (
        """
        y = {"a": 1, "b": "", "c": key}
        x = {k: v for k, v in y.items() if v not in (None, "", [])}
        """,
        "{a: 1, c: ?}",
    ),
    "a request without what is None at any depth": (
        """
        import json
        def clean(value):
            if isinstance(value, dict):
                return {k: clean(v) for k, v in value.items() if v is not None}
            return value
        x = clean({"a": {"b": None, "c": 1}, "d": json.dumps({"e": 2})})
        """,
        "{a: {c: 1}, d: {e: 2}}",
    ),
    "fields of a model that are given": (
        """
        from pydantic import BaseModel
        class C(BaseModel):
            a: int
            b: str | None = None
        x = C(a=1).model_dump(exclude_none=True)
        """,
        "{a: 1}",
    ),
    "attributes as arguments": (
        """
        from dataclasses import dataclass
        @dataclass
        class C:
            a: int
        x = {**C(1).__dict__, "b": 2}
        """,
        "{a: 1, b: 2}",
    ),
    "a default that is certainly something": (
        """
        import os
        key = os.environ.get("KEY", "one")
        x = {}
        if key is not None:
            x["a"] = key
        """,
        "{a: 'one'}",
    ),
}


@pytest.mark.parametrize(("text", "expected"), FORMS.values(), ids=FORMS)
def test_a_form_comes_to_its_value(tmp_path: Path, text: str, expected: str) -> None:
    assert value_of(tmp_path, text) == expected


@pytest.mark.parametrize(
    "value",
    [
        f"timedelta(days={10**400}).total_seconds()",
        "round(7, -10_000_000_000)",
        "round(float('inf'))",
        "round(float('nan'))",
    ],
)
def test_numbers_without_a_result_are_not_known(value: str, tmp_path: Path) -> None:
    assert value_of(tmp_path, f"from datetime import timedelta\nx = {value}\n") == "?"
