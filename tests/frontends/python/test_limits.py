"""Hostile programs end within the limits, with one line."""

import time
from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.python import limits
from mlwa_lint.frontends.python.project import load
from mlwa_lint.run.evaluation import check_project
from tests.frontends.python.programs import START, load_text
from tests.support.rule_examples import rule_of

_DEEP = "(" * 150 + ")" * 150
UNREAD = {
    "parentheses": f"x = {'(' * 5000}{')' * 5000}",
    "no Python": "def f(:\n",
    "null byte": "x = 1\0",
    "indentation": "if x:\npass",
}
ENDING = {
    "minus": f"x = {'-' * 90}1\nimport boto3\n",
    "lists": f"x = {'[' * 90}{']' * 90}\n",
    "calls of calls": "x = f" + "()" * 900 + "\n",
    "attributes": "x = f" + ".a" * 900 + "\n",
    "sum": "x = " + " + ".join(["a"] * 900) + "\n",
    "recursion": "def f(n):\n    return f(n) + g(n)\ndef g(n):\n    return f(n)\nf(1)\n",
    "calls that double": "".join(f"def f{n}():\n    f{n + 1}()\n    f{n + 1}()\n" for n in range(30))
    + "f0()\n",
    "branches": "x = []\n"
    + "".join(f"if c{n}:\n    x.append({n})\nelse:\n    x = [x, x]\n" for n in range(60)),
    "counts in many branches": "import os\nx = 0\n"
    + "".join(
        f"if os.path.exists(a{n}):\n    x += b{n}\nelif os.path.isdir(a{n}):\n    x += c{n}\n"
        for n in range(60)
    ),
    "counts in a loop": "from pathlib import Path\nroot = Path(input())\nx = y = 0\n"
    f"for name in {[f'a{n}' for n in range(60)]}:\n"
    "    if (root / name).exists():\n"
    "        if (root / name).is_file():\n"
    "            if (root / 'b').exists():\n"
    "                y += 1\n"
    "                continue\n"
    "            x += 1\n"
    "        elif (root / name).is_dir():\n"
    "            for each in (root / name).iterdir():\n"
    "                if (root / each.name).exists():\n"
    "                    y += 1\n"
    "                    continue\n"
    "                x += 1\n",
    "choices": "".join(f"a{n} = 1 if c{n} else 2\n" for n in range(40))
    + "x = "
    + " + ".join(f"a{n}" for n in range(40)),
    "growing text": "x = 'a'\n" + "x = x + x\n" * 60,
    "growing list": "x = [1]\n" + "x = x + x\n" * 60,
    "list that grows in place": "x = [1]\nfor _ in range(60):\n    x += x\n",
    "list that is extended by itself": "x = [1]\n" + "x.extend(x)\n" * 60,
    "long list in nested loops": "x = [1]\n"
    + "".join("    " * n + f"for i{n} in range(60):\n" for n in range(3))
    + "    " * 3
    + "x += x\n",
    "nested loops": "".join("    " * n + f"for i{n} in range(60):\n" for n in range(8))
    + "    " * 8
    + "x = 1\n",
    "nested comprehensions": "x = [" + "a " + " ".join(f"for i{n} in range(60)" for n in range(6)) + "]\n",
    "itself": "x = []\nx.append(x)\nsm.create_model(ModelName=x)\n",
    "returns": "def f():\n"
    + "".join(f"    if c{n}:\n        return {n}\n" for n in range(300))
    + "x = f()\n",
    "functions that branch into one another": "def f0(x):\n    return x\n"
    + "".join(
        f"def f{n}(x):\n    if c{n}:\n        return f{n - 1}(x + 'a')\n    return f{n - 1}(x + 'b')\n"
        for n in range(1, 40)
    )
    + "f39('')\n",
    "bases that fork and meet": "class B0:\n    def m(self):\n        return 1\n"
    + "".join(
        f"class L{n}(B{n - 1}): pass\nclass R{n}(B{n - 1}): pass\nclass B{n}(L{n}, R{n}): pass\n"
        for n in range(1, 40)
    )
    + "x = B39().m()\n",
    "spread lists": "x = [1]\n" + "x = [*x, *x]\n" * 60,
    "nested maps": "x = {}\n" + "x = {'a': x, 'b': x}\n" * 60 + "sm.create_model(Tags=x)\n",
    "objects in nested loops under a condition": "x = 0\n"
    + "".join("    " * n + f"for i{n} in range(60):\n" for n in range(3))
    + "            if c:\n                x += 1\n            sm.create_model(ModelName=str(x))\n",
}


# Of those that are followed up to the limit of steps, a tenth of it shows as much; one has the whole.
FOLLOWED_TO_THE_LIMIT = (
    "nested comprehensions",
    "functions that branch into one another",
    "nested maps",
    "objects in nested loops under a condition",
)


@pytest.mark.parametrize("name", UNREAD)
def test_what_is_no_python_is_one_line(name: str, tmp_path: Path) -> None:
    project = load_text(tmp_path, UNREAD[name])
    (problem,) = project.problems
    assert problem.fatal
    assert "Python" in problem.message
    assert "\n" not in problem.message
    assert project.partial


@pytest.mark.parametrize("name", ENDING)
def test_hostile_programs_end(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = 20
    if name in FOLLOWED_TO_THE_LIMIT:
        monkeypatch.setattr(
            "mlwa_lint.frontends.python.evaluation.core.STEPS_LIMIT", limits.STEPS_LIMIT // 10
        )
        seconds = 4
    start = time.process_time()
    project = load_text(tmp_path, START + ENDING[name] + "\nsm.create_model(ModelName='last')\n")
    assert time.process_time() - start < seconds
    assert len(project.problems) <= 2
    assert project.problems or name not in FOLLOWED_TO_THE_LIMIT
    if not project.problems:
        assert project.resources[-1].address == "last"
    else:
        assert not project.problems[0].fatal
        assert project.gaps


def test_a_literal_of_many_elements_is_unknown(tmp_path: Path) -> None:
    text = START + "x = [" + "1," * 200_000 + "]\nsm.create_model(ModelName='a', Tags=x)\n"
    start = time.process_time()
    project = load_text(tmp_path, text)
    assert time.process_time() - start < 30
    assert "more than 10,000 items" in str(project.resources[0].properties.entries["Tags"].value)


def test_a_program_that_takes_too_many_steps_is_left_with_what_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlwa_lint.frontends.python.evaluation.core.STEPS_LIMIT", 100)
    text = START + "sm.create_model(ModelName='a')\n" + "x = 1\n" * 200 + "sm.create_model(ModelName='b')\n"
    project = load_text(tmp_path, text)
    assert [each.address for each in project.resources] == ["a"]
    assert [problem.fatal for problem in project.problems] == [False]
    assert len(project.gaps) == 1


def test_a_file_that_is_too_large_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "big.py"
    path.write_bytes(b"#" * (limits.SOURCE_LIMIT + 1))
    (problem,) = load(path, LoadOptions(root=tmp_path)).problems
    assert "larger than 5 MB" in problem.message


def test_a_file_in_another_encoding_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.py"
    path.write_bytes("x = 'ä'".encode("latin-1"))
    (problem,) = load(path, LoadOptions(root=tmp_path)).problems
    assert problem.message == "is not UTF-8 text"


def test_a_program_that_makes_too_many_resources_is_one_line(tmp_path: Path) -> None:
    calls = "".join(f"sm.create_model(ModelName='m{n}')\n" for n in range(limits.RESOURCES_LIMIT + 5))
    project = load_text(tmp_path, START + calls)
    assert len(project.resources) == limits.RESOURCES_LIMIT
    assert [each.message for each in project.problems] == [
        "makes more than 2,000 resources; further ones are not checked"
    ]
    assert project.gaps


def test_a_value_with_many_alternatives_is_unknown(tmp_path: Path) -> None:
    branches = "".join(f"if c{n}:\n    x = x + '{n}'\n" for n in range(100))
    project = load_text(tmp_path, START + "x = ''\n" + branches + "sm.create_model(ModelName=x)\n")
    assert "alternatives" in str(project.resources[0].properties.entries["ModelName"].value)


def test_a_number_without_end_stops_no_rule(tmp_path: Path) -> None:
    alarm = (
        "import boto3\nboto3.client('cloudwatch').put_metric_alarm(AlarmName='a', Namespace='AWS/SageMaker', "
    )
    alarm += "MetricName='ModelLatency', ComparisonOperator='GreaterThanThreshold', Threshold={0})\n"
    for number in ("1e999", "-1e999"):
        outcome = check_project(load_text(tmp_path, alarm.format(number)), [rule_of("MLO114")])
        assert outcome.errors == ()
