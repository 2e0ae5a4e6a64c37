"""Hostile inputs: each is reported in one clear message, quickly, and without harm to others."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.hostile import BUCKET, check, nesting, write

# -- YAML and JSON


def _laughs() -> str:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return "\n".join(levels) + f"\n{BUCKET}    Properties:\n      Tags: *a11\n"


def _laughing_keys() -> str:
    levels = [
        f"a{n}: &a{n} {{{', '.join(f'k{k}: ' + (f'*a{n - 1}' if n else 'x') for k in range(10))}}}"
        for n in range(12)
    ]
    return "\n".join(levels) + f"\n{BUCKET}    Properties: *a11\n"


def _conditions() -> str:
    names = [f"  P{n}: {{Type: String}}" for n in range(60)]
    conditions = [f"  C{n}: !Equals [!Ref P{n}, a]" for n in range(60)]
    resources = [f"  B{n}:\n    Type: AWS::S3::Bucket\n    Condition: C{n}" for n in range(60)]
    pieces = ["Parameters:", *names, "Conditions:", *conditions, "Resources:", *resources, ""]
    return "\n".join(pieces)


def _chain_of_conditions() -> str:
    chain = [f"  C{n + 1}: !And [{{Condition: C{n}}}, {{Condition: C{n}}}]" for n in range(3000)]
    head = ["Parameters: {P: {Type: String}}", "Conditions:", "  C0: !Equals [!Ref P, a]", *chain]
    return "\n".join([*head, f"{BUCKET}    Condition: C3000\n"])


_NESTED_STATES = '{"States":' * 2000 + "1" + "}" * 2000
LOOP = """\
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::L:
    - A
    - [{items}]
    - B${{A}}:
        Type: AWS::S3::Bucket
"""
ENVIRONMENT = """\
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Environment:
        Variables: {{PASSWORD: {secret}, X: {names}}}
"""
NUMBERS = """\
Resources:
  N:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - {{InitialInstanceCount: {digits}, InitialVariantWeight: 1e999999, VolumeSizeInGB: .inf, X: .nan}}
"""
DEFINITION = """\
Resources:
  S:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: '{text}'
"""
DEEP_JSON = (
    '{"Resources":{"B":{"Type":"AWS::S3::Bucket","Properties":' + '{"a":' * 50_000 + "1" + "}" * 50_003
)
DEEP_PLAN = '{"format_version":"1.0","terraform_version":"1.0","planned_values":' + '{"a":' * 100_000
TOO_LONG = "a text is longer than 4,000,000 characters; the rest is not analysed"
TEMPLATES = {
    "billion laughs": (_laughs(), 2, "t.yaml:6: error: its aliases expand to more than 200,000 nodes"),
    "laughing keys": (
        _laughing_keys(),
        2,
        "t.yaml:5: error: its aliases expand to more than 200,000 nodes",
    ),
    "an alias of itself": (
        f"{BUCKET}    Properties: &p\n      Tags: *p\n",
        2,
        "t.yaml:5: error: the alias *p has no anchor",
    ),
    "deep brackets": (
        f"{BUCKET}    Properties:\n      Tags: {'[' * 100_000}{']' * 100_000}\n",
        2,
        (
            "t.yaml:5: error: not valid YAML or JSON: while increasing flow level, "
            "exceeded maximum nesting depth"
        ),
    ),
    "deep blocks": (
        f"{BUCKET}    Properties:\n" + "".join("  " * (3 + n) + "a:\n" for n in range(2000)),
        2,
        "t.yaml:122: error: nested deeper than 120 levels",
    ),
    "deep JSON": (DEEP_JSON, 2, "t.yaml:1: error: nested deeper than 120 levels"),
    "a loop without end": (
        LOOP.format(items=", ".join(map(str, range(100_000)))),
        2,
        "t.yaml:3: error: its Fn::ForEach loops are expanded more than 10,000 times",
    ),
    "long text": (f"{BUCKET}    Properties:\n      BucketName: {'a-' * 1_000_000}\n", 1, ""),
    "many placeholders": (
        f"{BUCKET}    Properties:\n      BucketName: !Sub '{'${A}' * 50_000}'\n",
        1,
        f"t.yaml:1: warning: {TOO_LONG}",
    ),
    "long secrets": (ENVIRONMENT.format(secret="A" * 1_000_000, names="password=" * 20_000), 1, ""),
    "huge numbers": (NUMBERS.format(digits="9" * 100_000), 1, ""),
    "many conditions": (_conditions(), 1, ""),
    "a chain of conditions": (_chain_of_conditions(), 1, ""),
    "a definition nested deeply": (DEFINITION.format(text=_NESTED_STATES), 1, ""),
    "a control character": (
        "Resources:\n  'B\x1b[2J':\n    Type: AWS::S3::Bucket\n",
        2,
        "t.yaml:2: error: a character that YAML does not allow: U+001B",
    ),
    "a binary file": (f"{BUCKET}\0", 2, "t.yaml:1: error: is a binary file, not a template or a plan"),
    "no UTF-8": (f"{BUCKET}    X: \udcff\udcfe\n", 2, "t.yaml:4: error: is not UTF-8 text"),
    "a deep plan": (
        DEEP_PLAN,
        2,
        "t.yaml:1: error: cannot be read as a plan: its JSON is nested too deeply or malformed",
    ),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates(tmp_path: Path, name: str) -> None:
    content, code, message = TEMPLATES[name]
    write(tmp_path / "t.yaml", content)
    write(tmp_path / "good.yaml", BUCKET)
    ended = check(tmp_path, "t.yaml", "good.yaml", "-q", "--jobs", "1")
    assert ended.err.splitlines() == ([message] if message else [])
    assert ended.code == code
    assert "good.yaml:2:3: low" in ended.out


@pytest.mark.parametrize("opening", ["${", "${a.", "${!", "*${"])
def test_placeholders_that_are_never_closed(tmp_path: Path, opening: str) -> None:
    # Each was looked for up to the end of the text: for so many, that takes hours.
    many = opening * 100_000
    policy = f"{{Statement: [{{Effect: Allow, Action: 's3:*', Resource: 'arn:aws:s3:::{many}'}}]}}"
    bucket = f"{{Type: AWS::S3::Bucket, Properties: {{BucketName: '{many}'}}}}"
    text = (
        "Transform: AWS::LanguageExtensions\nResources:\n"
        f"  N: {{Type: AWS::SageMaker::NotebookInstance, Properties: {{Password: !Sub '{many}'}}}}\n"
        f"  P: {{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: {policy}}}}}\n"
        f"  S: {{Type: AWS::StepFunctions::StateMachine, Properties: {{DefinitionString: '{many}'}}}}\n"
    )
    loops = f"  Fn::ForEach::L:\n    - I\n    - [a]\n    - C${{I}}: {bucket}\n"
    write(tmp_path / "t.yaml", text + loops)
    assert check(tmp_path, "t.yaml", "-q", "--format", "json").code in (0, 1)


def test_hundreds_of_variants(tmp_path: Path) -> None:
    variants = "".join(
        f"        - {{VariantName: v{n}, ModelName: m, InstanceType: ml.m5.large, InitialInstanceCount: 1}}\n"
        for n in range(200)
    )
    head = "Resources:\n  C:\n    Type: AWS::SageMaker::EndpointConfig\n    Properties:\n"
    write(tmp_path / "t.yaml", f"{head}      ProductionVariants:\n{variants}")
    ended = check(tmp_path, "t.yaml", "-q")
    assert ended.code == 1
    assert ended.err == ""


# -- Terraform


def _doubling(first: str, pattern: Callable[[str], str]) -> str:
    lines = [f"  a0 = {first}", *(f"  a{n} = {pattern(f'local.a{n - 1}')}" for n in range(1, 12))]
    return "locals {\n" + "\n".join(lines) + "\n}\n"


MODULES = {
    "a billion instances": (
        "  count = 1000000000",
        1,
        (
            "main.tf:1: warning: aws_s3_bucket.b has 1,000,000,000 instances; "
            "too many to be analysed one by one"
        ),
    ),
    "infinitely many": ("  count = 1e400", 1, ""),
    "no number of instances": ('  count = "many"', 1, ""),
    "a billion keys": ("  for_each = toset([for i in range(1000000000) : tostring(i)])", 1, ""),
    "a product of products": (
        '  for_each = toset([for i in setproduct(range(1000), range(1000), range(1000), range(1000)) : "x"])',
        1,
        "",
    ),
    "a wide format": ('  bucket = format("%1000000000s", "x")', 1, ""),
    "a power": ("  bucket = tostring(pow(10, 1000000))", 1, ""),
    "a long number": (f"  bucket = {'9' * 100_000}", 1, ""),
    "a large exponent": ("  bucket = tostring(2 * 1e400000000)", 1, ""),
    "a long text to parse": (f'  bucket = parseint("{"z" * 100_000}", 36)', 1, ""),
    "an expression that goes back": (f'  bucket = replace("{"a" * 30_000}", "/(a*)*b/", "x")', 1, ""),
    "one that goes back and forth": (f'  bucket = regex("(a|aa)+$", "{"a" * 3000}b")', 1, ""),
    "deep parentheses": (
        f"  bucket = {'(' * 20_000}1{')' * 20_000}",
        2,
        "main.tf:2: error: is nested too deeply",
    ),
    "deep blocks": ("x {\n" * 20_000 + "}\n" * 20_000, 2, "main.tf:20001: error: is nested too deeply"),
}


@pytest.mark.parametrize("name", MODULES)
def test_modules(tmp_path: Path, name: str) -> None:
    body, code, message = MODULES[name]
    write(tmp_path / "main.tf", f'resource "aws_s3_bucket" "b" {{\n{body}\n}}\n')
    ended = check(tmp_path, ".", "-q")
    assert ended.err.splitlines() == ([message] if message else [])
    assert ended.code == code


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        (
            _doubling('"xxxxxxxxxx"', lambda name: '"' + f"${{{name}}}" * 10 + '"'),
            f".:1: warning: {TOO_LONG}\n",
        ),
        (_doubling('["x"]', lambda name: f"concat({', '.join([name] * 10)})"), ""),
        (
            "\n".join(
                ["locals {", *(f"  b{n} = local.b{n + 1}" for n in range(20_000)), "  a11 = local.b0\n}\n"]
            ),
            "",
        ),
    ],
    ids=["texts", "lists", "a chain"],
)
def test_local_values_that_grow(tmp_path: Path, text: str, stated: str) -> None:
    write(tmp_path / "main.tf", f'{text}resource "aws_s3_bucket" "b" {{\n  bucket = local.a11\n}}\n')
    ended = check(tmp_path, ".", "-q")
    assert (ended.code, ended.err) == (1, stated)


def test_modules_that_call_each_other(tmp_path: Path) -> None:
    for name, called in (("", "./a"), ("a/", "../b"), ("b/", "../a")):
        write(tmp_path / f"{name}main.tf", f'module "m" {{\n  source = "{called}"\n}}\n')
    ended = check(tmp_path, ".")
    assert ended.err.splitlines() == ["b/main.tf:1: error: module m calls itself through a"]
    assert ended.code == 2


def test_modules_many_times_over(tmp_path: Path) -> None:
    for level in range(40):
        call = f'module "m" {{\n  source = "../l{level + 1}"\n  count  = 5\n}}\n'
        write(tmp_path / f"l{level}" / "main.tf", call)
    write(tmp_path / "l40" / "main.tf", 'resource "aws_s3_bucket" "b" {}\n')
    ended = check(tmp_path, "l0")
    assert ended.code == 2
    assert ended.err.count("modules are called more than 500 times, and not all are expanded") == 1


def test_stacks_that_nest_each_other(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", nesting("b.yaml"))
    write(tmp_path / "b.yaml", nesting("a.yaml"))
    ended = check(tmp_path, "a.yaml")
    assert ended.err.splitlines() == [
        "b.yaml:2: error: the stack S0 contains itself: a.yaml → b.yaml → a.yaml"
    ]
    assert ended.code == 2


def test_stacks_many_times_over(tmp_path: Path) -> None:
    for level in range(12):
        write(tmp_path / f"s{level}.yaml", nesting(*[f"s{level + 1}.yaml"] * 10))
    write(tmp_path / "s12.yaml", BUCKET)
    ended = check(tmp_path, "s0.yaml", "-q")
    assert ended.err.count("there are more than 500 nested stacks") == 1
    assert ended.code == 2


def test_limits_end_a_run_at_once(tmp_path: Path) -> None:
    write(tmp_path / "t.yaml", _laughs())
    assert check(tmp_path, "t.yaml").code == 2
