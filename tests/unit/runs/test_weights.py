"""Where a browser finds weights: an address for each file, a file for each address, and nothing else of the disk."""

import os
from pathlib import Path

import pytest

from cnn_core import checkpoints
from cnn_core.runs import records, weights
from tests.support.trained_models import write_model

NAME = "20260101-120000-digits-01234567"


def place(address: str) -> str:
    """What `find` gets of an address: without the first and the last part."""
    return address.removeprefix(f"{weights.FOLDER}/").rpartition("/")[0]


@pytest.fixture
def run(convlens_home: Path) -> Path:
    write_model(convlens_home, NAME)
    folder = convlens_home / "runs" / NAME
    records.epoch_weights(folder, 2).write_bytes(b"of an epoch")
    return folder


def test_every_address_is_found_and_is_the_file_that_was_meant(run: Path) -> None:
    shipped = checkpoints.folder("mnist-3conv")
    files = {
        weights.address(shipped): shipped / "weights.safetensors",
        weights.address(run): run / "best.safetensors",
        weights.address(run, 2): run / "epochs" / "003.safetensors",
    }
    assert len(files) == 3
    for address, path in files.items():
        found = weights.find(place(address))
        assert found is not None
        assert found.path == path
        assert address.endswith(f"/{found.stamp}")


def test_a_new_file_has_a_new_address(run: Path) -> None:
    before = weights.address(run)
    assert weights.address(run) == before
    os.utime(run / "best.safetensors", ns=(1, 1))
    assert weights.address(run) != before
    assert place(weights.address(run)) == place(before)


def test_an_address_of_what_is_not_there_is_not_found(run: Path) -> None:
    for address in (weights.address(run, 5), weights.address(run.parent / "gone")):
        assert address.endswith("/none")
        assert weights.find(place(address)) is None
    records.epoch_weights(run, 2).unlink()
    assert weights.find(f"run/{NAME}/2") is None


@pytest.mark.parametrize(
    "place",
    [
        "",
        "run",
        f"run/{NAME}",
        f"run/{NAME}/best/best",
        f"run/{NAME}/",
        f"run/{NAME}/-1",
        f"run/{NAME}/1e3",
        f"run/{NAME}/²",
        f"run/{NAME}/9999999",
        f"run/{NAME}/resume",
        f"run/{NAME}/spec.json",
        f"Run/{NAME}/best",
        f"shipped/{NAME}/best",
        "shipped/mnist-3conv/0",
        "shipped/overfitting/best",
        "shipped/../best",
        "run/../best",
        "run/./best",
        "run//best",
        "run/\x00/best",
        f"run/../runs/{NAME}/best",
        f"run/{NAME}\\..\\{NAME}/best",
        f"run/{'a' * 300}/best",
        "run/\ud800/best",
    ],
)
def test_what_is_no_place_is_not_found(place: str, run: Path) -> None:
    assert weights.find(place) is None


def test_what_lies_elsewhere_or_is_no_file_of_tensors_is_not_found(run: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.safetensors"
    outside.write_bytes(b"secret")
    epoch = records.epoch_weights(run, 0)
    try:
        epoch.symlink_to(outside)
    except OSError:  # Windows asks for a right
        pytest.skip("symbolic links are not allowed here")
    assert weights.find(f"run/{NAME}/0") is None
    epoch.unlink()
    epoch.mkdir()
    assert weights.find(f"run/{NAME}/0") is None
    card = run / checkpoints.CARD
    card.write_text(card.read_text().replace("best.safetensors", "spec.json"))
    assert weights.find(f"run/{NAME}/best") is None


def test_a_deleted_runs_weights_are_gone(run: Path) -> None:
    (run / records.SPEC).rename(run / records.DELETED)
    assert weights.find(f"run/{NAME}/best") is None
    assert weights.find(f"run/{NAME}/2") is None
