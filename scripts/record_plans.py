"""Records what Terraform plans for the architectures of `fixtures/architectures`, as data for tests.

    python scripts/record_plans.py CLI_CONFIG [NAME ...]

CLI_CONFIG is a Terraform CLI configuration that locates the AWS provider (a filesystem mirror, say);
no request reaches AWS. The provider's requests while it plans are answered here. Each configuration is
planned as if it had been applied: what a first plan leaves open (ARNs, generated names) is made up and put
into a state, then what depends on that, until a plan leaves nothing open. That is what a plan of a running
workload looks like. The first plan of a good version is kept as well, as `…-new.json`.
"""

import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

ROOT = Path(__file__).parent.parent
ARCHITECTURES = ROOT / "fixtures" / "architectures"
PLANS = ROOT / "tests" / "data" / "plans"
REGION, ACCOUNT = "eu-west-1", "111122223333"
ROUNDS = 10
# What has no default.
VARIABLES = {
    "region": REGION,
    "code_bucket_name": "code-of-functions",
    "model_package_arn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/churn/7",
    "review_package_arn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/review/3",
    "bias_definition_name": "churn-bias",
    "explainability_definition_name": "pump-shap",
    "alert_email": "ml@example.com",
    "simulator_image": "ami-0a1b2c3d4e5f60718",
}
# What the tests read of a plan, and of each part of it.
KEPT = ("format_version", "terraform_version", "resource_changes", "configuration")
NAMES = ("id", "name", "bucket", "arn")
KEPT_CHANGE = ("address", "module_address", "mode", "type", "name", "index", "provider_name", "change")

_ANSWERS = {
    "GetCallerIdentity": (
        f"<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::{ACCOUNT}:user/planner</Arn>"
        f"<UserId>AIDAEXAMPLE</UserId><Account>{ACCOUNT}</Account></GetCallerIdentityResult>"
        "</GetCallerIdentityResponse>"
    ),
    "DescribeAvailabilityZones": "<DescribeAvailabilityZonesResponse><availabilityZoneInfo>"
    + "".join(
        f"<item><zoneName>{REGION}{letter}</zoneName><zoneId>euw1-az{number}</zoneId>"
        f"<zoneState>available</zoneState><regionName>{REGION}</regionName></item>"
        for number, letter in enumerate("abc", 1)
    )
    + "</availabilityZoneInfo></DescribeAvailabilityZonesResponse>",
    "ValidateStateMachineDefinition": '{"result": "OK", "diagnostics": []}',
}


class _Aws(http.server.BaseHTTPRequestHandler):
    """Answers the calls that the provider makes while it plans."""

    def do_POST(self) -> None:
        request = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        action = request["Action"][0] if "Action" in request else self.headers["X-Amz-Target"].split(".")[1]
        body = _ANSWERS.get(action, "<Error/>").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Logs nothing."""


def _override(port: int) -> str:
    return f"""
provider "aws" {{
  access_key                  = "mock"
  secret_key                  = "mock"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  endpoints {{
    sts = "http://127.0.0.1:{port}"
    ec2 = "http://127.0.0.1:{port}"
    sfn = "http://127.0.0.1:{port}"
  }}
}}
"""


# Types that the provider at hand may lack: their blocks are left out, and the tests know it.
UNSUPPORTED = ("aws_sagemaker_model_card", "aws_bedrockagentcore_memory")
# Values that it may not accept yet: it plans with an older one, and the record has the configuration's.
NEWER_VALUES = {"notebook-al2023-v1": "notebook-al2-v3", "~> 6.60": "~> 5.80"}
_UNSUPPORTED = re.compile(rf'^resource "(?:{"|".join(UNSUPPORTED)})" .*?^}}\n', re.MULTILINE | re.DOTALL)


class Planner:
    """Plans one configuration in a copy of its folder."""

    def __init__(self, source: Path, folder: Path, port: int, cli_config: str) -> None:
        self.folder = folder
        shutil.copytree(source, folder, dirs_exist_ok=True)
        for each in folder.rglob("*.tf"):
            # Made-up values make Terraform replace some resources on the way.
            own = each.read_text("utf-8")
            own = _UNSUPPORTED.sub("", own)
            for value, older in NEWER_VALUES.items():
                own = own.replace(f'"{value}"', f'"{older}"')
            each.write_text(own.replace("prevent_destroy = true", "prevent_destroy = false"), "utf-8")
        text = "".join(each.read_text("utf-8") for each in source.glob("*.tf"))
        name = "zz_override.tf" if 'provider "aws"' in text else "zz_provider.tf"
        (folder / name).write_text(_override(port), "utf-8")
        declared = set(re.findall(r'^variable "(\w+)"', text, re.MULTILINE))
        self.variables = {key: value for key, value in VARIABLES.items() if key in declared}
        self.environment = {
            **os.environ,
            "TF_CLI_CONFIG_FILE": cli_config,
            "TF_IN_AUTOMATION": "1",
            "AWS_REGION": REGION,
        }
        self.made: set[str] = set()
        self._terraform("init", "-input=false")
        self._schemas: Any = None

    def _terraform(self, *arguments: str) -> str:
        command = ["terraform", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}: {done.stderr}")
        return done.stdout

    def plan(self) -> Any:
        """One plan, with the state that is there."""
        given = [f"-var={key}={value}" for key, value in self.variables.items()]
        self._terraform("plan", "-input=false", "-refresh=false", "-out=plan", *given)
        return json.loads(self._terraform("show", "-json", "plan"))

    @property
    def schemas(self) -> Any:
        """The provider's schemas."""
        if self._schemas is None:
            self._schemas = json.loads(self._terraform("providers", "schema", "-json"))
        return self._schemas

    def settled(self, plan: Any) -> Any:
        """A plan that leaves nothing open, or no more than several rounds do, from the first plan on."""
        stated = _stated(plan["configuration"]["root_module"])
        for _ in range(ROUNDS):
            managed = [each for each in plan["resource_changes"] if each["mode"] == "managed"]
            if all(each["change"]["actions"] == ["no-op"] for each in managed):
                break
            before = len(self.made)
            self._remember(managed, stated)
            if len(self.made) == before:
                break
            plan = self.plan()
        return plan

    def _remember(self, changes: list[Any], stated: dict[str, set[str]]) -> None:
        """Writes the state in which all is made whose arguments are known."""
        (provider,) = self.schemas["provider_schemas"].values()
        resources = []
        for change in changes:
            schema = provider["resource_schemas"][change["type"]]
            unknown = change["change"].get("after_unknown") or {}
            own = stated.get(re.sub(r"\[.*?\]", "", change["address"]), set())
            if not _is_known(unknown, schema["block"], own):
                continue
            self.made.add(change["address"])
            invented = _Invented(change)
            values = invented.block(change["change"]["after"] or {}, schema["block"])
            instance = {"schema_version": schema["version"], "attributes": values}
            if "index" in change:
                instance["index_key"] = change["index"]
            resources.append(
                {
                    **({"module": change["module_address"]} if "module_address" in change else {}),
                    "mode": "managed",
                    "type": change["type"],
                    "name": change["name"],
                    "provider": f'provider["{change["provider_name"]}"]',
                    "instances": [instance],
                }
            )
        state = {"version": 4, "terraform_version": "1.5.0", "serial": 1, "lineage": "recorded"}
        grouped = _grouped(resources)
        (self.folder / "terraform.tfstate").write_text(
            json.dumps({**state, "outputs": {}, "resources": grouped}), "utf-8"
        )


def _stated(module: Any, prefix: str = "") -> dict[str, set[str]]:
    """The arguments that a configuration states, by address without keys."""
    found = {
        prefix + each["address"]: set(each.get("expressions", {})) for each in module.get("resources", [])
    }
    for name, call in module.get("module_calls", {}).items():
        found |= _stated(call["module"], f"{prefix}module.{name}.")
    return found


def _is_known(unknown: Any, block: Any, stated: set[str]) -> bool:
    """Whether nothing is open but what the service answers."""
    for name, attribute in block.get("attributes", {}).items():
        if unknown.get(name) is True and (name in stated or not attribute.get("computed")):
            return False
    for name, nested in block.get("block_types", {}).items():
        inner = unknown.get(name)
        if inner is True and name in stated:
            return False
        if isinstance(inner, list) and not all(_is_known(each, nested["block"], set()) for each in inner):
            return False
    return True


def _grouped(resources: list[Any]) -> list[Any]:
    """Instances of one resource together."""
    found: dict[tuple[str, str, str], Any] = {}
    for each in resources:
        key = (each.get("module", ""), each["type"], each["name"])
        if key in found:
            found[key]["instances"] += each["instances"]
        else:
            found[key] = each
    return list(found.values())


class _Invented:
    """Values for what AWS would have answered about a resource."""

    def __init__(self, change: Any) -> None:
        self.kind = change["type"].removeprefix("aws_")
        self.after = change["change"]["after"] or {}
        key = re.sub(r"\W+", "-", str(change.get("index", "")))
        module = re.sub(r"^module\.|\W+", "", change.get("module_address", ""))
        self.name = "-".join(filter(None, (module, change["name"], key))).replace("_", "-")

    def block(self, values: Any, block: Any) -> dict[str, Any]:
        """The values of a block with all that is missing."""
        found: dict[str, Any] = {}
        for name, attribute in block.get("attributes", {}).items():
            known = values.get(name)
            # What may be given as well is left out, but for names: few made-up values would be valid.
            answered = attribute.get("computed") and (name in NAMES or not attribute.get("optional"))
            found[name] = self.value(name, attribute["type"]) if known is None and answered else known
        for name, nested in block.get("block_types", {}).items():
            inner = values.get(name)
            if isinstance(inner, list):
                found[name] = [self.block(each, nested["block"]) for each in inner]
            elif isinstance(inner, dict):
                found[name] = self.block(inner, nested["block"])
            else:
                found[name] = None if nested["nesting_mode"] == "single" else []
        return found

    def value(self, name: str, kind: Any) -> Any:
        if kind != "string":
            return {"number": 0, "bool": False}.get(kind) if isinstance(kind, str) else None
        if name.endswith("arn"):
            return self.arn()
        if name == "id":
            return self.identifier()
        if name in ("name", "bucket"):
            prefix = self.after.get("name_prefix") or self.after.get("bucket_prefix") or ""
            return prefix + self.name
        if name == "repository_url":
            return f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{self.after.get('name')}"
        # Little else is requested, and much of it is checked.
        return f"{self.name}-{name}" if name.endswith(("_id", "url", "endpoint")) else None

    def identifier(self) -> str:
        for key in ("bucket", "name", "alias", "device_fleet_name", "pipeline_name", "feature_group_name"):
            if isinstance(self.after.get(key), str):
                return str(self.after[key])
        return self.value("name", "string") if self.kind == "s3_bucket" else f"{self.kind}-{self.name}"

    def arn(self) -> str:
        if self.kind == "s3_bucket":
            return f"arn:aws:s3:::{self.after.get('bucket') or self.value('bucket', 'string')}"
        service, _, rest = self.kind.partition("_")
        if service == "sns":
            return f"arn:aws:sns:{REGION}:{ACCOUNT}:{self.name}"
        own = self.after.get("name") or self.after.get("pipeline_name") or self.name
        region = "" if service == "iam" else REGION
        return f"arn:aws:{service}:{region}:{ACCOUNT}:{rest}/{own}"


def trimmed(plan: Any) -> Any:
    """A plan without what is never read: computed values that are empty, what was before, schemas."""
    kept = {key: plan[key] for key in KEPT if key in plan}
    changes = [each for each in plan["resource_changes"] if each["mode"] == "managed"]
    kept["resource_changes"] = [_change(each) for each in changes]
    return kept


def _change(change: Any) -> Any:
    kept = {key: change[key] for key in KEPT_CHANGE if key in change}
    inner = change["change"]
    kept["change"] = {key: inner[key] for key in ("actions", "after", "after_unknown") if key in inner}
    return kept


def _write(name: str, plan: Any, source: Path) -> None:
    text = json.dumps(trimmed(plan), indent=1, sort_keys=True)
    stated = "".join(each.read_text("utf-8") for each in source.glob("*.tf"))
    for value, older in NEWER_VALUES.items():
        if value in stated:
            text = text.replace(f'"{older}"', f'"{value}"')
    (PLANS / f"{name}.json").write_text(f"{text}\n", "utf-8")


def main(arguments: list[str]) -> None:
    cli_config, *names = arguments
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Aws)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for source in sorted(ARCHITECTURES.glob("*/*/")):
        name = f"{source.parent.name}-{source.name}"
        if names and name not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            planner = Planner(source, Path(folder) / "copy", server.server_port, cli_config)
            first = planner.plan()
            plan = planner.settled(first)
        changes = [each for each in plan["resource_changes"] if each["mode"] == "managed"]
        left = [each["address"] for each in changes if each["change"]["actions"] != ["no-op"]]
        print(name, len(changes), "resources, not settled:", *left)
        _write(name, plan, source)
        if source.name == "good":
            _write(f"{name}-new", first, source)
    server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1:])
