"""The gate of the websocket, on a real server."""

import time

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.server.conftest import start
from tests.support.socket_client import Closed, browser_cookie, connect, fetch

PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def narrow(tmp_path_factory):
    """A server with places for six tabs, four from one address."""
    environment = {"CONVLENS_SESSIONS": "6", "CONVLENS_SESSIONS_PER_ADDRESS": "4", "CONVLENS_PROXIES": "1"}
    with start(tmp_path_factory.mktemp("narrow"), environment) as server:
        yield server


def test_the_cache_that_all_share_is_cleared_by_nobody(served):
    with connect(served.port, "activations") as first:
        slow = time.perf_counter()
        first.rerun()
        warm = time.perf_counter() - slow
        for message in (
            BackMsg(clear_cache=True),
            BackMsg(set_run_on_save=True),
            BackMsg(load_git_info=True),
        ):
            first.send(message)
        first.rerun()
        kinds = [message.WhichOneof("type") for message in first.messages]
        assert "git_info_changed" not in kinds
        assert not first.session.initialize.session_status.run_on_save
        times = []
        for _ in range(3):
            began = time.perf_counter()
            first.rerun()
            times.append(time.perf_counter() - began)
        assert min(times) < max(4 * warm, 1.0)  # else the model is loaded anew, which takes seconds
        assert not first.has_error


def listen(tab):
    """Take in what comes. Raises Closed at the websocket's end, TimeoutError where nothing more comes."""
    while True:
        tab.receive(5)


@pytest.mark.parametrize(
    ("frame", "code"),
    [("text", "1003"), (b"\x22\xff\xff\xff\xff\xff\xff\xff\xff\xff", "1002"), (b"\x0a", "1002")],
)
def test_what_is_no_message_ends_the_websocket_without_a_trace(served, frame, code):
    before = served.log.read_text().count("Traceback")
    with connect(served.port) as tab:
        tab.send(frame)
        with pytest.raises(Closed, match=code):
            listen(tab)
    assert served.log.read_text().count("Traceback") == before


def test_messages_wait_their_turn_and_none_is_lost(served):
    """Who sends more than twenty a second for long is listened to at that rate."""
    with connect(served.port) as tab:
        began = time.monotonic()
        for _ in range(120):
            tab.send(BackMsg(app_heartbeat=True))
        answers = 0
        while answers < 120:
            answers += tab.receive(20).WhichOneof("type") == "heartbeat_ack"
        assert 2.0 < time.monotonic() - began < 15


def test_a_burst_of_clicks_does_not_wait(served):
    with connect(served.port) as tab:
        began = time.monotonic()
        for _ in range(40):
            tab.send(BackMsg(app_heartbeat=True))
        answers = 0
        while answers < 40:
            answers += tab.receive(20).WhichOneof("type") == "heartbeat_ack"
        assert time.monotonic() - began < 1.5


def test_a_flood_of_clicks_is_no_flood_of_threads(served):
    with connect(served.port, "feature_maps") as tab:
        before = served.process.num_threads()
        most = 0
        for _ in range(100):
            message = BackMsg()
            message.rerun_script.page_script_hash = tab.page_hash
            message.rerun_script.page_name = tab.page
            tab.send(message)
            most = max(most, served.process.num_threads())
        tab.await_run()
        assert most < before + 12
        assert not tab.has_error


def test_one_address_takes_its_share_of_the_tabs_and_all_no_more_than_there_are(narrow):
    from contextlib import ExitStack

    def tab(address):
        return connect(narrow.port, headers={"X-Forwarded-For": address}, run=False)

    with ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(tab("1.1.1.1"))
        with pytest.raises(Closed, match="403"):
            stack.enter_context(tab("1.1.1.1"))
        status, headers, body = fetch(narrow.port, "/", headers={**PAGE, "X-Forwarded-For": "1.1.1.1"})
        assert status == 503
        assert dict(headers)["retry-after"] == "60"
        assert b"All places are taken" in body
        for _ in range(2):
            stack.enter_context(tab("2.2.2.2"))
        with pytest.raises(Closed, match="403"):
            stack.enter_context(tab("3.3.3.3"))
    end = time.monotonic() + 10
    while fetch(narrow.port, "/", headers={**PAGE, "X-Forwarded-For": "1.1.1.1"})[0] == 503:
        assert time.monotonic() < end
        time.sleep(0.05)
    with connect(narrow.port, "pooling", headers={"X-Forwarded-For": "1.1.1.1"}) as again:
        assert not again.has_error


def test_another_site_opens_no_websocket(served):
    with pytest.raises(Closed, match="403"), connect(served.port, headers={"Origin": "https://evil.example"}):
        pass


def test_only_streamlits_websocket_is_one(served):
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect as plain

    with pytest.raises(InvalidStatus, match="403"):
        plain(f"ws://127.0.0.1:{served.port}/_stcore/other")


def test_a_lost_network_costs_nothing(served):
    """Who comes back finds what was set."""
    cookies = browser_cookie(served.port)
    with connect(served.port, "convolution", cookies=cookies) as tab:
        tab.set("conv-more-open", True)
        tab.set("conv-bias", 2.0)
        time.sleep(3)  # who was here for longer than a glance
        session = tab.session.initialize.session_id
    with connect(served.port, "convolution", cookies=cookies, session=session) as back:
        assert back.session.initialize.session_id == session


def test_a_glance_leaves_nothing(served):
    with connect(served.port, "convolution") as tab:
        session = tab.session.initialize.session_id
    with connect(served.port, "convolution", session=session) as back:
        assert back.session.initialize.session_id != session


def test_nobody_takes_over_the_session_of_another_browser(served):
    mine, other = browser_cookie(served.port), browser_cookie(served.port)
    with connect(served.port, "convolution", cookies=mine) as tab:
        session = tab.session.initialize.session_id
        for cookies in (other, None):
            with connect(served.port, "convolution", cookies=cookies, session=session) as stranger:
                assert stranger.session.initialize.session_id != session
        tab.rerun()  # it is still heard
        assert not tab.has_error
