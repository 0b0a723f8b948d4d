"""What a training run is told: optimizer, schedule, sizes, changes to images, seed; checked once, written as JSON.

No torch. A setting is one field with its range; the command line and the check are made from it, and widgets read it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from cnn_core import ranges
from cnn_core.data.augmentation import Augmentation
from cnn_core.ranges import Setting, setting

USUAL_LEARNING_RATE = {"adam": 4e-3, "adamw": 4e-3, "sgd": 0.1, "rmsprop": 1e-3, "muon": 4e-3}
# Which optimizers keep the two running averages of Adam: Muon hands what it cannot take to AdamW.
AVERAGING = ("adam", "adamw", "muon")


class SettingsError(ValueError):
    """A setting that cannot be trained with; the message names it, its value and what is allowed."""


@dataclass(frozen=True)
class TrainSettings:
    """How to train: everything beside the architecture that decides the numbers.

    The schedule "onecycle" rises to `learning_rate` and falls to almost nothing (Smith and Topin 2018,
    https://arxiv.org/abs/1708.07120); "constant" keeps it. `softmax_before_loss` is a mistake that can be studied: the
    loss applies softmax itself. Scores on validation and test images are those of the logits either way.

    Raises `SettingsError` where a value is out of range.
    """

    dataset: str = setting("mnist", label="Dataset")
    optimizer: str = setting(
        "adam",
        label="Optimizer",
        choices={"adam": "Adam", "adamw": "AdamW", "sgd": "SGD", "rmsprop": "RMSprop", "muon": "Muon"},
        help="Muon moves the kernels and matrices between the first and the last layer, AdamW all the rest.",
    )
    learning_rate: float = setting(
        USUAL_LEARNING_RATE["adam"],
        label="Learning rate",
        low=1e-6,
        high=1e4,
        step=0.001,
        help="With one cycle, its peak. The default goes with Adam; SGD takes about 0.1, RMSprop 0.001.",
    )
    schedule: str = setting(
        "onecycle",
        label="Learning rate over time",
        choices={"onecycle": "One cycle: up, then down to almost 0", "constant": "Constant"},
        rare=True,
    )
    momentum: float = setting(
        0.9,
        label="Momentum",
        low=0.0,
        high=0.999,
        step=0.01,
        rare=True,
        only={"optimizer": ("sgd", "muon")},
        help="Share of the last step's direction that is kept. Read by SGD and Muon.",
    )
    nesterov: bool = setting(
        False,
        label="Nesterov",
        rare=True,
        only={"optimizer": ("sgd",)},
        help="The gradient is added to the momentum once more, as a look ahead. Read by SGD.",
    )
    beta1: float = setting(
        0.9,
        label="β₁, average of gradients",
        low=0.0,
        high=0.999,
        step=0.01,
        rare=True,
        only={"optimizer": AVERAGING},
        help="Share of the average that is kept. With one cycle it goes from 0.05 more to 0.05 less and back."
        " Read by Adam, AdamW and Muon.",
    )
    beta2: float = setting(
        0.999,
        label="β₂, average of squares",
        low=0.0,
        high=0.99999,
        step=0.001,
        rare=True,
        only={"optimizer": AVERAGING},
        help="Share of the average of squared gradients that is kept. Read by Adam, AdamW and Muon.",
    )
    alpha: float = setting(
        0.99,
        label="α, average of squares",
        low=0.0,
        high=0.9999,
        step=0.01,
        rare=True,
        only={"optimizer": ("rmsprop",)},
        help="Share of the average of squared gradients that is kept. Read by RMSprop.",
    )
    eps: float = setting(
        1e-8,
        label="ε",
        low=1e-12,
        high=1.0,
        offered=(1e-12, 1e-10, 1e-8, 1e-7, 1e-6, 1e-4, 1e-2),
        rare=True,
        only={"optimizer": (*AVERAGING, "rmsprop")},
        help="Added to the root that a step is divided by. Read by all optimizers but SGD.",
    )
    weight_decay: float = setting(0.0, label="Weight decay", low=0.0, high=1.0, step=0.0001, rare=True)
    batch_size: int = setting(
        128, label="Batch size", low=1, high=4096, offered=(16, 32, 64, 128, 256, 512, 1024)
    )
    epochs: int = setting(3, label="Epochs", low=1, high=200, step=1)
    seed: int = setting(0, label="Seed", low=0, high=2**31 - 1, step=1, rare=True)
    validation_fraction: float = setting(
        0.1,
        label="Validation images",
        low=0.0,
        high=0.5,
        step=0.05,
        rare=True,
        help="Share of the training images that is held out; 0 trains on all.",
    )
    train_limit: int | None = setting(
        None,
        label="Train on",
        low=2,
        high=10_000_000,
        offered=(None, 100, 500, 2000, 10_000),
        rare=True,
        help="Few images: a large network learns them by heart. Watch the validation curve.",
    )
    device: str = setting(
        "auto", label="Device", choices={"auto": "The fastest", "cpu": "CPU", "cuda": "CUDA", "mps": "MPS"}
    )
    softmax_before_loss: bool = setting(
        False, label="Softmax before the loss", help="A mistake to study: the loss applies softmax itself."
    )
    augmentation: Augmentation = field(default=Augmentation())

    def __post_init__(self) -> None:
        if wrong := ranges.problem(self):
            raise SettingsError(wrong)

    def to_dict(self) -> dict[str, Any]:
        """All settings by name as JSON-ready values; those of the augmentation stand among the others."""
        values = asdict(self)
        del values["augmentation"]
        return values | asdict(self.augmentation)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "TrainSettings":
        """Settings from `to_dict`'s values; what is missing has its default.

        Raises `SettingsError` on a value out of range or a name that it does not know.
        """
        unknown = sorted(set(data) - set(SETTINGS))
        if unknown:
            raise SettingsError(f"unknown setting {unknown[0]!r}; known are: {', '.join(sorted(SETTINGS))}.")
        for name, value in data.items():
            if wrong := SETTINGS[name].problem(value):
                raise SettingsError(wrong)
        changes = {one.name for one in fields(Augmentation)}
        augmentation = Augmentation(**{name: data[name] for name in changes & set(data)})
        return cls(augmentation=augmentation, **{name: data[name] for name in set(data) - changes})


SETTINGS: dict[str, Setting] = ranges.ranges(TrainSettings) | ranges.ranges(Augmentation)
"""Every setting by name, as JSON and the command line know it."""
