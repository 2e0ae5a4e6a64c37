"""Which literals of a text are secret: those that a setting has, and no ordinary word of prose."""

import pytest

from mlwa_lint.frontends.secret_texts import inside_text
from mlwa_lint.model.secrets import Secrets


def secrets_of(text: str) -> set[str]:
    own = Secrets()
    inside_text(text, None, own)
    return set(own.texts)


@pytest.mark.parametrize(
    "text",
    [
        "of the token name is here",
        "Use a token name to download gated models",
        "the password does not matter, and the token does",
        "Each password should differ (see below)",
        "the secret 'name' of the store",
        'the secret "model registry" is read at startup',
        "a token (name) of the user",
        "an access token expires. After that it does not",
        "the token must-have role",
        "token\nname the thing",
        "# password\n# does the rest",
        "A client secret version; its token role",
        '["arn:aws:secretsmanager:*:*:secret:AmazonSageMaker-*", "${x}"]',
        "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:churn/db-a1b2c3",
    ],
)
def test_prose_makes_no_word_a_secret(text: str) -> None:
    assert secrets_of(text) == set()


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("a token: name of the user", "name of the user"),
        ("HF token: needed for gated models, and only then.", "needed for gated models, and only then."),
        ("token: name, version and role", "name, version and role"),
        ("DB_PASSWORD: correct horse battery", "correct horse battery"),
        ("password = correct horse battery\nuser = x", "correct horse battery"),
    ],
)
def test_what_may_be_prose_or_a_phrase_hides_only_the_whole_of_it(text: str, phrase: str) -> None:
    assert secrets_of(text) == {phrase}


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("export TOKEN=plugh", "plugh"),
        ("export HF_TOKEN=plugh && pip install x", "plugh"),
        ("set -e; DB_PASSWORD='two words' python run.py", "two words"),
        ("ENV DB_PASSWORD plugh", "plugh"),
        ("mysql --password plugh -u me", "plugh"),
        ("mysql --password 'two words' -u me", "two words"),
        ("curl --token \\\n  plugh", "plugh"),
        ("setx HF_TOKEN plugh", "plugh"),
        ("machine x login me password plugh", "plugh"),
        ("machine x\n  login me\n  password plugh\n", "plugh"),
        ("the token 9xyzzy-plugh is", "9xyzzy-plugh"),
        ("password: plugh\nuser: me", "plugh"),
        ("password: plugh # of the lab", "plugh"),
        ("{password: plugh, user: me}", "plugh"),
        ("user: me, password: plugh, host: x", "plugh"),
        ("curl -H 'token: plugh' x", "plugh"),
        ("Server=x;Password=plugh;Database=y", "plugh"),
        (r"{\"token\": \"plugh\"}", "plugh"),
        ("the password is set: password=plugh", "plugh"),
        ("arn:aws:secretsmanager:*:*:secret:db secret:plugh", "plugh"),
    ],
)
def test_settings_are_secret_wherever_they_stand(text: str, secret: str) -> None:
    assert secret in secrets_of(text)
