"""Workspaces in which a configuration can be planned."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.terraform.evaluation.workspaces import workspaces_of
from mlwa_lint.frontends.terraform.syntax.folder import read_folder

ACCOUNTS = 'locals {\n  accounts = { dev = { id = "1" }, "live" = { id = "2" } }\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{ACCOUNTS}  id = local.accounts[terraform.workspace].id\n}}\n", ("dev", "live")),
        (f"{ACCOUNTS}  own = local.accounts[terraform.workspace]\n}}\n", ("dev", "live")),
        (f"{ACCOUNTS}}}\n", ()),
        (f"{ACCOUNTS}  id = try(local.accounts[terraform.workspace].id, 3)\n}}\n", ()),
        (f"{ACCOUNTS}  id = lookup(local.accounts, terraform.workspace, 3)\n}}\n", ()),
        ("locals {\n  own = var.accounts[terraform.workspace]\n}\n", ()),
        ("locals {\n  accounts = { (var.x) = 1 }\n  own = local.accounts[terraform.workspace]\n}\n", ()),
        (
            (
                f"{ACCOUNTS}  id = local.accounts[terraform.workspace].id\n"
                "  sizes = { s = { dev = 1, test = 2 } }\n  size = local.sizes.s[terraform.workspace]\n}\n"
            ),
            ("dev",),
        ),
    ],
)
def test_workspaces_by_the_keys_of_maps(text: str, expected: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    assert workspaces_of(read_folder(tmp_path, tmp_path, None)) == expected
