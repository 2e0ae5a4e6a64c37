"""Small templates that require much end at the budget of their target; what they cost grows with them."""

from collections.abc import Callable

import pytest

from mlwa_lint.graph.linking.link import link
from mlwa_lint.model.budget import Budget, for_target

from .templates import project_of

HEAD = "Parameters: {P: {Type: String}}\nResources:\n  B: {Type: AWS::A::B}\n"


def doubling(size: int) -> str:
    texts = ["${P}abcdefgh", *(f"${{S{n}.Value}}" * 2 for n in range(size))]
    return HEAD + "".join(
        f"  S{n}: {{Type: AWS::SSM::Parameter, Properties: {{Value: !Sub '{text}'}}}}\n"
        for n, text in enumerate(texts)
    )


def joining(size: int) -> str:
    items = ", ".join("x" for _ in range(size))
    return f"{HEAD}  J: {{Type: AWS::A::B, Properties: {{X: !Join ['{'-' * 5_000}', [{items}]]}}}}\n"


def multiplying(size: int) -> str:
    conditions = "".join(f"  C{n}: !Equals [!Ref P, v{n}]\n" for n in range(size))
    items = ", ".join(f"!If [C{n}, a, b]" for n in range(size))
    resource = f"  J: {{Type: AWS::A::B, Properties: {{X: !Join ['', [{items}]]}}}}\n"
    return f"{HEAD}{resource}Conditions:\n{conditions}"


def allowing(size: int) -> str:
    allowed = ", ".join(f"v{n}" for n in range(size * 100))
    conditions = "".join(f"  C{n}: !Equals [!Ref Q, v{n}]\n" for n in range(size))
    return (
        f"Parameters: {{Q: {{Type: String, AllowedValues: [{allowed}]}}}}\n"
        f"Resources: {{B: {{Type: AWS::A::B, Condition: C0}}}}\nConditions:\n{conditions}"
    )


def requesting(size: int) -> str:
    properties = ", ".join(f"K{n}: !GetAtt Many.K{n + 1}" for n in range(size))
    return f"{HEAD}  Many: {{Type: AWS::A::B, Properties: {{{properties}}}}}\n"


def numbering(size: int) -> str:
    digits = "9" * size * 50
    return (
        f"Parameters: {{P: {{Type: String, MinLength: {digits}, Default: {digits}}}}}\nResources:\n"
        f"  B: {{Type: AWS::A::B, Properties: {{X: !Select ['{digits}', [a, b]], Y: {digits}}}}}\n"
    )


@pytest.mark.parametrize("family", [doubling, joining, multiplying, allowing, requesting, numbering])
@pytest.mark.parametrize("size", [30, 60, 120])
def test_what_a_template_costs_is_bounded(family: Callable[[int], str], size: int) -> None:
    with for_target(Budget()) as own:
        project = project_of(family(size))
        link(project)
    assert not any(problem.fatal for problem in project.problems)
    assert project.resources
    assert own.spent["nodes"] < 2_000 * size
    assert own.spent["text"] <= 64_000_000
    assert own.spent["work"] < 20_000 * size


def test_a_function_without_arguments_beside_other_keys() -> None:
    project = project_of("Resources:\n  B: {Type: AWS::A::B, Properties: {X: {Fn::ImportValue: a, Y: 1}}}\n")
    assert [each.address for each in project.resources] == ["B"]


def test_conditions_that_share_nothing_are_looked_at_apart() -> None:
    spent = []
    for size in (20, 40, 80):
        parameters = "".join(f"  P{n}: {{Type: String}}\n" for n in range(size))
        conditions = "".join(f"  C{n}: !Equals [!Ref P{n}, a]\n" for n in range(size))
        with for_target(Budget()) as own:
            resources = "Resources: {B: {Type: AWS::A::B}}\n"
            text = f"Parameters:\n{parameters}Conditions:\n{conditions}{resources}"
            scenarios = project_of(text).scenarios
            assert scenarios.possible({f"template.yaml: C{n}": True for n in range(size)})
        spent.append(own.spent["work"])
    assert spent[2] <= 5 * spent[0]
