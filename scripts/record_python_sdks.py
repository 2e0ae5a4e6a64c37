"""Records what real SDKs request: `tests/data/python_sdks/*.jsonl`, which tests compare with our evaluation.

    python scripts/record_python_sdks.py boto3=PYTHON v2=PYTHON v3=PYTHON

Each PYTHON is the interpreter of an environment with that SDK: `pip install boto3`, `'sagemaker==2.*'`,
`'sagemaker>=3'`. The scripts are made at random from a fixed seed; nothing is sent anywhere.
"""

import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.python_sdk_scripts import scripts

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "tests" / "data" / "python_sdks"
RUNNER = ROOT / "scripts" / "python_sdk_runner.py"
KEPT = frozenset(
    {"sagemaker", "application-autoscaling", "cloudwatch", "s3", "iam", "kms", "lambda", "glue", "bedrock"}
)


def main(arguments: list[str]) -> int:
    failed = 0
    for argument in arguments:
        name, _, python = argument.partition("=")
        given_lines = "".join(json.dumps(each) + "\n" for each in scripts(name))
        done = subprocess.run(
            [python, str(RUNNER)], input=given_lines, capture_output=True, text=True, check=True
        )
        lines = []
        for line in done.stdout.splitlines():
            entry = json.loads(line)
            if entry["error"]:
                failed += 1
                print(f"{name} {entry['name']}: {entry['error'][:300]}", file=sys.stderr)
                continue
            del entry["error"]
            entry["requests"] = [
                each
                for each in entry["requests"]
                if each["service"] in KEPT and each["operation"].startswith(("Create", "Put", "Register"))
            ]
            lines.append(json.dumps(entry, ensure_ascii=False, sort_keys=True))
        OUTPUT.mkdir(parents=True, exist_ok=True)
        (OUTPUT / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{name}: {len(lines)} scripts recorded")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
