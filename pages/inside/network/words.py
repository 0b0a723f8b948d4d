"""What is said of a network's answers, by torch: the sentence, and every layer with its range as a table."""

from collections.abc import Sequence

import numpy as np

from cnn_core.arrays import Floats
from cnn_core.inside.feature_maps import Maps
from pages.ui.twin import Table
from pages.ui.words import as_text, probability


def shares(logits: Floats) -> Floats:
    """The softmax of logits `(K,)`."""
    terms = np.exp(logits - logits.max())
    return np.asarray(terms / terms.sum(), np.float32)


def reading(logits: Floats, classes: Sequence[str]) -> str:
    """The network's answer in words, in Markdown."""
    likeliest = int(logits.argmax())
    sure = probability(float(shares(logits)[likeliest]))
    return (
        f"The network reads **{as_text(classes[likeliest])}** ({sure}). Open its bar, then the largest term, and so "
        "on: which pixels does the answer come from?"
    )


def tables(layers: Sequence[Maps], classes: Sequence[str]) -> dict[str, Table]:
    """Every layer's shape and range, and the answer."""
    values = [layer.values for layer in layers]
    return {
        "Layers": {
            "layer": [layer.name for layer in layers],
            "type": [layer.kind for layer in layers],
            "output": [layer.shape_text for layer in layers],
            "least": [float(one.min()) for one in values],
            "mean": [float(one.mean()) for one in values],
            "largest": [float(one.max()) for one in values],
            "zeros": [float((one == 0).mean()) for one in values],
        },
        "The answer": {"class": list(classes), "probability": shares(layers[-1].values[:, 0, 0]).tolist()},
    }
