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

    What the schedules do stands in `schedules`, what Muon does in `muon`. `softmax_before_loss` is a mistake that can
    be studied: the loss applies softmax itself. Scores on validation and test images are those of the logits either
    way, and never those of smoothed labels. Another is `test_inputs`: "bytes" scores test images that nobody scaled.
    A setting that others leave unread (`Setting.only`) may have any value.

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
        choices={
            "onecycle": "One cycle: up, then down to almost 0",
            "constant": "Constant",
            "step": "Steps: lower every few epochs",
            "cosine": "Cosine: down in half a wave",
            "plateau": "Plateau: lower when the loss stalls",
        },
        rare=True,
        help="On a plateau the validation loss decides, or without validation images the training loss.",
    )
    warmup_share: float = setting(
        0.3,
        label="Rising, share",
        low=0.01,
        high=0.99,
        step=0.05,
        tried=(0.05, 0.1, 0.3, 0.5),
        rare=True,
        only={"schedule": ("onecycle",)},
        help="Share of the training in which the rate rises. Read by one cycle.",
    )
    decay_epochs: int = setting(
        1,
        label="Lower every … epochs",
        low=1,
        high=200,
        step=1,
        tried=(1, 2, 4),
        rare=True,
        only={"schedule": ("step",)},
        help="Read by steps.",
    )
    decay_factor: float = setting(
        0.5,
        label="Times",
        low=0.001,
        high=0.99,
        step=0.1,
        tried=(0.1, 0.3, 0.5, 0.9),
        rare=True,
        only={"schedule": ("step", "plateau")},
        help="What the rate is multiplied by each time. Read by steps and plateau.",
    )
    plateau_patience: int = setting(
        1,
        label="Stalled epochs allowed",
        low=0,
        high=100,
        step=1,
        tried=(0, 1, 2),
        rare=True,
        only={"schedule": ("plateau",)},
        help="After so many epochs without a lower loss, the next one lowers the rate. Read by plateau.",
    )
    final_share: float = setting(
        0.0,
        label="Last rate, share",
        low=0.0,
        high=1.0,
        step=0.05,
        tried=(0.0, 0.01, 0.1, 0.5),
        rare=True,
        only={"schedule": ("cosine",)},
        help="Share of the rate that is left at the end. Read by cosine.",
    )
    momentum: float = setting(
        0.9,
        label="Momentum",
        low=0.0,
        high=0.999,
        step=0.01,
        tried=(0.0, 0.5, 0.9, 0.99),
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
        tried=(0.0, 0.5, 0.9, 0.99),
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
        tried=(0.9, 0.99, 0.999, 0.9999),
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
        tried=(0.9, 0.99, 0.999),
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
    early_stopping: str = setting(
        "off",
        label="Stop early",
        choices={
            "off": "Never",
            "loss": "When validation loss stops falling",
            "accuracy": "When validation accuracy stops rising",
        },
        rare=True,
        help="The weights of the epoch that was best by it are kept.",
    )
    patience: int = setting(
        3,
        label="Patience, epochs",
        low=1,
        high=100,
        step=1,
        tried=(1, 2, 4),
        rare=True,
        only={"early_stopping": ("loss", "accuracy")},
        help="After so many epochs without a better one the training ends.",
    )
    initialization: str = setting(
        "default",
        label="First weights",
        choices={
            "default": "Torch's (uniform, by inputs)",
            "kaiming": "Kaiming normal",
            "xavier": "Xavier uniform",
            "zeros": "All zero (a mistake)",
        },
        rare=True,
        help="What convolutions and linear layers begin with.",
    )
    label_smoothing: float = setting(
        0.0,
        label="Label smoothing",
        low=0.0,
        high=0.9,
        step=0.05,
        tried=(0.0, 0.05, 0.1, 0.2),
        rare=True,
        help="Share of each label that is spread over all classes. Only the training loss knows it.",
    )
    clip_norm: float = setting(
        0.0,
        label="Clip gradients at",
        low=0.0,
        high=1000.0,
        step=0.5,
        tried=(0.0, 0.5, 1.0, 5.0),
        rare=True,
        help="The longest that all gradients together may be; a longer one is shortened to it. 0 clips none.",
    )
    weight_decay: float = setting(
        0.0, label="Weight decay", low=0.0, high=1.0, step=0.0001, tried=(0.0, 0.0001, 0.001, 0.01), rare=True
    )
    batch_size: int = setting(
        128, label="Batch size", low=1, high=4096, offered=(1, 16, 32, 64, 128, 256, 512, 1024)
    )
    epochs: int = setting(3, label="Epochs", low=1, high=200, step=1, tried=(1, 2, 4, 8))
    seed: int = setting(0, label="Seed", low=0, high=2**31 - 1, step=1, rare=True)
    validation_fraction: float = setting(
        0.1,
        label="Validation images",
        low=0.0,
        high=0.5,
        step=0.05,
        tried=(0.05, 0.1, 0.2, 0.4),
        rare=True,
        help="Share of the training images that is held out; 0 trains on all.",
    )
    stratified: bool = setting(
        False,
        label="Keep the classes' shares",
        rare=True,
        help="Validation and training images are drawn class by class: each has its share in both.",
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
        False,
        label="Softmax before the loss",
        rare=True,
        help="A mistake to study: the loss applies softmax itself.",
    )
    test_inputs: str = setting(
        "trained",
        label="Test images",
        choices={"trained": "From 0 to 1, as in training", "bytes": "From 0 to 255 (a mistake)"},
        rare=True,
        help="A mistake to study: what is read from a file is a whole number from 0 to 255.",
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
