"""Who may import whom: app -> pages -> pages/ui -> cnn_core, and no torch before it is needed."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE = sorted((ROOT / "cnn_core").rglob("*.py"))
UI = sorted((ROOT / "pages" / "ui").rglob("*.py"))
PAGES = sorted(set((ROOT / "pages").rglob("*.py")) - set(UI))
LIGHT = (
    "convolution",
    "pooling",
    "kernels",
    "drawing",
    "datasets",
    "images",
    "metrics",
    "plots",
    "runs",
    "jobs",
)


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_library_knows_neither_streamlit_nor_pages() -> None:
    wrong = [
        (p.name, m) for p in CORE for m in imports(p) if m.split(".")[0] in ("streamlit", "pages", "app")
    ]
    assert wrong == []


def test_what_pages_share_imports_no_page() -> None:
    wrong = [
        (p.name, m) for p in UI for m in imports(p) if m.startswith("pages.") and not m.startswith("pages.ui")
    ]
    assert wrong == []


def test_pages_import_no_other_page_and_no_tensors() -> None:
    banned = ("torch", "numpy", "app")
    wrong = [
        (p.name, m)
        for p in PAGES
        for m in imports(p)
        if m.split(".")[0] in banned or (m.startswith("pages.") and not m.startswith("pages.ui"))
    ]
    assert wrong == []


def test_no_script_lies_directly_in_pages() -> None:
    assert list((ROOT / "pages").glob("*.py")) == []


def test_no_pyplot_and_no_pickle() -> None:
    banned = ("matplotlib.pyplot", "pickle", "dill", "joblib")
    assert [(p.name, m) for p in CORE + UI + PAGES for m in imports(p) if m.startswith(banned)] == []


@pytest.mark.parametrize("module", LIGHT)
def test_light_modules_leave_torch_alone(module: str) -> None:
    code = f"import sys, cnn_core.{module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
