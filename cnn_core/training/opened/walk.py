"""A training in single steps, forwards and backwards: the same network, batches and optimizer as a run's.

Where it stands is a pure function of the settings and the number of steps, so that a step can be taken back bit for
bit, and a link that names the number shows the same again.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from cnn_core.arrays import Bytes, Floats, Integers, not_allowed
from cnn_core.networks.architecture import Architecture
from cnn_core.training import optimizers
from cnn_core.training.batches import scaled, shuffled, split
from cnn_core.training.memory import batch_problem
from cnn_core.training.one_core import one_core
from cnn_core.training.opened.passes import LayerPass, losses_of, passes
from cnn_core.training.settings import TrainSettings

MOST_PARAMETERS = 2_000_000
MOST_MACS = 2_000_000_000  # in a batch: about a second, forward and backward
KEPT_BYTES = 8_000_000  # of states to go back to, beside the first and the newest
SEEDS = 1_000_003  # more than anybody walks: each step's masks have a seed of their own


def problem(architecture: Architecture, batch_size: int) -> str:
    """Why a step of this network cannot be opened here, as a sentence; empty where it can."""
    if architecture.parameters > MOST_PARAMETERS:
        return (
            f"This network has {architecture.parameters:,} parameters; a step is opened of at most "
            f"{MOST_PARAMETERS:,}. Take a smaller one."
        )
    work = architecture.macs * batch_size
    if work > MOST_MACS:
        return (
            f"A batch of {batch_size} takes this network {work:,} multiply-adds; a step is opened of at most "
            f"{MOST_MACS:,}. Take fewer images or a smaller network."
        )
    return batch_problem(architecture, batch_size)


@dataclass(frozen=True)
class Place:
    """Where a training stands: `step` updates are done, and the next batch is number `batch` (from 1) of `batches`
    in epoch number `epoch` (from 1); `images` is the batch size."""

    step: int
    epoch: int
    batch: int
    batches: int
    images: int

    @property
    def images_seen(self) -> int:
        """Images that the updates so far were computed from, counted each time."""
        return self.step * self.images


@dataclass(frozen=True, eq=False)
class OpenedStep:
    """One step, from the images to the weights after.

    `images` (N, C, H, W) in 0..1, `labels` (N,), `probabilities` (N, K), `losses` (N,) in nats and `losses_after`
    those of the same batch after the update. `before`, `gradients` and `after` are all parameters by their names,
    `remembered` what the optimizer knew of each from the step before, `settings` what it was told.
    """

    place: Place
    images: Floats
    labels: Integers
    probabilities: Floats
    losses: Floats
    losses_after: Floats
    before: Mapping[str, Floats]
    gradients: Mapping[str, Floats]
    after: Mapping[str, Floats]
    remembered: Mapping[str, Mapping[str, Floats]]
    settings: Mapping[str, Any]
    layers: Mapping[str, LayerPass]

    @property
    def loss(self) -> float:
        """The loss of the batch: the mean of its images'."""
        return float(self.losses.astype(np.float64).mean())

    @property
    def loss_after(self) -> float:
        """The loss of the same batch after the update."""
        return float(self.losses_after.astype(np.float64).mean())


@dataclass(frozen=True, eq=False)
class _State:
    weights: dict[str, Tensor]
    optimizer: dict[str, Any]

    @property
    def bytes(self) -> int:
        slots = [value for one in self.optimizer["state"].values() for value in one.values()]
        tensors = [*self.weights.values(), *(value for value in slots if isinstance(value, Tensor))]
        return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


class Walk:
    """A copy of `model` on its way; the model itself, which others may share, is never changed.

    `images` uint8 (N, H, W, C) and `labels` (N,) are a dataset's training images, of which the settings take some;
    order, batches and optimizer are those of a run with the same settings and a constant learning rate.
    """

    def __init__(
        self, model: nn.Sequential, settings: TrainSettings, images: Bytes, labels: np.ndarray[Any, Any]
    ) -> None:
        self._model = copy.deepcopy(model).cpu().train().requires_grad_(True)
        self._parameters = dict(self._model.named_parameters())
        self._settings = settings
        self._optimizer = optimizers.make(settings, list(self._parameters.values()))
        fraction, limit = settings.validation_fraction, settings.train_limit
        self._training, _ = split(len(images), fraction, settings.seed, limit)
        self._images, self._labels = images, labels
        self._step = 0
        self._states = {0: self._state()}

    @property
    def place(self) -> Place:
        """Where the walk stands."""
        size = self._settings.batch_size
        batches = max(1, len(self._training) // size)
        epoch, batch = divmod(self._step, batches)
        return Place(self._step, epoch + 1, batch + 1, batches, min(size, len(self._training)))

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every parameter, by its name."""
        return {name: tuple(parameter.shape) for name, parameter in self._parameters.items()}

    def weights(self) -> dict[str, Floats]:
        """Parameters and buffers as they are now, copied."""
        return {name: value.detach().clone().numpy() for name, value in self._model.state_dict().items()}

    @one_core()
    def go_to(self, step: int) -> None:
        """Stand before the update number `step` (from 0). Raises `ValueError` for a negative one."""
        if step < 0:
            raise ValueError(not_allowed("step", step, "0 or more"))
        if step < self._step:
            self._restore(max(known for known in self._states if known <= step))
        while self._step < step:
            self._advance()
            self._keep()

    @one_core()
    def open(self) -> OpenedStep:
        """The step that comes next, looked at; the walk stays where it is."""
        images, labels = self._batch()
        state, running = self._state(), passes(self._model, images, labels, self._seed)
        before = _arrays(self._parameters)
        remembered = self._remembered()
        self._update(running.gradients)
        after = _arrays(self._parameters)
        losses_after = losses_of(self._model, images, labels, self._seed)
        self._load(state)
        return OpenedStep(
            self.place,
            images.contiguous().numpy(),
            labels.numpy(),
            running.logits.softmax(1).numpy(),
            running.losses.numpy(),
            losses_after.numpy(),
            before,
            _arrays(running.gradients),
            after,
            remembered,
            {name: value for name, value in self._optimizer.param_groups[0].items() if name != "params"},
            running.layers,
        )

    @property
    def _seed(self) -> int:
        return self._settings.seed * SEEDS + self._step

    def _batch(self) -> tuple[Tensor, Tensor]:
        place = self.place
        order = shuffled(self._training, self._settings.seed, place.epoch - 1)
        indices = order[(place.batch - 1) * place.images : place.batch * place.images].numpy()
        images = torch.from_numpy(np.array(self._images[indices]))
        return scaled(images).contiguous(), torch.from_numpy(np.array(self._labels[indices])).long()

    def _advance(self) -> None:
        images, labels = self._batch()
        self._update(passes(self._model, images, labels, self._seed, moved=True).gradients)
        self._step += 1

    def _update(self, gradients: Mapping[str, Tensor]) -> None:
        for name, parameter in self._parameters.items():
            parameter.grad = gradients[name]
        self._optimizer.step()
        self._optimizer.zero_grad()

    def _remembered(self) -> dict[str, dict[str, Floats]]:
        found = {}
        for name, parameter in self._parameters.items():
            slots = self._optimizer.state.get(parameter, {})
            found[name] = {slot: _array(value) for slot, value in slots.items() if isinstance(value, Tensor)}
        return found

    def _state(self) -> _State:
        weights = {name: value.detach().clone() for name, value in self._model.state_dict().items()}
        return _State(weights, copy.deepcopy(self._optimizer.state_dict()))

    def _load(self, state: _State) -> None:
        self._model.load_state_dict(state.weights)
        self._optimizer.load_state_dict(copy.deepcopy(state.optimizer))

    def _restore(self, step: int) -> None:
        self._load(self._states[step])
        self._step = step

    def _keep(self) -> None:
        """Note the present state; the oldest but the first go where they take too much memory."""
        self._states[self._step] = self._state()
        most = max(2, 2 + KEPT_BYTES // max(1, self._states[self._step].bytes))
        for old in sorted(self._states)[1 : len(self._states) - most + 1]:
            del self._states[old]


def _array(value: Tensor) -> Floats:
    return value.detach().cpu().clone().numpy()


def _arrays(values: Mapping[str, Tensor]) -> dict[str, Floats]:
    return {name: _array(value) for name, value in values.items()}
