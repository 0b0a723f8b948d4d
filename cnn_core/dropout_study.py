"""Dropout on the features that a real network hands to its last layer: one mask, and the spread under many."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cnn_core.losses import softmax
from cnn_core.regularization import dropout, dropout_mask, predictions_under_masks

if TYPE_CHECKING:
    from torch import nn

Floats = npt.NDArray[np.float32]
Probabilities = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Head:
    """A network's last linear layer, `weight` `(K, F)` and `bias` `(K,)`, and the `features` `(F,)` it gets."""

    features: Floats
    weight: Floats
    bias: Floats


def last_layer(model: "nn.Sequential", image: Floats) -> Head:
    """The head of a model in eval mode for one image `(C, H, W)` in 0..1; nothing is left on the model.

    Raises `ValueError` where the model doesn't end in a linear layer.
    """
    import torch
    from torch import nn

    *body, head = model.children()
    if not isinstance(head, nn.Linear):
        raise ValueError(f"the network ends in {type(head).__name__}; dropout here needs a last linear layer")
    with torch.inference_mode():
        value = torch.from_numpy(np.asarray(image, np.float32))[None]
        for layer in body:
            value = layer(value.clone() if getattr(layer, "inplace", False) else value)
        bias = head.bias if head.bias is not None else torch.zeros(head.out_features)
        return Head(value[0].numpy(), head.weight.detach().numpy(), bias.detach().numpy())


def as_grid(features: npt.ArrayLike) -> npt.NDArray[np.generic]:
    """`(F,)` as `(rows, F / rows)`, as square as whole rows allow: 64 as 8×8, 128 as 8×16, a prime in one row."""
    values = np.asarray(features)
    rows = next(r for r in range(int(values.size**0.5), 0, -1) if values.size % r == 0)
    return values.reshape(rows, -1)


@dataclass(frozen=True)
class OneMask:
    """The features under one mask: `mask` and `scaled` `(F,)`, what the last layer then says, and what without it."""

    mask: npt.NDArray[np.bool_]
    scaled: Floats
    probabilities: Probabilities
    without: Probabilities

    @property
    def kept(self) -> int:
        """How many features the mask lets through."""
        return int(self.mask.sum())


def one_mask(head: Head, p: float, seed: int, training: bool = True) -> OneMask:
    """Dropout with rate `p`, 0 <= p < 1, on a head's features by the mask of `seed`; none in evaluation."""
    mask = dropout_mask(head.features.shape, p, np.random.default_rng(seed))
    if not training:
        mask = np.ones_like(mask)
    scaled = dropout(head.features, mask if training else None, p)
    return OneMask(mask, scaled.astype(np.float32), _says(head, scaled), _says(head, head.features))


def _says(head: Head, features: npt.NDArray[np.floating]) -> Probabilities:
    return softmax(head.weight @ features + head.bias)


@dataclass(frozen=True)
class Spread:
    """Probabilities of each class under many masks: all draws `(M, K)`, and by class their mean and quantiles."""

    draws: Probabilities
    mean: Probabilities
    low: Probabilities  # a twentieth of the masks lies below
    high: Probabilities  # and a twentieth above
    other_answer: float  # share of masks, 0..1, under which another class wins than without dropout


def spread(head: Head, p: float, masks: int, seed: int) -> Spread:
    """How far one image's prediction moves under `masks` masks. Raises `ValueError` for p or masks out of range."""
    draws = predictions_under_masks(head.features, head.weight, head.bias, p, masks, seed)
    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    answer = _says(head, head.features).argmax()
    return Spread(draws, draws.mean(axis=0), low, high, float(np.mean(draws.argmax(axis=1) != answer)))
