"""Train the small runs that the activations and regularization pages show.

python -m cnn_core.studies.train_overfitting --out models/overfitting

300 MNIST images, 1,000 others to validate on, SGD with momentum, 30 epochs, three seeds; every run of a seed
starts from the same images in the same order, and differs in one setting. About three minutes on one core.
"""

import argparse
import json
import math
import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from cnn_core.arrays import Floats, to_float
from cnn_core.data import datasets
from cnn_core.data.augmentation import augment
from cnn_core.files import replacing
from cnn_core.networks.building import build
from cnn_core.studies.overfitting import EXPERIMENTS, Experiment, History, Run, Study, WeightHistogram

Labels = npt.NDArray[np.int64]

VALIDATION_IMAGES = 1000
BATCH_SIZE = 32
LEARNING_RATE = 0.05
MOMENTUM = 0.9
WEIGHT_LIMIT, WEIGHT_BINS = 0.3, 240


def sample(dataset: datasets.Dataset, images: int, seed: int) -> tuple[Floats, Labels, Floats, Labels]:
    """Training and validation images `(N, C, H, W)` in 0..1 with labels, drawn from the training set by `seed`.

    Raises `ValueError` where the dataset has too few images for `images` and at least as many to validate on.
    """
    available = len(dataset.x_train)
    held_out = min(VALIDATION_IMAGES, available - images)
    if images < 1 or held_out < images:
        raise ValueError(f"images is {images}; with {dataset.name} it must be in 1..{available // 2}")
    order = np.random.default_rng(seed).permutation(available)[: images + held_out]
    x, y = to_float(dataset.x_train[order]), dataset.y_train[order].astype(np.int64)
    return x[:images], y[:images], x[images:], y[images:]


def _objective(logits: Tensor, labels: Tensor, experiment: Experiment) -> Tensor:
    """The loss that is minimized; the mistake is to hand cross-entropy probabilities instead of logits."""
    return nn.functional.cross_entropy(logits.softmax(dim=1) if experiment.softmax_twice else logits, labels)


def _measure(model: nn.Module, x: Tensor, y: Tensor) -> tuple[float, float]:
    """Cross-entropy and accuracy in evaluation mode."""
    model.eval()
    with torch.inference_mode():
        logits = model(x)
        loss = nn.functional.cross_entropy(logits, y)
        return float(loss), float((logits.argmax(1) == y).float().mean())


def _rounded(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None


def train(
    experiment: Experiment,
    data: tuple[Floats, Labels, Floats, Labels],
    classes: int,
    epochs: int,
    seed: int,
) -> tuple[History, nn.Sequential]:
    """One run: its history and the trained network. `data` as from `sample`; the same seed gives the same run."""
    x, y, x_validation, y_validation = data
    torch.manual_seed(seed)
    rng, changes = np.random.default_rng(seed), np.random.default_rng(seed)
    channels, height, width = x.shape[1:]
    model = build(experiment.architecture((channels, height, width), classes), seed)
    optimizer = torch.optim.SGD(
        model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM, weight_decay=experiment.weight_decay
    )
    training = torch.from_numpy(x), torch.from_numpy(y)
    validation = torch.from_numpy(x_validation), torch.from_numpy(y_validation)
    rows = []
    for _ in range(epochs):
        model.train()
        order = rng.permutation(len(x))
        loss_sum, correct = 0.0, 0
        for start in range(0, len(order), BATCH_SIZE):
            batch = order[start : start + BATCH_SIZE]
            images = torch.from_numpy(augment(x[batch], experiment.augmentation, changes))
            logits, labels = model(images), training[1][batch]
            loss = _objective(logits, labels, experiment)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            loss_sum += loss.item() * len(batch)
            correct += int((logits.argmax(1) == labels).sum())
        running = loss_sum / len(x), correct / len(x)
        rows.append((*running, *_measure(model, *training), *_measure(model, *validation)))
    columns = [tuple(_rounded(value) for value in column) for column in zip(*rows)]
    return History(*columns), model  # type: ignore[arg-type]  # accuracies are always finite


def weight_histograms(model: nn.Sequential) -> tuple[WeightHistogram, ...]:
    """The final weights (not biases) of every convolution and linear layer; beyond the limit counts as at it."""
    histograms = []
    for name, layer in model.named_children():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            weight = layer.weight.detach().numpy().ravel()
            limits = (-WEIGHT_LIMIT, WEIGHT_LIMIT)
            counts, _ = np.histogram(weight.clip(*limits), bins=WEIGHT_BINS, range=limits)
            norm = round(float(np.linalg.norm(weight)), 4)
            histograms.append(WeightHistogram(name, *limits, tuple(int(n) for n in counts), norm))
    return tuple(histograms)


def study(dataset: str, images: int, epochs: int, seeds: Sequence[int], command: str) -> Study:
    """Train every experiment with every seed, saying on stderr which. Raises `DatasetMissing`, `ValueError`."""
    source = datasets.load(dataset)
    classes = len(source.classes)
    runs, validation_images = {}, 0
    for experiment in EXPERIMENTS.values():
        histories: dict[int, History] = {}
        weights: tuple[WeightHistogram, ...] = ()
        for seed in seeds:
            print(f"{experiment.name}, seed {seed}", file=sys.stderr)
            data = sample(source, images, seed)
            validation_images = len(data[2])
            histories[seed], model = train(experiment, data, classes, epochs, seed)
            weights = weights or weight_histograms(model)
        runs[experiment.name] = Run(experiment.name, histories, weights)
    return Study(
        command=command,
        dataset=dataset,
        training_images=images,
        validation_images=validation_images,
        epochs=epochs,
        batch_size=BATCH_SIZE,
        learning_rate=LEARNING_RATE,
        momentum=MOMENTUM,
        versions={"torch": str(torch.__version__), "numpy": np.__version__},
        runs=runs,
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Train all runs and write `runs.json`; 0 when done, 1 with a sentence when the data are not there."""
    p = argparse.ArgumentParser(
        prog="python -m cnn_core.studies.train_overfitting", description=(__doc__ or "").split("\n")[0]
    )
    p.add_argument("--out", type=Path, required=True, help="folder for runs.json")
    p.add_argument("--dataset", choices=datasets.NAMES, default="mnist")
    p.add_argument("--images", type=int, default=300, help="to train on")
    p.add_argument("--epochs", type=int, default=30)
    p.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    arguments = sys.argv[1:] if argv is None else list(argv)
    options = p.parse_args(arguments)
    command = shlex.join(["python", "-m", "cnn_core.studies.train_overfitting", *arguments])
    torch.set_num_threads(1)  # batches of 32 small images gain nothing from more
    try:
        result = study(options.dataset, options.images, options.epochs, options.seeds, command)
    except (datasets.DatasetError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    with replacing(options.out / "runs.json") as part:
        part.write_text(json.dumps(to_dict(result)) + "\n", encoding="utf-8")
    return 0


def to_dict(result: Study) -> dict[str, Any]:
    """The study as JSON-ready values; `experiments.read_study` reads them back."""
    runs = {
        name: {
            "histories": {str(seed): asdict(history) for seed, history in run.histories.items()},
            "weights": [asdict(layer) for layer in run.weights],
        }
        for name, run in result.runs.items()
    }
    return {**{key: value for key, value in result.__dict__.items() if key != "runs"}, "runs": runs}


if __name__ == "__main__":
    raise SystemExit(main())
