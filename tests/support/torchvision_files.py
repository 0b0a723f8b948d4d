"""A dataset's files as torchvision keeps them, made of the app's own arrays: an exported file then finds them there."""

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np

_IDX = {"train": "train", "test": "t10k"}
# The names of the images in CIFAR-10's own files are not among the arrays, so that these files have other checksums.
_UNCHECKED = "import torchvision.datasets.cifar as c; c.check_integrity = lambda *_: True; "
_RUN = "import runpy; runpy.run_path('network.py', run_name='__main__')"


def lay_out(dataset: str, arrays: Path, folder: Path) -> None:
    """Write `mnist` or `cifar10` into `folder/data`, from the .npy files in `arrays`."""
    if dataset == "mnist":
        raw = folder / "data" / "MNIST" / "raw"
        raw.mkdir(parents=True)
        for split, name in _IDX.items():
            for kind, array in (("images-idx3", "x"), ("labels-idx1", "y")):
                values = np.load(arrays / f"{array}_{split}.npy").astype(np.uint8).squeeze()
                head = bytes((0, 0, 8, values.ndim)) + np.array(values.shape, ">i4").tobytes()
                (raw / f"{name}-{kind}-ubyte").write_bytes(head + values.tobytes())
        return
    batches = folder / "data" / "cifar-10-batches-py"
    batches.mkdir(parents=True)
    for split, names in (("train", [f"data_batch_{n}" for n in range(1, 6)]), ("test", ["test_batch"])):
        images = np.load(arrays / f"x_{split}.npy").transpose(0, 3, 1, 2).reshape(-1, 3072)
        labels = np.load(arrays / f"y_{split}.npy")
        for name, own, answers in zip(
            names, np.split(images, len(names)), np.split(labels, len(names)), strict=True
        ):
            entry = {"data": np.ascontiguousarray(own), "labels": [int(answer) for answer in answers]}
            (batches / name).write_bytes(pickle.dumps(entry))
    (batches / "batches.meta").write_bytes(pickle.dumps({"label_names": [str(n) for n in range(10)]}))


def run(dataset: str, folder: Path) -> str:
    """What `folder/network.py` prints, run as it is in a process of its own."""
    command = [sys.executable, "-c", (_UNCHECKED if dataset == "cifar10" else "") + _RUN]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
