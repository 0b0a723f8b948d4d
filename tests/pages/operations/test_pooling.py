"""The pooling page as a student uses it: its pictures are PyTorch's, its sentences and tables their numbers."""

from functools import partial

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from streamlit.testing.v1 import AppTest

from cnn_core import checkpoints
from pages.operations.pooling.keys import Key
from pages.ui.words import percent
from tests.support.component_message import unpack
from tests.support.opening import open_page as open_script
from tests.support.opening import unfold
from tests.support.sliders import move

open_page = partial(open_script, "operations/pooling/page.py", Key)


def player(app: AppTest) -> dict:
    """What the player shows, arrays in their shapes; the first component of the page."""
    scene = unpack(
        next(e.proto.bytes for e in app.get("bidi_component") if "kernel_player" in e.proto.component_name)
    )
    shape = scene["shape"]
    for name in ("output", "other0", "other1"):
        if name in scene:
            scene[name] = scene[name].reshape(shape["output"])
    scene["padded"] = scene["padded"].reshape(shape["padded"])
    return scene


def image_of(scene: dict) -> torch.Tensor:
    (top, left), (height, width) = scene["shape"]["offset"], scene["shape"]["image"]
    return torch.tensor(scene["padded"][top : top + height, left : left + width])[None, None]


def texts(app: AppTest) -> str:
    return "\n".join(element.value for element in app.markdown)


def table(app: AppTest, column: str):
    """The table that has `column`, by its first column."""
    (frame,) = [element.value for element in app.dataframe if column in element.value.columns]
    return frame.set_index(frame.columns[0])


def test_the_first_picture_is_max_pooling_with_its_winners_and_average_pooling_beside_it():
    scene = player(open_page())
    values, indices = F.max_pool2d(image_of(scene), 2, return_indices=True)
    np.testing.assert_array_equal(scene["output"], values[0, 0])
    winners = scene["winners"].reshape(14, 14, 2)
    np.testing.assert_array_equal(winners[..., 0] * 28 + winners[..., 1], indices[0, 0])
    assert [other["title"] for other in scene["others"]] == ["Average", "Strided"]
    np.testing.assert_allclose(scene["other0"], F.avg_pool2d(image_of(scene), 2)[0, 0], atol=1e-6)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            {"WINDOW": "3x2", "STRIDE": "2x1", "PADDING": "1"},
            lambda x: F.max_pool2d(x, (3, 2), (2, 1), 1),
        ),
        ({"WINDOW": "5", "CEIL": True}, lambda x: F.max_pool2d(x, 5, ceil_mode=True)),
        (
            {"WINDOW": "3", "PADDING": "1", "SHOWN": "Average", "COUNT_PADDING": False},
            lambda x: F.avg_pool2d(x, 3, padding=1, count_include_pad=False),
        ),
        (
            {"WINDOW": "3", "STRIDE": "2", "PADDING": "1", "SHOWN": "Average", "CEIL": True},
            lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True),
        ),
        (
            {"WINDOW": "2", "SHOWN": "Strided", "KERNEL": "Box blur"},
            lambda x: F.conv2d(x, torch.full((1, 1, 2, 2), 0.25), stride=2),
        ),
    ],
)
def test_settings_reach_the_result(settings, expected):
    scene = player(open_page(**settings))
    np.testing.assert_allclose(scene["output"], expected(image_of(scene))[0, 0], atol=1e-5)


def test_a_link_brings_window_operation_part_and_pinned_cell():
    link = {Key.WINDOW: "3", Key.SHOWN: "Average", Key.PART: "Numbers", Key.CELL: "4,5"}
    app = open_page(link=link)
    scene = player(app)
    assert (scene["mode"], scene["cell"], scene["shape"]["kernel"]) == ("avg", [4, 5], [3, 3])
    window = image_of(scene)[0, 0, 12:15, 15:18]
    assert "**Output row 4, column 5**" in texts(app)
    assert f"÷ 9 = mean **{window.double().mean():.6g}**" in texts(app)
    cells = next(element.value for element in app.dataframe if "wins" in element.value)
    np.testing.assert_array_equal(cells["pixel"].to_numpy(np.float32), window.flatten())
    assert cells["wins"].sum() == 1
    assert cells["pixel"][cells["wins"]].item() == pytest.approx(window.max().item())


def test_places_of_a_window_that_lie_in_the_padding_read_no_pixel_and_never_win():
    app = open_page(link={Key.CELL: "0,0"}, WINDOW="3", STRIDE="2", PADDING="1", PART="Numbers")
    cells = next(element.value for element in app.dataframe if "wins" in element.value)
    assert cells["image row"].isna().tolist() == [True] * 3 + [False] * 6
    assert cells["pixel"].isna().tolist() == [True] * 4 + [False] * 2 + [True] + [False] * 2
    assert cells["wins"].tolist() == [False] * 4 + [True] + [False] * 4


def test_the_formula_has_the_floor_and_the_numbers():
    app = open_page(WINDOW="3", STRIDE="2")
    assert "rows = ⌊(28 + 2·0 − 1·(3 − 1) − 1) / 2⌋ + 1 = ⌊25 / 2⌋ + 1 = 13" in texts(app)
    app = open_page(WINDOW="3", STRIDE="2", CEIL=True)
    assert "⌈25 / 2⌉ + 1 = 14" in texts(app)
    assert player(app)["shape"]["output"] == [14, 14]


def test_the_gradient_of_max_pooling_reaches_only_the_winners():
    app = open_page(PART="Gradient")
    rows = table(app, "pixels reached")
    assert rows["pixels reached"].to_dict() == {
        "Max pooling": 196,
        "Average pooling": 784,
        "Strided convolution": 784,
        "Global max pooling": 1,
        "Global average pooling": 784,
    }
    assert rows.loc["Average pooling", "largest"] == 0.25
    assert rows.loc["Max pooling", "all together"] == 196


def test_the_shift_test_measures_what_torch_measures():
    app = open_page(link={Key.PART: "Shift test", Key.RIGHT: "1"})
    image = image_of(player(app))
    moved = F.pad(image, (1, -1))
    before, after = F.max_pool2d(image, 2), F.max_pool2d(moved, 2)
    row = app.table[0].value.loc["Max pooling"]
    assert row["cells changed"] == str((before != after).sum().item())
    change = ((after - before).norm() / before.norm()).item()
    assert row["relative change"] == percent(change, 2)
    assert f"after max pooling it is {percent(change, 0)}" in texts(app)
    move(app, Key.RIGHT, 2)
    app.run()
    assert app.table[0].value.loc["Max pooling", "change beyond that"] == percent(0, 2)


def test_the_shift_test_shows_the_shipped_networks_own_probabilities():
    app = open_page(
        link={Key.PART: "Shift test", Key.RIGHT: "5", Key.DOWN: "1", Key.SHIFT_ON: "A trained network"}
    )
    image = image_of(player(app))
    model = checkpoints.load("mnist-3conv").model
    with torch.no_grad():
        first = model(image).argmax().item()
        chances = model(F.pad(image, (5, -5, 1, -1))).softmax(1)[0]
    seen = table(unfold(app), "probability")
    assert seen.loc[5, "probability"] == pytest.approx(chances[first].item(), abs=1e-5)
    assert seen.loc[5, "read as"] == str(chances.argmax().item())
    assert list(seen.index) == list(range(-8, 9))
    assert f"moved as above as **{chances.argmax().item()}**" in texts(app)
    assert any("only this image is moved" in element.value for element in app.info)


def test_a_networks_answers_to_its_test_images_stay_as_they_were_without_a_shift(mnist_home):
    app = open_page(link={Key.PART: "Shift test", Key.RIGHT: "0", Key.SHIFT_ON: "A trained network"})
    assert table(unfold(app), "read as before").loc[0, "read as before"] == 1
    assert "**100 test images**: moved as above, the network still reads **100\u00a0%** of them" in texts(app)
    layers = next(e.value for e in app.dataframe if list(e.value.columns) == ["layer", "change"])
    assert (layers["change"] == 0).all()
    assert layers["layer"][0] == "input"


def test_predicting_the_size_hides_it_until_it_is_answered():
    app = open_page(PREDICT=True, WINDOW="3", STRIDE="2")
    assert player(app)["hideOutput"]
    assert "= 13" not in texts(app)
    app.number_input(key=f"{Key.ANSWER}-rows").set_value(13)
    app.number_input(key=f"{Key.ANSWER}-columns").set_value(14)
    app.button(key=f"FormSubmitter:{Key.QUESTION}-form-Check").click().run()
    assert "**Not quite.**" in texts(app)
    assert "⌊25 / 2⌋ + 1 = 13" in texts(app)
    assert not player(app)["hideOutput"]


def test_predicting_a_value_and_the_reach_of_the_gradient():
    app = open_page(PREDICT=True)
    for name, answer in (("rows", 14), ("columns", 14)):
        app.number_input(key=f"{Key.ANSWER}-{name}").set_value(answer)
    app.button(key=f"FormSubmitter:{Key.QUESTION}-form-Check").click().run()
    assert "**Right.**" in texts(app)
    next(button for button in app.button if button.label == "Next question").click().run()
    scene = player(app)
    row, col = scene["question"]
    app.number_input(key=f"{Key.ANSWER}-value").set_value(float(scene["output"][row, col]))
    app.button(key=f"FormSubmitter:{Key.QUESTION}-form-Check").click().run()
    assert "**Right.**" in texts(app)
    assert player(app)["question"] is None
    next(button for button in app.button if button.label == "Next question").click().run()
    app.number_input(key=f"{Key.ANSWER}-pixels").set_value(784)
    app.button(key=f"FormSubmitter:{Key.QUESTION}-form-Check").click().run()
    assert "**Not quite.**" in texts(app)
    assert "each of the 196 windows hands everything to its winner" in texts(app)


def test_a_padding_that_is_too_large_is_a_sentence_and_a_way_back():
    app = open_page(PADDING="2")
    assert "padding is 2; allowed is half of kernel_size 2 at most" in app.warning[0].value
    app.button[-1].click().run()
    assert not app.warning
    assert player(app)["shape"]["output"] == [14, 14]


def test_a_common_mistake_shows_that_average_pooling_is_a_convolution():
    app = open_page(PART="Common mistakes", CEIL=True, WINDOW="3")
    next(b for b in app.button if b.label.startswith("Show the strided convolution")).click().run()
    scene = player(app)
    assert scene["mode"] == "conv"
    titles = [other["title"] for other in scene["others"]]
    np.testing.assert_allclose(scene["output"], scene[f"other{titles.index('Average')}"], atol=1e-6)


def test_the_written_pytorch_gives_what_is_shown():
    app = open_page(PART="PyTorch", WINDOW="3", STRIDE="2", PADDING="1", CEIL=True)
    scene = player(app)
    names = {"x": image_of(scene)}
    exec(app.code[0].value, names)
    np.testing.assert_allclose(names["max"][0, 0], scene["output"], atol=1e-6)
    assert names["global_average"].item() == pytest.approx(names["x"].mean().item())


def test_a_map_that_was_nothing_before_gets_a_sentence_and_no_infinite_percentage():
    def script() -> None:  # one bright pixel between the windows of size 1: every output is 0 until it moves
        import numpy as np

        from cnn_core.operations.downsampling import PoolingWindow
        from pages.operations.pooling.map_shift import shift_test
        from pages.operations.pooling.situation import Situation

        image = np.zeros((8, 8), np.float32)
        image[2, 3] = 1
        weight = np.ones((1, 1), np.float32)
        shift_test(Situation(image, "one pixel", PoolingWindow((1, 1), (2, 2), (0, 0)), weight, "max"), 0, 1)

    app = AppTest.from_function(script, default_timeout=30).run()
    assert not app.exception
    text = texts(app)
    assert "inf" not in text
    assert "nan" not in text
    assert "the input changes by 141\u00a0% of its length" in text  # two cells of 1 over a length of 1
    assert (
        "after max pooling it is an amount that has no percentage (the map was 0 everywhere before)" in text
    )
    assert app.table[0].value.loc["Max pooling", "relative change"] == "–"
