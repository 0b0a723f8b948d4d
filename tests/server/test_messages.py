"""What of a frame reaches Streamlit."""

import random

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from server import messages
from server.messages import Unreadable, admitted, kind_of, without_the_machine
from tests.server.conftest import ROOT
from tests.support.socket_client import connect, widget_state

SESSION = "11111111-2222-3333-4444-555555555555"


def said(message, fragments=()):
    return admitted(message.SerializeToString(), SESSION, lambda fragment: fragment in fragments)


def rerun(**fields):
    message = BackMsg()
    message.rerun_script.SetInParent()
    for name, value in fields.items():
        setattr(message.rerun_script, name, value)
    return message


@pytest.mark.parametrize(
    "field",
    [
        "clear_cache",
        "set_run_on_save",
        "load_git_info",
        "debug_disconnect_websocket",
        "debug_shutdown_runtime",
    ],
)
def test_what_no_button_sends_is_dropped(field):
    assert said(BackMsg(**{field: True})) is None


def test_an_empty_message_is_dropped():
    assert admitted(b"", SESSION, lambda fragment: True) is None


@pytest.mark.parametrize("field", ["stop_script", "app_heartbeat"])
def test_what_a_browser_sends_by_itself_passes(field):
    assert said(BackMsg(**{field: True})) == BackMsg(**{field: True})


def test_a_rerun_passes_unchanged():
    message = rerun(query_string="conv-stride=2", page_name="convolution", page_script_hash="a" * 32)
    message.rerun_script.widget_states.widgets.append(
        widget_state("$$ID-1-x", "double_array_value", [1.0, 2.0])
    )
    message.rerun_script.context_info.timezone = "Europe/Berlin"
    message.rerun_script.cached_message_hashes.extend(["h" * 40] * 300)
    assert said(message) == message


def test_what_is_no_message_is_told_apart():
    with pytest.raises(Unreadable):
        admitted(b"\x22\xff\xff\xff", SESSION, lambda fragment: True)


def test_a_thousand_random_frames_are_messages_or_are_not():
    rng = random.Random(0)
    for _ in range(1000):
        frame = rng.randbytes(rng.randrange(60))
        try:
            message = admitted(frame, SESSION, lambda fragment: False)
        except Unreadable:
            continue
        assert message is None or message.WhichOneof("type") in messages._KEPT


def test_only_fragments_of_the_session_are_run():
    assert said(rerun(fragment_id="there"), {"there"}) == rerun(fragment_id="there")
    assert said(rerun(fragment_id="gone", is_auto_rerun=True), {"there"}) is None


def test_a_click_in_a_fragment_that_is_gone_is_a_click_on_the_page():
    assert said(rerun(fragment_id="gone", query_string="a=1")) == rerun(query_string="a=1")
    assert said(rerun(fragment_id="f" * 1000), {"f" * 1000}) == rerun()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("query_string", "x" * 65_537),
        ("query_string", "&".join(["a=1"] * 501)),
        ("page_name", "n" * 301),
        ("page_script_hash", "h" * 301),
    ],
)
def test_what_is_longer_than_an_address_is_left_out(field, value):
    assert getattr(said(rerun(**{field: value})).rerun_script, field) == ""


def test_what_a_browser_says_of_itself_is_bounded():
    message = rerun()
    message.rerun_script.context_info.timezone = "z" * 301
    message.rerun_script.context_info.locale = "de"
    message.rerun_script.cached_message_hashes.extend(["h"] * 2001)
    kept = said(message).rerun_script
    assert not kept.context_info.HasField("timezone")
    assert kept.context_info.locale == "de"
    assert len(kept.cached_message_hashes) == 0


@pytest.mark.parametrize(
    ("widget_id", "kind", "value"),
    [
        ("", "bool_value", True),
        ("$$ID-1-" + "i" * 394, "bool_value", True),
        ("$$ID-1-w", "string_value", "x" * 65_537),
        ("$$ID-1-w", "json_value", "x" * 2_000_001),
        ("$$ID-1-w", "double_array_value", [0.0] * 1001),
        ("$$ID-1-w", "string_array_value", ["x" * 70_000]),
        ("$$ID-1-w", "bytes_value", b"x" * 65_537),
    ],
)
def test_a_widget_state_that_is_too_large_is_left_out(widget_id, kind, value):
    message = rerun()
    small = widget_state("$$ID-1-small", "bool_value", True)
    message.rerun_script.widget_states.widgets.extend([widget_state(widget_id, kind, value), small])
    assert list(said(message).rerun_script.widget_states.widgets) == [small]


@pytest.mark.parametrize("widget_id", ["", "admin", "conv-stride", "$$", "$$I", "id", " $$ID-1-x"])
def test_what_is_no_widget_s_id_is_left_out(widget_id):
    message = rerun()
    message.rerun_script.widget_states.widgets.append(widget_state(widget_id, "bool_value", True))
    assert not said(message).rerun_script.widget_states.widgets


def test_a_drawing_of_a_thousand_strokes_passes():
    message = rerun()
    message.rerun_script.widget_states.widgets.append(widget_state("$$ID-1-w", "json_value", "x" * 200_000))
    assert said(message) == message
    assert message.ByteSize() < messages.LARGEST_FRAME


def test_no_more_widgets_than_a_page_has():
    message = rerun()
    message.rerun_script.widget_states.widgets.extend(
        widget_state(f"$$ID-1-w{number}", "bool_value", True) for number in range(600)
    )
    assert len(said(message).rerun_script.widget_states.widgets) == 500


@pytest.mark.parametrize(
    ("names", "passes"), [(["a.png"], True), (["a.png"] * 11, False), (["a" * 301], False)]
)
def test_places_for_files_are_asked_for_a_few_at_a_time(names, passes):
    message = BackMsg()
    message.file_urls_request.file_names.extend(names)
    assert (said(message) is not None) == passes


@pytest.mark.parametrize(
    ("payload", "session", "passes"),
    [
        ("deferred_file", SESSION, True),
        ("dataframe_chunk", SESSION, True),
        ("install_skills", SESSION, False),
        ("dismiss_skills_nudge", SESSION, False),
        ("deferred_file", "another", False),
    ],
)
def test_a_session_asks_for_its_own_files_and_nothing_else(payload, session, passes):
    message = BackMsg()
    message.backend_operation_request.session_id = session
    getattr(message.backend_operation_request, payload).SetInParent()
    assert (said(message) is not None) == passes


def test_the_kind_of_an_answer_is_read_without_reading_it():
    for number, field in ForwardMsg.DESCRIPTOR.fields_by_number.items():
        if field.name in ("hash", "metadata"):
            continue
        message = ForwardMsg(hash="h" * 200)
        message.metadata.delta_path.extend([0, 300, 2])
        if field.message_type is not None:
            getattr(message, field.name).SetInParent()
        else:
            setattr(message, field.name, "x" if field.type == field.TYPE_STRING else 1)
        assert kind_of(message.SerializeToString()) == number, field.name
    assert kind_of(b"") is None
    assert kind_of(b"\x0a") is None


def test_a_runs_first_message_says_nothing_of_the_machine():
    message = ForwardMsg()
    message.new_session.name = "app"
    message.new_session.main_script_path = "/home/somebody/app.py"
    message.new_session.initialize.session_id = SESSION
    message.new_session.initialize.environment_info.python_version = "3.11.7"
    message.new_session.initialize.environment_info.server_os = "linux"
    message.new_session.initialize.user_info.installation_id_v3 = "some machine"
    changed = without_the_machine(message.SerializeToString())
    assert b"somebody" not in changed
    assert b"3.11.7" not in changed
    assert b"linux" not in changed
    assert b"some machine" not in changed
    assert ForwardMsg.FromString(changed).new_session.name == "app"
    assert ForwardMsg.FromString(changed).new_session.initialize.session_id == SESSION


@pytest.mark.parametrize("page", ["home", "convolution", "builder", "draw"])
def test_nothing_that_a_page_sends_names_a_folder_of_the_server(served, page):
    with connect(served.port, page) as tab:
        everything = b"".join(message.SerializeToString() for message in tab.messages)
        for secret in (str(ROOT), str(served.home), "site-packages", "/usr/lib"):
            assert secret.encode() not in everything
