"""What a browser may say over the websocket: of each frame what a page of this app could have sent, or nothing.

Streamlit answers whoever speaks its protocol: it clears everybody's caches when asked to, keeps whatever a message
holds and writes a line in the log for each mistake. What no button of this app sends is dropped here, without a word.
"""

from collections.abc import Callable

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg
from streamlit.proto.ClientState_pb2 import ClientState, ContextInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.common import GENERATED_ELEMENT_ID_PREFIX
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX

LARGEST_FRAME = 1_000_000  # bytes; the fullest drawing is a tenth of it
LONGEST_QUERY = 65_536  # characters; a browser's address is no longer
MOST_PARAMETERS = 500
MOST_WIDGETS = 500  # the fullest page has 40
LONGEST_ID = 400  # characters of a widget's id
# How Streamlit's ids begin: a widget's, and what a component reports. Whatever else is sent as one stands among the
# keys of the session's state, as one without a value, and ends a page in a KeyError.
ID_STARTS = (GENERATED_ELEMENT_ID_PREFIX, STREAMLIT_INTERNAL_KEY_PREFIX)
LONGEST_TEXT = 65_536  # bytes of a text, a choice or a chart's selection
LONGEST_STATE = (
    200_000  # characters of a component's state: a drawing of 4,000 points is less than half of it
)
MOST_VALUES = 1000  # of a slider, or of a choice of several
MOST_HASHES = 2000  # messages that a browser says it still has
MOST_FILES = 10  # names of files for which it asks where to put them
LONGEST_NAME = 300  # characters of a page's name, a file's name, an identifier
NEW_SESSION = ForwardMsg.NEW_SESSION_FIELD_NUMBER
SCRIPT_FINISHED = ForwardMsg.SCRIPT_FINISHED_FIELD_NUMBER
STATUS_CHANGED = ForwardMsg.SESSION_STATUS_CHANGED_FIELD_NUMBER
ARRAYS = ("double_array_value", "int_array_value", "string_array_value")
_KEPT = frozenset(
    {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat", "backend_operation_request"}
)
_OPERATIONS = frozenset({"deferred_file", "dataframe_chunk"})


class Unreadable(ValueError):
    """A frame is no message of the protocol: no browser sent it."""


def admitted(frame: bytes, session_id: str, has_fragment: Callable[[str], bool]) -> BackMsg | None:
    """The message in a frame, with what a page could have sent left in it; None where nothing is left.

    `session_id` is the session that the websocket is of, empty while that is not known; `has_fragment` tells whether
    that session holds a fragment. Raises `Unreadable`.
    """
    message = BackMsg()
    try:
        message.ParseFromString(frame)
    except DecodeError as error:
        raise Unreadable("the frame is no BackMsg") from error
    kind = message.WhichOneof("type")
    if kind not in _KEPT:
        return None
    if kind == "rerun_script":
        rerun = message.rerun_script
        fragment = rerun.fragment_id
        if fragment and not (len(fragment) <= LONGEST_NAME and has_fragment(fragment)):
            if rerun.is_auto_rerun:
                return None  # the clock of what is on the page no more
            rerun.ClearField(
                "fragment_id"
            )  # what was clicked counts: the page is drawn whole, as after a click outside
        _trim(rerun)
    elif kind == "file_urls_request":
        names = message.file_urls_request.file_names
        if len(names) > MOST_FILES or any(len(name) > LONGEST_NAME for name in names):
            return None
    elif kind == "backend_operation_request" and not _is_ours(message.backend_operation_request, session_id):
        return None
    return message


def _is_ours(request: BackendOperationRequest, session_id: str) -> bool:
    """Whether a page of this session could ask for that: a file that is made when it is clicked, rows of a table."""
    return (
        request.WhichOneof("payload") in _OPERATIONS
        and request.session_id == session_id
        and request.ByteSize() <= 4 * LONGEST_NAME
    )


def _trim(state: ClientState) -> None:
    """Take out of a rerun what is longer, or more, than a page has."""
    query = state.query_string
    if len(query) > LONGEST_QUERY or query.count("&") >= MOST_PARAMETERS:
        state.query_string = ""
    if len(state.page_name) > LONGEST_NAME:
        state.page_name = ""
    if len(state.page_script_hash) > LONGEST_NAME:
        state.page_script_hash = ""
    hashes = state.cached_message_hashes
    if len(hashes) > MOST_HASHES or any(len(one) > LONGEST_NAME for one in hashes):
        state.ClearField("cached_message_hashes")
    if state.HasField("context_info"):
        _trim_context(state.context_info)
    widgets = state.widget_states.widgets
    if not all(_fits(widget) for widget in widgets) or len(widgets) > MOST_WIDGETS:
        kept = [widget for widget in widgets if _fits(widget)][:MOST_WIDGETS]
        del widgets[:]
        widgets.extend(kept)


def _trim_context(info: ContextInfo) -> None:
    for field, limit in (
        ("timezone", LONGEST_NAME),
        ("locale", LONGEST_NAME),
        ("color_scheme", LONGEST_NAME),
        ("url", LONGEST_QUERY),
    ):
        if len(getattr(info, field)) > limit:
            info.ClearField(field)  # type: ignore[arg-type]


def _fits(widget: WidgetState) -> bool:
    """Whether it is a widget's, and no longer than a widget's value can be. Its kind is looked at where it is read."""
    if not widget.id.startswith(ID_STARTS) or len(widget.id) > LONGEST_ID:
        return False
    kind = widget.WhichOneof("value")
    if kind == "json_value":
        return len(widget.json_value) <= LONGEST_STATE
    if kind in ARRAYS and len(getattr(widget, kind).data) > MOST_VALUES:
        return False
    return bool(widget.ByteSize() <= LONGEST_TEXT)


def kind_of(message: bytes) -> int | None:
    """The number of the `type` field of a serialized ForwardMsg, by its outer fields alone: it may hold megabytes."""
    place = 0
    while place < len(message):
        tag, place = _varint(message, place)
        field, wire = tag >> 3, tag & 7
        if field not in (ForwardMsg.HASH_FIELD_NUMBER, ForwardMsg.METADATA_FIELD_NUMBER):
            return field
        if wire != 2:  # both are length-delimited
            return None
        length, place = _varint(message, place)
        place += length
    return None


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while place < len(data):
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
        shift += 7
    return value, place


def without_the_machine(message: bytes) -> bytes:
    """A run's first message without what it tells of the machine.

    Streamlit puts the script's path, the Python version, the system and a number of the installation in it; the
    page uses none of them.
    """
    answer = ForwardMsg()
    answer.ParseFromString(message)
    session = answer.new_session
    session.main_script_path = session.name
    session.initialize.environment_info.python_version = ""
    session.initialize.environment_info.server_os = ""
    session.initialize.environment_info.has_display = False
    for field in ("installation_id", "installation_id_v3", "installation_id_v4"):
        setattr(session.initialize.user_info, field, "")
    return bytes(answer.SerializeToString())
