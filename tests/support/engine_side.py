"""The browser engine without a page: networks answer images in Node, or in Chromium, from the modules as they are."""

import json
import shutil
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.torch
from numpy.typing import NDArray
from playwright.sync_api import Page
from torch import Generator, Tensor, nn, rand

from cnn_core.networks.layers.base import Layer, Shape
from pages.ui.components.base.bundle import bundle
from tests.support.component_stage import ROOT

NODE = shutil.which("node")
ENGINE = ROOT / "pages" / "ui" / "components" / "engine"
# What `run` makes of cases: of each layer and of the probabilities, the bytes.
RUN = """
export function run(cases) {
  const { network } = $ui_components_engine_network;
  const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;
  const text = ({ buffer, byteOffset, byteLength }) => {
    let binary = "";
    for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) binary += String.fromCharCode(byte);
    return btoa(binary);
  };
  return cases.map(({ description, weights, input }) => {
    const answer = network(description, bytes(weights))(new Float32Array(bytes(input)));
    return [...answer.outputs.map(({ values }) => text(values)), text(answer.probabilities)];
  });
}
"""
Array = NDArray[np.float32]


@dataclass(frozen=True)
class Case:
    """A network as the engine takes it, its weights as a file's bytes, and an image."""

    description: Mapping[str, Any]
    weights: bytes
    image: Array

    def sent(self) -> dict[str, Any]:
        """As JSON has it."""
        given = b64encode(self.weights).decode(), b64encode(self.image.astype("<f4").tobytes()).decode()
        return {"description": self.description, "weights": given[0], "input": given[1]}


def case_of(layer: Layer, shape: Shape, module: nn.Module, image: Array) -> Case:
    """A network of one layer, which may take a vector."""
    described = {
        "type": type(layer).__name__,
        "name": "only",
        "title": layer.title,
        "settings": asdict(layer),
        "inputShape": list(shape),
        "outputShape": list(layer.output_shape(shape)),
    }
    return Case(
        {"layers": [described], "inputShape": list(shape)}, weights_of(nn.ModuleDict({"only": module})), image
    )


def shaken(module: nn.Module, generator: Generator) -> nn.Module:
    """The module with every number in it as training may leave it: no mean of 0, no variance or scale of 1."""
    for name, tensor in module.state_dict().items():
        if tensor.is_floating_point():
            low = 0.5 if name.endswith(("running_var", "norm.weight")) else -0.5
            tensor.uniform_(low, low + 1, generator=generator)
    return module.eval().requires_grad_(False)


def random_image(shape: Shape, generator: Generator) -> Tensor:
    """Noise with negative values too, as a batch of one."""
    return 4 * rand(1, *shape, generator=generator) - 2


def weights_of(model: nn.Module) -> bytes:
    """The weights as safetensors has them."""
    tensors: dict[str, Tensor] = {name: value.contiguous() for name, value in model.state_dict().items()}
    return safetensors.torch.save(tensors)


def in_node(folder: Path, cases: Sequence[Case]) -> list[list[Array]]:
    """Of each case what each layer answers, flat, and the probabilities; `folder` is for the script."""
    assert NODE is not None
    script, sent = folder / "run.mjs", folder / "cases.json"
    sent.write_text(json.dumps([case.sent() for case in cases]), encoding="utf-8")
    reads = 'import { readFileSync } from "node:fs";\n'
    says = 'console.log(JSON.stringify(run(JSON.parse(readFileSync(process.argv[2], "utf-8")))));\n'
    script.write_text(reads + _module() + says, encoding="utf-8")
    done = subprocess.run([NODE, str(script), str(sent)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [[_array(text) for text in answer] for answer in json.loads(done.stdout)]


def in_chromium(page: Page, cases: Sequence[Case]) -> list[list[Array]]:
    """As `in_node`."""
    answers: list[list[str]] = page.evaluate(
        "async ([text, cases]) => (await import(URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))))"
        ".run(cases)",
        [_module(), [case.sent() for case in cases]],
    )
    return [[_array(text) for text in answer] for answer in answers]


@cache
def _module() -> str:
    """The engine's network as one text, with `run`."""
    return bundle(ENGINE / "network.js") + RUN


def _array(text: str) -> Array:
    return np.frombuffer(b64decode(text), "<f4")
