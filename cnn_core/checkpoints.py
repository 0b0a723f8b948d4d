"""Trained networks on disk: a folder with safetensors weights and `card.json`. A pickle is refused, whoever offers it.

A shipped model is `models/<name>/`; a run's folder is one too, its card naming the best weights so far.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cnn_core.files import write_json, write_tensors
from cnn_core.networks import json_form
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.networks.building import build

if TYPE_CHECKING:
    from torch import Tensor, nn

MODELS = Path(__file__).resolve().parent.parent / "models"
CARD = "card.json"


class CheckpointError(ValueError):
    """A checkpoint that cannot be used; the message says which, why, and what to do."""


@dataclass(frozen=True)
class Card:
    """What a trained network is and how good: everything a page says of it comes from here.

    `test` holds `accuracy`, `macro_f1` (0..1), `loss` (nats), `images` and `confusion_matrix` (rows: true class).
    `command` makes the network again; `settings` are `TrainSettings.to_dict()`; `weights` is the file's name.
    """

    name: str
    title: str
    dataset: str
    classes: tuple[str, ...]
    architecture: Architecture
    settings: dict[str, Any]
    test: dict[str, Any] | None
    command: str
    data: str
    versions: dict[str, str]
    created: str
    weights: str = "weights.safetensors"

    def to_dict(self) -> dict[str, Any]:
        """The card as JSON-ready values."""
        return {
            **self.__dict__,
            "classes": list(self.classes),
            "architecture": json_form.write(self.architecture),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Card":
        """A card from `to_dict`'s values. Raises `CheckpointError` where something is missing or of the wrong kind."""
        try:
            known = {name: data[name] for name in cls.__dataclass_fields__}
            known["classes"] = tuple(str(name) for name in data["classes"])
            known["architecture"] = json_form.read(data["architecture"])
            if Path(str(data["weights"])).name != data["weights"]:
                raise CheckpointError(f"the card names weights outside its folder: {data['weights']!r}.")
            return cls(**known)
        except KeyError as error:
            raise CheckpointError(
                f"the card has no {error.args[0]!r}; it was not written by ConvLens."
            ) from error
        except (TypeError, AttributeError, ArchitectureError) as error:
            raise CheckpointError(f"the card cannot be read: {error}") from error


class Checkpoint(NamedTuple):
    """A network in eval mode with gradients off, and its card. Shared by all sessions: never change it."""

    model: "nn.Sequential"
    card: Card


def names() -> list[str]:
    """The shipped models, by name."""
    return sorted(path.parent.name for path in MODELS.glob(f"*/{CARD}"))


def folder(path_or_name: str | Path) -> Path:
    """Where a model lies: a shipped one by its name, any other by its folder."""
    shipped = MODELS / str(path_or_name)
    return shipped if (shipped / CARD).is_file() else Path(path_or_name)


def read_card(path_or_name: str | Path) -> Card:
    """The card of a shipped model or of a folder, without its weights. Raises `CheckpointError`."""
    path = folder(path_or_name) / CARD
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CheckpointError(f"there is no model {str(path_or_name)!r}: it has no {CARD}.") from error
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CheckpointError(f"the card of {str(path_or_name)!r} cannot be read ({error}).") from error
    if not isinstance(data, dict):
        raise CheckpointError(f"the card of {str(path_or_name)!r} is not a JSON object.")
    return Card.from_dict(data)


def load_weights(path: Path) -> "dict[str, Tensor]":
    """Named tensors from a safetensors file. Raises `CheckpointError`: a pickle (`.pt`, `.pth`) is refused unread."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    if path.suffix != ".safetensors":
        raise CheckpointError(
            f"{path.name!r} is not a safetensors file. Pickled checkpoints can run any code when opened, so they are"
            " refused; save the weights with safetensors.torch.save_file instead."
        )
    try:
        return load_file(path)
    except FileNotFoundError as error:
        raise CheckpointError(f"the weights {path.name!r} are missing; train the model again.") from error
    except (OSError, SafetensorError) as error:
        raise CheckpointError(
            f"the weights {path.name!r} are damaged ({error}); train the model again."
        ) from error


def load(path_or_name: str | Path, weights: str | None = None) -> Checkpoint:
    """A shipped model by name, or any model's folder, ready to be asked.

    `weights` chooses another file of the folder than the card's (`epochs/003.safetensors`). The network is in eval
    mode with gradients off. Raises `CheckpointError` where the card or the weights are missing, damaged or of
    different shapes, and for anything that is not safetensors.
    """
    card = read_card(path_or_name)
    tensors = load_weights(folder(path_or_name) / (weights or card.weights))
    try:
        model = build(card.architecture)
        model.load_state_dict(tensors)
    except (ArchitectureError, RuntimeError) as error:
        raise CheckpointError(
            f"weights and card of {str(path_or_name)!r} do not fit together: {error}"
        ) from error
    return Checkpoint(model.eval().requires_grad_(False), card)


def save(path: Path, tensors: "dict[str, Tensor]", card: Card) -> None:
    """Write a model's folder: weights first, then the card that names them. Raises `OSError` on a full disk."""
    path.mkdir(parents=True, exist_ok=True)
    write_tensors(path / card.weights, tensors)
    write_json(path / CARD, card.to_dict())
