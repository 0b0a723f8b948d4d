"""A run as one file that its owner takes home: a zip with weights, card, settings, scores, curves and code."""

import json
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from cnn_core import files
from cnn_core.arrays import not_allowed
from cnn_core.checkpoints import CARD
from cnn_core.figures.picture import csv
from cnn_core.networks import codegen, json_form, repairs, shorthand
from cnn_core.runs import onnx_file, records
from cnn_core.runs.events import Batch, Epoch
from cnn_core.runs.history import Run

if TYPE_CHECKING:
    import pandas as pd

SETTINGS, SCORES, EPOCHS, BATCHES = "settings.json", "scores.json", "epochs.csv", "batches.csv"
NETWORK, ONNX, README = "network.py", "model.onnx", "README.txt"
MOST_BYTES = 200_000_000
WORDS = {
    records.BEST: "the best epoch's weights: safetensors.torch.load_file gives them by the names in network.py",
    CARD: "what the network is, its scores, and the command that makes it again",
    NETWORK: "the network as PyTorch source",
    SETTINGS: "everything the training was told",
    SCORES: "the scores on the test images; a row of the confusion matrix is a true class",
    EPOCHS: "each epoch's numbers: epoch counts from 0, losses are in nats, accuracies in 0..1",
    BATCHES: "means over neighbouring batches, about 1,000 rows at most, the first and the last among them",
    ONNX: f"the same network: {onnx_file.INPUT} float32 (N, C, H, W) in 0..1 to {onnx_file.OUTPUT} (N, K)",
}


def bundle(run: Run, *, onnx: bool = False) -> bytes:
    """The zip of a run as it is now, with the network as ONNX too where that is asked for.

    Whose the run is stands nowhere in it. Raises `OSError` where a file cannot be read, `onnx_file.OnnxError`.
    """
    parts: dict[str, bytes] = {SETTINGS: _json(_settings(run))}
    if run.has_model:
        parts[records.BEST] = files.read_whole(run.path / records.BEST, MOST_BYTES)
        parts[CARD] = files.read_whole(run.path / CARD)
    if not repairs.problems(run.architecture):
        parts[NETWORK] = codegen.pytorch_module(run.architecture).encode()
    if run.test is not None:
        parts[SCORES] = _json(run.test)
    if run.epochs:
        parts[EPOCHS] = csv(table(run.epochs))
    if run.batches:
        parts[BATCHES] = csv(table(run.batches))
    if onnx:
        if not run.has_model:
            raise onnx_file.OnnxError(not_allowed("the run", "without weights", "one that has a network"))
        parts[ONNX] = onnx_file.export(run.path)
    parts[README] = _readme(run, parts).encode()
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as file:
        for name, data in parts.items():
            packed = name in (records.BEST, ONNX)  # weights get no smaller
            file.writestr(name, data, ZIP_STORED if packed else ZIP_DEFLATED)
    return buffer.getvalue()


def table(events: Sequence[Batch] | Sequence[Epoch]) -> "pd.DataFrame":
    """A row an event; what an event has of each layer is a column a layer ("gradient_norms.conv1")."""
    import pandas as pd

    frame = pd.json_normalize([dict(event) for event in events])
    return frame.drop(columns=["type", "time"], errors="ignore")


def file_name(run_id: str) -> str:
    """A run's id in letters that every disk takes."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in run_id)
    return f"convlens-{plain[:80]}.zip"


def _settings(run: Run) -> dict[str, object]:
    return {
        "title": run.title,
        "note": run.note,
        "status": run.status,
        "reason": run.reason,
        "created": run.created,
        "network": shorthand.to_text(run.architecture.layers),
        "architecture": json_form.write(run.architecture),
        "settings": run.settings.to_dict(),
        "versions": records.versions(),
        "learning_rates_by_hand": list(run.learning_rates),
    }


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1) + "\n").encode()


def _readme(run: Run, parts: dict[str, bytes]) -> str:
    lines = [f"{name}: {WORDS[name]}." for name in parts]
    return "\n".join([f"A training run of ConvLens, {run.id}.", "", *lines, ""])
