"""The browser engine: the forward pass of every layer type in JavaScript, for what answers while the pen moves.

It shows nothing: components import `engine.js`, and give it what `describe` says of a model. A layer type is one
module in `layers/` and its name in `layers.js`; `tests/contracts/test_engine.py` holds all of them against torch.
May import `pages.ui.models` and `cnn_core`.
"""

from dataclasses import asdict

from cnn_core.networks.architecture import Architecture
from cnn_core.runs import weights
from pages.ui.models import ModelRef


def describe(ref: ModelRef, epoch: int | None = None) -> dict[str, object]:
    """A model as `engine.js` takes it, JSON-ready: its layers, and the address of its weights.

    With `epoch` (from 0), of the weights that a run kept after it. `weights` is relative to the app's own address;
    shapes leave out the batch; the tensors of a layer are called by its `name`, a point, and their name in it.
    """
    return {
        "weights": weights.address(ref.path, epoch),
        "inputShape": list(ref.card.architecture.input_shape),
        "classes": list(ref.card.classes),
        "layers": layers(ref.card.architecture),
    }


def layers(architecture: Architecture) -> list[dict[str, object]]:
    """The layers of a network as `engine.js` takes them, up to the first that cannot work."""
    return [
        {
            "type": type(info.layer).__name__,
            "name": info.name,
            "title": info.layer.title,
            "settings": asdict(info.layer),
            "inputShape": list(info.input_shape),
            "outputShape": list(info.output_shape),
        }
        for info in architecture.summary()
    ]
