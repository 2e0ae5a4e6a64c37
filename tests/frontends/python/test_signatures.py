"""Whether the program of a function verifies how the service that calls it signs its requests."""

import pytest

from mlwa_lint.frontends.python.callers import verifies_signatures

GITHUB = 'event["headers"]["X-Hub-Signature-256"]\nhmac.compare_digest(own, theirs)\n'


@pytest.mark.parametrize(
    "text",
    [
        GITHUB,
        "from slack_bolt import App\napp = App()\n",
        "SignatureVerifier(secret).is_valid_request(body, headers)\n",
        'RequestValidator(token).validate(url, form, event["headers"]["X-Twilio-Signature"])\n',
        'const { App } = require("@slack/bolt");\n',
        'stripe.webhooks.constructEvent(body, headers["stripe-signature"], secret);\n',
    ],
)
def test_a_handler_that_verifies_them(text: str) -> None:
    assert verifies_signatures({"app.py": text}, "app.py")


@pytest.mark.parametrize(
    "text",
    [
        'print(event["headers"]["X-Hub-Signature-256"])\n',
        "hmac.compare_digest(one, other)\n",
        "from slack_bolt import App\napp = App(request_verification_enabled=False)\n",
        "from slack_sdk import WebClient\n",
        "",
    ],
)
def test_a_handler_that_does_not(text: str) -> None:
    assert not verifies_signatures({"app.py": text}, "app.py")


def test_modules_beside_it_count_where_the_handler_imports_them() -> None:
    texts = {
        "src/app.py": "from checks import verify\n",
        "src/checks.py": "import hub\n",
        "src/hub.py": GITHUB,
    }
    assert verifies_signatures(texts, "src/app.py")
    assert not verifies_signatures({**texts, "src/app.py": "import json\n"}, "src/app.py")
    assert not verifies_signatures(texts, "src/other.py")
