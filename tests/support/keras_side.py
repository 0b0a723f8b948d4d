"""Runs exported Keras source in a Python that has Keras, and nothing of ConvLens: `python keras_side.py FOLDER`.

For each `N.json` (source, names of the modules with weights) and `N.npz` (images (N, H, W, C), then the weights as
torch has them) it writes `N.result.json`: the logits of the model, and those after it was saved and loaded, or "error".
"""

import json
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import keras

Array = NDArray[np.float32]


def transferred(array: Array, shape: Sequence[int]) -> Array:
    """A weight of torch in the order of axes that Keras has, for a weight of that shape."""
    orders = {4: ((2, 3, 1, 0), (2, 3, 0, 1)), 2: ((1, 0),), 1: ((0,),)}[array.ndim]
    return next(moved for order in orders if (moved := array.transpose(order)).shape == tuple(shape))


def fill(layer: "keras.Layer", arrays: Sequence[Array]) -> None:
    """Sets a Keras layer's weights to these of torch."""
    layer.set_weights([transferred(a, w.shape) for a, w in zip(arrays, layer.weights, strict=True)])


def result(job: dict[str, Any], images: Array, weights: Sequence[Array]) -> dict[str, Any]:
    """The logits of the source's model with these weights, and after saving and loading it in the same process."""
    import keras

    names: dict[str, Any] = {}
    exec(compile(job["source"], "network.py", "exec"), names)
    model, given = names["model"], iter(weights)
    for layer, modules in zip([each for each in model.layers if each.weights], job["stops"], strict=True):
        parts = {name: [next(given) for _ in range(count)] for name, count in modules.items()}
        if isinstance(layer, keras.Model):
            for name, arrays in parts.items():
                fill(layer.get_layer(name), arrays)
        else:
            fill(layer, [array for arrays in parts.values() for array in arrays])
    logits = model.predict(images, verbose=0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        keras.utils.clear_session()
        reloaded = keras.models.load_model(path).predict(images, verbose=0)
    return {"logits": logits.tolist(), "reloaded": reloaded.tolist()}


def main(folder: Path) -> None:
    """Answers every job of the folder."""
    for path in sorted(folder.glob("*.npz")):
        job = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        images, *weights = np.load(path).values()
        try:
            answer = result(job, images, weights)
        except Exception:
            answer = {"error": traceback.format_exc()[-3000:]}
        path.with_suffix(".result.json").write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
