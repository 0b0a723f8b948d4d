"""Models on disk: the shipped ones load and are what their cards say; pickles and damage are refused in words."""

import json
import os
import pickle
import shutil
import struct
from pathlib import Path

import pytest
import torch

from cnn_core import checkpoints
from cnn_core.checkpoints import CheckpointError
from cnn_core.typed_json import JsonError

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
        ({"weights": "a\0.safetensors"}, "outside its folder"),
        ({"weights": ""}, "not a safetensors file"),
        ({"weights": f"{'a' * 300}.safetensors"}, "damaged .File name too long"),
        ({"classes": ["a" * 201] * 10}, "a class's name has more than 200 letters"),
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


def header(tensors: dict[str, object], length: int | None = None) -> bytes:
    """A safetensors file's beginning, with any `length` claimed for its header."""
    text = json.dumps(tensors).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text


def claim(shape: list[int], end: int) -> dict[str, object]:
    return {"dtype": "F32", "shape": shape, "data_offsets": [0, end]}


def pipe(file: Path) -> None:
    os.mkfifo(file)


def loop(file: Path) -> None:
    file.symlink_to(file.name)


def sparse(file: Path) -> None:
    """Two gigabytes that take no place, with a header that is right for them."""
    size = 2_000_000_000
    file.write_bytes(header({"conv1.weight": claim([size // 4], size)}))
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size + size)


def other_names(file: Path) -> None:
    file.write_bytes(header({"a" * 10_000: claim([1], 4)}) + bytes(4))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (pipe, "something else lies in its place"),
        (Path.mkdir, "something else lies in its place"),
        (loop, "damaged"),
        (sparse, "is in the network, not in the file"),
        (other_names, "is in the file, not in the network"),
        (lambda file: file.write_bytes(header({}, 2**63)), "damaged"),
        (lambda file: file.write_bytes(header({"conv1.weight": claim([2**62], 4)})), "damaged"),
        (lambda file: file.write_bytes(header({"conv1.weight": claim([1], 10**15)})), "damaged"),
        (lambda file: file.write_bytes(struct.pack("<Q", 200_000) + b"[" * 200_000), "damaged"),
    ],
    ids=["pipe", "folder", "link to itself", "sparse", "names", "header", "shape", "offsets", "nested"],
)
def test_whatever_lies_in_the_place_of_weights_is_refused_at_once(copy: Path, damage, message: str) -> None:
    file = copy / "weights.safetensors"
    file.unlink()
    damage(file)
    with pytest.raises(CheckpointError, match=message) as refused:
        checkpoints.load(copy)
    assert len(str(refused.value)) < 400
    assert str(copy.parent) not in str(refused.value)


def test_weights_of_other_shapes_are_named_with_both(copy: Path) -> None:
    card = json.loads((copy / checkpoints.CARD).read_text())
    card["architecture"]["layers"][0]["out_channels"] = 16
    (copy / checkpoints.CARD).write_text(json.dumps(card))
    with pytest.raises(
        CheckpointError, match=r"conv1.weight is of shape \(32, 1, 3, 3\); allowed is \(16, 1, 3, 3\)"
    ):
        checkpoints.load(copy)


def test_a_title_is_cut_where_it_is_read(copy: Path) -> None:
    card = json.loads((copy / checkpoints.CARD).read_text())
    (copy / checkpoints.CARD).write_text(json.dumps({**card, "title": "a" * 5_000}))
    assert checkpoints.read_card(copy).title == "a" * 200


SCORES = {"accuracy": 0.5, "macro_f1": 0.5, "loss": 1.0, "images": 4, "confusion_matrix": [[1, 1], [1, 1]]}


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[1, 1]], "not square"),
        ([[1, 1], [1]], "not square"),
        ([[1]], "not square"),
        ([], "not square"),
        ([[1, 2**40], [1, 1]], r"confusion_matrix\[0\]\[1\] is 1099511627776; allowed is 0 to 1e\+09"),
    ],
)
def test_scores_whose_matrix_is_none_are_refused(matrix: list[list[int]], message: str) -> None:
    with pytest.raises(JsonError, match=message):
        checkpoints.scores_of({**SCORES, "confusion_matrix": matrix})
    assert checkpoints.scores_of(SCORES) is SCORES
