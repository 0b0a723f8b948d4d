"""The browser engine: milliseconds for one image, every layer's values kept, by network.

    python -m benchmarks.engine [--images 60]

Each network answers images one after the other in Chromium, then in torch on one thread, in turn. The goal beside
`mnist-3conv` is 5 ms. "To the page and back" is what a page waits: the image to the worker, all values from it.
"""

import argparse
import statistics
import time
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import safetensors.torch
import torch

from benchmarks import serving
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.networks.presets import PRESETS
from pages.ui.components import engine
from pages.ui.components.base.bundle import bundle

SHAPES = {"tiny-vgg": (3, 64, 64)}  # as in CNN Explainer; the others on MNIST's
FOLDER = serving.ROOT / "pages" / "ui" / "components" / "engine"
# Called in the page: what each image took in the page itself and by way of the worker.
TIME = """async ([text, description, weights, images]) => {
  const module = await import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  const file = Uint8Array.from(atob(weights), (character) => character.charCodeAt(0));
  const length = description.inputShape.reduce((product, side) => product * side, 1);
  const alone = module.network(description, file.buffer.slice());
  const worker = module.engine();
  const behind = await worker.load({ ...description, weights: URL.createObjectURL(new Blob([file])) });
  const took = { alone: [], behind: [] };
  for (let at = 0; at < images; at++) {
    const image = Float32Array.from({ length }, Math.random);
    let begun = performance.now();
    alone(image);
    took.alone.push(performance.now() - begun);
    begun = performance.now();
    await behind.forward(image);
    took.behind.push(performance.now() - begun);
  }
  worker.close();
  return took;
}"""


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--images", type=int, default=60)
    images = parser.parse_args(argv).images
    torch.set_num_threads(1)
    exported = [
        f"export const {{ {name} }} = $ui_components_engine_{name};" for name in ("engine", "network")
    ]
    texts = [bundle(FOLDER / f"{name}.js").rpartition("export default")[0] for name in ("network", "engine")]
    text = "\n".join([*texts, *exported])
    print(f"{'':14} {'alone':>14} {'to the page and back':>22} {'torch':>14}   ms, median (fastest)")
    with serving.browser() as browser:
        page = browser.new_page()
        # A worker needs an origin.
        page.route("http://engine.test/", lambda route: route.fulfill(content_type="text/html", body=" "))
        page.goto("http://engine.test/")
        for name, preset in PRESETS.items():
            architecture = preset.architecture(SHAPES.get(name, (1, 28, 28)))
            model = build(architecture, seed=0).eval()
            weights = b64encode(safetensors.torch.save(dict(model.state_dict()))).decode()
            took = page.evaluate(TIME, [text, described(architecture), weights, images])
            columns = [took["alone"], took["behind"], in_torch(model, architecture, images)]
            print(f"{name:14} {said(columns[0]):>14} {said(columns[1]):>22} {said(columns[2]):>14}")


def described(architecture: Architecture) -> dict[str, Any]:
    """The layers as the engine takes them."""
    return {"inputShape": architecture.input_shape, "layers": engine.layers(architecture)}


def in_torch(model: torch.nn.Sequential, architecture: Architecture, images: int) -> list[float]:
    """Milliseconds of each image."""
    took = []
    with torch.inference_mode():
        for _ in range(images):
            image = torch.rand(1, *architecture.input_shape)
            began = time.perf_counter()
            for layer in model:
                image = layer(image)
            took.append(1000 * (time.perf_counter() - began))
    return took


def said(took: Sequence[float]) -> str:
    """The median and the fastest."""
    return f"{statistics.median(took):.2f} ({min(took):.2f})"


if __name__ == "__main__":
    main()
