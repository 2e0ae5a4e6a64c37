"""What of a file runs for one of several functions whose handlers are in it."""

import pytest

from mlwa_lint.frontends.python.own_part import part_of

CLIENTS = 'models = boto3.client("sagemaker-runtime")\nstore = boto3.client("s3")\n'
PREDICT = "def predict(event, context):\n    return models.invoke_endpoint(Body=event)\n"
KEEP = "def keep(event, context):\n    return store.get_object(Key=named(event))\n"
NAMED = "def named(event):\n    return event\n"
ALL = CLIENTS + PREDICT + KEEP + NAMED


@pytest.mark.parametrize(
    ("text", "handler", "used", "unused"),
    [
        (ALL, "keep", ["store", "get_object", "def named"], ["models", "invoke_endpoint"]),
        (ALL, "predict", ["models", "invoke_endpoint"], ["store", "def named"]),
        (ALL, "elsewhere", ["models", "store"], []),
        (f"{ALL}TABLE = {{'p': predict}}\n", "keep", ["models", "store"], []),
        (f"{ALL}run = globals()['predict']\n", "keep", ["models", "store"], []),
        (ALL.replace("def predict", "@app.route\ndef predict"), "keep", ["models", "store"], []),
        (ALL.replace('"s3")\n', '"s3"); LIMIT = 3\n'), "predict", ["models", "LIMIT"], ["def named"]),
    ],
)
def test_what_only_other_handlers_use_is_left_out(
    text: str, handler: str, used: list[str], unused: list[str]
) -> None:
    part = part_of(text, handler)
    assert part.count("\n") == text.count("\n")
    assert [each for each in used if each not in part] == []
    assert [each for each in unused if each in part] == []
