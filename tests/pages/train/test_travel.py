"""Time travel: what the page says and sends of a run's moments, what old and empty runs lack, and predict first."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn_core.checkpoints import load_weights
from cnn_core.data import datasets
from cnn_core.runs import records, travel
from cnn_core.runs.history import Run
from cnn_core.runs.moments import moments
from pages.train.travel.answers import Journey
from pages.train.travel.keys import Key
from pages.train.travel.predictions import NEVER, half_question
from pages.train.travel.travel_board import LEVELS, quantized
from tests.support.component_message import unpack
from tests.support.made_runs import trained
from tests.support.opening import open_app, words


@pytest.fixture
def run(convlens_home) -> Run:
    return trained(epochs=2, batch_size=64, device="cpu")


def sent(at: AppTest) -> dict:
    (board,) = at.get("bidi_component")
    return unpack(board.proto.bytes)


def values(message: dict, name: str) -> np.ndarray:
    """Kernels or maps as the browser reads them."""
    count = len(message["at"])
    found = message[f"{name}Bytes"].reshape(count, *message[name]["shape"]).astype(np.float32)
    return (found - LEVELS - 1) / LEVELS * message[f"{name}Limits"].reshape(-1, 1, 1, 1)


def test_bytes_are_values_to_half_a_level_of_each_moments_own_scale() -> None:
    found = np.random.default_rng(0).normal(size=(3, 2, 4, 4)).astype(np.float32)
    found[1] *= 100
    found[2] = 0
    sent_bytes, limits = quantized(found)
    back = (sent_bytes.astype(np.float32) - LEVELS - 1) / LEVELS * limits.reshape(-1, 1, 1, 1)
    assert limits.tolist() == [abs(found[0]).max(), abs(found[1]).max(), 1]
    assert (abs(back - found).max(axis=(1, 2, 3)) <= 0.51 / LEVELS * limits).all()


def test_everything_that_the_slider_moves_is_that_of_the_runs_own_weights(run: Run) -> None:
    at = open_app("train/travel", link={Key.RUN: run.id, Key.MOMENT: "0.5"})
    message, found, data = sent(at), moments(run), datasets.load("digits")
    assert message["places"] == [[one.epoch, one.step] for one in found]
    assert message["words"][message["start"]] == "after 5 batches of epoch 1"
    assert at.query_params[Key.MOMENT] == "0.5"
    image = np.moveaxis(data.x_test[0], -1, 0).astype(np.float32) / 255
    followed = travel.follow(run.architecture, found, "conv1", 0, image)
    for place, one in enumerate(found):
        limits = message["kernelsLimits"][place], message["mapsLimits"][place]
        weight = load_weights(one.file)["conv1.weight"].numpy()[:, 0]
        assert abs(values(message, "kernels")[place] - weight).max() <= 0.51 / LEVELS * limits[0]
        assert abs(values(message, "maps")[place] - followed.maps[place]).max() <= 0.51 / LEVELS * limits[1]
        judged = travel.judge(run.architecture, one, data.x_test, data.y_test)
        counts = message["counts"].reshape(-1, 10, 10)[place]
        np.testing.assert_array_equal(counts, judged.matrix)
        assert message["testedLoss"][place] == pytest.approx(judged.loss, rel=1e-6)
        assert f"loss {judged.loss:.4f}" in message["readouts"][place]
    last = run.epochs[-1]
    assert f"training {100 * last['accuracy']:.2f}\u00a0%, loss {last['loss']:.4f}" in message["readouts"][-1]
    at.selectbox(key=Key.LAYER).select("conv2").run()
    assert sent(at)["kernels"]["title"] == "Weights of conv2, channel 0"
    assert sent(at)["start"] == message["start"], "the slider would jump"
    at.session_state["travel-board-tables"] = True
    at.run()
    assert at.dataframe[0].value["test loss"].tolist() == pytest.approx(
        message["testedLoss"].tolist(), rel=1e-6
    )


def test_a_link_without_a_moment_or_with_a_wrong_one_begins_at_the_last(run: Run) -> None:
    for link in ({}, {Key.MOMENT: "9.9"}, {Key.MOMENT: "<b>"}):
        at = open_app("train/travel", link={Key.RUN: run.id, **link})
        assert sent(at)["start"] == len(moments(run)) - 1
        assert Key.MOMENT not in at.query_params


def test_a_run_of_old_travels_by_epochs_and_says_what_it_lacks(run: Run) -> None:
    for file in (run.path / records.STEPS).iterdir():
        file.unlink()
    at = open_app("train/travel", link={Key.RUN: run.id})
    assert sent(at)["words"] == ["after epoch 1", "after epoch 2"]
    assert "This run kept no weights of its first epoch" in words(at)
    for file in (run.path / records.EPOCHS).iterdir():
        file.unlink()
    at = open_app("train/travel", link={Key.RUN: run.id})
    assert at.info[0].value.startswith("This run kept no weights of its way.")
    assert not at.get("bidi_component")


def test_damaged_weights_are_left_out_and_said(run: Run) -> None:
    (run.path / records.STEPS / "000000.safetensors").write_bytes(b"nothing")
    at = open_app("train/travel", link={Key.RUN: run.id})
    assert sent(at)["words"][0] == "after 1 batch of epoch 1"
    assert "1 moment left out: the weights" in words(at)


def test_an_empty_home_says_what_will_be_here_and_offers_to_train(convlens_home) -> None:
    at = open_app("train/travel")
    assert "will be here, at every moment" in at.info[0].value
    assert "A shipped network has no epochs left" in at.info[0].value
    assert [one.proto.page for one in at.get("page_link")][-1] == "builder"


def test_the_question_is_answered_by_the_run_itself(run: Run) -> None:
    data, found = datasets.load("digits"), moments(run)
    judged = [travel.judge(run.architecture, one, data.x_test, data.y_test) for one in found]
    question = half_question(Journey(run, found, judged, len(data.y_test), []))
    first = next((one for one, said in zip(found, judged) if said.accuracy > 0.5), None)
    right = question.answer.right
    if first is None:
        assert right == NEVER
    else:
        assert right.startswith("Within") == (not first.epoch and first.step <= 50)
        assert first.words in question.reason
    at = open_app("train/travel", link={Key.RUN: run.id, Key.GUESS: "true"})
    assert not at.get("bidi_component"), "the answer is seen before it is given"
    at.button_group(key=question.key).select(right).run()
    assert at.success[0].value.startswith(f"**Right: {right}.**")
    assert at.get("bidi_component")
