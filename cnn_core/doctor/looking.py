"""Looking into a run's trained network, and training its network anew on one batch, for a moment each."""

import time

import numpy as np

from cnn_core import checkpoints
from cnn_core.checkpoints import CheckpointError
from cnn_core.data import datasets
from cnn_core.data.catalog import DatasetError
from cnn_core.data.datasets import Dataset
from cnn_core.doctor.rules.base import Case, Inside, LayerState
from cnn_core.inside.forward import convolutions, forward_all, linears
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.runs.history import Run
from cnn_core.training.one_core import TURN, one_core

IMAGES = 100  # of the test set, one after another of all classes as they come
BATCH = 32  # images to learn by heart
MOST_STEPS = 80
SECONDS = 0.4
MOST_WORK = 60_000_000  # multiply-adds of a batch forward: a larger network is not trained while a page waits
RATE = 0.003


def case_of(run: Run) -> Case:
    """The run with what its weights and a moment's training tell, as far as weights and images are there."""
    try:
        data = datasets.load(run.settings.dataset)
    except (DatasetError, ValueError):
        return Case(run)
    return Case(run, inside(run, data), learn_by_heart(run.architecture, data))


def inside(run: Run, data: Dataset) -> Inside | None:
    """The layers of a run's best weights, seen with the first test images; None without weights that give numbers."""
    if not run.has_model:
        return None
    try:
        model = checkpoints.load(run.path).model
    except CheckpointError:
        return None
    images = np.array(data.x_test[:IMAGES])
    weights = {name: module.weight for name, module in convolutions(model)}
    weights |= {name: module.weight for name, module in linears(model)}
    layers = []
    for answer in forward_all(model, images):
        channels = answer.output.shape[1]
        live = np.abs(answer.output).reshape(len(images), channels, -1).max(axis=(0, 2)) > 0
        opens = answer.layer is not None and answer.layer.sign == "never negative"
        values = np.zeros((1, 1), np.float32)
        if answer.name in weights:
            values = weights[answer.name].detach().cpu().numpy()
        rows = values.reshape(len(values), -1)
        layers.append(
            LayerState(
                answer.name,
                float(np.abs(values).max()),
                channels,
                int(channels - live.sum()) if opens else 0,
                len(rows) > 1 and bool((rows == rows[0]).all()),
            )
        )
    return Inside(tuple(layers), len(images))


def learn_by_heart(architecture: Architecture, data: Dataset) -> tuple[float, ...]:
    """The losses of training the network from new weights on one batch, step by step, with Adam.

    It ends after `MOST_STEPS`, or `SECONDS`. Empty where the network is too large for that.
    """
    import torch

    if architecture.failure() is not None or architecture.macs * BATCH > MOST_WORK:
        return ()
    images = torch.from_numpy(np.array(data.x_train[:BATCH])).permute(0, 3, 1, 2).float() / 255
    labels = torch.from_numpy(np.array(data.y_train[:BATCH])).long()
    losses: list[float] = []
    with TURN, one_core(), torch.enable_grad():
        model = build(architecture, seed=0)
        if any(layer.refused for layer in architecture.layers):
            return ()
        for name, layer in zip(architecture.names, architecture.layers):
            model.get_submodule(name).train(not layer.drop_rate)  # dropout would keep it from that
        optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
        end = time.perf_counter() + SECONDS
        while len(losses) < MOST_STEPS and time.perf_counter() < end:
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            losses.append(float(loss.detach()))
    return tuple(losses) if all(np.isfinite(losses)) else ()
