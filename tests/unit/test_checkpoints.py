"""Models on disk: the shipped ones load and are what their cards say; pickles and damage are refused in words."""

import json
import pickle
import shutil
from pathlib import Path

import pytest
import torch

from cnn_core import checkpoints
from cnn_core.checkpoints import CheckpointError

NAME = "mnist-3conv"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(checkpoints.folder(NAME), tmp_path / "copy"))


def test_the_shipped_model_is_what_its_card_says() -> None:
    model, card = checkpoints.load(NAME)
    assert NAME in checkpoints.names()
    assert sum(p.numel() for p in model.parameters()) == card.architecture.parameters == 93_322
    assert card.test is not None
    assert card.test["accuracy"] >= 0.99
    assert card.command.startswith("python -m cnn_core.train --dataset mnist")
    assert "/" not in card.command.replace("cnn_core/", "")


def test_weights_survive_saving(tmp_path: Path) -> None:
    model, card = checkpoints.load(NAME)
    checkpoints.save(tmp_path / "again", model.state_dict(), card)
    again, card_again = checkpoints.load(tmp_path / "again")
    assert card_again == card
    for name, value in model.state_dict().items():
        assert torch.equal(again.state_dict()[name], value)


def test_a_pickle_is_refused_unread(copy: Path) -> None:
    class Boom:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (str(copy / "was-here"),)

    (copy / "weights.pt").write_bytes(pickle.dumps(Boom()))
    with pytest.raises(CheckpointError, match="Pickled checkpoints can run any code"):
        checkpoints.load(copy, "weights.pt")
    (copy / "weights.safetensors").write_bytes(pickle.dumps(Boom()))
    with pytest.raises(CheckpointError, match="damaged"):
        checkpoints.load(copy)
    assert not (copy / "was-here").exists()


@pytest.mark.parametrize("cut", [0, 7, 100, 200_000])
def test_cut_off_weights_are_damaged_in_words(copy: Path, cut: int) -> None:
    file = copy / "weights.safetensors"
    file.write_bytes(file.read_bytes()[:cut])
    with pytest.raises(CheckpointError, match="damaged"):
        checkpoints.load(copy)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"architecture": {"input_shape": [1, 28, 28], "classes": 10, "layers": []}}, "do not fit|cannot"),
        ({"weights": "../other.safetensors"}, "outside its folder"),
        ({"architecture": 3}, "cannot be read"),
        ({"classes": 4}, "cannot be read"),
    ],
)
def test_a_wrong_card_is_one_sentence(copy: Path, change: dict[str, object], message: str) -> None:
    card = json.loads((copy / checkpoints.CARD).read_text())
    (copy / checkpoints.CARD).write_text(json.dumps({**card, **change}))
    with pytest.raises(CheckpointError, match=message):
        checkpoints.load(copy)


def test_a_card_that_is_not_json_and_a_model_that_is_not_there(copy: Path, tmp_path: Path) -> None:
    (copy / checkpoints.CARD).write_text("{")
    with pytest.raises(CheckpointError, match="cannot be read"):
        checkpoints.load(copy)
    with pytest.raises(CheckpointError, match="there is no model"):
        checkpoints.load(tmp_path / "nowhere")
