"""Handlers that fail at events without records."""

import pytest

from mlwa_lint.frontends.python.events import needs_records


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("key = event['Records'][0]['s3']['object']['key']", True),
        ("for record in event['Records']:\n        ask(record)", True),
        ("try:\n        a = event['Records']\n    except KeyError:\n        return None", True),
        ("print(event)\n    return [ask(each) for each in event['Records']]", True),
        (
            "try:\n        a = event['Records']\n    except KeyError:\n        ask(event)\n        raise",
            False,
        ),
        ("try:\n        a = event['Records']\n    except KeyError:\n        a = []\n    ask(a)", False),
        ("try:\n        a = event['Records']\n    finally:\n        ask(event)", False),
        ("a = event['Records'] if 'Records' in event else []", False),
        ("a = 'Records' in event and event['Records']", False),
        ("a = event.get('Records', [])", False),
        ("a = ask(event['body'])\n    b = event['Records']", False),
        ("event = {'Records': []}\n    a = event['Records']", False),
        ("return lambda: event['Records']", False),
        ("pass\n    a = event['Records']", False),
    ],
)
def test_records_that_a_handler_needs(body: str, expected: bool) -> None:
    assert needs_records(f"def handler(event, context):\n    {body}\n", "handler") is expected


def test_a_decorated_handler_may_be_given_other_events() -> None:
    text = "@wrapped\ndef handler(event, context):\n    return event['Records']\n"
    assert not needs_records(text, "handler")


def test_a_text_without_the_handler_shows_nothing() -> None:
    assert not needs_records("def other(event, context):\n    return event['Records']\n", "handler")
    assert not needs_records("def handler(", "handler")
