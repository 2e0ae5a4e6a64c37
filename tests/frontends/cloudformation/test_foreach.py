import json
from typing import Any

from mlwa_lint.frontends.cloudformation.syntax.foreach import NODES_LIMIT, PASSES_LIMIT
from mlwa_lint.model.values import Reference, Unknown

from .templates import plain, project_of, resource


def properties(text: str, address: str, **given: str) -> Any:
    return plain(resource(project_of(text, given), address).properties)


def test_resources_of_a_loop_have_its_items_in_keys_references_and_texts() -> None:
    text = """
        Transform: AWS::LanguageExtensions
        Resources:
          Fn::ForEach::Buckets:
            - Name
            - [data, logs]
            - Bucket${Name}:
                Type: AWS::S3::Bucket
                Properties:
                  {BucketName: !Sub '${Name}-x', Plain: '${Name}', Ref: !Ref Name, Long: {Ref: Name}}
          Reader:
            Type: AWS::A::B
            Properties: {Arn: !GetAtt Bucketdata.Arn}
        """
    project = project_of(text)
    assert [each.address for each in project.resources] == ["Bucketdata", "Bucketlogs", "Reader"]
    assert properties(text, "Bucketlogs") == {
        "BucketName": "logs-x",
        "Plain": "logs",
        "Ref": "logs",
        "Long": "logs",
    }
    assert isinstance(resource(project, "Reader").properties.entries["Arn"].value, Reference)
    assert resource(project, "Bucketlogs").span.line == 7
    assert not project.gaps


def test_loops_nest_and_stand_in_properties_outputs_and_conditions() -> None:
    text = """
        Parameters: {Stages: {Type: CommaDelimitedList, Default: 'a,b'}, Env: {Type: String}}
        Conditions:
          Fn::ForEach::Is:
            - Stage
            - !Ref Stages
            - Is${Stage}: !Equals [!Ref Env, !Ref Stage]
        Resources:
          Fn::ForEach::Outer:
            - A
            - [x, y]
            - Fn::ForEach::Inner:
                - B
                - [1, 2]
                - R${A}${B}:
                    Type: AWS::A::B
                    Condition: Isa
                    Properties:
                      Fixed: 1
                      Fn::ForEach::Keys:
                        - C
                        - !Split [',', !Sub 'p,${A}']
                        - Key${C}: !Sub '${A}${B}${C}${Env}'
        """
    project = project_of(text, {"Env": "a"})
    assert [each.address for each in project.resources] == ["Rx1", "Rx2", "Ry1", "Ry2"]
    assert plain(project.resources[3].properties) == {"Fixed": 1, "Keyp": "y2pa", "Keyy": "y2ya"}
    assert project_of(text, {"Env": "b"}).resources == ()


def test_an_ampersand_takes_only_letters_and_digits() -> None:
    text = """
        Resources:
          Fn::ForEach::Nets:
            - Cidr
            - ['10.0.0.0/16']
            - 'Net&{Cidr}': {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Cidr, Name: '${!Cidr}'}}
        """
    assert properties(text, "Net1000016") == {"CidrBlock": "10.0.0.0/16", "Name": "${!Cidr}"}


def test_a_parameter_decides_what_a_loop_makes() -> None:
    text = """
        Parameters: {Names: {Type: CommaDelimitedList}, Other: {Type: String}}
        Resources:
          Fn::ForEach::All:
            - N
            - !Ref Names
            - R${N}: {Type: AWS::A::B}
          Fn::ForEach::None:
            - N
            - []
            - S${N}: {Type: AWS::A::B}
        """
    assert [each.address for each in project_of(text, {"Names": "a,b"}).resources] == ["Ra", "Rb"]
    unknown = project_of(text)
    assert [each.address for each in unknown.resources] == ["R${N}"]
    assert [gap.what for gap in unknown.gaps] == ["Fn::ForEach::All in Resources"]


def test_a_loop_over_what_is_not_known_leaves_a_map_open() -> None:
    project = project_of(
        """
        Parameters: {Names: {Type: CommaDelimitedList}}
        Resources:
          R:
            Type: AWS::A::B
            Properties:
              Known: 1
              Fn::ForEach::Keys: [N, !Ref Names, {'K${N}': 1}]
        """
    )
    found = resource(project, "R").properties
    assert plain(found) == {"Known": 1, "<more>": True}
    assert isinstance(found.rest, Unknown)


def test_a_key_that_a_loop_makes_twice_is_an_error() -> None:
    project = project_of("Resources:\n  Fn::ForEach::L: [N, [a, b], {R: {Type: AWS::A::B}}]\n")
    assert [(problem.line, problem.message) for problem in project.problems] == [
        (2, "Fn::ForEach makes the key 'R' a second time")
    ]


def test_loops_do_not_grow_without_bounds() -> None:
    properties = {f"P{n}": "x" for n in range(30)}
    body: dict[str, Any] = {"R${A}${B}${C}": {"Type": "AWS::A::B", "Properties": properties}}
    for name in "CBA":
        body = {f"Fn::ForEach::{name}": [name, [str(n) for n in range(10, 30)], body]}
    project = project_of(json.dumps({"Resources": body}))
    assert [problem.message for problem in project.problems] == [
        f"its Fn::ForEach loops expand to more than {NODES_LIMIT:,} nodes"
    ]


def test_loops_are_not_gone_through_without_bounds() -> None:
    body: dict[str, Any] = {"R${A}${B}": {"Type": "AWS::A::B"}}
    for name in "BA":
        body = {f"Fn::ForEach::{name}": [name, [str(n) for n in range(100, 300)], body]}
    project = project_of(json.dumps({"Resources": body}))
    assert [problem.message for problem in project.problems] == [
        f"its Fn::ForEach loops are expanded more than {PASSES_LIMIT:,} times"
    ]


def test_what_only_looks_like_a_loop_stays_a_gap() -> None:
    project = project_of("Resources:\n  Fn::ForEach::L: [N, [a]]\n  Fn::ForEach::M: text\n")
    assert [gap.what for gap in project.gaps] == [
        "Fn::ForEach::L in Resources",
        "Fn::ForEach::M in Resources",
    ]


def test_resources_of_a_loop_over_a_default_rest_on_it() -> None:
    text = """
        Parameters: {Names: {Type: CommaDelimitedList, Default: 'a,b'}}
        Resources:
          Fn::ForEach::All: [N, !Ref Names, {'R${N}': {Type: AWS::A::B, Properties: {X: 1, Y: {Z: 2}}}}]
          Plain: {Type: AWS::A::B, Properties: {X: 1}}
        """
    project = project_of(text)
    found = resource(project, "Ra").properties
    assumed = frozenset({"the default of Names"})
    assert found.assumed == found.entries["X"].value.assumed == assumed
    assert resource(project, "Plain").properties.assumed == frozenset()
    given = project_of(text, {"Names": "a"})
    assert resource(given, "Ra").properties.assumed == frozenset()


def test_what_a_loop_over_an_unknown_list_makes_is_looked_at() -> None:
    text = """
        Parameters: {Teams: {Type: CommaDelimitedList}}
        Conditions:
          Fn::ForEach::Has:
            - Team
            - !Ref Teams
            - Has${Team}: !Equals [!Ref Team, a]
        Resources:
          Fn::ForEach::Books:
            - Team
            - !Ref Teams
            - Book${Team}:
                Type: AWS::A::B
                Condition: Has${Team}
                Properties:
                  Plain: 'x-${Team}'
                  Sub: !Sub '${Team}-${AWS::Region}'
                  Long: {Fn::Sub: ['${Team}/${V}', {V: 'v${Team}'}]}
                  Short: !Sub ['${Team}/${V}', {V: 'v${Team}'}]
                  Ref: !Ref Team
                  Other: '${NotOurs}'
                  Fixed: 1
              Policy${Team}:
                Type: AWS::C::D
                Properties: {Of: !GetAtt 'Book${Team}.Arn', Name: !Ref 'Book${Team}'}
        """
    project = project_of(text)
    assert [each.address for each in project.resources] == ["Book${Team}", "Policy${Team}"]
    book, policy = project.resources
    assert plain(book.properties) == {
        "Plain": "x-<?>",
        "Sub": "<?>-<?>",
        "Long": "<?>/v<?>",
        "Short": "<?>/v<?>",
        "Ref": "<?>",
        "Other": "${NotOurs}",
        "Fixed": 1,
    }
    assert plain(policy.properties) == {"Of": "<Book${Team}.Arn>", "Name": "<Book${Team}>"}
    assert [guard.condition.text for guard in book.guards] == [
        "Has${Team}",
        "the list of Fn::ForEach::Books",
    ]
    assert [guard.condition.opaque for guard in policy.guards] == [True]
    named = book.properties.entries["Ref"].value
    assert isinstance(named, Unknown)
    assert named.reason == "the list of Fn::ForEach::Books is known only at deployment"
    assert [gap.what for gap in project.gaps] == ["Fn::ForEach::Books in Resources"]
    assert not project.problems


def test_loops_in_a_loop_over_an_unknown_list() -> None:
    text = """
        Parameters: {Teams: {Type: CommaDelimitedList}}
        Resources:
          Fn::ForEach::Teams:
            - Team
            - !Ref Teams
            - Fn::ForEach::Sizes:
                - Size
                - [s, m]
                - 'R${Team}${Size}': {Type: AWS::A::B, Properties: {N: '${Team}-${Size}', S: !Ref Size}}
        """
    project = project_of(text)
    assert [each.address for each in project.resources] == ["R${Team}s", "R${Team}m"]
    assert plain(project.resources[1].properties) == {"N": "<?>-m", "S": "m"}
