"""Records the answers of another evaluator of IAM policies, in `tests/data/iam/decisions.json`.

    npm install @cloud-copilot/iam-simulate
    python scripts/record_iam.py FOLDER_WITH_NODE_MODULES

The policies are made at random, from few actions and resources, so that they meet often. Recorded are the
policies and the answers; nothing of the other program is kept. `${AWS::AccountId}` is the account.
"""

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

OUTPUT = Path(__file__).parents[1] / "tests/data/iam/decisions.json"
COUNT = 400
ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/00000000-0000-0000-0000-000000000000"

ACTIONS = {
    "bucket": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
    "key": ["kms:Decrypt", "kms:Encrypt"],
    "none": ["sagemaker:InvokeEndpoint", "s3:GetObject"],
}
PATTERNS = ["*", "s3:*", "s3:Get*", "s3:?etObject", "S3:putobject", "kms:*", "kms:De*", "sagemaker:Invoke*"]
RESOURCES = {
    "s3": ["arn:aws:s3:::data/in/a.csv", "arn:aws:s3:::data/out/b.csv", "arn:aws:s3:::other/in/a.csv"],
    "kms": [KEY],
    "sagemaker": [f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:endpoint/score"],
}
ARNS = [
    "*",
    "arn:aws:s3:::data/*",
    "arn:aws:s3:::data/in/*",
    "arn:aws:s3:::*/in/?.csv",
    "arn:aws:s3:::other/*",
    "arn:aws:kms:*:*:key/*",
    "arn:aws:kms:us-east-1:${AWS::AccountId}:key/*",
    "arn:aws:sagemaker:*:${AWS::AccountId}:endpoint/sc*",
]
CONDITIONS: list[dict[str, Any]] = [
    {"Bool": {"aws:SecureTransport": "false"}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"StringEquals": {"aws:PrincipalTag/team": "ml"}},
    {"StringNotLike": {"aws:PrincipalTag/team": ["m*", "x"]}},
]
PRINCIPALS: list[Any] = [
    "*",
    {"AWS": "*"},
    {"AWS": "arn:aws:iam::${AWS::AccountId}:root"},
    {"AWS": "arn:aws:iam::${AWS::AccountId}:role/worker"},
    {"AWS": ["arn:aws:iam::${AWS::AccountId}:role/other", "arn:aws:iam::${AWS::AccountId}:role/worker"]},
    {"AWS": "arn:aws:iam::${AWS::AccountId}:role/other"},
    {"Service": "sagemaker.amazonaws.com"},
]
PROGRAM = """
import { runSimulation } from '@cloud-copilot/iam-simulate'
import { readFileSync } from 'node:fs'
const found = []
for (const one of JSON.parse(readFileSync(0, 'utf8'))) {
  const result = await runSimulation(one, {})
  if (result.resultType === 'error') { throw new Error(JSON.stringify(result)) }
  found.push(result.overallResult ?? result.analysis?.result)
}
console.log(JSON.stringify(found))
"""


def main() -> None:
    """Makes the policies, evaluates them, and writes the answers."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    chance = random.Random(17)
    cases = [_case(chance) for _ in range(COUNT)]
    request = json.dumps([_simulation(each) for each in cases])
    answers = json.loads(
        subprocess.run(
            ["node", "--input-type=module", "-e", PROGRAM],
            input=request,
            capture_output=True,
            text=True,
            check=True,
            cwd=sys.argv[1],
        ).stdout
    )
    lines = [
        json.dumps({**case, "allowed": answer == "Allowed"}, separators=(",", ":"))
        for case, answer in zip(cases, answers, strict=True)
    ]
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")


def _case(chance: random.Random) -> dict[str, Any]:
    about = chance.choice(sorted(ACTIONS))
    action = chance.choice(ACTIONS[about])
    case = {
        "about": about,
        "action": action,
        "resource": chance.choice(RESOURCES[action.partition(":")[0]]),
        "team": chance.choice(["ml", "web"]),
        "identity": [_statement(chance, None) for _ in range(chance.randint(0, 3))],
    }
    if about == "bucket":
        case["resource"] = chance.choice(RESOURCES["s3"][:2])
    if chance.random() < 0.25:
        case["boundary"] = [_statement(chance, None) for _ in range(chance.randint(1, 2))]
    if about == "bucket" and chance.random() < 0.7:
        case["policy"] = [
            _statement(chance, chance.choice(PRINCIPALS), "arn:aws:s3:::data/*")
            for _ in range(chance.randint(1, 2))
        ]
    if about == "key":
        case["policy"] = [
            _statement(chance, chance.choice(PRINCIPALS), "*") for _ in range(chance.randint(1, 3))
        ]
    return case


def _statement(chance: random.Random, principal: Any, resource: str | None = None) -> dict[str, Any]:
    several = chance.sample(PATTERNS, chance.randint(1, 2))
    arns = [resource] if resource is not None else chance.sample(ARNS, chance.randint(1, 2))
    found: dict[str, Any] = {"Effect": "Deny" if chance.random() < 0.25 else "Allow"}
    if principal is not None:
        found["Principal"] = principal
    found["NotAction" if chance.random() < 0.1 else "Action"] = several
    found["NotResource" if principal is None and chance.random() < 0.1 else "Resource"] = arns
    if chance.random() < 0.2:
        found["Condition"] = chance.choice(CONDITIONS)
    return found


def _simulation(case: dict[str, Any]) -> dict[str, Any]:
    def document(statements: list[Any]) -> Any:
        text = json.dumps({"Version": "2012-10-17", "Statement": statements})
        return json.loads(text.replace("${AWS::AccountId}", ACCOUNT))

    found: dict[str, Any] = {
        "request": {
            "principal": ROLE,
            "action": case["action"],
            "resource": {"resource": case["resource"], "accountId": ACCOUNT},
            "contextVariables": {"aws:SecureTransport": "true", "aws:PrincipalTag/team": case["team"]},
        },
        "identityPolicies": [{"name": "own", "policy": document(case["identity"])}],
        "serviceControlPolicies": [],
        "resourceControlPolicies": [],
    }
    if not case["identity"]:
        found["identityPolicies"] = []
    if "boundary" in case:
        found["permissionBoundaryPolicies"] = [{"name": "bound", "policy": document(case["boundary"])}]
    if "policy" in case:
        found["resourcePolicy"] = document(case["policy"])
    return found


if __name__ == "__main__":
    main()
