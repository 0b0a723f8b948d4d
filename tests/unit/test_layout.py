"""The floor plan: who may import whom, what lies where, and no torch before it is needed."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE = sorted((ROOT / "cnn_core").rglob("*.py"))
UI = sorted((ROOT / "pages" / "ui").rglob("*.py"))
SERVER = sorted((ROOT / "server").rglob("*.py"))
PAGES = sorted(set((ROOT / "pages").rglob("*.py")) - set(UI))
# From the top down: each imports only what comes after it.
FLOORS = (
    ("train", "worker"),
    ("doctor",),
    ("runs",),
    ("series",),
    ("studies",),
    ("training",),
    ("judge",),
    ("inside",),
    ("checkpoints",),
    ("data",),
    ("networks",),
    ("operations",),
    ("limits",),
    ("arrays", "files", "typed_json", "machine", "pictures", "histograms", "ranges", "figures"),
)
LIGHT = (
    "limits",
    "data.augmentation",
    "operations.convolution",
    "operations.pooling",
    "operations.kernels",
    "data.drawing",
    "data.datasets",
    "data.images",
    "doctor.looking",
    "doctor.programs",
    "doctor.examination",
    "inside.ablation",
    "inside.exciting_images",
    "inside.forward",
    "inside.feature_maps",
    "inside.filters",
    "inside.maximization",
    "inside.network_shift",
    "inside.receptive_field",
    "inside.trace",
    "judge.metrics",
    "networks.building",
    "networks.codegen",
    "networks.presets",
    "networks.repairs",
    "pictures",
    "runs.history",
    "runs.records",
    "runs.jobs",
    "series",
    "studies.train_overfitting",
    "training.settings",
)


def module(path: Path) -> str:
    """The dotted name of a file of this repository."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def everywhere() -> dict[str, Path]:
    return {module(path): path for path in CORE + UI + PAGES + SERVER}


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it; of `from a import b` both `a` and `a.b`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def own_imports(name: str) -> frozenset[str]:
    """The files of this repository that one imports, without the packages they lie in."""
    path = everywhere()[name]
    found = {other for other in imports(path) if other in everywhere() and other != name}
    return frozenset(o for o in found if not any(other.startswith(f"{o}.") for other in found))


def reached_from(name: str) -> set[str]:
    """Everything that a module imports, and what that imports."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        new = own_imports(waiting.pop()) - seen
        seen |= new
        waiting += new
    return seen


def floor(name: str) -> int:
    """The floor of a module of `cnn_core`, 0 at the top; a folder that is not in the plan is an error."""
    room = name.split(".")[1]
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def test_the_library_knows_neither_streamlit_nor_pages() -> None:
    wrong = [
        (module(p), m)
        for p in CORE
        for m in imports(p)
        if m.split(".")[0] in ("streamlit", "pages", "server", "app")
    ]
    assert wrong == []


def test_the_server_knows_no_pages() -> None:
    assert [(module(p), m) for p in SERVER for m in imports(p) if m.split(".")[0] in ("pages", "app")] == []


def test_the_library_imports_downwards_only() -> None:
    wrong = [
        (module(p), m)
        for p in CORE
        if p != ROOT / "cnn_core" / "__init__.py"
        for m in own_imports(module(p))
        if floor(m) < floor(module(p))
    ]
    assert wrong == []


def test_nothing_imports_in_a_circle() -> None:
    assert [name for name in everywhere() if name in reached_from(name)] == []


def test_what_pages_share_imports_no_page() -> None:
    wrong = [
        (module(p), m)
        for p in UI
        for m in imports(p)
        if m.startswith("pages.") and not m.startswith("pages.ui")
    ]
    assert wrong == []


def test_one_module_of_the_pages_asks_the_server() -> None:
    asks = {module(p) for p in UI + PAGES for m in imports(p) if m.split(".")[0] == "server"}
    assert asks == {"pages.ui.visitor"}


def test_a_page_imports_no_other_page_and_no_tensors() -> None:
    def allowed(path: Path, name: str) -> bool:
        own = ".".join(path.relative_to(ROOT).parts[:3])
        if name.startswith("pages."):
            return name.startswith((own, "pages.ui"))
        return name.split(".")[0] not in ("torch", "app")

    assert [(module(p), m) for p in PAGES for m in imports(p) if not allowed(p, m)] == []


def test_a_lesson_plan_handles_no_arrays() -> None:
    wrong = [(module(p), m) for p in PAGES if p.name == "page.py" for m in imports(p) if m == "numpy"]
    assert wrong == []


def test_what_one_page_alone_uses_lies_with_it() -> None:
    """`pages/ui` holds what two pages or more reach, or the app itself."""
    users: dict[str, set[str]] = {name: {"app", "every page"} for name in imports(ROOT / "app.py")}
    for path in PAGES:
        for name in reached_from(module(path)):
            users.setdefault(name, set()).add(".".join(module(path).split(".")[:3]))
    shared = [
        module(path) for path in UI if path.name != "__init__.py" or len(list(path.parent.glob("*.js")))
    ]
    assert {name: users.get(name, set()) for name in shared if len(users.get(name, set())) < 2} == {}


def test_no_script_lies_directly_in_pages() -> None:
    assert [path.name for path in (ROOT / "pages").glob("*.py")] == ["__init__.py"]


@pytest.mark.parametrize("tree", ["cnn_core", "pages", "server"])
def test_every_folder_says_what_lives_there_and_what_it_may_import(tree: str) -> None:
    for folder in {path.parent for path in (ROOT / tree).rglob("*.py")}:
        page = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
        words = ast.get_docstring(page) or ""
        assert "import" in words, f"{folder.relative_to(ROOT)} does not say what it may import"


def test_unit_tests_mirror_the_library() -> None:
    there = {path.relative_to(ROOT / "cnn_core") for path in CORE}
    unit = ROOT / "tests" / "unit"
    of = {path.relative_to(unit).parent / path.name.removeprefix("test_") for path in unit.rglob("test_*.py")}
    assert of - there == {Path("layout.py")}


def test_every_module_of_the_server_has_its_test() -> None:
    there = {path.name for path in SERVER} - {"__init__.py"}
    of = {path.name.removeprefix("test_") for path in (ROOT / "tests" / "server").glob("test_*.py")}
    assert there - of == set()


def test_page_tests_mirror_the_pages() -> None:
    pages = {path.parent.relative_to(ROOT / "pages") for path in PAGES if path.name == "page.py"}
    tests = ROOT / "tests" / "pages"
    for path in tests.rglob("test_*.py"):
        of = path.relative_to(tests).parent / path.name.removeprefix("test_").removesuffix(".py")
        shared = ROOT / "pages" / of
        assert of in pages or shared.is_dir() or shared.with_suffix(".py").is_file(), f"{of} is no page"


def test_no_pyplot_and_no_pickle() -> None:
    banned = ("matplotlib.pyplot", "pickle", "dill", "joblib")
    everything = CORE + UI + PAGES + SERVER
    assert [(module(p), m) for p in everything for m in imports(p) if m.startswith(banned)] == []


def test_no_page_excuses_the_order_of_its_imports() -> None:
    assert [module(p) for p in UI + PAGES if "noqa: E402" in p.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("name", LIGHT)
def test_light_modules_leave_torch_alone(name: str) -> None:
    code = f"import sys, cnn_core.{name}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
