"""An open template against itself with every parameter given: the possible worlds are the real ones."""

import json
from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import Project

NAMES = ("P", "Q")
VALUES = ("a", "b", "a-b")
MAPPINGS = {"M": {"a": {"x": "a", "y": "b"}, "b": {"x": "b", "y": "b"}, "a-b": {"x": "a-b", "y": "a"}}}
Expression = Any

refs = st.sampled_from(NAMES).map(lambda name: {"Ref": name})
texts = st.recursive(
    st.one_of(refs, refs, st.sampled_from(VALUES)),
    lambda inner: st.one_of(
        st.builds(lambda one: {"Fn::FindInMap": ["M", one, "x"]}, st.one_of(refs, st.sampled_from(VALUES))),
        st.builds(lambda one, two: {"Fn::Join": ["-", [one, two]]}, inner, inner),
        st.builds(lambda one: {"Fn::Select": [0, {"Fn::Split": ["-", one]}]}, inner),
        st.builds(lambda one: {"Fn::Sub": ["${v}", {"v": one}]}, inner),
    ),
    max_leaves=3,
)
tests = st.builds(lambda one, two: {"Fn::Equals": [one, two]}, texts, texts)
conditions = st.recursive(
    tests,
    lambda inner: st.one_of(
        st.builds(lambda one: {"Fn::Not": [one]}, inner),
        st.builds(lambda one, two: {"Fn::And": [one, two]}, inner, inner),
        st.builds(lambda one, two: {"Fn::Or": [one, two]}, inner, inner),
        st.just({"Condition": "C0"}),
    ),
    max_leaves=3,
)
domains = st.fixed_dictionaries({name: st.sampled_from([VALUES, ("a", "b"), ("a-b",)]) for name in NAMES})


def existing(projects: Iterable[Project]) -> set[frozenset[str]]:
    """The sets of resources of templates with all values given.

    Where a condition cannot be worked out all the same (a map has no such key), nothing is deployed.
    """
    return {
        frozenset(resource.address for resource in project.resources)
        for project in projects
        if not any(resource.guards for resource in project.resources)
    }


def worlds(project: Project) -> set[frozenset[str]]:
    """The sets of resources that exist together in some possible world."""
    names = sorted({guard.condition.name for each in project.resources for guard in each.guards})
    found = set()
    for answers in product((True, False), repeat=len(names)):
        world = dict(zip(names, answers, strict=True))
        if project.scenarios.possible(world):
            found.add(
                frozenset(
                    each.address
                    for each in project.resources
                    if all(world[guard.condition.name] is guard.holds for guard in each.guards)
                )
            )
    return found


def template(requested: list[Expression], allowed: Mapping[str, tuple[str, ...]] | None) -> dict[str, Any]:
    parameters = {
        name: {"Type": "String"} | ({} if allowed is None else {"AllowedValues": list(allowed[name])})
        for name in NAMES
    }
    named = {f"C{n}": each for n, each in enumerate(requested)}
    return {
        "Parameters": parameters,
        "Mappings": MAPPINGS,
        "Conditions": named,
        "Resources": {f"R{n}": {"Type": "AWS::A::B", "Condition": f"C{n}"} for n in range(len(requested))},
    }


def loaded(folder: Path, content: dict[str, Any], parameters: Mapping[str, str]) -> Project:
    return load(folder / "t.json", LoadOptions(parameters=parameters), json.dumps(content))


def assignments(allowed: Mapping[str, tuple[str, ...]]) -> list[dict[str, str]]:
    return [dict(zip(NAMES, values, strict=True)) for values in product(*(allowed[name] for name in NAMES))]


EQUAL = {"Fn::Equals": [{"Ref": "P"}, {"Fn::FindInMap": ["M", {"Ref": "Q"}, "x"]}]}
EITHER = {"Fn::Or": [{"Fn::Equals": [{"Ref": "Q"}, "b"]}, {"Fn::Equals": [{"Ref": "P"}, "b"]}]}


@settings(max_examples=60, deadline=None)
@given(tests, st.lists(conditions, min_size=1, max_size=2), domains)
@example({"Fn::Equals": ["a", {"Ref": "P"}]}, [EQUAL, EITHER], {"P": VALUES, "Q": VALUES})
def test_with_allowed_values_the_possible_worlds_are_exactly_the_real_ones(
    first: Expression, others: list[Expression], allowed: dict[str, tuple[str, ...]]
) -> None:
    content = template([first, *others], allowed)
    real = existing(loaded(Path(), content, values) for values in assignments(allowed))
    assert worlds(loaded(Path(), content, {})) == real


@settings(max_examples=40, deadline=None)
@given(tests, st.lists(conditions, min_size=1, max_size=2))
def test_with_any_values_every_real_world_is_possible(first: Expression, others: list[Expression]) -> None:
    content = template([first, *others], None)
    possible = worlds(loaded(Path(), content, {}))
    tried = assignments(dict.fromkeys(NAMES, (*VALUES, "other", "b-a")))
    assert existing(loaded(Path(), content, values) for values in tried) <= possible


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stacks")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=tests,
    inner=st.lists(conditions, min_size=1, max_size=2),
    handed=st.tuples(texts, texts),
    allowed=domains,
)
def test_a_nested_stack_s_worlds_follow_from_what_it_is_handed(
    folder: Path,
    first: Expression,
    inner: list[Expression],
    handed: tuple[Expression, Expression],
    allowed: dict[str, tuple[str, ...]],
) -> None:
    child = template([{"Fn::Equals": [{"Ref": "P"}, {"Ref": "Q"}]}, *inner], None)
    (folder / "child.json").write_text(json.dumps(child))
    chosen = {"Fn::If": ["C0", handed[0], handed[1]]}
    content = template([first], allowed)
    content["Resources"]["S"] = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "child.json", "Parameters": {"P": handed[0], "Q": chosen}},
    }
    possible = worlds(loaded(folder, content, {}))
    real = existing(loaded(folder, content, values) for values in assignments(allowed))
    assert real <= possible
