"""The page of one training step as a student uses it: play it, follow a weight, undo, and check every number."""

import re
import time

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import nn

from cnn_core.data import datasets
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.training.batches import shuffled, split
from pages.train.step.keys import Key
from pages.train.step.stepper import BACKWARD, FORWARD, LOSS, PLAY_SECONDS, UPDATE
from pages.ui.network.keys import NetworkKey
from tests.support.opening import open_app, words
from tests.support.tiles_message import shown_tiles

LINE = "conv4-relu-pool2-flatten-linear10"
DIGITS = datasets.load("digits")


class ByHand:
    """The same training with nothing but torch."""

    def __init__(self, rate: float = 0.1) -> None:
        architecture = Architecture((1, 28, 28), shorthand.from_text(LINE), 10)
        self.model = build(architecture, 0).train()
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=rate)
        training, _ = split(len(DIGITS.x_train), 0.0, 0, 16)
        order = [shuffled(training, 0, epoch) for epoch in range(5)]
        self.batches = torch.cat(order).split(4)
        self.done = 0

    def loss(self) -> torch.Tensor:
        numbers = self.batches[self.done].numpy()
        images = torch.from_numpy(DIGITS.x_train[numbers]).permute(0, 3, 1, 2) / 255
        labels = torch.from_numpy(DIGITS.y_train[numbers]).long()
        self.optimizer.zero_grad()
        loss = nn.functional.cross_entropy(self.model(images), labels)
        loss.backward()
        return loss.detach()

    def step(self) -> None:
        self.loss()
        self.optimizer.step()
        self.done += 1


def page(**link: str) -> AppTest:
    at = open_app("train/step", link={NetworkKey.NETWORK: LINE, NetworkKey.DATASET: "Digits", **link})
    assert at.session_state[NetworkKey.GOOD] == link.get(NetworkKey.NETWORK, LINE)
    return at


def show(at: AppTest, stage: str) -> AppTest:
    at.segmented_control(Key.STAGE).set_value(stage).run()
    assert not at.exception
    return at


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception
    return at


def counted(at: AppTest) -> str:
    return next(text.value for text in at.markdown if text.value.startswith("**Step"))


def number_after(text: str, at: AppTest) -> float:
    found = re.search(re.escape(text) + r"\D*?([−-]?\d[\d.e-]*\d)", words(at))
    assert found, words(at)
    return float(found[1].replace("−", "-"))


def test_a_step_is_followed_from_the_images_to_the_loss_after() -> None:
    by_hand = ByHand()
    loss = float(by_hand.loss())
    at = page()
    assert counted(at) == "**Step 1** · epoch 1, batch 1 of 4 · 0 images seen before"
    press(at, Key.NEXT)
    assert at.segmented_control(Key.STAGE).value == LOSS
    (mean,) = re.findall(r"\) = ([\d.]+)\$", words(at))
    assert float(mean) == pytest.approx(loss, abs=1e-5)
    press(at, Key.NEXT)
    assert at.segmented_control(Key.STAGE).value == BACKWARD
    gradient = by_hand.model[0].weight.grad
    assert gradient is not None
    place = np.unravel_index(int(gradient.abs().argmax()), gradient.shape)
    index = [at.number_input(f"{Key.INDEX}-{axis}").value for axis in ("filter", "channel", "row", "column")]
    assert index == list(place)  # it begins at the largest
    assert number_after("autograd says", at) == pytest.approx(float(gradient[place]), abs=1e-6)
    kernel = shown_tiles(at, Key.KERNEL)
    np.testing.assert_allclose(kernel.values.reshape(3, 3), gradient[place[0], 0], atol=1e-6)
    terms = shown_tiles(at, Key.TERMS).values
    np.testing.assert_allclose(
        terms, shown_tiles(at, Key.READS).values * shown_tiles(at, Key.CAME_BACK).values
    )
    press(at, Key.NEXT)
    assert at.segmented_control(Key.STAGE).value == UPDATE
    before = float(by_hand.model[0].weight[place])
    by_hand.optimizer.step()
    after = float(by_hand.model[0].weight[place])
    assert after == pytest.approx(before - 0.1 * float(gradient[place]), abs=1e-6)
    assert number_after("own update gives", at) == pytest.approx(after, abs=1e-6)
    assert number_after("**Loss on the same batch**:", at) == pytest.approx(loss, abs=1e-5)
    assert number_after("before, **", at) == pytest.approx(float(by_hand.loss()), abs=1e-5)
    press(at, Key.NEXT)
    assert at.segmented_control(Key.STAGE).value == FORWARD
    assert counted(at) == "**Step 2** · epoch 1, batch 2 of 4 · 4 images seen before"


def test_ten_steps_and_one_back_give_the_weights_of_nine() -> None:
    at = show(page(), UPDATE)
    press(at, f"{Key.GO}-10")
    assert counted(at) == "**Step 11** · epoch 3, batch 3 of 4 · 40 images seen before"
    assert at.query_params[Key.AT] in ("10", ["10"])
    press(at, f"{Key.GO}-back")
    by_hand = ByHand()
    for _ in range(9):
        by_hand.step()
    assert number_after("**Loss on the same batch**:", at) == pytest.approx(float(by_hand.loss()), abs=1e-5)
    link = page(**{Key.AT: "9", Key.STAGE: UPDATE})
    assert counted(link) == counted(at)
    assert number_after("before, **", link) == number_after("before, **", at)


@pytest.mark.parametrize(
    ("optimizer", "link", "line"),
    [
        (
            "Adam",
            {Key.BETA1: "0.5"},
            r"Average of the gradients: $m = \beta_1 m_{t-1} + (1 - \beta_1)\, g = 0.5 ",
        ),
        (
            "AdamW",
            {Key.BETA2: "0.9"},
            r"Average of their squares: $v = \beta_2 v_{t-1} + (1 - \beta_2)\, {g}^2 = 0.9 ",
        ),
        ("RMSprop", {Key.ALPHA: "0.8"}, r"(1 - \alpha)\, {g}^2 = 0.8 "),
    ],
)
def test_an_averages_share_is_the_one_that_was_set(optimizer: str, link: dict[str, str], line: str) -> None:
    assert line in words(page(**{Key.OPTIMIZER: optimizer, Key.STAGE: UPDATE, **link}))


def test_it_plays_by_itself_and_pauses_at_a_question() -> None:
    at = press(page(), Key.PLAY)
    assert at.segmented_control(Key.STAGE).value == FORWARD  # each is seen for a while
    for stage in (LOSS, BACKWARD, UPDATE):
        at.session_state[Key.PLAYED] = time.monotonic() - PLAY_SECONDS
        at.run()
        assert at.segmented_control(Key.STAGE).value == stage
    at.session_state[Key.PLAYED] = time.monotonic() - PLAY_SECONDS
    at.run()
    assert counted(at).startswith("**Step 2**")
    press(at, Key.PLAY)
    assert not at.session_state[Key.PLAYED]
    show(at, UPDATE).toggle(Key.GUESS).set_value(True).run()
    press(at, Key.PLAY)
    at.session_state[Key.PLAYED] = time.monotonic() - PLAY_SECONDS
    at.run()
    assert counted(at).startswith("**Step 2**")
    assert not at.session_state[Key.PLAYED]


def test_another_parameter_another_network_and_another_optimizer() -> None:
    at = show(page(), BACKWARD)
    at.selectbox(Key.PARAMETER).set_value("linear1.weight").run()
    gradient = ByHand()
    gradient.loss()
    expected = gradient.model[4].weight.grad
    assert expected is not None
    assert number_after("autograd says", at) == pytest.approx(
        float(expected.flatten()[expected.abs().argmax()]), abs=1e-6
    )
    at.selectbox(Key.PARAMETER).set_value("conv1.bias").run()
    assert not at.exception
    at.text_input(NetworkKey.NETWORK).set_value("conv2-bn-relu-residual2-flatten-linear10").run()
    at.selectbox(Key.PARAMETER).set_value("residual1.conv2.weight").run()
    at.selectbox(Key.OPTIMIZER).set_value("adam").run()
    assert at.number_input(Key.RATE).value == pytest.approx(0.004)
    show(at, UPDATE)
    own = number_after("own update gives", at)
    (last,) = re.findall(r"w_\{\\text\{after\}\} = .* = ([^$]*)\$", words(at))
    assert float(last) == pytest.approx(own, abs=1e-6)


def test_the_questions_come_before_their_answers() -> None:
    at = show(page(**{Key.GUESS: "true"}), UPDATE)
    assert "own update" not in words(at)
    pills = [group for group in at.get("button_group") if "What will the update do" in group.label]
    pills[0].set_value("It shrinks").run()
    assert "own update" in words(at)
    assert "Loss on the same batch" not in words(at)
    pills = [group for group in at.get("button_group") if "loss on this very batch" in group.label]
    pills[0].set_value("It falls").run()
    assert "Loss on the same batch" in words(at)
    assert all("Right" in text.value for text in [*at.success, *at.error][1:])


def test_a_trained_network_takes_a_step_and_stays_as_it_is() -> None:
    at = open_app("train/step", link={Key.FROM: "Trained"}, model="mnist-3conv")
    from cnn_core.data.datasets import problem

    if problem("mnist"):
        assert any("MNIST is not on this machine" in error.value for error in at.error)
    else:
        assert counted(at).startswith("**Step 1**")


def test_a_network_that_cannot_work_leads_to_the_builder() -> None:
    at = open_app("train/step", link={NetworkKey.NETWORK: "conv8-linear10", NetworkKey.DATASET: "Digits"})
    assert [error.value for error in at.error] == ["Repair the network first: a layer cannot work."]


def test_muon_clipping_and_smoothing_are_shown_where_they_act() -> None:
    at = page(
        **{
            NetworkKey.NETWORK: "conv2-relu-conv4-flatten-linear10",
            Key.OPTIMIZER: "Muon",
            Key.CLIP: "0.5",
            Key.SMOOTHING: "0.2",
            Key.PARAMETER: "conv2.weight",
            Key.STAGE: UPDATE,
        }
    )
    assert "made nearly orthogonal" in words(at)
    assert "All gradients together are too long" in words(at)
    (last,) = re.findall(r"w_\{\\text\{after\}\} = .* = ([^$]*)\$", words(at))
    assert float(last) == pytest.approx(number_after("own update gives", at), abs=1e-6)
    show(at, LOSS)
    table = at.dataframe[0].value
    parts = 0.8 * table["−ln p"].astype(float) + 0.2 * table["mean of −ln p over all classes"].astype(float)
    np.testing.assert_allclose(parts, table["loss, smoothed"].astype(float), atol=2e-6)
