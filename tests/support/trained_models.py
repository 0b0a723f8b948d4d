"""Models of our own making, where the pages look for trained ones."""

from pathlib import Path

import torch
from torch import nn

from cnn_core import checkpoints, files
from cnn_core.data import catalog
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.networks.layers import Conv2d, Flatten, GlobalAvgPool, Layer, Linear, MaxPool2d, ReLU
from cnn_core.runs import about, records
from cnn_core.training.settings import TrainSettings

SMALL = (Conv2d(3), ReLU(), MaxPool2d(2), Flatten(), Linear(10))
# Networks that a page may not have thought of: colour images, no convolution, a single value a map.
UNUSUAL = {
    "colour": SMALL,
    "dense": (Flatten(), Linear(10)),
    "pooled": (Conv2d(7), GlobalAvgPool(), Flatten(), Linear(10)),
}


def write_model(
    home: Path,
    name: str,
    *layers: Layer,
    dataset: str = "digits",
    input_shape: tuple[int, int, int] = (1, 28, 28),
    test: checkpoints.Scores | None = None,
    owner: str | None = None,
) -> nn.Sequential:
    """Write an untrained network (seed 0) as a finished run `name`; the model as the pages load it.

    `owner` is its browser's hash; None: it is one of the server's own. A run that is there already stays as it is.
    """
    torch.manual_seed(0)
    architecture = Architecture(input_shape, layers or SMALL, 10)
    model = build(architecture)
    card = checkpoints.Card(
        name=name,
        title=name,
        dataset=dataset,
        classes=catalog.info("digits").classes,
        architecture=architecture,
        settings={},
        test=test,
        command="",
        data="",
        versions={},
        created="2026-01-01",
        weights=records.BEST,
    )
    path = home / "runs" / name
    if not (path / records.SPEC).exists():
        records.create(architecture, TrainSettings(dataset=dataset), name, path, owner)
        files.write_json(path / about.ABOUT, {"title": name})
        records.append(path, {"type": "finished", "accuracy": 0.0, "macro_f1": 0.0})
    checkpoints.save(path, dict(model.state_dict()), card)
    return model.eval().requires_grad_(False)


def write_unusual(home: Path, kind: str) -> None:
    """Write the network `kind` of `UNUSUAL` as a run of that name."""
    if kind == "colour":
        write_model(home, kind, *UNUSUAL[kind], dataset="cifar10", input_shape=(3, 32, 32))
    else:
        write_model(home, kind, *UNUSUAL[kind])


def write_without_numbers(home: Path, name: str, weight: float) -> None:
    """Write `SMALL` as a run whose training overflowed: every weight is `weight`, NaN or too large to be summed."""
    model = write_model(home, name)
    weights = {key: torch.full_like(value, weight) for key, value in model.state_dict().items()}
    checkpoints.save(home / "runs" / name, weights, checkpoints.read_card(home / "runs" / name))
