"""From logits to a loss: softmax, cross-entropy, their gradients, and what softmax applied twice costs.

Everything is NumPy and computed in float64: these functions feed worked examples of a few numbers.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Doubles, not_allowed


def _logits(logits: npt.ArrayLike) -> Doubles:
    z = np.asarray(logits, dtype=np.float64)
    if z.ndim == 0 or z.shape[-1] < 2:
        allowed = "one number for each of 2 or more classes on the last axis"
        raise ValueError(not_allowed("logits", f"of shape {z.shape}", allowed))
    if not np.isfinite(z).all():
        raise ValueError(not_allowed("logits", "partly NaN or infinity", "a finite number for every class"))
    return z


def softmax(logits: npt.ArrayLike, temperature: float = 1.0) -> Doubles:
    """Probabilities `exp(z / T) / Σ exp(z / T)` along the last axis.

    `logits` `(..., K)` finite; `temperature` above 0: towards 0 the largest logit takes all, towards
    infinity all classes come out alike. Returns `(..., K)` in 0..1 with rows that sum to 1. The row's
    maximum is subtracted first, which changes nothing but keeps `exp` from overflowing.
    Raises `ValueError` for a temperature of 0 or less, fewer than 2 classes, NaN or infinity.
    """
    return np.exp(log_softmax(logits, temperature))


def log_softmax(logits: npt.ArrayLike, temperature: float = 1.0) -> Doubles:
    """Logarithm of `softmax`, without ever taking the log of a 0; same arguments, values of 0 and less."""
    if not temperature > 0:
        raise ValueError(not_allowed("temperature", temperature, "more than 0"))
    z = _logits(logits) / temperature
    z = z - z.max(axis=-1, keepdims=True)
    result: Doubles = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return result


def one_hot(target: int, classes: int) -> Doubles:
    """`(classes,)`: 1 at `target`, else 0. Raises `ValueError` for a target outside 0..classes-1."""
    if not 0 <= target < classes:
        raise ValueError(not_allowed("target", target, f"0 to {classes - 1} with {classes} classes"))
    row = np.zeros(classes)
    row[target] = 1
    return row


def _distribution(target: int | npt.ArrayLike, classes: int) -> Doubles:
    if isinstance(target, int | np.integer):
        return one_hot(int(target), classes)
    row = np.asarray(target, dtype=np.float64)
    if row.shape != (classes,) or (row < 0).any() or not np.isclose(row.sum(), 1):
        allowed = f"a class index, or {classes} shares of 0 and more that sum to 1"
        raise ValueError(not_allowed("target", f"of shape {row.shape} and sum {row.sum():g}", allowed))
    return row


def cross_entropy(logits: npt.ArrayLike, target: int | npt.ArrayLike) -> float:
    """Cross-entropy of one example, `-Σ y log softmax(z)`, in nats (0 and more).

    `logits` `(K,)`; `target` a class index in 0..K-1, read straight out of the log-probabilities, or
    a distribution `(K,)` such as a one-hot row, summed over. Both give the same number.
    Raises `ValueError` for other targets or logits.
    """
    log_p = log_softmax(logits)
    if isinstance(target, int | np.integer):
        classes = log_p.shape[-1]
        if not 0 <= target < classes:
            raise ValueError(not_allowed("target", target, f"0 to {classes - 1} with {classes} classes"))
        return float(-log_p[target])
    return float(-(_distribution(target, log_p.shape[-1]) * log_p).sum())


def cross_entropy_gradient(logits: npt.ArrayLike, target: int | npt.ArrayLike) -> Doubles:
    """Slope of `cross_entropy` in each logit, `softmax(z) - y`: `(K,)`, in -1..1, sum 0."""
    p = softmax(logits)
    return p - _distribution(target, p.shape[-1])


def twice_softmax_loss(logits: npt.ArrayLike, target: int | npt.ArrayLike) -> float:
    """The loss of a network that ends in softmax and is trained with a loss that applies softmax again.

    Same arguments as `cross_entropy`. Never below `twice_softmax_floor(K)`, however sure and right
    the network is.
    """
    return cross_entropy(softmax(logits), target)


def twice_softmax_gradient(logits: npt.ArrayLike, target: int | npt.ArrayLike) -> Doubles:
    """Slope of `twice_softmax_loss` in each logit: `(K,)`, sum 0.

    The chain rule through the first softmax multiplies by `p_i (δ_ij - p_j)`, which vanishes where the
    network is sure, *also where it is sure and wrong*.
    """
    p = softmax(logits)
    outer = cross_entropy_gradient(p, target)
    inner: Doubles = p * (outer - (p * outer).sum())
    return inner


def twice_softmax_floor(classes: int) -> float:
    """The least loss that softmax applied twice can reach with `classes` classes: `log(e + K - 1) - 1`.

    A perfect first softmax is one-hot, and softmax of a one-hot row gives the right class only
    `e / (e + K - 1)`. Raises `ValueError` for fewer than 2 classes.
    """
    if classes < 2:
        raise ValueError(not_allowed("classes", classes, "2 or more"))
    return float(np.log(np.e + classes - 1) - 1)


@dataclass(frozen=True)
class WorkedSoftmax:
    """Every number between logits and loss, `(K,)` each; both losses are the same number, computed two ways."""

    scaled: Doubles  # z / T - max(z / T): the largest is 0
    exponentials: Doubles  # e to the power of that
    probabilities: Doubles
    one_hot: Doubles
    terms: Doubles  # -y log p; 0 wherever y is 0
    loss_by_index: float
    loss_by_one_hot: float


def worked_softmax(logits: npt.ArrayLike, target: int, temperature: float = 1.0) -> WorkedSoftmax:
    """Softmax and cross-entropy step by step; the loss is that of `logits / temperature`.

    `logits` `(K,)`, `target` in 0..K-1, `temperature` above 0. Raises `ValueError` as `cross_entropy` does.
    """
    log_p = log_softmax(logits, temperature)
    z = _logits(logits) / temperature
    y = one_hot(target, log_p.size)
    return WorkedSoftmax(
        scaled=z - z.max(),
        exponentials=np.exp(z - z.max()),
        probabilities=np.exp(log_p),
        one_hot=y,
        terms=np.where(y > 0, -log_p, 0.0),
        loss_by_index=cross_entropy(z, target),
        loss_by_one_hot=cross_entropy(z, y),
    )


@dataclass(frozen=True)
class TwiceComparison:
    """Loss, and how strongly it pulls the true class's logit up (minus its slope there), over that logit's lead."""

    margin: Doubles
    once_loss: Doubles
    twice_loss: Doubles
    once_pull: Doubles
    twice_pull: Doubles


def compare_twice(margins: npt.ArrayLike, classes: int) -> TwiceComparison:
    """What the second softmax costs, where the true class leads one rival by `margins` `(M,)`.

    The true class's logit is half a margin, the rival's minus that, those of all further classes are 0: a
    large margin is a network that is sure and right, a very negative one a network that is sure and wrong.
    Raises `ValueError` for fewer than 2 classes.
    """
    lead = np.atleast_1d(np.asarray(margins, dtype=np.float64))
    logits = np.zeros((lead.size, classes))
    logits[:, 0], logits[:, 1] = lead / 2, -lead / 2
    return TwiceComparison(
        margin=lead,
        once_loss=np.array([cross_entropy(z, 0) for z in logits]),
        twice_loss=np.array([twice_softmax_loss(z, 0) for z in logits]),
        once_pull=np.array([-cross_entropy_gradient(z, 0)[0] for z in logits]),
        twice_pull=np.array([-twice_softmax_gradient(z, 0)[0] for z in logits]),
    )
