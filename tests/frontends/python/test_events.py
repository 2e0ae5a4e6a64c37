"""Handlers that fail at requests of an API, or at none."""

import pytest

from mlwa_lint.frontends.python.events import catches_everything, needs_records


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
        ("group = event['actionGroup']", True),
        ("print(event.get('function'))\n    group = event['actionGroup']", True),
        ("try:\n        a = event['detail']\n    except KeyError:\n        return event.get('id')", True),
        ("a = ask.get(event)\n    b = event['detail']", False),
        ("a = event.pop('body')\n    b = event['detail']", False),
        ("a = event['prompt']", False),
    ],
)
def test_what_a_handler_needs_that_no_request_has(body: str, expected: bool) -> None:
    assert needs_records(f"def handler(event, context):\n    {body}\n", "handler") is expected


def test_a_decorated_handler_may_be_given_other_events() -> None:
    text = "@wrapped\ndef handler(event, context):\n    return event['Records']\n"
    assert not needs_records(text, "handler")


def test_a_text_without_the_handler_shows_nothing() -> None:
    assert not needs_records("def other(event, context):\n    return event['Records']\n", "handler")
    assert not needs_records("def handler(", "handler")


TRYING = "try:\n        work(event)\n    except %s:\n        %s"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (TRYING % ("Exception as error", "print(error)"), True),
        (TRYING % ("(KeyError, Exception)", "return {'statusCode': 500}"), True),
        ("print(event)\n    " + TRYING % ("KeyError", "pass\n    except:\n        pass"), True),
        (TRYING % ("KeyError", "pass"), False),
        (TRYING % ("Exception", "raise"), False),
        (TRYING % ("KeyError", "raise\n    except Exception:\n        pass"), False),
        (TRYING % ("Exception", "pass\n    finally:\n        work(event)"), False),
        ("work(event)\n    " + TRYING % ("Exception", "pass"), False),
        ("print(event)", False),
    ],
)
def test_a_handler_that_catches_everything(body: str, expected: bool) -> None:
    assert catches_everything(f"def handler(event, context):\n    {body}\n", "handler") is expected
