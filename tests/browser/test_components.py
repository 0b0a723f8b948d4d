"""What single components show, on a stage without a server; what all of them keep to stands in tests/contracts."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from tests.support.component_examples import EXAMPLES
from tests.support.component_stage import Stage


def hidden_output() -> None:
    """A player whose output is asked for."""
    import numpy as np

    from pages.ui.components.kernel_player import Scene, kernel_player

    ones = np.ones((1, 3, 3), np.float32)
    scene = Scene("conv", ones, (3, 3), 9 * ones[0, :1, :1], (3, 3), weight=ones)
    kernel_player(scene, key="example", label="Hidden, player", question=(0, 0), hide_output=True)


def staged(page: Page, script: Any) -> Stage:
    (element,) = AppTest.from_function(script, default_timeout=300).run().get("bidi_component")
    stage = Stage(page, element.proto)
    stage.call()
    return stage


def test_the_player_shows_its_scales_with_their_limits(page: Page) -> None:
    stage = staged(page, EXAMPLES["kernel_player"])
    around, output = (stage.root.locator(f".{panel} .legend") for panel in ("input", "result"))
    expect(around).to_have_text("0.001.00hatched: never read")
    expect(output).to_have_text("−1.001.00")
    expect(around.locator("i")).to_be_visible()
    expect(output.locator("i")).to_be_visible()
    expect(stage.root.locator(".middle .sums")).to_contain_text("Sum")


def test_what_is_asked_for_is_not_shown(page: Page) -> None:
    stage = staged(page, hidden_output)
    expect(stage.root.locator(".input .legend i")).to_be_visible()
    expect(stage.root.locator(".result .legend i")).to_be_hidden()
    expect(stage.root.locator(".result canvas")).to_be_hidden()
    expect(stage.root.locator(".middle .sums")).to_have_text("Their sum = ?")
    assert "9.00" not in stage.root.inner_text()


def test_the_play_button_shows_what_it_does(page: Page) -> None:
    stage = staged(page, EXAMPLES["kernel_player"])
    button = stage.root.locator("button.play")
    for name, shown, other in [("Play", ".to-play", ".to-pause"), ("Pause", ".to-pause", ".to-play")]:
        expect(button).to_have_attribute("aria-label", name)
        expect(button.locator(shown)).to_be_visible()
        expect(button.locator(other)).to_be_hidden()
        button.click()
    expect(button).to_have_attribute("aria-label", "Play")


def test_tiles_show_their_scale_and_read_a_value_in_full(page: Page) -> None:
    stage = staged(page, EXAMPLES["tiles"])
    expect(stage.root.locator(".scale")).to_have_text("−11scale of this layer")
    readout = stage.root.locator(".readout")
    canvas = stage.root.locator("canvas")
    canvas.hover(position={"x": 8, "y": 8})
    expect(readout).to_have_text("a · row 0, column 0: NaN")
    canvas.hover(position={"x": 8 + 2 * 12, "y": 8})
    expect(readout).to_have_text("a · row 0, column 2: −∞")
    canvas.hover(position={"x": 8 + 3 * 12, "y": 8})
    expect(readout).to_have_text("a · row 0, column 3: −0.8983051")
    canvas.click(position={"x": 8 + 66, "y": 8})
    assert stage.told == [["picked", 1]]


def test_a_mosaic_shows_what_is_picked_before_python_answers(page: Page) -> None:
    stage = staged(page, EXAMPLES["mosaic"])
    grid, title = stage.root.locator(".all canvas"), stage.root.locator(".one .title")
    expect(title).to_have_text("filter 0")
    expect(stage.root.locator(".bars")).to_have_text("cat75 %dog25 %")
    grid.focus()
    before = stage.pictures()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(title).to_have_text("filter 2")
    assert stage.differs(before)
    page.keyboard.press("Enter")  # else it is told once the keys have been quiet
    assert stage.told[-1] == ["picked", [2, 0]]
    stage.call()  # as Python was before it heard of that
    expect(title).to_have_text("filter 2")
    stage.root.locator(".one canvas").focus()
    page.keyboard.press("ArrowRight")
    expect(stage.root.locator("figure .name").first).to_have_text("channel 1")
    page.wait_for_function("() => String(window.stage.told.at(-1)) === 'picked,2,1'")
    grid.focus()
    page.keyboard.press("PageDown")
    assert stage.told[-1] == ["stepped", 1]


def test_a_matrix_reads_the_weight_that_is_pointed_at(page: Page) -> None:
    stage = staged(page, EXAMPLES["matrix"])
    whole, title = stage.root.locator(".whole canvas"), stage.root.locator(".part .title")
    expect(title).to_have_text("output 0 from input 0: −1")
    box = whole.bounding_box()
    assert box is not None
    whole.hover(position={"x": box["width"] - 5, "y": box["height"] - 5})
    expect(title).to_have_text("output 5 from input 39: 1")
    page.mouse.move(0, box["height"] + 300)
    expect(title).to_have_text("output 0 from input 0: −1")
    assert stage.told == []
    whole.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert stage.told == [["picked", [0, 1]]]


@pytest.mark.parametrize("layer", [0, 2])
def test_a_card_of_the_strip_tells_its_layer(layer: int, page: Page) -> None:
    stage = staged(page, EXAMPLES["layer_strip"])
    stage.root.locator("button").nth(layer).click()
    assert stage.told == [["picked", layer]]
