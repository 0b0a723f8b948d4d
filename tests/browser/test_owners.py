"""Whose a run is, in two browsers: found again by the one that started it, looked at and left alone by the other."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cnn_core.runs import history
from cnn_core.runs.ownership import NOT_YOURS
from pages.ui.run_names import run_name
from tests.browser.conftest import Server, no_exception, settled, visit
from tests.browser.test_training import FEW, button, finished, train, trains

ACTS = ("Pause", "Stop", "Resume", "Change the learning rate", "Change")


@pytest.fixture
def other(browser: Browser) -> Iterator[BrowserContext]:
    """Another visitor's browser."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    yield context
    context.close()


def expect_own_runs(page: Page, server: Server, *titles: str) -> None:
    """Look at Home, where the visitor's own runs have these titles."""
    visit(page, server.url)
    settled(page)
    expect(page.get_by_test_id("stMain").locator("a[href*='run=']")).to_have_text(list(titles))


def shown(run: history.Run) -> str:
    """A run's name as a page's text has it: with nothing between colons that could be taken for an icon."""
    return run_name(run).replace(":", ":\u2060")


def models(page: Page) -> list[str]:
    """What the picker of models offers."""
    page.get_by_test_id("stSidebar").get_by_role("combobox", name="Model").click()
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    return options.all_inner_texts()


def test_a_run_is_found_again_in_a_new_tab_after_the_tab_was_closed_and_the_server_restarted(
    server: Server, page: Page
) -> None:
    run = train(page, server, 200, FEW)
    trains(page)
    context = page.context
    page.close()
    tab = context.new_page()
    expect_own_runs(tab, server, shown(run))
    expect(tab.get_by_text("training").first).to_be_visible()
    tab.close()
    server.kill()
    server.start()
    tab = context.new_page()
    expect_own_runs(tab, server, shown(run))
    expect(tab.get_by_text("interrupted").first).to_be_visible()
    tab.get_by_test_id("stMain").get_by_role("link", name=shown(run)).first.click()
    expect(button(tab, "Resume")).to_be_visible()
    no_exception(tab)


def test_another_browser_may_look_by_link_and_has_no_buttons(
    server: Server, page: Page, other: BrowserContext
) -> None:
    run = train(page, server, 200, FEW)
    trains(page)
    stranger = other.new_page()
    expect_own_runs(stranger, server)
    visit(stranger, f"{server.url}/builder?run={run.id}")
    expect(stranger.get_by_text(NOT_YOURS)).to_be_visible()
    expect(stranger.get_by_text("images/s").first).to_be_visible(timeout=180_000)
    for act in ACTS:
        expect(button(stranger, act)).to_have_count(0)
    no_exception(stranger)
    button(page, "Stop").click()
    expect(finished(page)).to_be_visible(timeout=180_000)
    expect(finished(stranger)).to_be_visible(timeout=180_000)  # it looks on


def test_a_model_is_in_its_owners_pickers_and_in_anothers_only_by_link(
    server: Server, page: Page, other: BrowserContext
) -> None:
    run = train(page, server, 1, FEW)
    expect(finished(page)).to_be_visible(timeout=180_000)
    label = run_name(history.read(run.path))
    visit(page, f"{server.url}/filters")
    assert label in models(page)
    stranger = other.new_page()
    visit(stranger, f"{server.url}/filters")
    assert label not in models(stranger)
    visit(stranger, f"{server.url}/filters?model=Whatever%20it%20says%20·%20{run.id}")
    picker = stranger.get_by_test_id("stSidebar").get_by_role("combobox", name="Model")
    expect(picker).to_have_value(label)
    stranger.get_by_test_id("stSidebarNav").get_by_role("link", name="Feature maps").click()
    expect(stranger.locator("h1").first).to_have_text("Feature maps")
    expect(picker).to_have_value(label)
    no_exception(stranger)
    tab = other.new_page()
    visit(tab, f"{server.url}/filters")
    assert label not in models(tab)


def test_a_run_is_renamed_and_deleted_by_keyboard_from_the_builders_list(server: Server, page: Page) -> None:
    run = train(page, server, 1, FEW)
    expect(finished(page)).to_be_visible(timeout=180_000)
    button(page, "Your runs").focus()
    page.keyboard.press("Enter")
    change = page.get_by_role("button", name="Change", exact=True)
    change.focus()
    page.keyboard.press("Enter")
    title = page.get_by_label("Title", exact=True)
    title.fill("Before the holidays")
    title.press("Enter")
    expect(page.get_by_role("button", name="Before the holidays")).to_be_visible()
    assert history.read(run.path).title == "Before the holidays"
    for name in ("Delete", "Delete for good"):
        page.get_by_role("button", name=name, exact=True).focus()
        page.keyboard.press("Enter")
    expect(page.get_by_text("What you train in this browser is listed here")).to_be_visible()
    assert not run.path.exists()
    no_exception(page)
