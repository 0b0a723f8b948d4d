"""Training as a class meets it: from the click to a finished run, in two browsers, and through every way of dying."""

import re
import time

import psutil
from playwright.sync_api import Browser, Locator, Page, expect

from cnn_core import runs
from tests.browser.conftest import Server, no_exception, visit


def button(page: Page, name: str) -> Locator:
    """A button of the page; Streamlit's header has a Stop of its own while a script runs."""
    return page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True)


def train(page: Page, server: Server, epochs: int) -> None:
    visit(page, f"{server.url}/builder?builder-epochs={epochs}")
    button(page, "Train").click()


def run_of(server: Server, page: Page) -> runs.Run:
    expect(page).to_have_url(re.compile("run="))
    run_id = page.url.split("run=")[1].split("&")[0]
    return runs.read(server.home / "runs" / run_id)


def wait_for_batches(server: Server, page: Page) -> None:
    end = time.monotonic() + 60
    while not run_of(server, page).batches:
        assert time.monotonic() < end, "no batch came"
        page.wait_for_timeout(100)


def test_train_leave_come_back_and_look_inside(server: Server, page: Page) -> None:
    train(page, server, 1)
    expect(page.get_by_text("images/s").first).to_be_visible()
    run = run_of(server, page)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Pooling", exact=True).click()
    expect(page.locator("h1").first).to_have_text("Pooling")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Builder", exact=True).click()
    expect(page.get_by_test_id("stMain").get_by_role("link", name="Confusion matrix")).to_be_visible(
        timeout=120_000
    )
    finished = runs.read(run.path)
    assert finished.status == "finished"
    assert finished.test is not None
    expect(page.get_by_text(f"{finished.test['accuracy']:.2%}"[:-2]).first).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("link", name="Filters").click()
    expect(page.locator("h1").first).to_have_text("Filters")
    no_exception(page)
    expect(page.get_by_test_id("stSidebar")).to_contain_text(f"{finished.test['accuracy']:.2%}")


def test_stop_and_reload(server: Server, page: Page) -> None:
    train(page, server, 50)
    wait_for_batches(server, page)
    page.reload()
    button(page, "Stop").click()
    expect(page.get_by_test_id("stMain").get_by_role("link", name="Confusion matrix")).to_be_visible()
    stopped = run_of(server, page)
    assert stopped.status == "stopped"
    assert stopped.has_model


def test_a_killed_worker_says_so_and_the_app_goes_on(server: Server, page: Page) -> None:
    train(page, server, 50)
    wait_for_batches(server, page)
    busiest = max(server.workers(), key=lambda p: sum(p.cpu_times()[:2]))
    busiest.kill()
    expect(page.get_by_text("killed from outside")).to_be_visible()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Convolution", exact=True).click()
    expect(page.locator("h1").first).to_have_text("Convolution")
    no_exception(page)


def test_a_killed_server_finds_its_run_again(server: Server, page: Page) -> None:
    train(page, server, 50)
    end = time.monotonic() + 90
    while not run_of(server, page).epochs:
        assert time.monotonic() < end, "no epoch was finished"
        page.wait_for_timeout(100)
    before, workers = run_of(server, page), server.workers()
    server.kill()
    _gone, alive = psutil.wait_procs(workers, timeout=30)
    assert not alive, "a worker outlived its server"
    server.start()
    visit(page, f"{server.url}/builder?run={before.id}")
    expect(button(page, "Resume")).to_be_visible()
    after = runs.read(before.path)
    assert after.status == "interrupted"
    assert len(after.epochs) >= len(before.epochs) >= 1
    button(page, "Resume").click()
    expect(button(page, "Stop")).to_be_visible()
    button(page, "Stop").click()
    expect(page.get_by_test_id("stMain").get_by_role("link", name="Confusion matrix")).to_be_visible()


def test_two_browsers_the_second_waits_and_then_runs(server: Server, page: Page, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    second = context.new_page()
    train(page, server, 50)
    wait_for_batches(server, page)
    train(second, server, 1)
    expect(second.get_by_text("One run is before yours")).to_be_visible()
    button(page, "Stop").click()
    expect(second.get_by_test_id("stMain").get_by_role("link", name="Confusion matrix")).to_be_visible(
        timeout=120_000
    )
    assert run_of(server, second).status == "finished"
    context.close()
