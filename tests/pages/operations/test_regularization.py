"""The regularization page: its numbers are torch's, its runs are the shipped ones."""

import inspect
from dataclasses import replace

import numpy as np
import pytest
import streamlit as st
import torch
from streamlit.testing.v1 import AppTest

from cnn_core import checkpoints, ranges
from cnn_core.arrays import to_float
from cnn_core.data import datasets
from cnn_core.data.augmentation import Augmentation, augment_arrays
from cnn_core.networks.layers import BatchNorm, Conv2d, Dropout, Flatten, Linear
from cnn_core.operations.batch_norm import draw_batch
from cnn_core.studies import train_overfitting
from cnn_core.studies.overfitting import read_study
from pages.operations.regularization.keys import Key
from pages.ui.keys import Shared
from pages.ui.words import percent
from tests.support.opening import open_page, unfold, words
from tests.support.sliders import move, sliders
from tests.support.tiles_message import shown_tiles
from tests.support.trained_models import UNUSUAL, write_model, write_unusual

SENTENCES = {
    ("Batch norm", "dense"): "This network has no layer before its last one. Choose another one.",
}


def opened(part: str, **controls: object) -> AppTest:
    """The page at one of its parts."""
    return open_page("operations/regularization/page.py", Key, PART=part, **controls)


def table_with(at: AppTest, column: str):
    return next(frame.value for frame in at.dataframe if column in frame.value.columns)


def digits(count: int) -> torch.Tensor:
    """What the page shows the network where no dataset is downloaded."""
    return torch.from_numpy(to_float(datasets.load("digits").x_test[:count]))


@pytest.fixture(scope="module")
def model() -> torch.nn.Sequential:
    return checkpoints.load("mnist-3conv").model


def test_dropout_masks_and_scales_the_networks_features(model) -> None:
    at = opened("Dropout", RATE=0.5)
    features = model[:-1](digits(1))[0].numpy()
    shown = shown_tiles(at, Key.ACTIVATIONS).values.ravel()
    mask = shown_tiles(at, Key.DROPPED).values.ravel()
    scaled = shown_tiles(at, Key.SCALED).values.ravel()
    np.testing.assert_allclose(shown, features, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(scaled, shown * mask * 2, rtol=1e-6)
    assert f"kept {int(mask.sum())} of {mask.size}" in words(at)
    table = table_with(unfold(at), "this mask")
    expected = model[-1](torch.from_numpy(scaled.copy())).softmax(0)
    np.testing.assert_allclose(table["this mask"], expected, atol=1e-5)


def test_redrawing_gives_another_mask_and_eval_none(model) -> None:
    at = opened("Dropout")
    before = shown_tiles(at, Key.DROPPED).values
    next(button for button in at.button if button.label == "Another mask").click().run()
    after = shown_tiles(at, Key.DROPPED).values
    assert (before != after).any()
    at.button_group(key=Key.MODE).set_value("eval()").run()
    assert shown_tiles(at, Key.DROPPED).values.all()
    table = table_with(unfold(at), "this mask")
    expected = model(digits(1)).softmax(1)[0]
    for column in ("no dropout", "this mask", "5\u00a0% below", "5\u00a0% above"):
        np.testing.assert_allclose(table[column], expected, atol=1e-5)


def test_batch_norm_normalizes_with_torchs_numbers(model) -> None:
    at = opened("Batch norm", link={Key.GAMMA: "2", Key.BETA: "-1"}, BATCH_SIZE="8", LAYER="conv2", CHANNEL=3)
    images = digits(512)
    channel = model[:4](images)[:, 3]
    batch = channel[draw_batch(len(channel), 8, 0)][:, None]
    module = torch.nn.BatchNorm2d(1)
    module.weight.data.fill_(2.0)
    module.bias.data.fill_(-1.0)
    output = module(batch)
    text = words(at)
    assert f"{batch.mean():.2f} ± {batch.std(correction=0):.2f}".replace("-", "−") in text
    assert f"{output.mean():.2f} ± {output.std(correction=0):.2f}".replace("-", "−") in text
    assert f"= {output.flatten()[0].item():.3f}" in text


def test_companions_matter_less_in_larger_batches() -> None:
    at = opened("Batch norm", LAYER="conv2")
    table = table_with(at, "batch size")
    alone, two, eight, many = (float(value) for value in table.iloc[:, 1])
    assert alone == 0
    assert two > eight > many > 0


def test_a_single_value_is_refused_in_train_and_fine_in_eval() -> None:
    at = opened("Batch norm", LAYER="linear1", BATCH_SIZE="1")
    assert "1 value per channel" in at.error[0].value
    at.button_group(key=Key.MODE).set_value("eval()").run()
    assert not at.error
    assert "batches of 8" in words(at)


@pytest.mark.parametrize(
    ("part", "controls", "run"),
    [
        ("Dropout", {}, "dropout"),
        ("Batch norm", {}, "batch-norm"),
        ("Weight decay", {"DECAY": "0.003"}, "decay-0.003"),
        ("Augmentation", {}, "augmented"),
        ("Augmentation", {"CURE": "Flip left to right"}, "flipped"),
    ],
)
def test_each_part_shows_the_runs_that_it_is_tried_on(part: str, controls: dict, run: str) -> None:
    at = opened(part, **controls)
    study = read_study()
    table = table_with(at, "validation accuracy")
    for row, name in enumerate(("baseline", run)):
        assert table["validation loss"][row] == pytest.approx(study.runs[name].final("validation_loss")[0])
        assert table["validation accuracy"][row] == percent(study.runs[name].final("validation_accuracy")[0])
    assert study.command in words(at)


def test_weight_decay_shows_the_norms_of_the_trained_weights() -> None:
    at = opened("Weight decay")
    table = table_with(at, "norm without")
    norms = [layer.norm for layer in read_study().runs["decay-0.01"].weights]
    assert list(table["λ = 0.01"]) == norms
    assert (table["λ = 0.01"] < table["norm without"]).all()
    assert "= 0.99950" in words(at)


def test_augmented_images_are_read_by_the_network(model) -> None:
    at = opened("Augmentation", link={Key.SHIFT: "0", Key.ROTATE: "0", Key.ZOOM: "0"})
    expected = model(digits(1)).softmax(1).max().item()
    table = table_with(unfold(at), "reads")
    np.testing.assert_allclose(table["probability"], expected, atol=1e-5)
    move(at, Key.ROTATE, 180)
    at.run()
    assert table_with(at, "reads")["probability"].std() > 0.01


def test_sliders_of_the_augmentation_have_its_ranges_and_the_pictures_are_its() -> None:
    at = opened("Augmentation", link={Key.SHIFT: "3", Key.ROTATE: "25", Key.ZOOM: "0.2"}, FLIP=True, DRAW=7)
    known = ranges.ranges(Augmentation)
    shown = sliders(at)
    assert len(shown) == len(known) - 1  # a flip is on or off
    for one in known.values():
        if one.kind is not bool:
            texts = [float(text.replace("−", "-")) for text in shown[one.label]]
            np.testing.assert_allclose(
                texts, np.arange(one.low, one.high + one.step / 2, one.step), atol=1e-9
            )
    image = np.repeat(digits(1).numpy(), 13, axis=0)
    changed = augment_arrays(image, Augmentation(shift=3, rotate=25.0, zoom=0.2, flip=True), 7)
    expected = checkpoints.load("mnist-3conv").model(torch.from_numpy(changed)).softmax(1).max(1).values
    np.testing.assert_allclose(table_with(unfold(at), "reads")["probability"][1:], expected, atol=1e-5)


def test_what_is_said_of_the_runs_is_the_studys(monkeypatch: pytest.MonkeyPatch) -> None:
    other = replace(read_study(), training_images=240, momentum=0.8)
    st.cache_data.clear()
    monkeypatch.setattr("pages.ui.study.read_study", lambda: other)
    for part in ("Dropout", "Batch norm", "Weight decay", "Augmentation"):
        text = words(opened(part))
        assert "240 images" in text
        assert "300" not in text
        if part == "Weight decay":
            assert "about 5 times as fast with momentum 0.8" in text
    st.cache_data.clear()


def test_the_source_of_the_training_is_shown() -> None:
    at = open_page("operations/regularization/page.py", Key, link={Shared.CODE: "true"})
    assert inspect.getsource(train_overfitting.train) in [code.value + "\n" for code in at.code]


def test_predict_first_hides_the_answer_until_one_is_given() -> None:
    at = opened("Dropout", PREDICT=True, RATE=0.5)
    assert "kept " not in words(at)
    question = next(group for group in at.get("button_group") if "How large" in group.label)
    question.set_value("2 times as large").run()
    assert "Right: 2 times as large" in at.success[0].value
    assert "kept " in words(at)


@pytest.mark.parametrize("part", ["Dropout", "Batch norm", "Augmentation"])
@pytest.mark.parametrize("kind", UNUSUAL)
def test_any_model_gives_pictures_or_a_sentence(part: str, kind: str, convlens_home) -> None:
    write_unusual(convlens_home, kind)
    at = opened(part, model=f"run:{kind}")
    expected = SENTENCES.get((part, kind))
    assert [info.value for info in at.info] == ([] if expected is None else [expected])


def test_dropout_says_whether_the_network_was_trained_with_it(convlens_home) -> None:
    assert "**mnist-3conv was trained without dropout**" in words(opened("Dropout"))
    write_model(convlens_home, "dropped", Flatten(), Linear(16), Dropout(0.3), Linear(10))
    text = words(opened("Dropout", model="run:dropped"))
    assert "was trained with dropout** (p = 0.3)" in text
    assert "trained without dropout" not in text


def test_batch_norm_says_whether_the_network_has_its_own(convlens_home) -> None:
    assert "**mnist-3conv was trained without batch norm**" in words(opened("Batch norm"))
    write_model(convlens_home, "normed", Conv2d(4), BatchNorm(), Flatten(), Linear(10))
    assert "has batch norm of its own**" in words(opened("Batch norm", model="run:normed"))


def test_a_lower_loss_with_fewer_right_is_not_called_a_cure() -> None:
    without, decayed = (read_study().runs[name] for name in ("baseline", "decay-0.01"))
    at = opened("Weight decay", DECAY="0.01")
    loss, right = (decayed.final(f"validation_{quantity}")[0] for quantity in ("loss", "accuracy"))
    assert f"a loss of {loss:.2f} instead of {without.final('validation_loss')[0]:.2f}" in words(at)
    assert (
        f"{percent(right)} read right instead of {percent(without.final('validation_accuracy')[0])}"
        in words(at)
    )
    assert right < without.final("validation_accuracy")[0]
    assert "not better at reading" in words(at)
    assert "not better at reading" not in words(opened("Augmentation"))
