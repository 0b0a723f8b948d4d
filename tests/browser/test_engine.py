"""The browser engine where it works: in the app's page, under its policy, with weights from the app's own server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, Request, expect

from benchmarks import serving
from cnn_core import checkpoints, train
from cnn_core.networks.layers import GELU, AvgPool2d, BatchNorm, Conv2d, Flatten, Linear, Residual
from cnn_core.runs import listing
from pages.ui.components.base.bundle import bundle
from pages.ui.components.engine import describe
from pages.ui.models import ModelRef
from tests.browser.conftest import Server
from tests.support.engine_side import ENGINE
from tests.support.trained_models import write_model

LAYERS = (
    Conv2d(6, 3, padding="same"),
    BatchNorm(),
    GELU(),
    Residual(8, 2),
    AvgPool2d(2),
    Flatten(),
    Linear(10),
)
NETWORK = "conv8-bn-silu-pool2-flatten-dropout0.2-linear10"
# The engine's module, as a component has it, and what comes out of it as JSON.
BEGIN = """async (text) => {
  const module = await import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  window.engine = module.engine();
  window.ask = async (description, input) => {
    const network = await window.engine.load(description);
    const answer = await network.forward(Float32Array.from(input));
    return answer && {
      outputs: answer.outputs.map((output) => ({ ...output, values: [...output.values] })),
      probabilities: [...answer.probabilities],
    };
  };
}"""
ASK = "([description, input]) => window.ask(description, input)"


def opened(page: Page, url: str) -> None:
    """Open an address of the app, and start the engine in it."""
    page.goto(url)
    expect(page.get_by_test_id("stApp")).to_be_attached()
    name = "$ui_components_engine_engine"
    page.evaluate(BEGIN, f"{bundle(ENGINE / 'engine.js')}\nexport const {{ engine }} = {name};")


def ref_of(path: Path, name: str) -> ModelRef:
    card = listing.model(path).card
    assert card is not None
    return ModelRef(name, name, path, 0, card)


def is_torchs(said: dict[str, Any], model: torch.nn.Sequential, image: torch.Tensor) -> None:
    for output, layer in zip(said["outputs"], model, strict=True):
        image = layer(image)
        wanted = image.numpy().ravel()
        assert output["shape"] == list(image.shape[1:])
        np.testing.assert_allclose(
            output["values"], wanted, rtol=1e-4, atol=1e-6 * abs(wanted).max(), err_msg=output["name"]
        )
    np.testing.assert_allclose(said["probabilities"], image.softmax(1).numpy().ravel(), rtol=1e-4)


@pytest.fixture
def in_home(shared_server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("CONVLENS_HOME", str(shared_server.home))
    return shared_server


def test_a_model_that_was_just_trained_is_read_at_its_best_and_at_an_epoch(
    in_home: Server, page: Page
) -> None:
    path = in_home.home / "runs" / "trained"
    words = ["--network", NETWORK, "--dataset", "digits", "--epochs", "2", "--train-limit", "200"]
    assert train.main([*words, "--out", str(path)]) == 0
    opened(page, in_home.url)
    for epoch, file in ((None, None), (0, "epochs/001.safetensors")):
        model, card = checkpoints.load(path, file)
        image = torch.rand(1, *card.architecture.input_shape)
        said = page.evaluate(ASK, [describe(ref_of(path, "run:trained"), epoch), image.ravel().tolist()])
        is_torchs(said, model, image)


def test_it_works_on_a_deep_link_and_fetches_once(in_home: Server, page: Page) -> None:
    model = write_model(in_home.home, "every kind", *LAYERS, input_shape=(1, 17, 16))
    described = describe(ref_of(in_home.home / "runs" / "every kind", "run"))
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/weights/" in request.url else None)
    opened(page, f"{in_home.url}/draw?draw-size=1")
    for _ in range(2):
        image = torch.rand(1, 1, 17, 16)
        is_torchs(page.evaluate(ASK, [described, image.ravel().tolist()]), model, image)
    assert [request.url for request in asked] == [f"{in_home.url}/{described['weights']}"]
    assert quote("every kind") in asked[0].url


def test_of_calls_that_come_at_once_the_first_and_the_newest_are_answered(
    in_home: Server, page: Page
) -> None:
    described = describe(ref_of(checkpoints.folder("mnist-3conv"), "mnist-3conv"))
    opened(page, f"{in_home.url}/convolution")
    sums = page.evaluate(
        """async (description) => {
          const network = await window.engine.load(description);
          const asked = [0, 0.25, 0.5, 0.75].map((ink) => network.forward(new Float32Array(784).fill(ink)));
          const answers = await Promise.all(asked);
          const last = await network.forward(new Float32Array(784).fill(0.75));
          return [answers.map((answer) => answer && answer.probabilities[3]), last.probabilities[3]];
        }""",
        described,
    )
    (first, *superseded, newest), alone = sums
    assert superseded == [None, None]
    assert newest == alone != first


def refuses(page: Page, described: object, values: int) -> str:
    said: str = page.evaluate(
        "([description, count]) => window.ask(description, new Array(count).fill(0)).then(() => '', (e) => e.message)",
        [described, values],
    )
    return said


def test_what_cannot_be_answered_is_said_and_the_engine_lives_on(in_home: Server, page: Page) -> None:
    described = describe(ref_of(checkpoints.folder("mnist-3conv"), "mnist-3conv"))
    opened(page, f"{in_home.url}/draw")
    gone = {**described, "weights": "weights/run/gone/best/none"}
    assert refuses(page, gone, 784) == "The weights cannot be fetched: the server answers 404."
    assert refuses(page, described, 100) == "The input has 100 values instead of 784."
    assert refuses(page, {**described, "layers": [{**described["layers"][0], "type": "New"}]}, 784) == (  # type: ignore[index]
        "The browser knows no layer of type New."
    )
    assert refuses(page, described, 784) == ""
    waiting = page.evaluate(
        """async (description) => {
          const network = await window.engine.load(description);
          const asked = network.forward(new Float32Array(784)).then(() => "", (error) => error.message);
          window.engine.close();
          return asked;
        }""",
        described,
    )
    assert waiting == "The engine was closed."


@pytest.fixture
def address_under_a_path(tmp_path: Path) -> Iterator[str]:
    """A server that serves the app under a path of its address, as behind a proxy that serves others too."""
    port = serving.free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(serving.APP), "--server.port", str(port)]
    process = subprocess.Popen(
        [*command, "--server.headless", "true", "--server.baseUrlPath", "lab/one"],
        cwd=serving.ROOT,
        env={**os.environ, "CONVLENS_HOME": str(tmp_path), "CONVLENS_WARM_WORKER": "0"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield f"http://127.0.0.1:{port}/lab/one"
    serving.end(process)


def test_it_works_under_a_base_path(address_under_a_path: str, page: Page) -> None:
    described = describe(ref_of(checkpoints.folder("mnist-3conv"), "mnist-3conv"))
    model = checkpoints.load("mnist-3conv").model
    image = torch.rand(1, 1, 28, 28)
    serving.wait_for(f"{address_under_a_path}/_stcore/health")
    for where in ("/", "/draw"):
        opened(page, f"{address_under_a_path}{where}")
        is_torchs(page.evaluate(ASK, [described, image.ravel().tolist()]), model, image)
