"""The code of functions that a program packs into an archive and uploads."""

import json
from functools import partial
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.support.files import write

_write = partial(write, Path())
HANDLER = """import boto3

def handler(event, context):
    return boto3.client('bedrock-agent-runtime').invoke_agent(agentId='a', inputText=event['body'])
"""
START = (
    "import io, os, tempfile, zipfile\nimport boto3\n\nfunctions = boto3.client('lambda')  # for bedrock\n"
)
CREATE = """functions.create_function(
    FunctionName='ask', Runtime='python3.13', Role='arn:aws:iam::111122223333:role/ask',
    Handler='ask.handler', Code={'ZipFile': content},
)
"""
URL = "functions.create_function_url_config(FunctionName='ask', AuthType='NONE')\n"
BUFFER = (
    "buffer = io.BytesIO()\nwith zipfile.ZipFile(buffer, 'w') as z:\n    z.write('src/ask.py', 'ask.py')\n"
)
FILE = """def pack():
    place = os.path.join(tempfile.mkdtemp(), 'ask.zip')
    z = zipfile.ZipFile(place, 'w')
    z.write('/home/them/project/src/ask.py', arcname='ask.py')
    z.close()
    return place

with open(pack(), 'rb') as file:
    content = file.read()
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def _found(capsys: pytest.CaptureFixture[str]) -> tuple[list[str], int]:
    """The severities of MLS107, and how often it is undecided."""
    invoke(["check", "deploy.py", "--no-cache", "--format", "json", "--select", "MLS107"])
    result = json.loads(capsys.readouterr().out)
    return [each["severity"] for each in result["findings"]], len(result["undecided"])


@pytest.mark.parametrize(
    "packing",
    [
        BUFFER + "content = buffer.getvalue()\n",
        BUFFER + "buffer.seek(0)\ncontent = buffer.read()\n",
        FILE,
        FILE.replace("os.path.join(tempfile.mkdtemp(), 'ask.zip')", "'/tmp/ask.zip'"),
    ],
    ids=["buffer", "buffer from its start", "temporary file", "file"],
)
def test_the_code_that_a_program_packs_is_the_functions(
    packing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(src___ask__py=HANDLER, deploy__py=START + packing + CREATE + URL)
    assert _found(capsys) == (["high"], 0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("'ask.py')\n", "'other.py')\n"),
        ("'src/ask.py'", "'src/missing.py'"),
        ("'src/ask.py'", "os.environ['ASK']"),
    ],
)
def test_other_code_is_not_known(before: str, after: str, capsys: pytest.CaptureFixture[str]) -> None:
    packing = BUFFER.replace(before, after) + "content = buffer.getvalue()\n"
    _write(src___ask__py=HANDLER, deploy__py=START + packing + CREATE + URL)
    assert _found(capsys) == ([], 1)


def test_a_function_that_is_created_where_it_is_not_found_is_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    body = "".join(f"    {line}\n" for line in CREATE.splitlines())
    update = (
        "try:\n    functions.update_function_code(FunctionName='ask', ZipFile=content)\nexcept Exception:\n"
    )
    text = START + BUFFER + "content = buffer.getvalue()\n" + update + body + URL
    _write(src___ask__py=HANDLER, deploy__py=text)
    assert _found(capsys) == (["high"], 0)
