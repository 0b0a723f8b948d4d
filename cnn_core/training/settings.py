"""What a training run is told: optimizer, schedule, sizes and seed, checked once and written as JSON. No torch."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

OPTIMIZERS = ("adam", "adamw", "sgd")
SCHEDULES = ("onecycle", "constant")
DEVICES = ("auto", "cpu", "cuda", "mps")

LIMITS: dict[str, tuple[float, float]] = {
    "learning_rate": (1e-6, 1e4),
    "momentum": (0.0, 0.999),
    "weight_decay": (0.0, 1.0),
    "batch_size": (1, 4096),
    "epochs": (1, 200),
    "seed": (0, 2**31 - 1),
    "validation_fraction": (0.0, 0.5),
}


class SettingsError(ValueError):
    """A setting that cannot be trained with; the message names it, its value and what is allowed."""


@dataclass(frozen=True)
class TrainSettings:
    """How to train: everything beside the architecture that decides the numbers.

    `schedule="onecycle"` rises to `learning_rate` and falls to almost nothing (Smith and Topin 2018,
    https://arxiv.org/abs/1708.07120); `"constant"` keeps it. `momentum` is read by SGD only.
    `train_limit` trains on that many images only (None: all). The default learning rate goes with Adam.

    Raises `SettingsError` where a value is out of range.
    """

    dataset: str = "mnist"
    optimizer: str = "adam"
    learning_rate: float = 4e-3
    schedule: str = "onecycle"
    momentum: float = 0.9
    weight_decay: float = 0.0
    batch_size: int = 128
    epochs: int = 3
    seed: int = 0
    validation_fraction: float = 0.1
    train_limit: int | None = None
    device: str = "auto"

    def __post_init__(self) -> None:
        for name, allowed in (("optimizer", OPTIMIZERS), ("schedule", SCHEDULES), ("device", DEVICES)):
            value = getattr(self, name)
            if value not in allowed:
                raise SettingsError(f"{name} is {value!r}; it can be one of: {', '.join(allowed)}.")
        for name in ("batch_size", "epochs", "seed"):
            if type(getattr(self, name)) is not int:
                raise SettingsError(f"{name} is {getattr(self, name)!r}; it must be a whole number.")
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
                raise SettingsError(f"{name} is {value!r}; it must lie between {low:g} and {high:g}.")
        if self.train_limit is not None and (type(self.train_limit) is not int or self.train_limit < 2):
            raise SettingsError(
                f"train_limit is {self.train_limit!r}; it must be a whole number of 2 or more, or None."
            )

    def to_dict(self) -> dict[str, Any]:
        """The settings as JSON-ready values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "TrainSettings":
        """Settings from `to_dict`'s values. Raises `SettingsError` on a name it does not know."""
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(data) - known)
        if unknown:
            raise SettingsError(f"unknown setting {unknown[0]!r}; known are: {', '.join(sorted(known))}.")
        return cls(**data)
