"""What all tests share: a home of their own, and the real datasets only for those that ask for them."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from cnn_core.files import home

# The first example pays for importing and warming up torch, so a deadline in milliseconds says nothing.
settings.register_profile("convlens", deadline=None, derandomize=True)
settings.load_profile("convlens")

REAL_HOME = home()


@pytest.fixture(autouse=True)
def convlens_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty CONVLENS_HOME, so that no test sees or leaves anything on the machine."""
    home = tmp_path / "convlens"
    monkeypatch.setenv("CONVLENS_HOME", str(home))
    monkeypatch.setenv("CONVLENS_WARM_WORKER", os.environ.get("CONVLENS_WARM_WORKER", "0"))
    return home


@pytest.fixture
def mnist_home(monkeypatch: pytest.MonkeyPatch, convlens_home: Path) -> Path:
    """The test's own home with this machine's real MNIST in it; skipped, saying so, where it is not there."""
    real = REAL_HOME / "data" / "mnist"
    if not (real / "x_train.npy").is_file():
        pytest.skip(f"needs the real MNIST in {REAL_HOME / 'data'}; the README says how to get it")
    (convlens_home / "data").mkdir(parents=True)
    (convlens_home / "data" / "mnist").symlink_to(real)
    return convlens_home
