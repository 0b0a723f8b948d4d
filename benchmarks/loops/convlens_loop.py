"""ConvLens's own loop, as the waiting worker runs it, for benchmarks/training.py: prints one JSON object."""

import json
import sys
import time
from dataclasses import replace

from cnn_core.data import catalog, datasets
from cnn_core.networks import presets
from cnn_core.training.settings import TrainSettings
from cnn_core.training.trainer import Trainer
from cnn_core.worker import warm_up


def main(preset: str, dataset: str, seed: int, target: float) -> None:
    """Train with this seed; print speeds in images per second, the last F1, and the seconds until it was `target`."""
    data = datasets.load(dataset)
    info = catalog.info(dataset)
    height, width, channels = info.shape
    architecture = presets.PRESETS[preset].architecture((channels, height, width), len(info.classes))
    warm_up()
    began = time.perf_counter()
    settings = TrainSettings(dataset=dataset, epochs=1, seed=seed, validation_fraction=0.0, device="cpu")
    trainer = Trainer(architecture, settings, data)
    for _step in trainer.steps():
        pass
    first = len(trainer.training) / (time.perf_counter() - began)
    f1 = trainer.score_test().macro_f1
    seconds = time.perf_counter() - began
    longer = Trainer(architecture, replace(settings, epochs=2), data)
    for _epoch in range(2):
        since = time.perf_counter()
        for _step in longer.steps():
            pass
    later = len(longer.training) / (time.perf_counter() - since)
    result = {"first_epoch": first, "later_epoch": later, "f1": f1}
    print(json.dumps({**result, "seconds": seconds if f1 >= target else None}))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
