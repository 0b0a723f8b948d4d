"""A click sends what it changes and hardly more: counted in messages, of which no machine makes more or fewer."""

import pytest
from playwright.sync_api import Page

from benchmarks.changes import at_rest, messages, watch
from benchmarks.clicks import CONTROLS
from tests.browser.conftest import Server, visit

# About one for each element sent, and five around them. A whole page has 60 to 100.
MOST = {
    "Convolution: kernel": 36,
    "Convolution: stride": 36,
    "Pooling: window": 33,
    "Activations: temperature": 35,
    "Regularization: drop rate": 34,
    "Regularization: redraw": 35,
    "Builder: layer": 48,
    "Filters: filter": 28,
    "Feature maps: map": 20,
    "Confusion: counts or shares": 23,
}
MEASURED = {control.name: control for control in CONTROLS}


@pytest.mark.parametrize("name", MOST)
def test_a_control_reruns_what_it_changes(shared_server: Server, page: Page, name: str) -> None:
    control = MEASURED[name]
    watch(page)
    visit(page, f"{shared_server.url}/{control.link}")
    at_rest(page)
    for time in range(2):
        messages(page)
        control.use(page, time)
        page.wait_for_function("() => seen.messages > 5")  # a busy server answers late
        at_rest(page)
    assert 5 < messages(page) <= MOST[name]
