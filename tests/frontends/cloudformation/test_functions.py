import pytest

from mlwa_lint.model.values import (
    ListValue,
    Reference,
    Scalar,
    Unknown,
    identity_of,
    known_text,
    references_in,
)

from .templates import plain, project_of, reason, resource, value_of

OPEN = """
Parameters:
  Open: {Type: String}
  Stage: {Type: String, AllowedValues: [prod, dev]}
  Stages: {Type: CommaDelimitedList, AllowedValues: [prod, dev]}
  Hidden: {Type: String, NoEcho: true, AllowedValues: [prod, dev]}
  Word: {Type: String, Default: dev}
  Texts: {Type: CommaDelimitedList, Default: 'a, b,c'}
  Nets: {Type: 'List<AWS::EC2::Subnet::Id>'}
  Secret: {Type: String, NoEcho: true}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /my/name}
Conditions:
  C: !Equals [!Ref Open, x]
Mappings:
  Sizes:
    dev: {Type: ml.t3.medium, Same: one, N: one}
    prod: {Type: ml.m5.large, Same: one, N: two}
  Images:
    us-east-1: {Train: 1.dkr.example/xgboost:1.7, Host: 1.dkr.example/a:1}
    us-west-2: {Train: 2.dkr.example/xgboost:1.7, Host: 2.dkr.example/b:1}
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # Ref, GetAtt
        ("!Ref Bucket", "<Bucket>"),
        ("{Ref: Word}", "dev"),
        ("!Ref Texts", ["a", "b", "c"]),
        ("!Ref AWS::NoValue", None),
        ("!GetAtt Bucket.Arn", "<Bucket.Arn>"),
        ("Fn::GetAtt: [Bucket, Arn]", "<Bucket.Arn>"),
        ("Fn::GetAtt: Bucket.Outputs.Name", "<Bucket.Outputs.Name>"),
        ("!GetAtt [Bucket, !Ref Word]", "<Bucket.dev>"),
        ("Ref: !Sub 'Buck${E}'", "<?>"),
        ("Ref: !Join ['', [Buck, et]]", "<Bucket>"),
        # Sub
        ("!Sub plain", "plain"),
        ("!Sub 'a-${Word}-${!Word}-b'", "a-dev-${Word}-b"),
        ("!Sub '${Bucket.Arn}/*'", "<Bucket.Arn>/*"),
        ("!Sub ['${x}-${Word}', {x: !Ref Word}]", "dev-dev"),
        ("!Sub ['${Open}-${Word}', {Word: 1}]", "<?>-1"),
        ("Fn::Sub: ['${x}', {x: !GetAtt Bucket.Arn}]", "<Bucket.Arn>"),
        ("!Sub '$ $x {y} ${ Word }'", "$ $x {y} dev"),
        # Join, Split, Select
        ("!Join ['-', [a, !Ref Word, 3, true]]", "a-dev-3-true"),
        ("!Join [',', !Ref Texts]", "a,b,c"),
        ("!Join ['-', [a, !Ref 'AWS::NoValue', b]]", "a-b"),
        ("!Join ['-', []]", ""),
        ("!Join ['-', [a, !Ref Open]]", "a-<?>"),
        ("!Join [',', !Ref Nets]", "<?>"),
        ("!Split [',', 'a,b']", ["a", "b"]),
        ("!Split [',', !Ref Open]", "<?>"),
        ("!Select [1, [a, b]]", "b"),
        ("!Select ['1', !Split ['/', 'x/y']]", "y"),
        ("!Select [0, !Ref Texts]", "a"),
        ("!Select [7, [a, b]]", "<?>"),
        ("!Select [!Ref Open, [a, b]]", "<?>"),
        ("!Select [0, !Ref Nets]", "<?>"),
        ("!Select [0, [!Ref 'AWS::NoValue', b]]", "b"),
        # Length, Base64, Cidr, GetAZs, ToJsonString
        ("Fn::Length: [a, b, !Ref 'AWS::NoValue']", 2),
        ("Fn::Length: !Ref Texts", 3),
        ("Fn::Length: !Ref Nets", "<?>"),
        ("!Base64 abc", "YWJj"),
        ("Fn::Base64: !Sub 'a${Open}'", "a<?>"),
        ("!Cidr [10.0.0.0/16, 2, 8]", ["10.0.0.0/24", "10.0.1.0/24"]),
        ("!Cidr [10.0.0.0/16, 2]", ["10.0.0.0/24", "10.0.1.0/24"]),
        ("!Select [1, !Cidr [10.0.0.0/16, 3, 8]]", "10.0.1.0/24"),
        ("!Cidr [10.0.0.0/24, 2, 16]", "<?>"),
        ("!Cidr [10.0.0.0/24, 9, 7]", "<?>"),
        ("!Cidr [!Ref Open, 2, 8]", "<?>"),
        ("!Cidr [nonsense, x, y]", "<?>"),
        ("Fn::GetAZs: ''", ["<more>"]),
        ("!GetAZs {Ref: 'AWS::Region'}", ["<more>"]),
        ("!Select [0, !GetAZs '']", "<?>"),
        ("Fn::ToJsonString: {a: !Ref Word}", {"a": "dev"}),
        ("Fn::ToJsonString: !Ref Open", "<?>"),
        # FindInMap
        ("!FindInMap [Sizes, dev, Type]", "ml.t3.medium"),
        ("!FindInMap [Sizes, !Ref Word, Type]", "ml.t3.medium"),
        ("!FindInMap [Sizes, !Ref Open, Type]", "<?>"),
        ("!FindInMap [Sizes, !Ref Open, Same]", "one"),
        ("!FindInMap [Sizes, none, Type]", "<?>"),
        ("!FindInMap [Sizes, none, Type, {DefaultValue: d}]", "d"),
        ("!FindInMap [Sizes, dev, Type, {DefaultValue: d}]", "ml.t3.medium"),
        ("!FindInMap [Sizes, !Ref Open, Same, {DefaultValue: one}]", "one"),
        ("!FindInMap [Sizes, !Ref Open, Same, {DefaultValue: two}]", "<?>"),
        ("!FindInMap [None, dev, Type]", "<?>"),
        ("!FindInMap [Images, !Ref AWS::Region, Train]", "<?>.dkr.example/xgboost:1.7"),
        ("!FindInMap [Images, !Ref AWS::Region, Train, {DefaultValue: xgboost:1.7}]", "<?>"),
        ("!FindInMap [Images, !Ref AWS::Region, Host]", "<?>.dkr.example/<?>:1"),
        # If, with AWS::NoValue in lists and maps, and nested
        ("!If [C, a, b]", {"if": "C", "yes": "a", "no": "b"}),
        ("- a\n- !If [C, b, !Ref 'AWS::NoValue']", ["a", {"if": "C", "yes": "b", "no": None}]),
        ("k: !If [C, !Ref 'AWS::NoValue', v]", {"k": {"if": "C", "yes": None, "no": "v"}}),
        ("!If [C, !If [C, a, b], c]", {"if": "C", "yes": "a", "no": "c"}),
        ("!Sub ['x${v}', {v: !If [C, 1, 2]}]", {"if": "C", "yes": "x1", "no": "x2"}),
        (
            "!Join ['-', [a, !If [C, b, !Ref 'AWS::NoValue'], !If [C, d, e]]]",
            {"if": "C", "yes": "a-b-d", "no": "a-e"},
        ),
        ("Fn::Length: [a, !If [C, b, !Ref 'AWS::NoValue']]", {"if": "C", "yes": 2, "no": 1}),
        ("!Select [0, [!If [C, a, !Ref 'AWS::NoValue'], b]]", {"if": "C", "yes": "a", "no": "b"}),
        ("!Select [!If [C, 0, 1], [a, b]]", {"if": "C", "yes": "a", "no": "b"}),
        (
            "!FindInMap [Sizes, !If [C, prod, dev], N]",
            {"if": "C", "yes": "two", "no": "one"},
        ),
        ("!If [C, only]", "<?>"),
        # what only deployment gives
        ("!ImportValue x", "<?>"),
        ("!Transform {Name: M, Parameters: {a: 1}}", "<?>"),
        ("Fn::Transform: {Name: 'AWS::Include', Parameters: {Location: 's3://b/k'}}", "<?>"),
        ("a: 1\nFn::Transform: {Name: M}", {"a": 1, "<more>": True}),
        ("!Strange [a]", "<?>"),
        ("Fn::GetStackOutput: {StackName: a, OutputName: b}", "<?>"),
        ("!Ref Nowhere", "<?>"),
        # nested several times
        ("!Join ['/', !Split [',', !Select [0, ['a,b', c]]]]", "a/b"),
        ("!Base64 {'Fn::Join': ['', [!Sub 'a', !FindInMap [Sizes, dev, Same]]]}", "YW9uZQ=="),
    ],
)
def test_functions_give_what_is_known(expression: str, expected: object) -> None:
    assert plain(value_of(expression, OPEN)) == expected


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("!Ref Open", "parameter Open has no default"),
        ("!Sub 'x-${Open}'", "parameter Open has no default"),
        ("!Join [',', !Ref Nets]", "parameter Nets has no default"),
        ("!Select [0, !Ref Nets]", "parameter Nets has no default"),
        ("!Split [',', !Ref Open]", "parameter Open has no default"),
        ("!Base64 {Ref: Open}", "parameter Open has no default"),
        ("!FindInMap [Sizes, !Ref Open, Type]", "parameter Open has no default"),
        ("!Ref AWS::Region", "AWS::Region is known only at deployment"),
        ("!Ref Stored", "parameter Stored is read from Systems Manager at deployment"),
        ("!ImportValue x", "an imported value is known only at deployment"),
        ("!Select [7, [a]]", "index 7 is outside the list"),
        ("!FindInMap [Sizes, none, Type]", "the map has no such key"),
        ("!Transform {Name: M}", "Fn::Transform is worked out only at deployment"),
        ("'{{resolve:secretsmanager:s:SecretString:p}}'", "it is read from Secrets Manager at deployment"),
        ("'{{resolve:ssm:/a/b}}'", "it is read from Systems Manager at deployment"),
        ("!Ref Nowhere", "Nowhere is neither a parameter nor a resource"),
        ("!GetAtt Nowhere.Arn", "Nowhere is not a resource of this template"),
    ],
)
def test_an_unknown_value_has_a_reason(expression: str, why: str) -> None:
    assert reason(value_of(expression, OPEN)) == why


@pytest.mark.parametrize(
    "expression",
    [
        "!Ref Secret",
        "!Ref Stored",
        "'{{resolve:ssm-secure:/a:1}}'",
        "!Sub 'p=${Secret}'",
        "!Sub '{{resolve:secretsmanager:${Bucket}:SecretString:p}}'",
        "!Join ['', ['{{resolve:secretsmanager:', !Ref Bucket, ':SecretString:password}}']]",
        "!Join ['', [a, '{{resolve:ssm:/x}}', b]]",
        "!Base64 {Ref: Secret}",
    ],
)
def test_stores_and_hidden_parameters_are_secret(expression: str) -> None:
    value = value_of(expression, OPEN)
    assert isinstance(value, Unknown)
    assert value.secret


def test_a_dynamic_reference_is_never_taken_for_its_text_and_leads_to_its_secret() -> None:
    value = value_of("!Join ['', ['pre-{{resolve:secretsmanager:', !Ref Bucket, ':x}}-post']]", OPEN)
    assert isinstance(value, Unknown)
    assert [reference.address for reference, _ in references_in(value)] == ["Bucket"]
    assert value.parts[0] == "pre-"
    assert value.parts[-1] == "-post"


@pytest.mark.parametrize(
    "expression",
    [
        "!Select [1, !Split [':', !GetAtt Bucket.Arn]]",
        "!Base64 {'Fn::Sub': 'x ${Bucket}'}",
        "!Cidr [!GetAtt Bucket.Cidr, 2, 8]",
        "!Transform {Name: M, Parameters: {b: !Ref Bucket}}",
        "!Join [',', !GetAtt Bucket.List]",
    ],
)
def test_what_is_worked_out_from_a_resource_still_leads_to_it(expression: str) -> None:
    assert {reference.address for reference, _ in references_in(value_of(expression, OPEN))} == {"Bucket"}


def test_known_results_rest_on_the_defaults_that_they_use() -> None:
    for expression in (
        "!Ref Word",
        "!Sub 'x-${Word}'",
        "!Join ['-', [a, !Ref Word]]",
        "!FindInMap [Sizes, !Ref Word, Type]",
        "!Base64 {Ref: Word}",
    ):
        value = value_of(expression, OPEN)
        assert isinstance(value, Scalar)
        assert value.assumed == {"the default of Word"}


def test_a_list_from_a_default_rests_on_it() -> None:
    value = value_of("!Ref Texts", OPEN)
    assert isinstance(value, ListValue)
    assert value.assumed == {"the default of Texts"}


def test_equal_unknown_texts_have_equal_identities() -> None:
    first, second = (value_of("!Sub 'x-${Open}'", OPEN) for _ in range(2))
    other = value_of("!Sub 'y-${Open}'", OPEN)
    assert isinstance(first, Unknown)
    assert isinstance(second, Unknown)
    assert isinstance(other, Unknown)
    assert first.identity == second.identity != ""
    assert other.identity != first.identity


def test_a_literal_name_is_known_through_ref_where_ref_gives_the_name() -> None:
    project = project_of(
        """
        Resources:
          Named: {Type: AWS::S3::Bucket, Properties: {BucketName: data}}
          Key: {Type: AWS::KMS::Key, Properties: {KeyName: k}}
          Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: t}}
          User:
            Type: AWS::X::Y
            Properties: {Bucket: !Ref Named, Key: !Ref Key, Topic: !Ref Topic, Name: !GetAtt Topic.TopicName}
        """
    )
    values = {k: e.value for k, e in resource(project, "User").properties.entries.items()}
    assert {k: v.known for k, v in values.items() if isinstance(v, Reference)} == {
        "Bucket": "data",
        "Key": None,
        "Topic": None,
        "Name": "t",
    }


def test_a_name_from_a_default_rests_on_it() -> None:
    project = project_of(
        """
        Parameters: {Name: {Type: String, Default: data}}
        Resources:
          B: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Name}}
          U: {Type: AWS::X::Y, Properties: {Bucket: !Ref B, Uri: !Sub 's3://${B}/x'}}
        """
    )
    for name, text in (("Bucket", "data"), ("Uri", "s3://data/x")):
        value = resource(project, "U").properties.entries[name].value
        assert known_text(value) == text
        assert value.assumed == {"the default of Name"}


def test_values_keep_the_place_where_they_are_used() -> None:
    value = value_of("!Ref Word", OPEN)
    assert value.span is not None
    assert (value.span.line, value.span.column) == (6, 9)


def test_what_is_alike_in_all_values_of_a_map_is_known() -> None:
    text = """
Mappings:
  Images:
    eu-west-1: {A: 1.dkr.ecr.eu-west-1.amazonaws.com/a:1, B: 1.dkr.ecr.eu-west-1.amazonaws.com.cn/a:1}
    us-east-1: {A: 2.dkr.ecr.us-east-1.amazonaws.com/a:1, B: 2.dkr.ecr.us-east-1.amazonaws.com/a:1}
Resources:
  R:
    Type: AWS::A::B
    Properties:
      A: !FindInMap [Images, !Ref AWS::Region, A]
      B: !FindInMap [Images, !Ref AWS::Region, B]
      Again: !FindInMap [Images, !Ref AWS::Region, A]
"""
    project = project_of(text)
    values = {key: entry.value for key, entry in project.resources[0].properties.entries.items()}
    assert plain(values["A"]) == "<?>.dkr.ecr.<?>.amazonaws.com/a:1"
    assert plain(values["B"]) == "<?>/a:1"
    first, again = values["A"], values["Again"]
    assert isinstance(first, Unknown)
    assert isinstance(again, Unknown)
    assert first.identity == again.identity


def test_the_known_parts_of_an_encoded_text_are_kept() -> None:
    text = "Resources: {R: {Type: AWS::A::B, Properties: {A: {Fn::Base64: !Sub 's3://${AWS::Region}/x'}}}}"
    project = project_of(text)
    value = project.resources[0].properties.entries["A"].value
    assert isinstance(value, Unknown)
    assert plain(value) == "s3://<?>/x"
    assert value.identity.startswith("base64encode(")


@pytest.mark.parametrize(
    ("expression", "expected", "present"),
    [
        ("!FindInMap [Sizes, !Ref Open, Type]", ("ml.m5.large", "ml.t3.medium"), True),
        ("!Sub ['${x}', {x: !FindInMap [Sizes, !Ref Open, Type]}]", ("ml.m5.large", "ml.t3.medium"), True),
        (
            "!Sub ['a-${x}', {x: !FindInMap [Sizes, !Ref Open, Type]}]",
            ("a-ml.m5.large", "a-ml.t3.medium"),
            True,
        ),
        ("!Sub ['${x}/${Word}', {x: !FindInMap [Sizes, !Ref Open, N]}]", ("one/dev", "two/dev"), True),
        ("!Join ['.', [!FindInMap [Sizes, !Ref Open, N], !Ref Open]]", (), True),
        ("!Ref Stage", ("dev", "prod"), False),
        ("!Sub '${Stage}-${Stage}'", ("dev-dev", "dev-prod", "prod-dev", "prod-prod"), True),
        ("!Ref Stages", (), False),
        ("!Ref Hidden", (), False),
        ("!FindInMap [Sizes, !Ref Open, N, {DefaultValue: ''}]", ("", "one", "two"), False),
        ("!FindInMap [Sizes, !Ref Open, N, {DefaultValue: !Ref Open}]", (), False),
        ("!Ref Open", (), False),
    ],
)
def test_a_lookup_by_an_unknown_key_keeps_the_texts_that_it_can_be(
    expression: str, expected: tuple[str, ...], present: bool
) -> None:
    value = value_of(expression, OPEN)
    assert isinstance(value, Unknown)
    assert (value.one_of, value.present) == (expected, present)


@pytest.mark.parametrize(
    ("keys", "expected"), [("[small, large]", ("1", "2")), ("[small]", "1"), ("[small, huge]", "1")]
)
def test_a_lookup_by_a_parameter_can_only_give_what_its_allowed_values_select(
    keys: str, expected: tuple[str, ...] | str
) -> None:
    template = f"""
Parameters:
  Size: {{Type: String, AllowedValues: {keys}}}
Mappings:
  Counts:
    small: {{N: "1"}}
    large: {{N: "2"}}
    other: {{N: "3"}}
"""
    value = value_of("!FindInMap [Counts, !Ref Size, N]", template)
    assert (value.one_of if isinstance(value, Unknown) else plain(value)) == expected


def test_texts_of_too_many_combinations_are_not_kept() -> None:
    options = ", ".join(f"v{number}" for number in range(9))
    parameters = f"\nParameters: {{P: {{Type: String, AllowedValues: [{options}]}}}}"
    few, many = (value_of(f"!Sub '{text}'", parameters) for text in ("${P}", "${P}${P}"))
    assert isinstance(few, Unknown)
    assert isinstance(many, Unknown)
    assert (len(few.one_of), many.one_of) == (9, ())


@pytest.mark.parametrize(
    ("branches", "expected"),
    [
        ("a, a", "a"),
        ("!Sub '${Name}-a', !Sub '${Name}-a'", "<?>-a"),
        ("!GetAtt Bucket.Arn, !GetAtt Bucket.Arn", "<Bucket.Arn>"),
        ("1, '1'", {"if": "C", "yes": 1, "no": "1"}),
        ("[1], [1, 2]", {"if": "C", "yes": [1], "no": [1, 2]}),
        ("!GetAtt Bucket.Arn, !Ref Bucket", {"if": "C", "yes": "<Bucket.Arn>", "no": "<Bucket>"}),
        ("!ImportValue x, !ImportValue y", {"if": "C", "yes": "<?>", "no": "<?>"}),
    ],
)
def test_a_choice_between_equal_texts_is_none(branches: str, expected: object) -> None:
    rest = "Parameters: {Name: {Type: String}}\nConditions: {C: !Equals [!Ref Name, x]}\n"
    assert plain(value_of(f"!If [C, {branches}]", rest)) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "!Select [5, !Split [':', !GetAtt Bucket.Arn]]",
        "!Select [0, !Split ['-', !Ref Open]]",
        "!Join ['-', !Split [',', !Ref Open]]",
        "!Base64 {Ref: Open}",
        "!Sub ['${x}-b', {x: !Select [1, !Split ['-', !GetAtt Bucket.Arn]]}]",
    ],
)
def test_what_is_made_of_the_same_is_the_same(expression: str) -> None:
    first, second = (value_of(f"!Join ['', [data-, {expression}]]", OPEN) for _ in range(2))
    assert identity_of(first) == identity_of(second) != ""
