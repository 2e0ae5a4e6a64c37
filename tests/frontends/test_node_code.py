# ruff: noqa: E501 - a program a line
"""What the text of functions in JavaScript and TypeScript proves of their calls."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.node_code import calls_of_inline_node, calls_of_node
from mlwa_lint.model.resources import BEDROCK, ENDPOINTS, INFERENCE, JOBS, ONWARD, PROMPTING, UPLOADS, WORK
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Scalar, known_text
from tests.support.files import write

HERE = Span("t.yaml", 3, 1, 9, 1)
RUNTIME = 'const { InvokeEndpointCommand } = require("@aws-sdk/client-sagemaker-runtime");\n'
MODELS = "import { InvokeModelCommand, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';\n"
CALLS = {
    "a literal": (RUNTIME + 'new InvokeEndpointCommand({ EndpointName: "churn", Body: b({}) })', "churn"),
    "a variable": (RUNTIME + "new InvokeEndpointCommand({ EndpointName: process.env.NAME })", "scoring"),
    "a constant": (RUNTIME + "const N = 'churn';\nnew InvokeEndpointCommand({ EndpointName: N })", "churn"),
    "a constant of a variable": (
        RUNTIME + 'const N: string = process.env["NAME"]!;\nnew InvokeEndpointCommand({ EndpointName: N })',
        "scoring",
    ),
    "an object before": (
        MODELS + "const input = {\n  modelId: `m`,\n  body: JSON.stringify({}),\n};\nnew InvokeModelCommand(input)",
        "m",
    ),
    "another command": (MODELS + "await client.send(new ConverseCommand({ modelId: 'm' }))", "m"),
    "a module of commands": (
        "import * as br from '@aws-sdk/client-bedrock-runtime';\nnew br.ConverseCommand({ modelId: 'm' })",
        "m",
    ),
    "version 2": (
        "const AWS = require('aws-sdk');\nconst rt = new AWS.SageMakerRuntime({});\nrt.invokeEndpoint({EndpointName: 'churn'})",
        "churn",
    ),
    "what is worked out": (MODELS + "new InvokeModelCommand({ modelId: pick(event) })", None),
    "a text with an expression": (MODELS + "new InvokeModelCommand({ modelId: `m-${v}` })", None),
    "a default beside a variable": (MODELS + "new InvokeModelCommand({ modelId: process.env.M || 'm' })", None),
    "what changes": (MODELS + "let m = 'a';\nm = 'b';\nnew InvokeModelCommand({ modelId: m })", None),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_calls_and_what_they_name(name: str) -> None:
    text, model = CALLS[name]
    found = calls_of_inline_node(text, "t.yaml", HERE, {"NAME": Scalar("scoring", HERE)})
    (call,) = found.calls
    values = [known_text(value) for _, value in call.arguments.values()]
    assert values == ([] if model is None else [model])
    assert not found.complete


@pytest.mark.parametrize(
    "text",
    [
        "// new InvokeEndpointCommand({})\n" + RUNTIME,
        "/* " + RUNTIME + "new InvokeEndpointCommand({}) */",
        "new InvokeEndpointCommand({ EndpointName: 'a' })",  # of what?
        "import { PutItemCommand } from '@aws-sdk/client-dynamodb';\nnew PutItemCommand({})",
    ],
)
def test_what_is_no_call_of_a_model(text: str) -> None:
    assert calls_of_inline_node(text, "t.yaml", HERE, {}).calls == ()


@pytest.mark.parametrize(
    ("text", "silent"),
    [
        (
            "import fs from 'node:fs';\nexport const handler = async () => 1;",
            (INFERENCE, BEDROCK, PROMPTING, JOBS, WORK),
        ),
        ("const { S3Client } = require('@aws-sdk/client-s3');", (INFERENCE, BEDROCK, PROMPTING, JOBS, WORK)),
        ("// bedrock\nconst a = require('aws-sdk');", (INFERENCE, BEDROCK, PROMPTING, JOBS, WORK)),
        (RUNTIME, (BEDROCK, PROMPTING)),
        (MODELS, (WORK,)),
        ("import { QueryCommand } from '@aws-sdk/client-kendra';", (BEDROCK, PROMPTING, JOBS, WORK)),
        ("const a = require('some-package');", ()),
        ("const a = require(name);", ()),
        ("const url = 'https://bedrock-runtime.us-east-1.amazonaws.com'; // a", (WORK,)),
    ],
)
def test_what_certainly_is_not_requested(text: str, silent: tuple[str, ...]) -> None:
    found = calls_of_inline_node(text, "t.yaml", HERE, {})
    assert tuple(each for each in found.silent if each not in (ENDPOINTS, ONWARD, UPLOADS)) == silent
    assert found.complete is (len(silent) == 5)


ALL = (INFERENCE, BEDROCK, PROMPTING, JOBS, WORK)


@pytest.mark.parametrize(
    ("text", "silent"),
    [
        ("const AWS = require('aws-sdk');\nconst sagemaker = new AWS.SageMaker();\n", ALL),
        (
            (
                "const sm = new AWS.SageMaker({ region });\nsm.createPresignedNotebookInstanceUrl({});"
                "\nsm.stopNotebookInstance(given).promise();"
            ),
            ALL,
        ),
        ("const sm = new AWS.SageMaker();\nsm.createTrainingJob(given);", (INFERENCE, BEDROCK, PROMPTING)),
        ("const sm = new AWS.SageMaker();\nrun(sm);", (BEDROCK, PROMPTING)),
        (
            "import { Comprehend } from 'aws-sdk';\nconst c = new Comprehend();\nc.createEndpoint({});",
            (INFERENCE, BEDROCK, PROMPTING, WORK),
        ),
        (
            "import { Comprehend } from 'aws-sdk';\nconst c = new Comprehend();\nc.detectSentiment({});",
            (BEDROCK, PROMPTING, WORK),
        ),
        ("const sm = new AWS.SageMaker(), rt = new AWS.SageMakerRuntime();", ALL),
        ("export const rt = new AWS.SageMakerRuntime();", (BEDROCK, PROMPTING)),
        (
            (
                "import { SageMakerClient, StopNotebookInstanceCommand } from '@aws-sdk/client-sagemaker';\n"
                "const client = new SageMakerClient({});\nawait client.send(new StopNotebookInstanceCommand({}));"
            ),
            ALL,
        ),
        (
            (
                "import { SageMakerClient, CreateEndpointCommand } from '@aws-sdk/client-sagemaker';\n"
                "const client = new SageMakerClient({});\nawait client.send(new CreateEndpointCommand({}));"
            ),
            (INFERENCE, BEDROCK, PROMPTING),
        ),
    ],
)
def test_a_client_of_the_control_plane_invokes_no_model(text: str, silent: tuple[str, ...]) -> None:
    found = calls_of_inline_node(text, "t.yaml", HERE, {})
    assert tuple(each for each in found.silent if each not in (ENDPOINTS, ONWARD, UPLOADS)) == silent


@pytest.mark.parametrize(
    ("text", "keeps"),
    [
        ("const s3 = new AWS.S3();\ns3.getObject(given).promise();", True),
        ("new AWS.Lambda().invoke(given);", False),
        ("await client.send(new GetObjectCommand({}));", False),
        ("axios.post(address, data);", False),
    ],
)
def test_whether_work_is_handed_on(text: str, keeps: bool) -> None:
    assert (ONWARD in calls_of_inline_node(text, "t.yaml", HERE, {}).silent) is keeps


def test_commands_of_ai_services_are_read() -> None:
    text = "const { GetRecommendationsCommand } = require('@aws-sdk/client-personalize-runtime');\n"
    found = calls_of_inline_node(
        text + "new GetRecommendationsCommand({ campaignArn: c })", "t.yaml", HERE, {}
    )
    assert [(each.service, each.method) for each in found.calls] == [
        ("personalize-runtime", "get_recommendations")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "const aws = require('aws-sdk');\nconst texts = new aws.Comprehend({});\ntexts.detectSentiment(p, done);",
        "const { ComprehendClient, DetectSentimentCommand } = require('@aws-sdk/client-comprehend');\nconst { GetObjectCommand } = require('@aws-sdk/client-s3');\nnew GetObjectCommand({});\nnew DetectSentimentCommand({})",
        "import { ComprehendClient, DetectSentimentCommand } from '@aws-sdk/client-comprehend';\nnew DetectSentimentCommand({})",
    ],
)
def test_requests_of_services_of_which_all_invoke_a_model(text: str) -> None:
    found = calls_of_inline_node(text, "t.yaml", HERE, {})
    assert [(each.service, each.method) for each in found.calls] == [("comprehend", "detect_sentiment")]


def test_a_handler_is_found_with_all_that_is_deployed_with_it(tmp_path: Path) -> None:
    code = tmp_path / "src"
    (code / "node_modules" / "x").mkdir(parents=True)
    (code / "node_modules" / "x" / "index.js").write_text(MODELS)
    (code / "index.mjs").write_text("import { ask } from './lib.mjs';\nexport const handler = ask;")
    (code / "types.d.ts").write_text(MODELS)
    assert calls_of_node(code / "other", code, tmp_path, {}) is None
    found = calls_of_node(code / "index", code, tmp_path, {})
    assert found is not None
    assert (found.calls, found.complete) == ((), True)
    (code / "lib.mjs").write_text(MODELS + "new InvokeModelCommand({ modelId: 'm' })")
    found = calls_of_node(code / "index", code, tmp_path, {})
    assert found is not None
    assert [(call.service, call.method, call.span.line) for call in found.calls] == [
        ("bedrock-runtime", "invoke_model", 2)
    ]
    (code / "lib.mjs").write_text("export { ask } from '../shared/ask';")
    found = calls_of_node(code / "index", code, tmp_path, {})
    assert found is not None
    assert not found.complete


def test_only_what_a_handler_loads_is_its_code(tmp_path: Path) -> None:
    files = {
        "src/api/list.ts": "import { page } from '../lib/page';\nexport const handler = page;\n",
        "src/lib/page.ts": "export const page = () => [];\n",
        "src/analysis/score.ts": MODELS + "new ConverseCommand({ modelId: 'm' })",
    }
    write(tmp_path, **files)
    found = calls_of_node(tmp_path / "src/api/list", tmp_path / "src", tmp_path, {})
    assert found is not None
    assert found.calls == ()
    assert INFERENCE in found.silent
