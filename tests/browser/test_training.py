"""Training as a class meets it: from the click to a finished run, in two browsers, and through every way of dying."""

import json
import os
import re
import signal
from urllib.parse import urlencode

import psutil
from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect
from safetensors import safe_open
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from cnn_core.runs import folding, history, records
from pages.ui.words import percent
from tests.browser.conftest import Server, no_exception, visit

FEW = "2,000 images"  # what a loaded machine trains on within seconds, toofrom pages.ui.words import percent


def button(page: Page, name: str) -> Locator:
    """A button of the page; Streamlit's header has a Stop of its own while a script runs."""
    return page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True)


def train(page: Page, server: Server, epochs: int, images: str = "") -> history.Run:
    """Press Train, and the run that it starts."""
    settings = {"builder-epochs": epochs} | ({"builder-limit": images} if images else {})
    visit(page, f"{server.url}/builder?{urlencode(settings)}")
    button(page, "Train").click()
    try:
        page.wait_for_url(re.compile("run="), timeout=180_000)
    except TimeoutError:
        there = [path.name for path in (server.home / "runs").glob("*")]
        said = page.get_by_test_id("stMain").inner_text()
        raise AssertionError(f"no run in the link; runs on disk: {there}; the page says: {said}") from None
    return history.read(server.home / "runs" / page.url.split("run=")[1].split("&")[0])


def trains(page: Page) -> None:
    """Wait for the first numbers of a run."""
    expect(page.get_by_text("images/s").first).to_be_visible(timeout=180_000)


def finished(page: Page) -> Locator:
    """The link that stands under a run that has ended with a model."""
    return page.get_by_test_id("stMain").get_by_role("link", name="Confusion matrix")


def test_train_leave_come_back_and_look_inside(server: Server, page: Page) -> None:
    run = train(page, server, 2, FEW)
    sidebar = page.get_by_test_id("stSidebarNav")
    sidebar.get_by_role("link", name="Pooling", exact=True).click()
    expect(page.locator("h1").first).to_have_text("Pooling")
    sidebar.get_by_role("link", name="Builder", exact=True).click()
    expect(finished(page)).to_be_visible(timeout=180_000)
    ended = history.read(run.path)
    assert ended.status == "finished"
    assert ended.test is not None
    expect(page.get_by_text(percent(ended.test["accuracy"], 2)[:-3]).first).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("link", name="Filters").click()
    expect(page.locator("h1").first).to_have_text("Filters")
    no_exception(page)
    expect(page.get_by_test_id("stSidebar")).to_contain_text(percent(ended.test["accuracy"], 2))


def test_stop_and_reload(server: Server, page: Page) -> None:
    run = train(page, server, 50)
    trains(page)
    page.reload()
    button(page, "Stop").click()
    expect(finished(page)).to_be_visible(timeout=180_000)
    stopped = history.read(run.path)
    assert stopped.status == "stopped"
    assert stopped.has_model


def test_a_killed_worker_says_so_and_the_app_goes_on(server: Server, page: Page) -> None:
    train(page, server, 50)
    trains(page)
    busiest = max(server.workers(), key=lambda p: sum(p.cpu_times()[:2]))
    busiest.kill()
    expect(page.get_by_text("killed from outside")).to_be_visible()
    expect(button(page, "Resume")).to_be_visible()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Convolution", exact=True).click()
    expect(page.locator("h1").first).to_have_text("Convolution")
    no_exception(page)


def test_a_visitor_who_clears_the_caches_leaves_the_queue_as_it_is(server: Server, page: Page) -> None:
    run = train(page, server, 50)
    trains(page)
    workers = {p.pid for p in server.workers()}
    address = f"{server.url.replace('http', 'ws')}/_stcore/stream"
    with connect(address, subprotocols=[Subprotocol("streamlit")]) as visitor:
        for _ in range(3):
            visitor.send(BackMsg(clear_cache=True).SerializeToString())
            visitor.send(BackMsg(rerun_script=ClientState()).SerializeToString())
            visitor.recv(timeout=30)
    page.reload()
    expect(button(page, "Stop")).to_be_visible()
    assert {p.pid for p in server.workers()} == workers  # none was started beside them
    button(page, "Stop").click()
    expect(finished(page)).to_be_visible(timeout=180_000)
    assert history.read(run.path).status == "stopped"


def test_ctrl_c_on_the_server_loses_no_batch(server: Server, page: Page) -> None:
    run = train(page, server, 50, FEW)
    trains(page)
    workers = server.workers()
    os.killpg(server.process.pid, signal.SIGINT)  # as a terminal does: to all of the foreground group
    server.process.wait(120)
    _gone, alive = psutil.wait_procs(workers, timeout=120)
    assert not alive
    left = history.read(run.path)
    assert left.status == "interrupted"
    assert "Nothing is lost" in left.reason
    with safe_open(run.path / records.RESUME, framework="np") as state:
        saved = json.loads(state.metadata()["scalars"])
    # After the last batch of an epoch the state counts from the next epoch's beginning.
    last = left.batches[-1]
    after = (last["epoch"] + 1, 0) if last["step"] == left.steps_per_epoch else folding.place(last)
    assert (saved["epoch"], saved["step"]) in (folding.place(last), after)


def test_a_killed_server_finds_its_run_again(server: Server, page: Page) -> None:
    run = train(page, server, 200, FEW)
    expect(page.get_by_text("Numbers of each epoch")).to_be_visible(timeout=90_000)
    before, workers = history.read(run.path), server.workers()
    server.kill()
    _gone, alive = psutil.wait_procs(workers, timeout=120)
    assert not alive, "a worker outlived its server"
    server.start()
    visit(page, f"{server.url}/builder?run={run.id}")
    expect(button(page, "Resume")).to_be_visible()
    after = history.read(run.path)
    assert after.status == "interrupted"
    assert len(after.epochs) >= len(before.epochs) >= 1
    button(page, "Resume").click()
    expect(button(page, "Stop")).to_be_visible()
    button(page, "Stop").click()
    expect(finished(page)).to_be_visible(timeout=180_000)


def test_two_browsers_the_second_waits_and_then_runs(server: Server, page: Page, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    second = context.new_page()
    train(page, server, 50)
    trains(page)
    run = train(second, server, 1, FEW)
    expect(second.get_by_text("One run is before yours")).to_be_visible()
    button(page, "Stop").click()
    expect(finished(second)).to_be_visible(timeout=180_000)
    assert history.read(run.path).status == "finished"
    context.close()
