import json
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlwa_lint.frontends.cloudformation.conditions.formulas import And, Formula, Is, Not, Open, Or, Same
from mlwa_lint.frontends.cloudformation.conditions.solving import Solver
from mlwa_lint.model.conditions import TooManyScenariosError
from mlwa_lint.model.resources import Project

from .templates import plain, possible, project_of, resource


def scenario(conditions: str, parameters: str = "{}", rest: str = "", **given: str) -> Project:
    return project_of(
        f"Parameters: {parameters}\nConditions: {conditions}\n{rest}\n"
        "Resources: {A: {Type: 'AWS::A::B'}}",
        given,
    )


def property_under(condition: str, conditions: str, parameters: str = "{}", **given: str) -> object:
    project = project_of(
        f"Parameters: {parameters}\nConditions: {conditions}\n"
        f"Resources: {{A: {{Type: 'AWS::A::B', Properties: {{X: !If [{condition}, 1, 2]}}}}}}",
        given,
    )
    return plain(resource(project, "A").properties.entries["X"].value)


# -- what decides a condition


def test_a_default_does_not_decide_a_condition_but_is_known() -> None:
    project = project_of(
        """
        Parameters: {Env: {Type: String, Default: dev}}
        Conditions: {IsProd: !Equals [!Ref Env, prod], IsOther: !Not [Condition: IsProd]}
        Resources:
          A: {Type: AWS::A::B, Condition: IsProd}
          B: {Type: AWS::A::B, Condition: IsOther}
        """
    )
    guards = [resource(project, name).guards[0] for name in "AB"]
    assert [(guard.condition.text, guard.holds, guard.condition.default) for guard in guards] == [
        ("IsProd", True, False),
        ("IsOther", True, True),
    ]


def test_a_given_value_decides_a_condition() -> None:
    conditions = "{IsProd: !Equals [!Ref Env, prod]}"
    parameters = "{Env: {Type: String, Default: dev}}"
    assert property_under("IsProd", conditions, parameters, Env="prod") == 1
    assert property_under("IsProd", conditions, parameters, Env="dev") == 2


def test_a_given_hidden_value_decides_a_condition_too() -> None:
    conditions = "{Has: !Not [!Equals [!Ref Password, '']]}"
    assert property_under("Has", conditions, "{Password: {Type: String, NoEcho: true}}", Password="x") == 1


def test_a_resource_under_a_condition_that_never_holds_does_not_exist() -> None:
    project = project_of(
        """
        Conditions: {Never: !Equals [a, b], Always: !Equals [a, a]}
        Resources:
          A: {Type: AWS::A::B, Condition: Never}
          B: {Type: AWS::A::B, Condition: Always}
        """
    )
    assert [(each.address, each.guards) for each in project.resources] == [("B", ())]


@pytest.mark.parametrize(
    ("condition", "parameters"),
    [
        ("!Equals [!Ref A, !Ref B]", "{A: {Type: String}, B: {Type: String}}"),
        ("!Equals [!Sub '${A}-x', prod-x]", "{A: {Type: String}}"),
        ("!Equals [!Select [1, !Split ['-', !Ref A]], x]", "{A: {Type: String}}"),
        ("!Equals [!Join ['', !Ref A], '']", "{A: {Type: CommaDelimitedList}}"),
        ("!Equals [!Ref A, x]", "{A: {Type: 'AWS::SSM::Parameter::Value<String>', Default: y}}"),
        ("!Equals [!Ref 'AWS::Region', x]", "{}"),
        ("!Equals [!FindInMap [M, !Ref 'AWS::Region', K], 'true']", "{}"),
        ("!Contains [!Ref A, x]", "{A: {Type: CommaDelimitedList}}"),
        ("!Condition C", "{}"),
        ("!Or [!Equals [!Ref A, x], !Equals [!Ref A, y]]", "{A: {Type: String}}"),
    ],
)
def test_conditions_that_deployment_decides_stay_open(condition: str, parameters: str) -> None:
    assert isinstance(property_under("C", f"{{C: {condition}}}", parameters), dict)


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        ("!Equals [!Ref A, z]", 2),
        ("!Or [!Equals [!Ref A, x], !Equals [!Ref A, y]]", 1),
        ("!Not [!Equals [!Sub 'a${A}', !Join ['', [a, !Ref A]]]]", 2),
        ("!Equals [!Select [0, !Split ['/', !Sub '${A}/b']], q]", 2),
        ("!Equals ['true', true]", 1),
        ("!Equals [!Ref A, !Ref A]", 1),
        ("!And [!Equals [!Ref A, x], !Equals [!Ref A, y]]", 2),
    ],
)
def test_allowed_values_decide_what_they_decide(condition: str, answer: int) -> None:
    parameters = "{A: {Type: String, AllowedValues: [x, y]}}"
    assert property_under("C", f"{{C: {condition}}}", parameters) == answer


# -- which answers can occur together


def test_combinations_that_no_parameter_value_makes_are_impossible() -> None:
    project = scenario(
        "{Dev: !Equals [!Ref E, dev], Prod: !Equals [!Ref E, prod], "
        "Big: !Or [Condition: Prod, !Equals [!Ref S, big]]}",
        "{E: {Type: String}, S: {Type: String}}",
    )
    assert not possible(project, {"Dev": True, "Prod": True})
    assert possible(project, {"Dev": False, "Prod": False})
    assert not possible(project, {"Prod": True, "Big": False})
    assert possible(project, {"Dev": True, "Big": True})


def test_an_allowed_value_must_be_taken() -> None:
    project = scenario(
        "{Dev: !Equals [!Ref E, dev], Prod: !Equals [!Ref E, prod]}",
        "{E: {Type: String, AllowedValues: [dev, prod]}}",
    )
    assert not possible(project, {"Dev": False, "Prod": False})


def test_regions_of_a_map_are_distinguished() -> None:
    project = scenario(
        "{Gpu: !Equals [!FindInMap [R, !Ref 'AWS::Region', Gpu], 'yes'], "
        "Us: !Equals [!Ref 'AWS::Region', us-east-1]}",
        rest="Mappings: {R: {us-east-1: {Gpu: 'yes'}, eu-west-1: {Gpu: 'no'}}}",
    )
    assert not possible(project, {"Gpu": False, "Us": True})
    assert possible(project, {"Gpu": False, "Us": False})


def test_rules_exclude_combinations() -> None:
    project = scenario(
        "{Prod: !Equals [!Ref E, prod], Large: !Equals [!Ref S, large]}",
        "{E: {Type: String}, S: {Type: String}}",
        "Rules: {R: {RuleCondition: !Equals [!Ref E, prod], "
        "Assertions: [{Assert: {'Fn::Contains': [[large, huge], !Ref S]}}]}}",
    )
    assert possible(project, {"Prod": True, "Large": False})
    narrow = scenario(
        "{Prod: !Equals [!Ref E, prod], Large: !Equals [!Ref S, large]}",
        "{E: {Type: String}, S: {Type: String}}",
        "Rules: {R: {RuleCondition: !Equals [!Ref E, prod], "
        "Assertions: [{Assert: !Equals [!Ref S, large]}]}}",
    )
    assert not possible(narrow, {"Prod": True, "Large": False})
    assert possible(narrow, {"Prod": False, "Large": False})


@pytest.mark.parametrize(
    "constraint",
    ["MinLength: 1", "AllowedPattern: '.+'", "AllowedPattern: '[a-z]{3}'", "AllowedValues: [a, b]"],
)
def test_a_parameter_that_cannot_be_empty_is_not(constraint: str) -> None:
    assert property_under("C", "{C: !Equals [!Ref A, '']}", f"{{A: {{Type: String, {constraint}}}}}") == 2


def test_a_parameter_is_no_text_that_its_pattern_excludes() -> None:
    parameters = "{R: {Type: String, AllowedPattern: '10[.0-9]+/16'}}"
    assert property_under("C", "{C: !Equals [!Ref R, 0.0.0.0/0]}", parameters) == 2
    assert isinstance(property_under("C", "{C: !Equals [!Ref R, 10.0.0.0/16]}", parameters), dict)


@pytest.mark.parametrize("constraint", ["AllowedPattern: '.*'", "AllowedPattern: '(?<bad'", "MinLength: 0"])
def test_a_parameter_that_may_be_empty_can_be(constraint: str) -> None:
    found = property_under("C", "{C: !Equals [!Ref A, '']}", f"{{A: {{Type: String, {constraint}}}}}")
    assert isinstance(found, dict)


def test_an_assumed_default_cannot_hold_where_a_condition_excludes_it() -> None:
    project = scenario("{Prod: !Equals [!Ref E, prod]}", "{E: {Type: String, Default: dev}}")
    assert not possible(project, {"Prod": True, "the default of E": True})
    assert possible(project, {"Prod": False, "the default of E": True})


# -- what is wrong or too much


def test_conditions_that_name_each_other_stay_open_and_are_opaque() -> None:
    project = project_of(
        """
        Conditions: {A: !Not [Condition: B], B: !Or [Condition: A, Condition: A]}
        Resources: {R: {Type: AWS::A::B, Condition: A}}
        """
    )
    assert resource(project, "R").guards[0].condition.opaque
    assert [problem.message for problem in project.problems] == ["condition A depends on itself"]
    assert not project.problems[0].fatal


def test_a_condition_that_is_not_declared_is_opaque_and_reported() -> None:
    project = project_of("Resources: {R: {Type: AWS::A::B, Condition: Missing}}")
    assert resource(project, "R").guards[0].condition.opaque
    assert [problem.message for problem in project.problems] == ["condition Missing is not declared"]


def test_a_long_chain_of_conditions_is_cut_off() -> None:
    chain: dict[str, Any] = {f"C{n}": {"Fn::Not": [{"Condition": f"C{n + 1}"}]} for n in range(400)}
    chain["C400"] = {"Fn::Equals": [{"Ref": "AWS::Region"}, "x"]}
    project = scenario(json.dumps(chain))
    assert possible(project, {"C0": True})


def test_doubling_conditions_do_not_explode() -> None:
    count = 45
    conditions: dict[str, Any] = {"C0": {"Fn::Equals": [{"Ref": "P0"}, "x"]}}
    for n in range(1, count):
        before, own = {"Condition": f"C{n - 1}"}, {"Fn::Equals": [{"Ref": f"P{n}"}, "x"]}
        both = {"Fn::And": [before, own]}
        neither = {"Fn::And": [{"Fn::Not": [before]}, {"Fn::Not": [own]}]}
        conditions[f"C{n}"] = {"Fn::Or": [both, neither]}
    parameters = {f"P{n}": {"Type": "String"} for n in range(count)}
    project = scenario(json.dumps(conditions), json.dumps(parameters))
    assert possible(project, {f"C{count - 1}": True, "C0": False})


def test_hundreds_of_independent_conditions_are_decided() -> None:
    count = 300
    parameters = {f"P{n}": {"Type": "String"} for n in range(count)}
    conditions = {f"C{n}": {"Fn::Equals": [{"Ref": f"P{n}"}, "x"]} for n in range(count)}
    project = scenario(json.dumps(conditions), json.dumps(parameters))
    assert possible(project, {f"C{n}": n % 2 == 0 for n in range(40)})


def test_a_search_that_takes_too_long_is_undecided_with_a_reason() -> None:
    holes, pigeons = 9, 10
    parameters = {
        f"P{n}": {"Type": "String", "AllowedValues": [str(hole) for hole in range(holes)]}
        for n in range(pigeons)
    }
    pairs = [(a, b) for a in range(pigeons) for b in range(a)]
    conditions = {
        f"D{a}x{b}": {"Fn::Not": [{"Fn::Equals": [{"Ref": f"P{a}"}, {"Ref": f"P{b}"}]}]} for a, b in pairs
    }
    project = scenario(json.dumps(conditions), json.dumps(parameters))
    with pytest.raises(TooManyScenariosError):
        possible(project, {f"D{a}x{b}": True for a, b in pairs})


# -- against brute force

NAMES, TEXTS = ("P", "Q", "R"), ("a", "b", "c")
Tree = tuple[Any, ...]

operands = st.one_of(
    st.sampled_from([("text", t) for t in TEXTS]), st.sampled_from([("ref", n) for n in NAMES])
)
comparisons = st.tuples(st.just("equals"), operands, operands)
trees = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.just("and"), inner, inner),
        st.tuples(st.just("or"), inner, inner),
    ),
    max_leaves=5,
)
domains = st.fixed_dictionaries(
    {name: st.sampled_from([(), ("a", "b"), ("a",), ("a", "c", "d")]) for name in NAMES}
)


def template_of(tree: Tree) -> object:
    kind = tree[0]
    if kind == "text":
        return tree[1]
    if kind == "ref":
        return {"Ref": tree[1]}
    function = {"equals": "Fn::Equals", "not": "Fn::Not", "and": "Fn::And", "or": "Fn::Or"}[kind]
    return {function: [template_of(part) for part in tree[1:]]}


def meaning(tree: Tree, values: Mapping[str, str]) -> Any:
    kind = tree[0]
    if kind == "text":
        return tree[1]
    if kind == "ref":
        return values[tree[1]]
    parts = [meaning(part, values) for part in tree[1:]]
    if kind == "equals":
        return parts[0] == parts[1]
    return not parts[0] if kind == "not" else all(parts) if kind == "and" else any(parts)


def assignments(allowed: Mapping[str, tuple[str, ...]]) -> Iterator[dict[str, str]]:
    anything = (*TEXTS, "d", "other1", "other2", "other3")
    for values in product(*(allowed[name] or anything for name in NAMES)):
        yield dict(zip(NAMES, values, strict=True))


@settings(max_examples=150, deadline=None)
@given(st.lists(trees, min_size=1, max_size=3), domains)
def test_possible_answers_are_those_that_some_assignment_gives(
    conditions: list[Tree], allowed: dict[str, tuple[str, ...]]
) -> None:
    names = [f"C{position}" for position in range(len(conditions))]
    parameters = {
        n: {"Type": "String"} | ({"AllowedValues": list(v)} if v else {}) for n, v in allowed.items()
    }
    project = scenario(
        json.dumps({name: template_of(tree) for name, tree in zip(names, conditions, strict=True)}),
        json.dumps(parameters),
    )
    real = {tuple(meaning(tree, values) for tree in conditions) for values in assignments(allowed)}
    for answers in product((True, False), repeat=len(names)):
        requested = dict(zip(names, answers, strict=True))
        assert possible(project, requested) is (answers in real), requested


@settings(max_examples=100, deadline=None)
@given(trees, domains)
def test_a_condition_is_decided_exactly_when_all_assignments_agree(
    tree: Tree, allowed: dict[str, tuple[str, ...]]
) -> None:
    parameters = {
        n: {"Type": "String"} | ({"AllowedValues": list(v)} if v else {}) for n, v in allowed.items()
    }
    found = property_under("C", json.dumps({"C": template_of(tree)}), json.dumps(parameters))
    answers = {meaning(tree, values) for values in assignments(allowed)}
    if len(answers) == 1:
        assert found == (1 if answers.pop() else 2)
    else:
        assert found == {"if": "C", "yes": 1, "no": 2}


# -- the solver


def test_formulas_of_different_kinds_differ() -> None:
    operands = (Is("P", "a"), Is("Q", "b"))
    assert len({And(operands), Or(operands), Is("P", "Q"), Same("P", "Q"), Not(Is("P", "Q"))}) == 5


def test_all_of_some_formulas_do_not_count_as_one_of_them() -> None:
    both = (Is("P", "b"), Is("Q", "b"))
    assert Solver().satisfiable([Or(both), Not(Or((And(both), Is("P", "c"))))])
    assert not Solver().satisfiable([Or(both), *map(Not, both)])


@pytest.mark.parametrize(
    ("formulas", "answer"),
    [
        ([Is("x", "1"), Is("x", "2")], False),
        ([Same("x", "y"), Same("y", "z"), Is("x", "1"), Not(Is("z", "1"))], False),
        ([Not(Same("x", "y")), Not(Same("y", "z")), Not(Same("x", "z"))], True),
        ([Open("f"), Not(Open("f"))], False),
        ([Open("f"), Not(Open("g"))], True),
        ([Or((Is("x", "1"), Is("x", "2"))), Not(Is("x", "1"))], True),
        ([False], False),
        ([], True),
    ],
)
def test_the_solver_finds_what_can_hold_together(formulas: list[Formula], answer: bool) -> None:
    assert Solver().satisfiable(formulas) is answer


@pytest.mark.parametrize(
    ("wanted", "added", "answer"),
    [
        ([Is("x", "1"), Is("y", "1")], 1, {"x": "1", "y": "1"}),
        ([Not(Is("x", "1")), Is("y", "1")], 0, {"x": "2", "y": "1"}),
        ([Is("y", "1"), Same("x", "y"), Is("x", "2")], 2, None),
        ([Is("y", "1"), Is("x", "2"), Same("x", "y")], 2, None),
    ],
)
def test_what_one_more_formula_changes_is_solved_alone(
    wanted: list[Formula], added: int, answer: dict[str, str] | None
) -> None:
    solver = Solver()
    solver.finite = {"x": ("1", "2")}
    before = solver.solution([each for position, each in enumerate(wanted) if position != added])
    assert before is not None
    found = solver.extended(before, wanted, added)
    assert found == answer
    assert (found is not None) is solver.satisfiable(wanted)


@pytest.mark.parametrize(
    "rules",
    [
        "{R: {Assertions: [{Assert: !Equals [!Ref E, other]}]}}",
        "{R: {Assertions: [{Assert: !Equals [a, b]}]}}",
        "{R: {Assertions: [{Assert: !Equals [!Ref F, x]}, {Assert: !Equals [!Ref F, y]}]}}",
    ],
)
def test_rules_that_nothing_can_satisfy_exclude_nothing(rules: str) -> None:
    project = scenario(
        "{Prod: !Equals [!Ref E, prod], X: !Equals [!Ref F, x]}",
        "{E: {Type: String, AllowedValues: [dev, prod]}, F: {Type: String}}",
        f"Rules: {rules}",
    )
    assert possible(project, {"Prod": True, "X": True})
    assert possible(project, {"Prod": False, "X": False})


@pytest.mark.parametrize(
    "condition",
    [
        "!And [!Equals [!Ref A, x], !Equals [!Ref B, y]]",
        "!Or [!Equals [!Ref A, x], !Equals [a, b]]",
        "!Not [!Equals [!Ref A, x]]",
        "!And [!Equals [!Ref A, x], !Condition Unknown]",
        "!Equals [!Ref A]",
        "!Strange [a]",
        "!Not [a, b]",
        "text",
        "[a]",
    ],
)
def test_connectives_of_what_is_not_known_stay_open(condition: str) -> None:
    parameters = "{A: {Type: String}, B: {Type: String}}"
    assert isinstance(property_under("C", f"{{C: {condition}}}", parameters), dict)


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        ("!And [!Equals [!Ref A, x], !Equals [a, b]]", 2),
        ("!Or [!Equals [!Ref A, x], !Equals [a, a]]", 1),
        ("!Not [!Equals [a, b]]", 1),
        ("!And [!Equals [!Ref A, x], !Not [!Equals [!Ref A, x]]]", 2),
        ("!Or [Condition: T, !Equals [!Ref A, x]]", 1),
        ("!Condition T", 1),
    ],
)
def test_connectives_are_decided_as_soon_as_they_can_be(condition: str, answer: int) -> None:
    conditions = f"{{C: {condition}, T: !Equals [a, a]}}"
    assert property_under("C", conditions, "{A: {Type: String}}") == answer
