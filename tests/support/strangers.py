"""A run that a stranger made, with something for a page to render in everything that can be written into it."""

from pathlib import Path

from cnn_core import checkpoints
from cnn_core.files import write_json
from cnn_core.networks.architecture import Architecture
from cnn_core.runs import about, records
from cnn_core.runs.events import Batch, Event, Started
from cnn_core.training.settings import TrainSettings
from tests.support.hostile_texts import ONE_OF_ALL
from tests.support.trained_models import SMALL, write_model

NAME = ONE_OF_ALL.replace("/", "|")
STARTED: Started = {"type": "started", "epoch": 0, "step": 0, "steps_per_epoch": 1, "images": 10}
BATCH: Batch = {
    "type": "batch",
    "epoch": 0,
    "step": 1,
    "loss": 1.0,
    "accuracy": 0.5,
    "images_per_second": 9.0,
    "learning_rate": 0.1,
}


def run_of_a_stranger(home: Path, last: Event, name: str = NAME) -> None:
    """A run whose folder, titles, note, dataset, device, reason and classes are hostile, with a model."""
    path = home / "runs" / name
    settings = TrainSettings(dataset=ONE_OF_ALL)
    records.create(Architecture((1, 28, 28), SMALL, 10), settings, ONE_OF_ALL, path)
    started: Started = {**STARTED, "device": ONE_OF_ALL, "precision": ONE_OF_ALL}
    events: tuple[Event, ...] = (started, BATCH, last)
    for event in events:
        records.append(path, event.copy())
    write_json(path / about.ABOUT, {"note": ONE_OF_ALL})
    write_model(home, name)
    card = checkpoints.read_card(path).to_dict()
    scores = {"accuracy": 0.5, "macro_f1": 0.5, "loss": 1.0, "images": 10}
    card |= {
        "title": ONE_OF_ALL,
        "name": ONE_OF_ALL,
        "dataset": ONE_OF_ALL,
        "classes": [f"{ONE_OF_ALL} {number}" for number in range(10)],
        "test": {**scores, "confusion_matrix": [[1] * 10] * 10},
    }
    write_json(path / checkpoints.CARD, card)
