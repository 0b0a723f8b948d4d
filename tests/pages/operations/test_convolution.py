import re

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from streamlit.testing.v1 import AppTest

from pages.operations.convolution import numbers_text
from pages.operations.convolution.keys import Key
from pages.ui.keys import ImagePart
from tests.support.player_message import shown

SOBEL_X = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]


PAGE = "../../../pages/operations/convolution/page.py"


def open_page(**settings: object) -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=90)
    for name, value in settings.items():
        app.session_state[Key[name]] = value
    app.session_state[f"{Key.IMAGE}-{ImagePart.OPEN}"] = True
    app.run()
    assert not app.exception
    return app


def image_of(scene: dict) -> torch.Tensor:
    (top, left), (height, width) = scene["shape"]["offset"], scene["shape"]["image"]
    return torch.tensor(scene["padded"][:, top : top + height, left : left + width])[None]


def test_the_first_picture_is_sobel_over_the_image_by_torch():
    scene = shown(open_page())
    np.testing.assert_array_equal(scene["weight"][0], SOBEL_X)
    expected = F.conv2d(image_of(scene), torch.tensor(scene["weight"])[None], padding=1)[0, 0]
    np.testing.assert_allclose(scene["output"], expected, atol=1e-5)
    assert scene["output"].shape == (28, 28)


@pytest.mark.parametrize(
    ("settings", "torch_settings"),
    [
        ({"STRIDE": "2", "PADDING": "0"}, {"stride": 2}),
        (
            {"STRIDE": "1x3", "PADDING": "2x0", "DILATION": "2x1"},
            {"stride": (1, 3), "padding": (2, 0), "dilation": (2, 1)},
        ),
        ({"KERNEL_SIZE": "5x2", "KERNEL": "Gaussian blur", "PADDING": "valid"}, {}),
        ({"PADDING": "same", "KERNEL": "Emboss", "KERNEL_SIZE": "5", "BIAS": 0.5}, {"padding": "same"}),
    ],
)
def test_settings_reach_the_result(settings, torch_settings):
    scene = shown(open_page(**settings))
    bias = torch.tensor([settings.get("BIAS", 0.0)])
    expected = F.conv2d(image_of(scene), torch.tensor(scene["weight"])[None], bias, **torch_settings)[0, 0]
    np.testing.assert_allclose(scene["output"], expected, atol=1e-5)


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_padding_holds_what_torch_puts_there(mode):
    scene = shown(open_page(PADDING="3", MODE=mode, IMAGE_SIZE="16"))
    np.testing.assert_array_equal(scene["padded"], F.pad(image_of(scene), (3, 3, 3, 3), mode=mode)[0])


def test_channels_are_summed_and_grouped():
    scene = shown(open_page(CHANNELS="RGB", BIAS=0.25, IMAGE_SIZE="16"))
    assert scene["channels"] == ["red", "green", "blue"]
    weight = torch.tensor(scene["weight"])
    expected = F.conv2d(image_of(scene), weight[None], torch.tensor([0.25]), padding=1)[0, 0]
    np.testing.assert_allclose(scene["output"], expected, atol=1e-5)
    depthwise = shown(open_page(CHANNELS="RGB", FILTERS="3", GROUPS="3", SHOWN="1", IMAGE_SIZE="16"))
    assert depthwise["channels"] == ["green"]
    assert not depthwise["sameChannels"]
    np.testing.assert_array_equal(depthwise["weight"][0], np.transpose(SOBEL_X))


def test_transposed_is_torchs_conv_transpose():
    app = open_page(SOURCE="matrix", MATRIX="1 2; 3 4", KIND="transposed", STRIDE="2", PADDING="1")
    x = torch.tensor([[[[1.0, 2], [3, 4]]]])
    weight = torch.tensor(SOBEL_X, dtype=torch.float32)[None, None]
    expected = F.conv_transpose2d(x, weight, stride=2, padding=1)[0, 0]
    np.testing.assert_allclose(shown(app)["output"], expected, atol=1e-6)


def test_14_cells_become_28_again_with_output_padding():
    down = open_page(STRIDE="2", PADDING="1", IMAGE_SIZE="28")
    assert shown(down)["output"].shape == (14, 14)
    up = open_page(
        KIND="transposed", STRIDE="2", PADDING="1", IMAGE_SIZE="14", OUTPUT_PADDING="1", MORE_OPEN=True
    )
    scene = shown(up)
    assert scene["output"].shape == (28, 28)
    text = "\n".join(element.value for element in up.markdown)
    assert "(14 − 1)·2 − 2·1 + 1·(3 − 1) + 1 + 1 = 28" in text
    assert up.selectbox(Key.OUTPUT_PADDING).options == ["0", "1", "0x1", "1x0"]
    # A stride of 1 leaves nothing to choose, and what was chosen is let go.
    alone = open_page(KIND="transposed", STRIDE="1", OUTPUT_PADDING="1", MORE_OPEN=True)
    assert alone.selectbox(Key.OUTPUT_PADDING).options == ["0"]
    assert shown(alone)["output"].shape == (28, 28)


def test_padding_above_the_border_of_a_transposed_convolution_cuts_pixels_off():
    app = open_page(
        SOURCE="matrix",
        MATRIX="1 2 3; 4 5 6; 7 8 9",
        KIND="transposed",
        KERNEL="Identity",
        KERNEL_SIZE="1",
        PADDING="1",
    )
    scene = shown(app)
    assert scene["shape"]["offset"] == [-1, -1]
    assert scene["output"].shape == (1, 1)
    x = torch.arange(1.0, 10).reshape(1, 1, 3, 3)
    expected = F.conv_transpose2d(x, torch.tensor(scene["weight"])[None], padding=1)[0, 0]
    np.testing.assert_allclose(scene["output"], expected, atol=1e-6)
    assert any("cuts off the input's own edge" in element.value for element in app.markdown)


def test_flipping_turns_the_kernel_that_slides():
    scene = shown(open_page(FLIP=True))
    np.testing.assert_array_equal(scene["weight"][0], np.negative(SOBEL_X))


def test_unread_pixels_are_marked_and_counted():
    app = open_page(STRIDE="3", PADDING="0", SOURCE="picture")
    scene = shown(app)
    assert scene["unread"].sum() == 28 * 28 - 27 * 27
    assert any("No window reads 55 of the 784 pixels" in text.value for text in app.markdown)
    assert any("⌊25 / 3⌋ + 1 = 9" in text.value for text in app.markdown)


def test_the_maps_of_all_filters_are_in_the_player_which_adds_one():
    app = open_page(FILTERS="2", SHOWN="1", STRIDE="2", EXACT=True, BIAS=0.5)
    scene = shown(app)
    assert (scene["filter"], scene["mostFilters"], scene["sameChannels"]) == (1, 4, True)
    kernels = torch.tensor([SOBEL_X, np.transpose(SOBEL_X).tolist()], dtype=torch.float32)[:, None]
    expected = F.conv2d(image_of(scene), kernels, torch.tensor([0.5, 0.5]), 2, 1)[0]
    for number in (0, 1):
        made = scene[f"output{number}"].reshape(scene["shape"]["output"])
        np.testing.assert_allclose(made, expected[number], atol=1e-5)
        np.testing.assert_array_equal(scene[f"weight{number}"].reshape(3, 3), kernels[number, 0])
    np.testing.assert_array_equal(scene["output"].ravel(), scene["output1"])

    def added() -> None:  # as the player's "+" does, with weights that were typed
        import streamlit as st

        from pages.operations.convolution.kernel_editor import take_filter
        from pages.operations.convolution.keys import Key

        st.session_state[Key.WEIGHTS] = "1 2; 3 4"
        st.session_state[Key.KERNEL_SIZE] = "2"
        take_filter(2)  # only the next one can be added
        take_filter(1)
        st.text(f"{st.session_state[Key.WEIGHTS]} · {st.session_state[Key.FILTERS]}")
        st.text(st.session_state[Key.SHOWN])

    said = AppTest.from_function(added).run().text
    assert [text.value for text in said] == ["1 2; 3 4 / -2 -2; 2 2 · 2", "1"]


def test_the_cell_keeps_its_place_and_gives_way_where_it_would_show_nothing():
    app = open_page(EXACT=True)
    scene = shown(app)
    row, column = scene["at"]
    assert [row, column] == scene["start"]
    app.selectbox(Key.STRIDE).set_value("2").run()
    half = shown(app)["at"]
    assert all(abs(2 * there - here) <= 1 for here, there in zip((row, column), half))
    app.selectbox(Key.STRIDE).set_value("1").run()
    app.selectbox(Key.KERNEL_SIZE).set_value("5").run()
    app.selectbox(Key.PADDING).set_value("2").run()
    scene = shown(app)
    assert all(abs(there - here) <= 1 for here, there in zip((row, column), scene["at"]))
    # Another image whose window there is black: the strongest cell is looked at.
    blank = open_page(EXACT=True)
    blank.query_params[Key.AT] = "0,0"
    blank.run()
    scene = shown(blank)
    assert scene["at"] == [0, 0]  # asked for: it stays
    blank.selectbox(Key.PADDING).set_value("0").run()
    scene = shown(blank)
    assert not scene["padded"][0, :3, :3].any()
    assert scene["at"] == scene["start"]
    # A pinned cell moves along, in the link too, and stays pinned.
    pinned = open_page(EXACT=True)
    pinned.query_params[Key.CELL] = "20,14"
    pinned.run()
    pinned.selectbox(Key.STRIDE).set_value("2").run()
    assert shown(pinned)["cell"] == [10, 7]
    assert pinned.query_params[Key.CELL] == "10,7"


def test_pixels_are_in_steps_of_a_tenth_until_they_are_wanted_as_they_are():
    app = open_page()
    steps = shown(app)["padded"]
    np.testing.assert_allclose(10 * steps, np.round(10 * steps), atol=1e-6)
    press(app, "Exact pixels")
    exact = shown(app)["padded"]
    assert 0 < np.abs(exact - steps).max() <= 0.05 + 1e-6
    assert app.query_params[Key.EXACT] == "true"


def test_the_speed_is_five_cells_a_second_or_the_links():
    app = open_page()
    assert shown(app)["speed"] == 5
    for text, speed in [("60", 60), ("7", 5)]:
        app.query_params[Key.SPEED] = text
        app.run()
        assert shown(app)["speed"] == speed


def test_weights_as_text_replace_the_preset_and_can_be_undone():
    app = open_page(
        SOURCE="matrix", MATRIX="1 2 3; 4 5 6; 7 8 9", PADDING="0", KERNEL_SIZE="2", WEIGHTS_OPEN=True
    )
    app.text_input(Key.WEIGHTS).set_value("1 0; 0 -1").run()
    np.testing.assert_array_equal(shown(app)["output"], [[-4, -4], [-4, -4]])
    next(button for button in app.button if button.label == "Rotate").click().run()
    assert app.text_input(Key.WEIGHTS).value == "0 1; -1 0"
    next(button for button in app.button if button.label == "Undo").click().run()
    np.testing.assert_array_equal(shown(app)["output"], [[-4, -4], [-4, -4]])
    next(button for button in app.button if button.label == "Undo").click().run()
    np.testing.assert_array_equal(shown(app)["weight"][0], [[-2, 2], [-2, 2]])


def test_a_link_brings_back_what_the_class_sees():
    app = AppTest.from_file(PAGE, default_timeout=90)
    link = {
        Key.SOURCE: "matrix",
        Key.MATRIX: "1 2 3; 4 5 6",
        Key.KERNEL_SIZE: "2",
        Key.WEIGHTS: "1 2; 3 4",
        Key.STRIDE: "1x2",
        Key.PADDING: "0x1",
        Key.BIAS: "-1",
        Key.CELL: "0,1",
    }
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    scene = shown(app)
    # Row 0 of the padded matrix is 0 1 2 3 0, row 1 is 0 4 5 6 0; windows start at columns 0 and 2.
    np.testing.assert_array_equal(scene["output"], [[2 * 1 + 4 * 4 - 1, 2 + 2 * 3 + 3 * 5 + 4 * 6 - 1]])
    assert scene["cell"] == [0, 1]


def test_a_matrix_that_is_none_gets_a_sentence():
    app = open_page(SOURCE="matrix", MATRIX="1 2; 3")
    assert app.warning[0].value == "Every row needs as many numbers as the others; the rows have 2, 1."
    app = open_page(SOURCE="matrix", MATRIX="1 x; 3 4")
    assert app.warning[0].value == '"x" is not a number.'


def test_settings_that_do_not_fit_get_a_sentence():
    app = open_page(PADDING="same", STRIDE="2")
    assert "padding is 'same' with a stride of (2, 2); allowed is a stride of 1" in app.warning[0].value
    app = open_page(KERNEL="Scharr x", KERNEL_SIZE="5")
    assert "Scharr x has 3×3 weights, not 5×5" in app.warning[0].value
    press(app, "Back to size 3, stride 1, padding 1")
    assert shown(app)["output"].shape == (28, 28)


def test_predictions_are_checked_with_their_reason():
    app = open_page(PREDICT=True, CHANNELS="RGB", FILTERS="2", STRIDE="2")
    assert shown(app)["hideOutput"] is True
    app.number_input(f"{Key.ANSWER}-rows").set_value(14)
    app.number_input(f"{Key.ANSWER}-columns").set_value(13)
    press(app, "Check")
    assert any("Not quite." in text.value and "⌊27 / 2⌋ + 1 = 14" in text.value for text in app.markdown)
    press(app, "Next question")
    scene = shown(app)
    row, col = scene["question"]
    app.number_input(f"{Key.ANSWER}-value").set_value(round(float(scene["output"][row, col]), 2))
    press(app, "Check")
    assert any("Right." in text.value and "positive products sum to" in text.value for text in app.markdown)
    press(app, "Next question")
    app.number_input(f"{Key.ANSWER}-parameters").set_value(56)
    press(app, "Check")
    assert any("Right." in text.value and "2 × (3 × 3 × 3 + 1) = 56" in text.value for text in app.markdown)


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


@pytest.mark.parametrize("part", ["Common mistakes", "Channels and filters", "Flip", "Numbers", "PyTorch"])
@pytest.mark.parametrize("kind", ["convolution", "transposed"])
def test_every_part_opens(part, kind):
    app = open_page(PART=part, KIND=kind, CHANNELS="RGB and gray", FILTERS="2", GROUPS="2", SHOWN="1")
    if part == "Numbers":
        frame = next(frame.value for frame in app.dataframe if "channel" in frame.value)
        assert set(frame["channel"]) == {"blue", "gray"}
        np.testing.assert_allclose(frame["product"], frame["pixel"] * frame["weight"])
        scene = shown(app)
        row, column = scene["at"]  # the same cell in the player and in the numbers below it
        assert f"**Output row {row}, column {column}**" in "\n".join(text.value for text in app.markdown)
        assert frame["product"].sum() == pytest.approx(float(scene["output"][row, column]), abs=1e-5)


def test_the_printed_pytorch_runs_to_the_same_numbers():
    app = open_page(PART="PyTorch", MODE="circular", DILATION="2", PADDING="2", CHANNELS="RGB", BIAS=-0.3)
    press(app, "Run it here and compare")
    (text,) = [text.value for text in app.markdown if "largest difference" in text.value]
    assert float(text.rsplit(" ", 1)[1].rstrip(".")) < 1e-5


def test_a_lesson_sets_the_controls():
    app = open_page(PART="Common mistakes")
    press(app, "Show brightness as a 1×1 convolution")
    scene = shown(app)
    np.testing.assert_allclose(scene["weight"].ravel(), [0.299, 0.587, 0.114], atol=1e-6)
    assert scene["shape"]["kernel"] == [1, 1]


def test_the_padding_lesson_shows_the_cell_that_the_modes_agree_on_least():
    picture = {f"{Key.IMAGE}-{ImagePart.SOURCE}": "photograph", Key.PART: "Common mistakes"}
    app = AppTest.from_file(PAGE, default_timeout=90)
    for name, value in picture.items():
        app.session_state[name] = value
    app.run()
    scene = shown(app)
    image, weight = image_of(scene), torch.tensor(scene["weight"])[None]
    made = [F.conv2d(image, weight, padding=1)[0, 0]]
    made += [
        F.conv2d(F.pad(image, (1, 1, 1, 1), mode=mode), weight)[0, 0]
        for mode in ("reflect", "replicate", "circular")
    ]
    outputs = torch.stack(made)
    spread = outputs.amax(0) - outputs.amin(0)
    row, column = divmod(int(spread.argmax()), spread.shape[1])
    (lesson,) = [text.value for text in app.markdown if "Padding only keeps the size" in text.value]
    assert f"differ most in row {row}, column {column}" in lesson
    for mode, output in zip(("zeros", "reflect", "replicate", "circular"), outputs):
        assert f"{mode} {output[row, column].item():.2f}".replace("-", "−") in lesson


def test_a_picture_with_a_black_edge_is_no_example_of_padding():
    app = open_page(PART="Common mistakes")
    (lesson,) = [text.value for text in app.markdown if "Padding only keeps the size" in text.value]
    assert "the modes agree here" in lesson


def test_learned_kernels_are_the_models():
    checkpoints = pytest.importorskip("cnn_core.checkpoints")
    app = open_page(LEARNED=True, WEIGHTS_OPEN=True)
    press(app, "Take them")
    weight = next(iter(checkpoints.load("mnist-3conv").model.children())).weight
    np.testing.assert_allclose(shown(app)["weight"], weight[0].numpy(), atol=1e-7)


def test_numbers_as_text_come_back_as_they_went():
    weights = np.random.default_rng(0).normal(size=(2, 3, 3, 2)).astype(np.float32)
    text = numbers_text.write(weights)
    np.testing.assert_array_equal(numbers_text.read_weights(text, weights.shape), weights)
    with pytest.raises(ValueError, match="The weights have to be 1 × 3 × 3 × 2"):
        numbers_text.read_weights(text, (1, 3, 3, 2))
    with pytest.raises(ValueError, match="Numbers go from"):
        numbers_text.read_matrix("1 nan", 5)
    with pytest.raises(ValueError, match="At most 5 rows and columns"):
        numbers_text.read_matrix("1 2 3 4 5 6", 5)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("0,5 1,5; 2,5 3,5", [[0.5, 1.5], [2.5, 3.5]]),  # decimal commas
        ("0,5 1; 2 -3,5", [[0.5, 1], [2, -3.5]]),
        ("0,5, 1,5; 2,5, −3,5", [[0.5, 1.5], [2.5, -3.5]]),
        ("1, 2; 3, 4", [[1, 2], [3, 4]]),  # commas between numbers
        ("1,2,3; 4,5,6", [[1, 2, 3], [4, 5, 6]]),
        ("1,2; 3,4", [[1, 2], [3, 4]]),
        ("1 , 2; 3 ,4", [[1, 2], [3, 4]]),
        ("0.5,1.5 2; 3,4,5", [[0.5, 1.5, 2], [3, 4, 5]]),
        ("0.5 1.5; 1e2 -1", [[0.5, 1.5], [100, -1]]),
        ("7", [[7]]),
        ("1 2;", [[1, 2]]),
    ],
)
def test_a_comma_is_decimal_or_stands_between_numbers(text, rows):
    np.testing.assert_array_equal(numbers_text.read_matrix(text, 5), rows)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1 " * 20_000, "The text is 40,000 letters long; allowed is 20,000 at most."),
        ("9" * 400, f"Numbers go from −10,000 to 10,000; {'9' * 20}… does not."),
        ("a" * 400, f'"{"a" * 20}…" is not a number.'),
        ("1;" * 9_000, "At most 5 rows and columns; there are 9000 × 1."),
        (
            "1 2;" * 4_000 + "1",
            "Every row needs as many numbers as the others; the rows have 2, 2, 2, 2, 2, 2.",
        ),
        ("", "A number is missing."),
    ],
    ids=["long", "digits", "word", "rows", "ragged", "empty"],
)
def test_no_matrix_is_too_much_to_be_refused(text, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)) as refused:
        numbers_text.read_matrix(text, 5)
    assert str(refused.value) == sentence


def test_weights_are_counted_before_they_are_read():
    with pytest.raises(ValueError, match="have to be 1 × 2 × 1 × 1"):
        numbers_text.read_weights("1/" * 9_999, (1, 2, 1, 1))
    with pytest.raises(ValueError, match="have to be 1 × 2 × 1 × 1"):
        numbers_text.read_weights("1|2|3", (1, 2, 1, 1))
    np.testing.assert_array_equal(
        numbers_text.read_weights("0,5 1,5 | 2 3", (1, 2, 1, 2)).ravel(), [0.5, 1.5, 2, 3]
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [({"WEIGHTS": "1 2"}, "The preset stands"), ({"SOURCE": "matrix", "MATRIX": "1 x"}, "x")],
)
def test_what_is_typed_wrong_is_said_though_its_drawer_is_closed(typed, said):
    at = open_page(**typed, WEIGHTS_OPEN=False)
    assert [said in warning.value for warning in at.warning] == [True]
