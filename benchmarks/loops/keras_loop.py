"""The same network in Keras on TensorFlow, for benchmarks/training.py. Needs nothing of ConvLens.

`CONVLENS_KERAS` is a source file that defines `model`, compiled: the app's own export, with Keras's Adam.
"""

import json
import os
import runpy
import sys
import time
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

MAX_EPOCHS = 3


class Clock(keras.callbacks.Callback):
    """When each epoch of a fit ended."""

    def on_train_begin(self, logs: object = None) -> None:
        """No epoch has ended yet."""
        self.ends: list[float] = []

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        """Another one has."""
        self.ends.append(time.perf_counter())


def macro_f1(y: np.ndarray, p: np.ndarray) -> float:
    """The mean over the ten classes of their F1, from true classes `y` and predicted ones `p`, both (N,)."""
    scores = []
    for k in range(10):
        true = int(((p == k) & (y == k)).sum())
        scores.append(2 * true / max(1, int((p == k).sum() + (y == k).sum())))
    return float(np.mean(scores))


def main(seed: int, target: float) -> None:
    """Train with this seed; print speeds in images per second, the last F1, and the seconds until it was `target`."""
    keras.utils.set_random_seed(seed)
    folder = Path(os.environ["CONVLENS_DATA"])
    x_train, y_train, x_test, y_test = (
        np.load(folder / f"{name}.npy") for name in ("x_train", "y_train", "x_test", "y_test")
    )
    began = time.perf_counter()
    if x_train.ndim == 3:  # channels last
        x_train, x_test = x_train[..., None], x_test[..., None]
    x_train, x_test = x_train.astype("float32") / 255, x_test.astype("float32") / 255
    model = runpy.run_path(os.environ["CONVLENS_KERAS"])["model"]
    first, f1 = None, 0.0
    for _epoch in range(MAX_EPOCHS):
        since = time.perf_counter()
        model.fit(x_train, y_train, batch_size=128, epochs=1, verbose=0)
        first = first or len(x_train) / (time.perf_counter() - since)
        f1 = macro_f1(y_test, model.predict(x_test, batch_size=1000, verbose=0).argmax(1))
        if f1 >= target:
            break
    seconds = time.perf_counter() - began
    clock = Clock()
    model.fit(x_train, y_train, batch_size=128, epochs=2, verbose=0, callbacks=[clock])
    later = len(x_train) / (clock.ends[1] - clock.ends[0])
    result = {"first_epoch": first, "later_epoch": later, "f1": f1}
    print(json.dumps({**result, "seconds": seconds if f1 >= target else None}))


main(int(sys.argv[3]), float(sys.argv[4]))
