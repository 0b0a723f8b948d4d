"""The loop of the tutorials, for benchmarks/training.py: torchvision's transforms, DataLoader, Adam, float32."""

import json
import sys
import time

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

from cnn_core.data import catalog, datasets
from cnn_core.judge import metrics
from cnn_core.networks import presets
from cnn_core.networks.building import build

MAX_EPOCHS = 3


class Pictures(Dataset[tuple[torch.Tensor, int]]):
    """As torchvision's MNIST and CIFAR10 answer: uint8 `(N, H, W, C)` in memory, a PIL image and transforms an item."""

    def __init__(self, x: np.ndarray, y: np.ndarray) -> None:  # type: ignore[type-arg]
        self.x, self.y = x, y
        channels = x.shape[-1]
        mean, deviation = [0.5] * channels, [0.25] * channels
        self.transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize(mean, deviation)])

    def __len__(self) -> int:
        return len(self.y)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        picture = self.x[index]
        image = Image.fromarray(picture[..., 0] if picture.shape[-1] == 1 else picture)
        return self.transform(image), int(self.y[index])


def main(preset: str, dataset: str, seed: int, target: float) -> None:
    """Train with this seed; print speeds in images per second, the last F1, and the seconds until it was `target`."""
    torch.manual_seed(seed)
    data = datasets.load(dataset)
    classes = len(catalog.info(dataset).classes)
    height, width, channels = catalog.info(dataset).shape
    began = time.perf_counter()
    train_images, test_images = Pictures(data.x_train, data.y_train), Pictures(data.x_test, data.y_test)
    model = build(presets.PRESETS[preset].architecture((channels, height, width), classes))
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
        f1 = metrics.macro_f1(metrics.confusion_matrix(y, p, classes))
        if f1 >= target:
            break
    seconds = time.perf_counter() - began
    result = {"first_epoch": first, "later_epoch": epoch(), "f1": f1}
    print(json.dumps({**result, "seconds": seconds if f1 >= target else None}))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
