"""Models of our own making, where the pages look for trained ones."""

from pathlib import Path

import torch
from torch import nn

from cnn_core import checkpoints, datasets
from cnn_core.architecture import Architecture, Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU

SMALL = (Conv2d(3), ReLU(), MaxPool2d(2), Flatten(), Linear(10))


def write_model(
    home: Path,
    name: str,
    *layers: Layer,
    dataset: str = "digits",
    input_shape: tuple[int, int, int] = (1, 28, 28),
    test: dict[str, object] | None = None,
) -> nn.Sequential:
    """Write an untrained network (seed 0) as a finished run `name`; the model as the pages load it."""
    torch.manual_seed(0)
    architecture = Architecture(input_shape, layers or SMALL, 10)
    model = architecture.build()
    card = checkpoints.Card(
        name=name,
        title=name,
        dataset=dataset,
        classes=datasets.INFO["digits"].classes,
        architecture=architecture,
        settings={},
        test=test,
        command="",
        data="",
        versions={},
        created="2026-01-01",
    )
    checkpoints.save(home / "runs" / name, dict(model.state_dict()), card)
    return model.eval().requires_grad_(False)
