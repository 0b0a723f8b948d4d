"""Train the small runs that the activations and regularization pages show.

python -m cnn_core.studies.train_overfitting --out models/overfitting

300 MNIST images, 1,000 others to validate on, SGD with momentum, 30 epochs, three seeds: ordinary trainings that differ
in one setting. Every run of a seed starts from the same images in the same order. About two minutes on one core.
"""

import argparse
import json
import math
import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cnn_core.arrays import not_allowed
from cnn_core.data import catalog, datasets
from cnn_core.files import replacing
from cnn_core.networks.layers import type_of
from cnn_core.studies.overfitting import (
    COMMON,
    EXPERIMENTS,
    Experiment,
    History,
    Study,
    StudyRun,
    WeightHistogram,
)
from cnn_core.training.settings import TrainSettings

if TYPE_CHECKING:
    from torch import nn

    from cnn_core.training.trainer import Trainer

VALIDATION_IMAGES = 1000
WEIGHT_LIMIT, WEIGHT_BINS = 0.3, 240


def validation_fraction(dataset: datasets.Dataset, images: int) -> float:
    """The share of the training images to validate on, `VALIDATION_IMAGES` or half of all.

    Raises `ValueError` where the other half has no `images` to train on.
    """
    available = len(dataset.x_train)
    if not 2 <= images <= available // 2:
        raise ValueError(not_allowed("images", images, f"2 to {available // 2} with {dataset.name}"))
    return min(VALIDATION_IMAGES / available, 0.5)


def train(
    experiment: Experiment, settings: TrainSettings, dataset: datasets.Dataset
) -> tuple[History, "Trainer"]:
    """One run of the experiment's network: its history, and the trainer as it is then."""
    from cnn_core.training.trainer import Trainer

    height, width, channels = dataset.x_train.shape[1:]
    architecture = experiment.architecture((channels, height, width), len(dataset.classes))
    trainer = Trainer(architecture, settings, dataset)
    rows = []
    while trainer.epoch < settings.epochs:
        steps = list(trainer.steps())
        images = sum(step.images for step in steps)
        running = [float(sum(sums)) / images for sums in zip(*((step.loss, step.correct) for step in steps))]
        scores = trainer.score_training(), trainer.score_validation()
        measured = [value for score in scores if score for value in (score.loss, score.accuracy)]
        rows.append((*running, *measured))
    columns = [tuple(_rounded(value) for value in column) for column in zip(*rows)]
    return History(*columns), trainer  # type: ignore[arg-type]  # accuracies are always finite


def _rounded(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None


def weight_histograms(model: "nn.Sequential") -> tuple[WeightHistogram, ...]:
    """The final weights (not biases) of every convolution and linear layer; beyond the limit counts as at it."""
    histograms = []
    for name, layer in model.named_children():
        kind = type_of(layer)
        if kind is not None and kind.mixes:
            weight = layer.get_parameter("weight").detach().numpy().ravel()
            limits = (-WEIGHT_LIMIT, WEIGHT_LIMIT)
            counts, _ = np.histogram(weight.clip(*limits), bins=WEIGHT_BINS, range=limits)
            norm = round(float(np.linalg.norm(weight)), 4)
            histograms.append(WeightHistogram(name, *limits, tuple(int(n) for n in counts), norm))
    return tuple(histograms)


def study(name: str, images: int, epochs: int, seeds: Sequence[int], command: str) -> Study:
    """Train every experiment with every seed, saying on stderr which. Raises `DatasetMissing`, `ValueError`."""
    dataset = datasets.load(name)
    fraction = validation_fraction(dataset, images)
    runs, validation_images = {}, 0
    for experiment in EXPERIMENTS.values():
        histories: dict[int, History] = {}
        weights: tuple[WeightHistogram, ...] = ()
        for seed in seeds:
            print(f"{experiment.name}, seed {seed}", file=sys.stderr)
            settings = replace(
                experiment.settings,
                dataset=name,
                train_limit=images,
                validation_fraction=fraction,
                epochs=epochs,
                seed=seed,
            )
            histories[seed], trainer = train(experiment, settings, dataset)
            validation_images = len(trainer.validation)
            weights = weights or weight_histograms(trainer.model)
        runs[experiment.name] = StudyRun(experiment.name, histories, weights)
    return Study(
        command=command,
        dataset=name,
        training_images=images,
        validation_images=validation_images,
        epochs=epochs,
        batch_size=COMMON.batch_size,
        learning_rate=COMMON.learning_rate,
        momentum=COMMON.momentum,
        versions={"torch": version("torch"), "numpy": np.__version__},
        runs=runs,
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Train all runs and write `runs.json`; 0 when done, 1 with a sentence when the data are not there."""
    import torch

    p = argparse.ArgumentParser(
        prog="python -m cnn_core.studies.train_overfitting", description=(__doc__ or "").split("\n")[0]
    )
    p.add_argument("--out", type=Path, required=True, help="folder for runs.json")
    p.add_argument("--dataset", choices=[info.name for info in catalog.all_infos()], default=COMMON.dataset)
    p.add_argument("--images", type=int, default=COMMON.train_limit, help="to train on")
    p.add_argument("--epochs", type=int, default=COMMON.epochs)
    p.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    arguments = sys.argv[1:] if argv is None else list(argv)
    options = p.parse_args(arguments)
    command = shlex.join(["python", "-m", "cnn_core.studies.train_overfitting", *arguments])
    torch.set_num_threads(1)  # batches of 32 small images gain nothing from more
    try:
        result = study(options.dataset, options.images, options.epochs, options.seeds, command)
    except (catalog.DatasetError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    with replacing(options.out / "runs.json") as part:
        part.write_text(json.dumps(asdict(result)) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
