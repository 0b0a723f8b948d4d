"""The training loop: one network, one dataset held as a uint8 tensor, steps that can be paused between batches.

What makes it fast, measured by `benchmarks/training.py`: the data stay one uint8 tensor indexed by batch (on the GPU
where there is one) and cropped to what the network reads, convolutions run channels-last and in bfloat16 where the
processor multiplies bfloat16 itself, max pooling and ReLU are one operation on a CPU, Adam is fused, and on a CPU each
thread takes its part of the batch.
"""

import functools
import math
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from cnn_core.data.datasets import Dataset
from cnn_core.judge import metrics
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.networks.shapes import sides_read
from cnn_core.training import optimizers, schedules
from cnn_core.training.batches import augmented, scaled, shuffled, split
from cnn_core.training.compute import bfloat16_pays, pick_device
from cnn_core.training.fusion import fused
from cnn_core.training.initialization import initialize
from cnn_core.training.settings import TrainSettings
from cnn_core.training.shards import Shards
from cnn_core.training.vitals import Vitals, Watch, dead_relus

EVAL_BATCH = 250  # larger ones leave the caches
DEAD_AFTER = 128  # images that bring a ReLU's channel nowhere above 0


class Diverged(RuntimeError):
    """The loss is no longer a number; the message says at which step and what to try."""


@dataclass(frozen=True)
class Score:
    """Loss (mean cross-entropy, nats), accuracy and macro F1 (0..1) over some images, and the answers: `labels` (N,),
    `predictions` (N,), `probabilities` (N, K)."""

    loss: float
    accuracy: float
    macro_f1: float
    labels: np.ndarray[Any, Any]
    predictions: np.ndarray[Any, Any]
    probabilities: np.ndarray[Any, Any]


@dataclass(frozen=True)
class Step:
    """One batch: means over it are `loss / images` and `correct / images`; both are still on the device."""

    images: int
    loss: Tensor
    correct: Tensor


class Trainer:
    """A network being trained. `steps()` yields after every batch of one epoch; nothing here writes to disk.

    The state between two batches is `epoch` (finished epochs), `step` (finished batches of the present one), and what
    `tensors()` and `scalars()` return; `restore` continues from them bit for bit on the same device. Without
    `compiles` it begins at once, and is slower then: for some steps only.
    """

    def __init__(
        self, architecture: Architecture, settings: TrainSettings, dataset: Dataset, *, compiles: bool = True
    ) -> None:
        self.settings = settings
        self.device = pick_device(settings.device)
        self.dataset = dataset
        torch.manual_seed(settings.seed)
        model = build(architecture)
        initialize(model, settings.initialization)
        self.model = model.to(self.device).to(memory_format=torch.channels_last)
        self._fast = fused(self.model, self.device, compiles)
        self._rows, self._columns = sides_read(architecture.input_shape, architecture.layers)
        self._parameters = list(self.model.parameters())
        self._layers = [name.split(".")[0] for name, _ in self.model.named_parameters()]
        self._autocast = bfloat16_pays(self.device)
        whole = any(layer.needs_whole_batch for layer in architecture.layers)
        self._shards = Shards(self.device.type == "cpu" and not whole)
        self._x = self._tensor(dataset.x_train)
        self._y = self._tensor(dataset.y_train).long()
        fraction, limit = settings.validation_fraction, settings.train_limit
        labels = self._y if settings.stratified else None
        training, self.validation = split(len(self._x), fraction, settings.seed, limit, labels)
        self.training = training
        # A last batch of one image would break batch norm, which has no variance to divide by: it is left out.
        self.steps_per_epoch = max(1, math.ceil((len(training) - 1) / settings.batch_size))
        self.optimizer = optimizers.make(settings, self._parameters)
        self.scheduler = schedules.make(settings, self.optimizer, self.steps_per_epoch)
        self.epoch = 0
        self.step = 0
        self.look = True  # at the next step; at the last one of an epoch in any case
        self.vitals: Vitals | None = None  # of the last step that was looked at

    def _tensor(self, array: np.ndarray[Any, Any]) -> Tensor:
        # The memory map is read-only and shared by all processes; a tensor over it is only ever read.
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="The given NumPy array is not writable")
            return torch.from_numpy(np.asarray(array)).to(self.device)

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step."""
        return float(self.optimizer.param_groups[0]["lr"])

    def set_learning_rate(self, value: float) -> None:
        """Use `value` from the next step on, and no schedule any more."""
        self.scheduler = None
        for group in self.optimizer.param_groups:
            group["lr"] = value

    @property
    def _dtype(self) -> torch.dtype:
        return torch.bfloat16 if self._autocast else torch.float32

    def inputs(self, images: Tensor) -> Tensor:
        """What the network reads of images (N, H, W, C) uint8, as (N, C, rows, columns) in 0..1, channels last."""
        images = images[:, : self._rows, : self._columns].contiguous()
        return scaled(images, self._dtype)

    def _changed(self, indices: Tensor) -> Tensor:
        """What `inputs` gives of these images after this step's random changes, which need them whole."""
        images = augmented(self._x[indices], self.settings, self.epoch, self.step)
        images = images[:, :, : self._rows, : self._columns]
        return images.to(self._dtype, memory_format=torch.channels_last)

    def steps(self) -> Iterator[Step]:
        """Train the rest of the present epoch, yielding after every batch; ends with `epoch` one higher."""
        size = self.settings.batch_size
        order = shuffled(self.training, self.settings.seed, self.epoch).to(self.device)
        self._fast.train()
        while self.step < self.steps_per_epoch:
            indices = order[self.step * size : (self.step + 1) * size]
            learn = functools.partial(self._learn, batch=len(indices))
            with self._shards.sharing():
                parts = self._parts(indices)
                losses, correct, gradients = zip(*self._shards.map(learn, parts))
                self._set_gradients(gradients)
                looks = self.look or self.step + 1 == self.steps_per_epoch
                watch = Watch(self._layers, self._parameters) if looks else None
                if self.settings.clip_norm:
                    nn.utils.clip_grad_norm_(self._parameters, self.settings.clip_norm)
                self.optimizer.step()
                if watch is not None:
                    self.vitals, self.look = watch.after(), False
            schedules.after_batch(self.scheduler)
            self.step += 1
            yield Step(
                len(indices), functools.reduce(torch.add, losses), functools.reduce(torch.add, correct)
            )
        self.epoch, self.step = self.epoch + 1, 0

    def end_epoch(self, loss: float) -> None:
        """Tell the schedule the loss that the epoch ended with: on the validation images, or else its own."""
        schedules.after_epoch(self.scheduler, loss)

    def _parts(self, indices: Tensor) -> list[tuple[Tensor, Tensor | None]]:
        """A batch shared out: the indices of each part's images, and the images themselves where they are changed."""
        parts = self._shards.split(indices)
        if not self.settings.augmentation.active:
            return [(part, None) for part in parts]  # each thread reads its own
        return list(zip(parts, torch.split(self._changed(indices), [len(part) for part in parts])))

    def _learn(
        self, part: tuple[Tensor, Tensor | None], batch: int
    ) -> tuple[Tensor, Tensor, tuple[Tensor, ...]]:
        """Loss summed over these images, how many are right, and their part of the gradients of the mean loss."""
        indices, images = part
        if images is None:
            images = self.inputs(self._x.index_select(0, indices))
        labels = self._y[indices]
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self._autocast):
            logits = self._fast(images).float()
        given = logits.softmax(1) if self.settings.softmax_before_loss else logits
        loss = nn.functional.cross_entropy(
            given, labels, reduction="sum", label_smoothing=self.settings.label_smoothing
        )
        gradients = torch.autograd.grad(loss / batch, self._parameters)
        return loss.detach(), (logits.detach().argmax(1) == labels).sum(), gradients

    def _set_gradients(self, parts: Sequence[tuple[Tensor, ...]]) -> None:
        gradients, *others = parts
        for other in others:
            torch._foreach_add_(gradients, other)
        for parameter, gradient in zip(self._parameters, gradients):
            if gradient.stride() != parameter.stride():
                # Fused optimizers walk memory, not indices: a gradient must lie as its parameter does.
                gradient = torch.empty_like(parameter).copy_(gradient)
            parameter.grad = gradient

    def score_validation(self) -> Score | None:
        """The scores on the validation images; None where none are held out."""
        if len(self.validation) == 0:
            return None
        held_out = self.validation.to(self.device)
        return self._score(self._x[held_out], self._y[held_out])

    def dead_relus(self) -> dict[str, float]:
        """Of each ReLU the share of its channels that none of `DEAD_AFTER` held-out images brings above 0."""
        some = (self.validation if len(self.validation) else self.training)[:DEAD_AFTER]
        images = self._x[some.to(self.device)]
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self._autocast):
            return dead_relus(self.model, self.inputs(images).float())

    def score_training(self) -> Score:
        """The scores on the training images, unchanged, as they are after training on them."""
        learned = self.training.to(self.device)
        return self._score(self._x[learned], self._y[learned])

    def score_test(self) -> Score:
        """The scores on the dataset's test images, in float32 as every page computes them."""
        labels = self._tensor(self.dataset.y_test).long()
        largest = 255 if self.settings.test_inputs == "bytes" else 1
        return self._score(self._tensor(self.dataset.x_test), labels, exact=True, largest=largest)

    def _score(self, images: Tensor, labels: Tensor, exact: bool = False, largest: int = 1) -> Score:
        network = (self.model if exact else self._fast).eval()

        def answer(part: Tensor) -> Tensor:
            low = self._autocast and not exact
            with torch.inference_mode(), torch.autocast(self.device.type, torch.bfloat16, enabled=low):
                logits: Tensor = network(
                    largest * scaled(part) if exact else self.inputs(part).float()
                ).float()
                return logits

        with self._shards.sharing():
            batches = self._shards.map(answer, torch.split(images, EVAL_BATCH))
        logits = torch.cat(batches)
        y, p = labels.cpu().numpy(), logits.argmax(1).cpu().numpy()
        matrix = metrics.confusion_matrix(y, p, len(self.dataset.classes))
        return Score(
            loss=float(nn.functional.cross_entropy(logits, labels)),
            accuracy=float((y == p).mean()),
            macro_f1=float(metrics.macro_f1(matrix)),
            labels=y,
            predictions=p,
            probabilities=logits.softmax(1).cpu().numpy(),
        )

    def weights(self) -> dict[str, Tensor]:
        """The network's parameters and buffers by name, copied, contiguous, on the CPU."""
        return {
            name: value.detach().cpu().contiguous().clone() for name, value in self.model.state_dict().items()
        }

    def load_weights(self, weights: dict[str, Tensor]) -> None:
        """Put `weights()` of this architecture back."""
        self.model.load_state_dict(weights)

    def tensors(self) -> dict[str, Tensor]:
        """All tensors that continuing needs: weights, the optimizer's moments, the random state."""
        state = {f"model.{name}": value for name, value in self.weights().items()}
        state |= {f"optimizer.{name}": value for name, value in optimizers.moments(self.optimizer).items()}
        state["random.cpu"] = torch.get_rng_state()
        if self.device.type == "cuda":
            state["random.cuda"] = torch.cuda.get_rng_state(self.device)
        return state

    def scalars(self) -> dict[str, Any]:
        """Everything else that continuing needs, as JSON-ready values."""
        scheduler = schedules.state(self.scheduler)
        groups = self.optimizer.state_dict()["param_groups"]
        return {
            "epoch": self.epoch,
            "step": self.step,
            "scheduler": scheduler,
            "param_groups": groups,
            "vitals": self.vitals,
        }

    def restore(self, tensors: dict[str, Tensor], scalars: dict[str, Any]) -> None:
        """Continue from what `tensors()` and `scalars()` returned."""

        def part(prefix: str) -> dict[str, Tensor]:
            return {k.removeprefix(prefix): value for k, value in tensors.items() if k.startswith(prefix)}

        self.load_weights(part("model."))
        optimizers.restore(self.optimizer, part("optimizer."), scalars["param_groups"])
        if scalars["scheduler"] is None:
            self.scheduler = None
        elif self.scheduler is not None:
            schedules.restore(self.scheduler, scalars["scheduler"])
        torch.set_rng_state(tensors["random.cpu"])
        if "random.cuda" in tensors and self.device.type == "cuda":
            torch.cuda.set_rng_state(tensors["random.cuda"], self.device)
        self.epoch, self.step = scalars["epoch"], scalars["step"]
        self.vitals = scalars.get("vitals")  # states of old have none
