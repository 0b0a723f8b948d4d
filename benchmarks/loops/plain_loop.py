"""The loop of the tutorials, for benchmarks/training.py: torchvision dataset and transforms, DataLoader, float32."""

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets as torchvision_datasets
from torchvision import transforms

from cnn_core.data import datasets
from cnn_core.judge import metrics
from cnn_core.networks import presets
from cnn_core.networks.building import build

MAX_EPOCHS = 3


def write_idx(path: Path, array: np.ndarray) -> None:  # type: ignore[type-arg]
    """An uint8 array in the IDX format of the MNIST files: magic, big-endian sizes, bytes."""
    header = bytes([0, 0, 8, array.ndim]) + b"".join(int(size).to_bytes(4, "big") for size in array.shape)
    path.write_bytes(header + array.tobytes())


def torchvision_mnist(root: str) -> list[torchvision_datasets.MNIST]:
    """torchvision's own dataset of training and of test images, over the files it would have downloaded."""
    raw = Path(root) / "MNIST" / "raw"
    raw.mkdir(parents=True)
    data = datasets.load("mnist")
    for prefix, x, y in (("train", data.x_train, data.y_train), ("t10k", data.x_test, data.y_test)):
        write_idx(raw / f"{prefix}-images-idx3-ubyte", x[..., 0])
        write_idx(raw / f"{prefix}-labels-idx1-ubyte", y)
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
    return [torchvision_datasets.MNIST(root, train=train, transform=transform) for train in (True, False)]


def main(seed: int, target: float) -> None:
    """Train with this seed; print speeds in images per second, the last F1, and the seconds until it was `target`."""
    torch.manual_seed(seed)
    with tempfile.TemporaryDirectory() as root:
        train_images, test_images = torchvision_mnist(root)
    began = time.perf_counter()
    model = build(presets.PRESETS["mnist-3conv"].architecture((1, 28, 28), 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    criterion = nn.CrossEntropyLoss()
    training = DataLoader(train_images, batch_size=128, shuffle=True)
    test = DataLoader(test_images, batch_size=1000)

    def epoch() -> float:
        """One epoch; its images per second."""
        model.train()
        began = time.perf_counter()
        for x, y in training:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
        return len(train_images) / (time.perf_counter() - began)

    first, f1 = None, 0.0
    for _epoch in range(MAX_EPOCHS):
        speed = epoch()
        first = first or speed
        model.eval()
        with torch.no_grad():
            pairs = [(y, model(x).argmax(1)) for x, y in test]
        y, p = (torch.cat(part).numpy() for part in zip(*pairs))
        f1 = metrics.macro_f1(metrics.confusion_matrix(y, p, 10))
        if f1 >= target:
            break
    seconds = time.perf_counter() - began
    result = {"first_epoch": first, "later_epoch": epoch(), "f1": f1}
    print(json.dumps({**result, "seconds": seconds if f1 >= target else None}))


main(int(sys.argv[1]), float(sys.argv[2]))
