"""Runs in any state, of any browser, as a list finds them."""

import json
from pathlib import Path

from cnn_core.checkpoints import Scores
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Flatten, Linear
from cnn_core.runs import records
from cnn_core.runs.events import Event
from cnn_core.runs.ownership import owner_of
from cnn_core.training.settings import TrainSettings
from tests.conftest import BROWSER

STARTED: Event = {
    "type": "started",
    "epoch": 0,
    "step": 0,
    "steps_per_epoch": 10,
    "images": 10,
    "device": "CPU",
    "precision": "float32",
}
BATCH: Event = {
    "type": "batch",
    "epoch": 0,
    "step": 5,
    "loss": 1.0,
    "accuracy": 0.5,
    "images_per_second": 1.0,
    "learning_rate": 0.1,
}
SCORES: Scores = {
    "accuracy": 0.9375,
    "macro_f1": 0.9,
    "loss": 0.25,
    "images": 160,
    "confusion_matrix": [[15 if row == column else 0 for column in range(10)] for row in range(10)],
}


def write_run(
    *events: Event, title: str = "mine", browser: str | None = BROWSER, tested: bool = False
) -> Path:
    """A run of the browser with this secret (None: the server's own) that these events happened to; its folder."""
    path = records.create(
        Architecture((1, 28, 28), (Flatten(), Linear(10)), 10),
        TrainSettings(dataset="digits", epochs=1),
        title,
        owner=None if browser is None else owner_of(browser),
    )
    for event in events:
        records.append(path, event)
    if tested:
        (path / records.METRICS).write_text(json.dumps(SCORES))
    return path
