"""Records the arguments of Terraform's AWS provider in `tests/data/terraform_provider/arguments.json`.

    pip download --no-deps cdktn-provider-aws
    python scripts/record_terraform_provider.py cdktn_provider_aws-*.whl

The provider publishes no schema that a package registry carries; CDK Terrain's generated bindings hold the
same names, and which of them are blocks. Recorded are the types of the services in
`vocabulary/generated.py`, and those that have a table. Nothing else of the package is kept.
"""

import io
import json
import re
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from mlwa_lint.frontends.terraform.vocabulary.generated import SERVICES
from mlwa_lint.frontends.terraform.vocabulary.index import MODULES, tables_in

OUTPUT = Path(__file__).parents[1] / "tests/data/terraform_provider/arguments.json"
_FUNCTION = re.compile(r"^function (\w+)ToHclTerraform\(struct\) \{$(.*?)^\}$", re.MULTILINE | re.DOTALL)
_OWN = re.compile(r"^    synthesizeHclAttributes\(\) \{$(.*?)^    \}$", re.MULTILINE | re.DOTALL)
_ARGUMENT = re.compile(
    r"^ +(?P<name>\w+): \{\n +value: (?P<value>.*),\n +isBlock: (?P<block>true|false),", re.MULTILINE
)
_INNER = re.compile(r"(?<!cdktn\.)\b(?:structs\d+\.|\(0, structs\d+_\d+\.)?(\w+)ToHclTerraform\b")
_TYPE = re.compile(r'static tfResourceType = "(\w+)"')
_VERSION = re.compile(r"providers/hashicorp/aws/([0-9.]+)/docs")


def main() -> None:
    """Reads the package and writes the record."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    wanted = {name for module in MODULES for name in tables_in(module)}
    prefixes = tuple(f"aws_{each}_" for each in SERVICES)
    types: dict[str, Any] = {}
    version = ""
    for source in _sources(Path(sys.argv[1])):
        found = _TYPE.search(source)
        if found is None or not (found[1] in wanted or found[1].startswith(prefixes)):
            continue
        number = _VERSION.search(source)
        version = number[1] if number else version
        types[found[1]] = _arguments(source)
    before = json.loads(OUTPUT.read_text("utf-8"))["types"]
    gone = {name: before[name] for name in wanted - types.keys() if name in before}
    lines = [
        f"{json.dumps(name)}:{json.dumps(types.get(name) or gone[name], separators=(',', ':'))}"
        for name in sorted({*types, *gone})
    ]
    head = f'{{"provider":{json.dumps(f"hashicorp/aws {version}")},\n"types":{{\n'
    OUTPUT.write_text(head + ",\n".join(lines) + "\n}}\n", "utf-8")


def _sources(wheel: Path) -> Iterator[str]:
    """The bindings of each type, one text per type."""
    with zipfile.ZipFile(wheel) as archive:
        bundle = next(name for name in archive.namelist() if name.endswith(".jsii.tgz"))
        content = io.BytesIO(archive.read(bundle))
    folders: dict[str, list[str]] = {}
    with tarfile.open(fileobj=content, mode="r:gz") as package:
        for member in package:
            # Large types keep their blocks in files of their own.
            place = re.fullmatch(r"package/lib/((?!data-)[\w-]+)/(index|index-structs/\w+)\.js", member.name)
            if place is not None:
                opened = package.extractfile(member)
                assert opened is not None
                text = opened.read().decode("utf-8").partition("//# sourceMappingURL")[0]
                folders.setdefault(place[1], []).append(text)
    for texts in folders.values():
        yield "\n".join(texts)


def _arguments(source: str) -> dict[str, Any]:
    """The arguments of a type by name, each with its kind or, for a block, with its content."""
    blocks = {match[1]: match[2] for match in _FUNCTION.finditer(source)}
    own = _OWN.search(source)
    assert own is not None

    def read(body: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for match in _ARGUMENT.finditer(body):
            inner = _INNER.search(match["value"])
            if match["name"] == "timeouts":
                continue
            if inner is not None and "hashMapper" not in match["value"]:
                kind = "many" if "listMapperHcl" in match["value"] else "one"
                found[match["name"]] = {kind: read(blocks[inner[1]])}
            else:
                found[match["name"]] = _kind(match["value"])
        return dict(sorted(found.items()))

    return read(own[1])


def _kind(value: str) -> str:
    if "hashMapperHcl" in value:
        return "map"
    return "list" if "listMapperHcl" in value else "attr"


if __name__ == "__main__":
    main()
