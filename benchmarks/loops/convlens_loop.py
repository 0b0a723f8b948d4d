"""ConvLens's own loop, as the waiting worker runs it, for benchmarks/training.py: prints one JSON object."""

import json
import sys
import time

from cnn_core import datasets, presets
from cnn_core.settings import TrainSettings
from cnn_core.training import Trainer
from cnn_core.worker import warm_up

WARM_UP = 20


def main(seed: int, target: float) -> None:
    data = datasets.load("mnist")
    architecture = presets.PRESETS["mnist-3conv"].architecture((1, 28, 28), 10)
    warm_up()
    began = time.perf_counter()
    settings = TrainSettings(epochs=1, seed=seed, validation_fraction=0.0, device="cpu")
    trainer = Trainer(architecture, settings, data)
    images, since = 0, began
    for index, step in enumerate(trainer.steps()):
        if index == WARM_UP:
            since = time.perf_counter()
        images += step.images if index > WARM_UP else 0
    steady = images / (time.perf_counter() - since)
    epoch = len(trainer.training) / (time.perf_counter() - began)
    f1 = trainer.score_test().macro_f1
    seconds = time.perf_counter() - began
    print(
        json.dumps(
            {
                "images_per_second": epoch,
                "steady_images_per_second": steady,
                "f1": f1,
                "seconds": seconds if f1 >= target else None,
            }
        )
    )


main(int(sys.argv[1]), float(sys.argv[2]))
