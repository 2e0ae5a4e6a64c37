"""Which names promise a secret, and which values are one."""

import pytest

from mlwa_lint.model.credentials import FORMATS, UNKNOWN_PIECE, known_format
from mlwa_lint.model.secret_names import is_literal_secret, promises_secret
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
        "credentials.json",
        f"prefix-{UNKNOWN_PIECE}",
    ],
)
def test_switches_places_and_placeholders_are_no_secret(text: str) -> None:
    assert not is_literal_secret(text)
