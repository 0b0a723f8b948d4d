"""Values that a widget could not have sent."""

import math
import random

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.state.common import WidgetMetadata

from pages.ui import site
from server.widgets import NUMBERS, fits
from tests.support.hostile_client import ODD, odd_state
from tests.support.socket_client import Tab, connect, widget_state

MESSAGES_A_PAGE = 40
PRESSES = 3  # of Download: each starts a process that imports torchvision


def metadata(kind, offered=None):
    return WidgetMetadata(
        id="w",
        deserializer=lambda value: value,
        serializer=lambda value: value,
        value_type=kind,
        formatted_options=offered,
    )


def open_if_in_a_drawer(tab: Tab, key: str) -> None:
    """Open the page's drawers until this widget is there."""
    for drawer in [name for name in tab.keys if name.endswith("-open")]:
        if key not in tab.keys:
            tab.set(drawer, True)


@pytest.mark.parametrize("kind", ODD)
def test_a_value_of_another_kind_does_not_fit(kind):
    for other in ODD:
        state = widget_state("w", other, ODD[other][0])
        if other != kind and {kind, other} != NUMBERS:
            assert not fits(state, metadata(kind))


def test_a_field_of_whole_numbers_is_read(served):
    """Chromium sends what is typed there as an integer, though Streamlit registers the field as one of floats."""
    assert fits(widget_state("w", "int_value", 28), metadata("double_value"))
    with connect(served.port, "builder") as tab:
        widget, kind = tab.keys["builder-epochs"]
        assert kind == "double_value"
        tab._states[widget] = widget_state(widget, "int_value", 7)
        tab.rerun()
        assert "builder-epochs=7" in tab.query


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_does_not_fit(number):
    assert not fits(widget_state("w", "double_value", number), metadata("double_value"))
    assert not fits(widget_state("w", "double_array_value", [1.0, number]), metadata("double_array_value"))
    assert fits(widget_state("w", "double_value", 1.5), metadata("double_value"))


def test_only_what_was_offered_can_be_chosen():
    offered = metadata("string_value", ["3×3", "5×5"])
    assert fits(widget_state("w", "string_value", "5×5"), offered)
    assert not fits(widget_state("w", "string_value", "7×7"), offered)
    several = metadata("string_array_value", ["a", "b"])
    assert fits(widget_state("w", "string_array_value", ["b", "a"]), several)
    assert fits(widget_state("w", "string_array_value", []), several)
    assert not fits(widget_state("w", "string_array_value", ["a", "c"]), several)
    assert fits(widget_state("w", "string_value", "anything"), metadata("string_value"))


@pytest.mark.parametrize("page", [page.name for page in site.PAGES])
def test_whatever_comes_for_a_page_s_widgets_it_stands(served, page):
    """From the first message on, when nothing is known of the widgets yet, and one after the other."""
    rng = random.Random(page)
    before = served.log.read_text().count("Traceback")
    with connect(served.port, page) as tab:
        for key in [key for key in tab.keys if key.endswith("-open")]:
            tab.set(key, True)
        widgets = list(tab.keys.values())
    with connect(served.port, page, run=False) as tab:
        for number in range(MESSAGES_A_PAGE):
            message = BackMsg()
            message.rerun_script.page_script_hash = tab.page_hash
            message.rerun_script.page_name = tab.page
            if number >= PRESSES:
                widgets = [(widget_id, kind) for widget_id, kind in widgets if "-download-" not in widget_id]
            for widget_id, kind in rng.sample(widgets, min(4, len(widgets))):
                message.rerun_script.widget_states.widgets.append(odd_state(rng, widget_id, kind))
            tab.send(message)
            tab.await_run()
            assert not tab.has_error, (number, tab.exceptions, message)
            widgets = list(tab.keys.values())
    # What Streamlit itself warns of stands there once for all pages, whatever came.
    assert served.log.read_text().count("Traceback") - before <= 3


@pytest.mark.parametrize(
    ("page", "key", "wrong"),
    [
        ("convolution", "conv-kernel-size", "99×99"),
        ("convolution", "conv-bias", 1e12),
        ("filters", "filters-layer", ["no layer"]),
    ],
)
def test_the_widget_stays_as_it_was(served, page, key, wrong):
    with connect(served.port, page) as tab:
        open_if_in_a_drawer(tab, key)
        before = tab.texts
        tab.set(key, wrong)
        assert not tab.has_error
        assert tab.texts == before


def test_a_widget_of_a_closed_drawer_takes_what_it_takes_when_it_is_open(served):
    with connect(served.port, "convolution") as tab:
        open_if_in_a_drawer(tab, "conv-bias")
        widget, kind = tab.keys["conv-bias"]
        tab.set("conv-more-open", False)
        assert "conv-bias" not in tab.keys
        for value, taken in ((1e12, False), (3.0, True)):
            tab._states[widget] = widget_state(widget, kind, value)
            tab.rerun()
            assert not tab.has_error
            assert ("conv-bias=3" in tab.query) == taken


@pytest.mark.parametrize(
    ("page", "key", "wrong"),
    [
        ("convolution", "conv-editor-0", '{"edited_rows":{"0":{"0":"x"}}}'),
        ("convolution", "conv-editor-0", '{"edited_rows":{"999":{"q":1}}}'),
        ("convolution", "conv-editor-0", '{"edited_rows":{"0":{"0":1e999}}}'),
        ("convolution", "conv-player", '{"pinned":"x"}'),
        ("pooling", "pool-player", '{"pinned":{"row":1e99}}'),
        ("regularization", "reg-p", '{"index":[1,2]}'),
        ("regularization", "reg-p", '{"index":1e999}'),
        ("builder", "builder-strip", '{"picked":[0]}'),
        ("filters", "filters-mosaic", '{"picked":1e999}'),
        ("feature_maps", "maps-mosaic", '{"picked":{"a":1}}'),
        ("confusion", "confusion-matrix", '{"cell":[1],"page":"x","image":{"a":1}}'),
        ("confusion", "confusion-matrix", '{"cell":[99,-1],"page":1e999,"image":-5}'),
        ("draw", "draw-pad", '{"strokes":"x"}'),
        ("inspect", "inspect-table", '{"selection":{"rows":[99],"cells":[[-1,"x"],["y"],7]}}'),
        ("inspect", "inspect-table", '{"selection":{"rows":"x","cells":{"a":1}}}'),
        ("inspect", "inspect-table", '{"selection":[1]}'),
        ("draw", "draw-pad", '{"strokes":[{"kind":"pen","width":1e999,"points":[1,2]}]}'),
        ("draw", "draw-pad", '{"strokes":[{"kind":"pen","width":20,"points":[[1],{}]}]}'),
    ],
)
def test_what_a_page_reads_itself_it_reads_with_care(served, page, key, wrong):
    with connect(served.port, page) as tab:
        open_if_in_a_drawer(tab, key)
        tab.set(key, wrong)
        assert not tab.has_error
        tab.rerun()
        assert not tab.has_error


@pytest.mark.parametrize("page", ["home", "builder", "convolution"])
@pytest.mark.parametrize(
    "key", ["admin", "owner", "builder-dataset", "$$ID-0-admin", "$$STREAMLIT_INTERNAL_KEY_x"]
)
def test_a_widget_that_no_page_has_is_none(served, page, key):
    """It would stand in the session's state as a key without a value, at which a page's own widgets look."""
    with connect(served.port, page) as tab:
        tab._states[key] = widget_state(key, "bool_value", True)
        tab.rerun()
        assert not tab.has_error, tab.exceptions
        assert "Leave" not in "".join(tab.texts), "nobody is the admin by a widget's name"


def test_a_layer_that_is_no_longer_there_is_not_changed(served):
    with connect(served.port, "builder") as tab:
        tab.fill("builder-net", "linear10")
        tab.fill("builder-edit-out_channels", 7.0)
        tab.rerun()
        assert not tab.has_error
