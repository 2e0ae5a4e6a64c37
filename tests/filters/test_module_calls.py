from pathlib import Path

import pytest

from mlwa_lint.files.lines import SourceLines
from mlwa_lint.filters.module_calls import ModuleCalls


@pytest.mark.parametrize(
    ("address", "calls"),
    [
        ("module.a.aws_x.y", [("app", "a")]),
        ('module.a["k.module.z"].module.b.aws_x.y', [("app", "a"), ("modules/a", "b")]),
        ("app.module.a[0].aws_x.y", [("app", "a")]),
        ("dev/app.module.a.aws_x.y", [("app", "a")]),
        ("aws_x.module", []),
        ('aws_x.y["module.a.b"]', []),
    ],
)
def test_the_calls_on_the_way_to_a_resource(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, calls: list[tuple[str, str]]
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder, text in (("app", 'module "a" {\n  source = "../modules/a"\n}\n'), ("modules/a", "")):
        Path(folder).mkdir(parents=True)
        (Path(folder) / "main.tf").write_text(text)
    found = ModuleCalls(SourceLines({}), ["app/main.tf", "modules/a/main.tf"])
    assert list(found.of("app", address)) == calls
