"""docs/rules is what the rules' docstrings say today."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[4]


def test_the_pages_are_current() -> None:
    spec = importlib.util.spec_from_file_location("build_docs", ROOT / "scripts" / "build_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = {path.name: path.read_text("utf-8") for path in (ROOT / "docs" / "rules").glob("*.md")}
    assert written == module.pages(), "run python scripts/build_docs.py"
