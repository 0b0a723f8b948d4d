"""CONTRIBUTING.md names files, folders and lists that are there."""

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
# Written in code, with a slash or an ending, and nothing in it to be filled in.
PATHS = sorted({p for p in re.findall(r"`([\w./]+)`", TEXT) if "/" in p or p.endswith((".py", ".md"))})
PLACES = [
    ROOT,
    ROOT / "cnn_core" / "doctor" / "programs",
    ROOT / "cnn_core" / "series",
    ROOT / "cnn_core",
    ROOT / "pages",
    ROOT / "cnn_core" / "networks" / "layers",
]
OF_A_PAGE = {"page.py", "keys.py", "charts.py", "__init__.py"}
LISTS = {
    "LAYER_TYPES": "cnn_core.networks.layers",
    "PAGES": "pages.ui.site",
    "SHIPPED": "cnn_core.data.catalog",
    "CURVES": "pages.train.builder.training_curves",
    "RULES": "cnn_core.doctor.examination",
    "PROGRAMS": "cnn_core.doctor.programs",
    "KINDS": "cnn_core.series",
    "chart_kind": "pages.ui.charts",
    "not_allowed": "cnn_core.arrays",
}


@pytest.mark.parametrize("path", [path for path in PATHS if path not in OF_A_PAGE])
def test_what_it_names_is_there(path):
    assert any((place / path).exists() for place in PLACES), f"CONTRIBUTING.md names {path}"


@pytest.mark.parametrize(("name", "module"), LISTS.items())
def test_the_lists_and_functions_it_names_are_there(name, module):
    assert name in TEXT
    assert hasattr(importlib.import_module(module), name)


def test_it_is_one_page():
    assert len(TEXT.splitlines()) <= 100


def test_every_folder_of_the_library_is_on_the_map():
    folders = {path.parent.relative_to(ROOT / "cnn_core").parts[0] for path in ROOT.glob("cnn_core/*/*.py")}
    chapters = {path.name for path in (ROOT / "pages").iterdir() if path.is_dir() and path.name[0] != "_"}
    for name in folders | chapters:
        assert f"`{name}/`" in TEXT, f"{name}/ is not on CONTRIBUTING.md's map"
