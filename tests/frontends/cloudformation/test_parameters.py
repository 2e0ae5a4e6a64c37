import pytest

from mlwa_lint.frontends.options import Json
from mlwa_lint.model.values import Scalar, Unknown

from .templates import plain, reason, value_of

PARAMETERS = """
Parameters:
  Plain: {Type: String, Default: dev}
  Count: {Type: Number, Default: 3}
  Open: {Type: String}
  Empty: {Type: String, Default: ''}
  Many: {Type: CommaDelimitedList, Default: 'x,y'}
  Ports: {Type: List<Number>}
  Hidden: {Type: String, NoEcho: true, Default: initial}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /a/b}
  StoredList: {Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: /a/c}
  Dynamic: {Type: String, Default: '{{resolve:ssm:/a/d}}'}
"""


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("Plain", None, "dev"),
        ("Plain", "prod", "prod"),
        ("Plain", 5, 5),
        ("Count", None, 3),
        ("Count", "7", "7"),
        ("Open", None, "<?>"),
        ("Open", "", ""),
        ("Empty", None, ""),
        ("Many", None, ["x", "y"]),
        ("Many", "a, b", ["a", "b"]),
        ("Many", ["a", "b"], ["a", "b"]),
        ("Many", "", []),
        ("Ports", "80,443", ["80", "443"]),
        ("Ports", None, "<?>"),
        ("Hidden", None, "initial"),
        ("Hidden", "password", "<?>"),
        ("Stored", None, "<?>"),
        ("Stored", "/other", "<?>"),
        ("StoredList", None, "<?>"),
        ("Dynamic", None, "<?>"),
    ],
)
def test_a_parameter_is_what_is_given_or_else_its_default(name: str, given: Json, expected: object) -> None:
    parameters = {} if given is None else {name: given}
    assert plain(value_of(f"!Ref {name}", PARAMETERS, parameters)) == expected


def test_a_given_value_rests_on_no_default() -> None:
    value = value_of("!Ref Plain", PARAMETERS, {"Plain": "prod"})
    assert isinstance(value, Scalar)
    assert value.assumed == frozenset()


def test_a_given_hidden_value_is_present_and_secret_but_not_shown() -> None:
    value = value_of("!Sub 'x${Hidden}'", PARAMETERS, {"Hidden": "password"})
    assert isinstance(value, Unknown)
    assert value.present
    assert value.secret
    assert reason(value) == "parameter Hidden is hidden (NoEcho)"
    assert "password" not in repr(value)


def test_a_given_value_for_a_stored_parameter_is_only_the_name_of_the_store_s_entry() -> None:
    value = value_of("!Ref Stored", PARAMETERS, {"Stored": "/other"})
    assert reason(value) == "parameter Stored is read from Systems Manager at deployment"


@pytest.mark.parametrize(
    ("declaration", "present"),
    [
        ("Type: String", False),
        ("Type: String, MinLength: 1", True),
        ("Type: String, MinLength: 0", False),
        ("Type: String, AllowedPattern: 'arn:aws:kms:.+'", True),
        ("Type: String, AllowedPattern: '(arn:.+)?'", False),
        ("Type: 'AWS::EC2::Subnet::Id'", True),
        ("Type: 'List<AWS::EC2::SecurityGroup::Id>'", True),
        ("Type: 'List<String>'", False),
        ("Type: Number", True),
    ],
)
def test_a_parameter_without_default_is_given_where_the_empty_text_is_refused(
    declaration: str, present: bool
) -> None:
    value = value_of("!Ref P", f"Parameters: {{P: {{{declaration}}}}}\n")
    assert isinstance(value, Unknown)
    assert value.present is present


@pytest.mark.parametrize(
    ("pattern", "refused"),
    [
        (r"(\d{1,3}\.){3}\d{1,3}/(1[6-9]|2[0-8])", ("0.0.0.0/0", "::/0", "*")),
        (r"^(\d{1,3}\.){3}\d{1,3}/\d{1,2}$", ("::/0", "*")),
        (r".*", ()),
        (r"(?!0\.0\.0\.0/0).*", ()),  # what RE2 does not know
        (r"[a-z&&[^b]]+", ()),  # what Java means otherwise
        (r"[a-z[*]]+", ()),
        (r"[\[a]+", ("0.0.0.0/0", "::/0", "*")),
        (r"((a+)+)+b", ("0.0.0.0/0", "::/0", "*")),
        ("a" * 501, ()),
    ],
)
def test_a_pattern_excludes_texts_that_decide_much(pattern: str, refused: tuple[str, ...]) -> None:
    value = value_of("!Ref P", f"Parameters: {{P: {{Type: String, AllowedPattern: '{pattern}'}}}}\n")
    assert isinstance(value, Unknown)
    assert value.refused == refused
