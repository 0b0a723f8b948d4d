"""Trained networks on disk: a folder with safetensors weights and `card.json`. A pickle is refused, whoever offers it.

A shipped model is `models/<name>/`; a run's folder is one too, its card naming the best weights so far.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypedDict

from cnn_core import typed_json
from cnn_core.arrays import not_allowed
from cnn_core.files import is_file, open_regular, read_whole, write_json, write_tensors
from cnn_core.networks import json_form
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.networks.building import build
from cnn_core.typed_json import Count, Range, Share

if TYPE_CHECKING:
    from torch import Tensor, nn

MODELS = Path(__file__).resolve().parent.parent / "models"
CARD = "card.json"
LONGEST_TITLE = 200  # letters
LONGEST_NAME = 200  # letters of a class's name


NO_NUMBERS = (
    "this network gives no numbers: its weights grew in training until they overflowed."
    " Train it again with a lower learning rate, or choose another network."
)


class CheckpointError(ValueError):
    """A checkpoint that cannot be used; the message says which, why, and what to do."""


class Scores(TypedDict):
    """A network's scores on its test images: `loss` in nats (None only in files of old, where it was no number).

    Rows of `confusion_matrix` (K, K) are the true classes.
    """

    accuracy: Share
    macro_f1: Share
    loss: float | None
    images: Count
    confusion_matrix: list[list[Annotated[int, Range(0, 1e9)]]]  # the sum of any is a whole number everywhere


def scores_of(data: object) -> Scores:
    """Scores as JSON has them. Raises `JsonError` where they are none, or their matrix is not square."""
    scores = typed_json.checked(data, Scores)
    rows = [len(row) for row in scores["confusion_matrix"]]
    if len(rows) < 2 or rows != [len(rows)] * len(rows):
        raise typed_json.JsonError(
            "confusion_matrix is not square, a row and a column for each of two classes or more"
        )
    return scores


class _CardJson(TypedDict):
    name: str
    title: str
    dataset: str
    classes: list[str]
    architecture: object
    settings: dict[str, object]
    test: Scores | None
    command: str
    data: str
    versions: dict[str, str]
    created: str
    weights: str


@dataclass(frozen=True)
class Card:
    """What a trained network is and how good: everything a page says of it comes from here.

    `command` makes the network again; it is empty where none does: the training was stopped, or its learning rate
    changed by hand, or the command line has no words for the network. `settings` are `TrainSettings.to_dict()`;
    `weights` is the file's name.
    """

    name: str
    title: str
    dataset: str
    classes: tuple[str, ...]
    architecture: Architecture
    settings: dict[str, Any]
    test: Scores | None
    command: str
    data: str
    versions: dict[str, str]
    created: str
    weights: str = "weights.safetensors"

    def to_dict(self) -> dict[str, Any]:
        """The card as JSON-ready values."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**values, "classes": list(self.classes), "architecture": json_form.write(self.architecture)}

    @classmethod
    def from_dict(cls, data: object) -> "Card":
        """A card from `to_dict`'s values. Raises `CheckpointError` where something is missing or of the wrong kind."""
        try:
            known = typed_json.checked(data, _CardJson)
            architecture = json_form.read(known["architecture"])
        except (typed_json.JsonError, ArchitectureError) as error:
            raise CheckpointError(f"the card cannot be read: {str(error).removesuffix('.')}.") from error
        if Path(known["weights"]).name != known["weights"] or not known["weights"].isprintable():
            raise CheckpointError(f"the card names weights outside its folder: {known['weights']!r}.")
        if any(len(name) > LONGEST_NAME for name in known["classes"]):
            raise CheckpointError(
                f"the card cannot be read: a class's name has more than {LONGEST_NAME} letters."
            )
        count = len(known["classes"])
        if count != architecture.classes:
            raise CheckpointError(
                f"the card cannot be read: it names {count} classes for {architecture.classes} outputs."
            )
        matrix = known["test"]["confusion_matrix"] if known["test"] else []
        if known["test"] and [len(row) for row in matrix] != [count] * count:
            raise CheckpointError(f"the card cannot be read: its confusion matrix is not {count}×{count}.")
        values: dict[str, Any] = {name: known[name] for name in _CardJson.__annotations__}  # type: ignore[literal-required]
        values["title"] = known["title"][:LONGEST_TITLE]
        return cls(**{**values, "classes": tuple(known["classes"]), "architecture": architecture})


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
    return shipped if is_file(shipped / CARD) else Path(path_or_name)


def read_card(path_or_name: str | Path) -> Card:
    """The card of a shipped model or of a folder, without its weights. Raises `CheckpointError`."""
    path = folder(path_or_name) / CARD
    name = path.parent.name  # the folders above it are nobody's business
    try:
        return Card.from_dict(typed_json.parse(read_whole(path)))
    except FileNotFoundError as error:
        raise CheckpointError(f"there is no model {name!r}: it has no {CARD}.") from error
    except OSError as error:
        raise CheckpointError(f"the card of {name!r} cannot be read ({error.strerror}).") from error
    except typed_json.JsonError as error:
        raise CheckpointError(f"the card of {name!r} cannot be read: {error}.") from error


def load_weights(path: Path, like: "Mapping[str, Tensor] | None" = None) -> "dict[str, Tensor]":
    """Named tensors from a safetensors file. Raises `CheckpointError`: a pickle (`.pt`, `.pth`) is refused unread.

    With `like`, so is a file whose tensors have not its names and shapes, whatever its size and whatever it claims.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    if path.suffix != ".safetensors":
        raise CheckpointError(
            f"{path.name!r} is not a safetensors file. Pickled checkpoints can run any code when opened, so they are"
            " refused; save the weights with safetensors.torch.save_file instead."
        )
    try:
        open_regular(path).close()  # in a pipe's place the library would wait for ever
        if like is not None:
            _check_shapes(path, like)
        return load_file(path)
    except FileNotFoundError as error:
        raise CheckpointError(f"the weights {path.name!r} are missing; train the model again.") from error
    except (OSError, SafetensorError) as error:
        what = error.strerror if isinstance(error, OSError) else error
        raise CheckpointError(
            f"the weights {path.name!r} are damaged ({what}); train the model again."
        ) from error


def _check_shapes(path: Path, like: "Mapping[str, Tensor]") -> None:
    """Compare a file's header, and nothing else of it, with tensors. Raises `CheckpointError` where they differ."""
    from safetensors import safe_open

    with safe_open(path, framework="pt") as header:
        names = set(header.keys())
        for name in sorted(names ^ set(like)):
            where = "in the file, not in the network" if name in names else "in the network, not in the file"
            raise CheckpointError(f"{name[:LONGEST_NAME]!r} is {where}.")
        for name, tensor in like.items():
            shape = tuple(header.get_slice(name).get_shape())
            if shape != tuple(tensor.shape):
                allowed = str(tuple(tensor.shape))
                raise CheckpointError(not_allowed(name, f"of shape {str(shape)[:LONGEST_NAME]}", allowed))


def load(path_or_name: str | Path, weights: str | None = None) -> Checkpoint:
    """A shipped model by name, or any model's folder, ready to be asked.

    `weights` chooses another file of the folder than the card's (`epochs/003.safetensors`). The network is in eval
    mode with gradients off. Raises `CheckpointError` where the card or the weights are missing, damaged or of
    different shapes, where the network gives no numbers, and for anything that is not safetensors.
    """
    card = read_card(path_or_name)
    try:
        model = build(card.architecture)
    except ArchitectureError as error:
        raise CheckpointError(f"the network of {card.name!r} cannot be made: {error}") from error
    file = folder(path_or_name) / (weights or card.weights)
    tensors = load_weights(file, like=model.state_dict())
    try:
        model.load_state_dict(tensors)
    except RuntimeError as error:  # values that cannot be copied into the network's
        raise CheckpointError(f"the weights {file.name!r} are of another kind: {error}") from error
    model.eval().requires_grad_(False)
    if not _gives_numbers(model, card.architecture.input_shape):
        raise CheckpointError(NO_NUMBERS)
    return Checkpoint(model, card)


def all_finite(tensors: "dict[str, Tensor]") -> bool:
    """Whether every weight is a number: neither NaN nor infinite."""
    return all(bool(tensor.isfinite().all()) for tensor in tensors.values())


def _gives_numbers(model: "nn.Sequential", input_shape: tuple[int, int, int]) -> bool:
    """Whether all weights are numbers, and what every layer makes of black, white, and noise.

    Weights that are still numbers can be too large for any of their sums to be one.
    """
    import torch

    if not all_finite(model.state_dict()):
        return False
    noise = torch.rand(input_shape, generator=torch.Generator().manual_seed(0))
    value = torch.stack([torch.zeros(input_shape), torch.ones(input_shape), noise])
    with torch.inference_mode():
        for layer in model:
            value = layer(value)
            if not bool(value.isfinite().all()):
                return False
    return True


def save(path: Path, tensors: "dict[str, Tensor]", card: Card) -> None:
    """Write a model's folder: weights first, then the card that names them. Raises `OSError` on a full disk."""
    path.mkdir(parents=True, exist_ok=True)
    write_tensors(path / card.weights, tensors)
    write_json(path / CARD, card.to_dict())
