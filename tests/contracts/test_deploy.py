"""What is deployed is the app that is tested: the same packages, settings that a server starts with, the same look."""

import ast
from pathlib import Path

from streamlit.web.server.app_discovery import discover_asgi_app

from cnn_core import limits

ROOT = Path(__file__).parents[2]
CLOUD = ROOT / "deploy" / "cloud"
ENTRY = CLOUD / "streamlit_app.py"
OTHERWISE = {"CONVLENS_WARM_WORKER", "CONVLENS_FRAME_ANCESTORS"}


def packages(path):
    """Name to pinned version."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line and line[0] not in "#-"]
    return dict(line.split("==") for line in lines)


def settings():
    """`SETTINGS` of the entry point, which sets variables when it is imported."""
    for node in ast.parse(ENTRY.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SETTINGS":
            return ast.literal_eval(node.value)
    raise AssertionError("no SETTINGS")


def test_the_cloud_has_the_same_packages_and_cpu_builds_of_torch():
    expected = packages(ROOT / "requirements.txt")
    for name in ("torch", "torchvision"):
        expected[name] += "+cpu"
    assert packages(CLOUD / "requirements.txt") == expected


def test_the_cloud_looks_elsewhere_for_those_two_only():
    """Another index for all packages would, for uv, hide the registry's versions of what lies on it too."""
    options = [
        line for line in (CLOUD / "requirements.txt").read_text("utf-8").splitlines() if line.startswith("-")
    ]
    assert [line.split("/")[-2:] for line in options] == [["torch", ""], ["torchvision", ""]]
    assert all(line.startswith("--find-links https://") for line in options)


def test_the_clouds_settings_are_limits_that_a_server_starts_with_and_tighter_than_the_usual():
    mine = settings()
    named = {one.name: field for field, one in limits.settings().items()}
    assert set(mine) - set(named) == OTHERWISE
    tight, usual = limits.read(mine), limits.read({})
    for name in set(mine) & set(named):
        field = named[name]
        usually = usual.disk_bytes // limits.MEGABYTE if field == "disk_mb" else getattr(usual, field)
        assert getattr(tight, field) < usually, name


def test_streamlit_finds_the_app_in_both_entry_points():
    assert discover_asgi_app(ROOT / "app.py").import_string == "app:app"
    assert discover_asgi_app(ENTRY).import_string == "streamlit_app:app"


def test_the_configuration_beside_the_clouds_entry_point_is_the_repositorys():
    assert (CLOUD / ".streamlit" / "config.toml").samefile(ROOT / ".streamlit" / "config.toml")
