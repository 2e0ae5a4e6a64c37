"""The Homebrew formula of a release names what pip would install, with its digest."""

import hashlib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]


def _script() -> ModuleType:
    spec = spec_from_file_location("formula", ROOT / "packaging" / "homebrew" / "formula.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_formula_pins_the_release_and_what_it_needs(tmp_path: Path) -> None:
    distribution = tmp_path / "mlwa_lint-9.8.7.tar.gz"
    distribution.write_bytes(b"a release")
    click = {
        "metadata": {"name": "click"},
        "download_info": {
            "url": "https://e.example/click.whl",
            "archive_info": {"hashes": {"sha256": "ab12"}},
        },
    }
    itself = {"metadata": {"name": "mlwa-lint"}, "download_info": {"url": "file:///x", "archive_info": {}}}
    text = _script().formula(distribution, {"install": [click, itself]})
    assert f'sha256 "{hashlib.sha256(b"a release").hexdigest()}"' in text
    assert "/mlwa-lint/mlwa_lint-9.8.7.tar.gz" in text
    assert '  resource "click" do\n    url "https://e.example/click.whl"\n    sha256 "ab12"\n  end' in text
    assert 'resource "mlwa-lint"' not in text
    assert "@" not in text.replace("python@3.13", "")
