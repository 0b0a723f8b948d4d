"""What a script says goes out in one go, in its order, with nothing lost."""

import asyncio

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from server.bursts import MOST_HELD, Bursts
from tests.support.event_loop import run


def of(**fields):
    message = ForwardMsg(**fields)
    return {"type": "websocket.send", "bytes": message.SerializeToString()}


def status(runs):
    message = ForwardMsg()
    message.session_status_changed.script_is_running = runs
    return {"type": "websocket.send", "bytes": message.SerializeToString()}


def element(number):
    message = ForwardMsg()
    message.metadata.delta_path.append(number)
    message.delta.new_element.text.body = f"{number}"
    return {"type": "websocket.send", "bytes": message.SerializeToString()}


BEGINS = ForwardMsg()
BEGINS.new_session.name = "app"
BEGIN = {"type": "websocket.send", "bytes": BEGINS.SerializeToString()}
END = of(script_finished=ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
EARLY = of(script_finished=ForwardMsg.FINISHED_EARLY_FOR_RERUN)
ANSWER = of(heartbeat_ack=True)
ONE, TWO = element(1), element(2)
RUN = [BEGIN, status(True), ONE, TWO, END, status(False)]


def after(*messages, hold=60.0, wait=0.0):
    """What was sent once each of `messages` was taken: a list of how many were out after each, and all that were."""
    out, counts = [], []

    async def send(message):
        out.append(message)

    async def use():
        bursts = Bursts(send, hold)
        for message in messages:
            await bursts.send(message)
            counts.append(len(out))
        await asyncio.sleep(wait)
        bursts.stop()

    run(use())
    return counts, out


def test_a_run_begins_at_once_and_says_the_rest_when_it_has_ended():
    counts, out = after(*RUN)
    assert counts == [1, 1, 1, 1, 1, 6]
    assert out == [BEGIN, ONE, TWO, END, status(True), status(False)]


def test_one_run_after_another_is_two_bursts():
    counts, out = after(*RUN, *RUN)
    assert counts == [1, 1, 1, 1, 1, 6, 7, 7, 7, 7, 7, 12]
    assert out[6:] == out[:6]


def test_a_run_that_begins_anew_is_one_burst():
    messages = [BEGIN, status(True), ONE, EARLY, status(False), BEGIN, status(True), TWO, END, status(False)]
    counts, out = after(*messages)
    assert counts == [1] * 9 + [8]
    assert out == [BEGIN, ONE, EARLY, BEGIN, TWO, END, status(True), status(False)]


def test_what_takes_long_is_sent_before_it_ends():
    _, out = after(BEGIN, status(True), ONE, hold=0.01, wait=0.2)
    assert out == [BEGIN, ONE, status(True)]


def test_outside_of_a_run_nothing_waits():
    assert after(ANSWER, *RUN, ANSWER)[0][-2:] == [7, 8]


def test_the_end_of_the_websocket_comes_after_what_was_held():
    close = {"type": "websocket.close", "code": 1000}
    assert after(BEGIN, ONE, close)[1] == [BEGIN, ONE, close]


def test_no_more_is_held_than_a_page_has():
    counts, _ = after(BEGIN, *[ONE] * (2 * MOST_HELD))
    assert max(number - sent for number, sent in enumerate(counts, 1)) < MOST_HELD


def test_who_has_stopped_is_sent_nothing():
    assert after(BEGIN, ONE, wait=0.0)[1] == [BEGIN]


def test_a_browser_that_takes_nothing_holds_up_who_sends():
    """Else whatever is said to it would pile up here."""

    async def use():
        taken = asyncio.Event()

        async def send(message):
            if message == ONE:
                await taken.wait()

        bursts = Bursts(send, 0.01)
        await bursts.send(BEGIN)
        await bursts.send(ONE)
        await asyncio.sleep(0.1)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(bursts.send(TWO), 0.1)

    run(use())


def test_a_browser_that_has_gone_is_noticed_by_the_next_message():
    async def use():
        async def send(message):
            raise ConnectionResetError

        bursts = Bursts(send, 0.01)
        with pytest.raises(ConnectionResetError):
            await bursts.send(BEGIN)
        await bursts.send(ONE)
        await asyncio.sleep(0.1)
        with pytest.raises(ConnectionResetError):
            await bursts.send({"type": "websocket.close"})

    run(use())
