"""Controls in the link: there again when their page is seen again, and at their default where the link is nonsense."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.inside.feature_maps.keys import Key as Maps
from pages.operations.convolution.keys import Key as Convolution
from pages.ui.keys import ImagePart, Shared
from tests.support.opening import open_app

HOSTILE = ["inf", "-inf", "nan", "1e309", "9" * 5000, "", "a\0b", "1\u202e2"]


def page() -> None:
    import streamlit as st

    from pages.ui.controls import open_part, segments
    from pages.ui.link import checked_link, in_link, linked

    checked_link(["t-line"])
    st.session_state["read"] = [
        st.number_input("Whole", 0, 99, 7, **in_link("t-whole")),
        st.number_input("Float", 0.0, 9.0, 0.5, **in_link("t-float")),
        st.slider("Slider", 0, 9, 3, **in_link("t-slider")),
        segments("Part", ["a", "b"], "t-segments", "a"),
        st.toggle("Toggle", **in_link("t-toggle")),
        st.text_input("Line", "conv8", **in_link("t-line")),
        linked("t-cell", "[0-9]{1,4},[0-9]{1,4}"),
    ]

    def show() -> None:
        st.text("shown")

    open_part({"first": show, "second": show}, "t-part")


DEFAULTS = [7, 0.5, 3, "a", False, "conv8", None]
KEYS = ["t-whole", "t-float", "t-slider", "t-segments", "t-toggle", "t-line", "t-cell"]


def opened(link: dict[str, str]) -> AppTest:
    at = AppTest.from_function(page, default_timeout=30)
    at.query_params.update(link)
    at.run()
    assert not at.exception
    return at


def test_a_link_sets_every_kind_of_control() -> None:
    values = ["12", "0.25", "9", "b", "true", "conv4-relu", "3,14"]
    at = opened(dict(zip(KEYS, values)))
    assert at.session_state["read"] == [12, 0.25, 9, "b", True, "conv4-relu", "3,14"]
    assert at.query_params["t-whole"] == "12"


@pytest.mark.parametrize("value", HOSTILE)
def test_nonsense_in_a_link_is_the_default_and_leaves_the_address(value: str) -> None:
    at = opened(dict.fromkeys([*KEYS, "t-part"], value))
    nothing = value == ""
    assert at.session_state["read"] == [*DEFAULTS[:5], "" if nothing else "conv8", None]
    assert dict(at.query_params) == ({"t-line": ""} if nothing else {})
    assert [text.value for text in at.text] == ["shown"]
    at.run()  # and again
    assert at.session_state["read"][:5] == DEFAULTS[:5]


def test_one_wrong_value_takes_no_other_with_it() -> None:
    at = opened({"t-whole": "inf", "t-slider": "5", "t-cell": "1,2", "t-segments": "b"})
    assert at.session_state["read"] == [7, 0.5, 5, "b", False, "conv8", "1,2"]
    assert dict(at.query_params) == {"t-slider": "5", "t-cell": "1,2", "t-segments": "b"}


@pytest.mark.parametrize("cell", ["9" * 5000 + ",1", "1", "1,2,3", "-1,0", "٣,٣", "1,2\n"])
def test_what_no_control_holds_is_read_by_its_pattern(cell: str) -> None:
    at = opened({"t-cell": cell})
    assert at.session_state["read"][-1] is None
    assert "t-cell" not in at.query_params


def test_a_page_comes_back_with_its_layer_and_its_image() -> None:
    number = f"{Shared.MAPS_IMAGE}-{ImagePart.NUMBER}"
    drawer = f"{Shared.MAPS_IMAGE}-{ImagePart.OPEN}"
    at = open_app("inside/feature_maps")
    at.session_state[drawer] = True
    at.run().number_input(number).set_value(17).run()
    at.segmented_control(Maps.LAYER).set_value("conv2").run()
    at.switch_page("pages/operations/convolution/page.py").run()
    at.selectbox(Convolution.STRIDE).set_value("2").run()
    at.session_state[drawer] = True
    at.switch_page("pages/inside/feature_maps/page.py").run()
    assert not at.exception
    assert at.number_input(number).value == 17
    assert at.segmented_control(Maps.LAYER).value == "conv2"
    assert "test image 17" in "".join(text.value for text in at.markdown)
    at.switch_page("pages/operations/convolution/page.py").run()
    assert at.selectbox(Convolution.STRIDE).value == "2"
