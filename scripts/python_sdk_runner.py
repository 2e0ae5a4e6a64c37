"""Runs scripts with a real SDK and writes down every request that they would send. Nothing is sent.

    python scripts/python_sdk_runner.py < scripts.jsonl > requests.jsonl

Runs in an environment of its own, with boto3 and one version of the SageMaker SDK.
"""

import contextlib
import datetime
import io
import json
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

os.environ.update(
    AWS_ACCESS_KEY_ID="none",
    AWS_SECRET_ACCESS_KEY="none",
    AWS_DEFAULT_REGION="eu-west-1",
    AWS_EC2_METADATA_DISABLED="true",
    TELEMETRY_OPT_OUT="true",
)
ENDED = ("Completed", "InService", "Succeeded", "Created", "Active")
REQUESTS: list[dict[str, Any]] = []


def answer(shape: Any, depth: int = 0) -> Any:
    """A plausible answer of a service."""
    if shape is None or depth > 6:
        return {}
    if shape.type_name == "structure":
        needed = set(shape.required_members)
        if depth == 0:
            needed |= {name for name in shape.members if name.endswith(("Arn", "Name", "Id", "Status"))}
            needed |= {name for name, inner in shape.members.items() if inner.type_name == "list"}
        return {name: answer(inner, depth + 1) for name, inner in shape.members.items() if name in needed}
    if shape.type_name in ("list", "map"):
        return [] if shape.type_name == "list" else {}
    if shape.type_name == "string":
        values = getattr(shape, "enum", []) or []
        ended = next((each for each in ENDED if each in values), None)
        return ended or (values[0] if values else "arn:aws:x:eu-west-1:111122223333:x/x")
    return {"timestamp": datetime.datetime(2026, 1, 1), "boolean": False}.get(shape.type_name, 1)


def intercept() -> None:
    """Every call of every client is noted, validated and answered here."""
    from botocore.client import BaseClient

    def called(self: Any, operation: str, parameters: dict[str, Any]) -> Any:
        model = self._service_model.operation_model(operation)
        copied = {key: value for key, value in parameters.items() if key != "Body"}
        REQUESTS.append(
            {
                "service": self._service_model.service_name,
                "operation": operation,
                "parameters": json.loads(json.dumps(copied, default=str)),
            }
        )
        from botocore.validate import ParamValidator

        if model.input_shape is not None:
            report = ParamValidator().validate(parameters, model.input_shape)
            if report.has_errors():
                raise ValueError(report.generate_report())
        if operation == "GetCallerIdentity":
            return {"Account": "111122223333", "Arn": "arn:aws:iam::111122223333:role/x", "UserId": "x"}
        if operation == "GetRole":
            allowed = {"Effect": "Allow", "Action": "sts:AssumeRole"}
            trust = {"Statement": [{**allowed, "Principal": {"Service": "sagemaker.amazonaws.com"}}]}
            role = {"RoleName": "service", "Arn": "arn:aws:iam::111122223333:role/service"}
            return {"Role": {**role, "AssumeRolePolicyDocument": trust}}
        return answer(model.output_shape)

    setattr(BaseClient, "_make_api_call", called)  # noqa: B010 - it is private, and what all calls go through


def main() -> None:
    """Runs each script of standard input in a folder that has the files it names."""
    intercept()
    out = sys.stdout
    for line in sys.stdin:
        entry = json.loads(line)
        REQUESTS.clear()
        error = ""
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            os.chdir(folder)
            Path("train.py").write_text("print('x')\n", encoding="utf-8")
            try:
                exec(compile(entry["source"], entry["name"], "exec"), {"__name__": "__main__"})
            except BaseException:  # noqa: BLE001 - what a script does wrong is reported
                error = traceback.format_exc().strip().splitlines()[-1]
        os.chdir("/")
        out.write(json.dumps({**entry, "error": error, "requests": list(REQUESTS)}) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
