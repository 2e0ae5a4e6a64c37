"""Which names promise a secret, and which values are one."""

import pytest

from mlwa_lint.model.credentials import FORMATS, UNKNOWN_PIECE, Format, known_format, places
from mlwa_lint.model.secret_names import is_literal_secret, leads_elsewhere, promises_secret
from tests.support.credentials import DIGITS, SAMPLES


@pytest.mark.parametrize(("text", "kind"), SAMPLES)
def test_formats_of_credentials_are_known(text: str, kind: str) -> None:
    assert known_format(text) == kind


def test_every_format_has_a_sample() -> None:
    assert {kind for _, kind in SAMPLES} == {each.kind for each in FORMATS}


@pytest.mark.parametrize(
    "text",
    [
        "AKIA",
        "XAKIAIOSFODNN7EXAMPLEX",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-a1b2c3",
        "s3://bucket/path:v1@latest",
        "http://host:8080/a@b",
        f"postgres://user:{UNKNOWN_PIECE}@db.example.com/ml",
        "postgres://user:${PASSWORD}@db.example.com/ml",
        "hf_hub_download",
        "hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "AKIAXXXXXXXXXXXXXXXX",
        "postgres://user:password@db.example.com/ml",
        "sk-proj-" + "x" * 40,
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a@sha256:" + DIGITS + DIGITS,
    ],
)
def test_ordinary_values_have_no_format_of_a_credential(text: str) -> None:
    assert known_format(text) is None


@pytest.mark.parametrize(
    "name",
    [
        "PASSWORD",
        "DB_PASSWORD",
        "dbPassword",
        "DBPassword",
        "API_KEY",
        "apiKey",
        "--auth-token",
        "HF_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "CLIENT_SECRET",
        "client_secret_prod",
        "openai_apikey",
        "PARTNER_TOKEN_2",
        "PGPASSWORD",
        "SMTP_PASS",
        "hftoken",
    ],
)
def test_names_that_promise_a_secret(name: str) -> None:
    assert promises_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        "MAX_NEW_TOKENS",
        "MAX_TOKEN",
        "TOKEN_TABLE",
        "SECRET_BUCKET",
        "NUM_PASS",
        "PASS",
        "PAD_TOKEN",
        "eos_token",
        "EOS_TOKEN_ID",
        "TOKENIZERS_PARALLELISM",
        "SECRET_ARN",
        "DB_SECRET_NAME",
        "PASSWORD_MIN_LENGTH",
        "TOKEN_URL",
        "KMS_KEY_ID",
        "PARTITION_KEY",
        "SAGEMAKER_PROGRAM",
        "",
    ],
)
def test_names_that_promise_none(name: str) -> None:
    assert not promises_secret(name)


@pytest.mark.parametrize("text", ["hunter22", "Winter-Sale-2024!", "s3cr3t", "wJalr/K7MDENG/bPx+fi"])
def test_values_that_can_be_the_secret_itself(text: str) -> None:
    assert is_literal_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "true",
        "None",
        "<your token>",
        '"YOUR ACCESS KEY"',
        '\\"<your token>\\"',
        "Enter HF Token",
        "Enter HF Token here",
        "PASTE_API_KEY",
        "token goes here",
        "${TOKEN}",
        "{{resolve:secretsmanager:db}}",
        "CHANGE_ME",
        "hf_xxxx",
        "sk-...",
        "dummy-password",
        "$(aws secretsmanager get-secret-value)",
        "sha1:0123:abcdef0123456789",
        "4096",
        "days",
        "Hours",
        "replace-with-your-key",
        "********",
        "/prod/token",
        "https://login.example.com/token",
        "arn:aws:ssm:eu-west-1:111122223333:parameter/token",
        "prod/scoring/credentials",
        "my-db-secret",
        "GITLAB_PAT",
        "HF_HUB_TOKEN",
        "credentials.json",
        f"prefix-{UNKNOWN_PIECE}",
    ],
)
def test_switches_places_and_placeholders_are_no_secret(text: str) -> None:
    assert not is_literal_secret(text)


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: f"{each.kind} {each.mark}")
def test_a_shortened_credential_is_hidden_if_its_prefix_shows_it(each: Format) -> None:
    assert list(places(f"is {each.mark}{'x' * 10}… ")) == ([(3, 13 + len(each.mark))] if each.prefix else [])
    assert list(places(f"is {each.mark}{'x' * 9}… ")) == []
    assert list(places(f"is x{each.mark}{'x' * 10}… ")) == []


@pytest.mark.parametrize(("text", "kind"), SAMPLES)
def test_the_place_of_a_credential_is_found_in_other_text(text: str, kind: str) -> None:
    before = "here: "
    found = sorted(places(f"{before}{text}; no more"))
    assert found
    assert all(len(before) <= start < end <= len(before + text) for start, end in found)


def test_only_the_secret_of_a_longer_pattern_is_hidden() -> None:
    text = "AccountKey=" + "a" * 86 + "=="
    assert list(places(text)) == [(11, 99)]
    assert list(places("jdbc:pg://db?a=b&Password=plugh;x")) == [(26, 31)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("TRUSTED_ACCOUNT_KEY", False),
        ("X_TRUSTED_ACCOUNT_KEY", False),
        ("ACCOUNT_KEY", True),
        ("ACCESS_KEY_ID", False),
        ("SECRET_KEY_2", True),
        ("API_KEY_ROTATION", False),
        ("token_secret", True),
        ("SECRET_TOKEN_NAME", False),
        ("tokenName", False),
        ("nextToken", False),
        ("LIST_OF_THE_NEXT_TOKEN", False),
        ("NEXT_OF_THE_SERVICE_TOKEN", True),
        ("sessionToken", True),
        ("MULTI_PASS", False),
        ("pass_user", False),
        ("ROOT_PASS", True),
        ("ROOT_PASS_LENGTH", False),
        ("MY_ROOT_PASS_LENGTH", False),
        ("MY_ROOT_PASS", True),
        ("CONNECTION_STRING", True),
        ("STRING_KEY", False),
        ("MYAPIKEY", True),
        ("compass", False),
    ],
)
def test_the_last_word_of_a_name_that_means_a_secret_counts(name: str, expected: bool) -> None:
    assert promises_secret(name) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arn:aws:x", True),
        ("/prod/token", True),
        ("./token", True),
        ("../token", True),
        ("s3://bucket/a", True),
        ("https://me@host", False),
        ("config.yaml", True),
        ("config.yml\nx", False),
        ("sha256:abc", True),
        ("plugh", False),
        (f"arn:{UNKNOWN_PIECE}\nx", True),
    ],
)
def test_texts_that_lead_elsewhere(text: str, expected: bool) -> None:
    assert leads_elsewhere(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" abc ", False),
        (" abcd ", True),
        ("prod/scoring", False),
        ("prod/scor1ng", True),
        ("db-secret", False),
        ("Db-Secret", True),
        ("blue-house", True),
        ("a1b2c3d4", True),
        ("{{resolve:ssm:x}}", False),
        ("x{{resolve:ssm:x}}", False),
        ("prod_key", False),
        ("PROD_KEY", False),
        ("TOKEN_A1B2C3D4", True),
        ("Prod_KEY", True),
    ],
)
def test_names_of_stored_secrets_are_distinguished_from_secrets(text: str, expected: bool) -> None:
    assert is_literal_secret(text) is expected
