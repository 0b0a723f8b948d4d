"""What is used of Streamlit's inside, all of it, and the version in which it was read: an upgrade begins here.

Widgets that refuse what they could not have sent, the gate of the websocket, uploads, links and the cookie rest on
names that Streamlit promises to nobody. Each stands here.
"""

import ast
import importlib
import inspect
import itertools
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import streamlit

READ_IN = "1.67.0"
ROOT = Path(__file__).resolve().parents[2]
OURS = sorted([ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "server").rglob("*.py")])
PUBLIC = {"streamlit", "streamlit.delta_generator.DeltaGenerator"}
# What is imported from modules that Streamlit does not document.
IMPORTED = {
    "streamlit.components.v2.types.ComponentRenderer",
    "streamlit.config",
    "streamlit.file_util",
    "streamlit.navigation.page.StreamlitPage",
    "streamlit.proto.BackMsg_pb2.BackMsg",
    "streamlit.proto.BackMsg_pb2.BackendOperationRequest",
    "streamlit.proto.ClientState_pb2.ClientState",
    "streamlit.proto.ClientState_pb2.ContextInfo",
    "streamlit.proto.ForwardMsg_pb2.ForwardMsg",
    "streamlit.proto.WidgetStates_pb2.WidgetState",
    "streamlit.runtime.Runtime",
    "streamlit.runtime.app_session.AppSession",
    "streamlit.runtime.memory_uploaded_file_manager.MemoryUploadedFileManager",
    "streamlit.runtime.pages_manager.PagesManager",
    "streamlit.runtime.scriptrunner.get_script_run_ctx",
    "streamlit.runtime.state.common.GENERATED_ELEMENT_ID_PREFIX",
    "streamlit.runtime.state.common.WidgetMetadata",
    "streamlit.runtime.state.get_session_state",
    "streamlit.runtime.state.session_state.STREAMLIT_INTERNAL_KEY_PREFIX",
    "streamlit.runtime.state.session_state.Serialized",
    "streamlit.runtime.state.session_state.SessionState",
    "streamlit.runtime.state.session_state.WStates",
    "streamlit.runtime.uploaded_file_manager.UploadedFile",
    "streamlit.web.server.starlette.starlette_app_utils.decode_xsrf_token_string",
    "streamlit.web.server.starlette.starlette_server",
    "streamlit.web.server.starlette.starlette_server_config.XSRF_COOKIE_NAME",
    "streamlit.web.server.starlette.starlette_websocket.StarletteSessionClient",
}
# What is used of them that begins with an underscore, or is put in its place: where it stands in Streamlit.
USED = {
    "_new_widget_state": "streamlit.runtime.state.session_state",
    "_old_state": "streamlit.runtime.state.session_state",
    "_widget_changed": "streamlit.runtime.state.session_state",
    "_scriptrunner": "streamlit.runtime.app_session",
    "_script_thread": "streamlit.runtime.scriptrunner.script_runner",
    "_session_mgr": "streamlit.runtime.runtime",
    "_websocket": "streamlit.web.server.starlette.starlette_websocket",
    "_state": "streamlit.runtime.state.safe_session_state",
}
REPLACED = {
    "__getitem__": "streamlit.runtime.state.session_state",
    "get_max_message_size_bytes": "streamlit.web.server.starlette.starlette_server",
    "uses_pages_directory": "streamlit.runtime.pages_manager",
    "get_binding_for_param": "streamlit.runtime.state.query_params",
    "set_corrected_value": "streamlit.runtime.state.query_params",
    "set_initial_query_params_from_current": "streamlit.runtime.state.query_params",
    "remove_param": "streamlit.runtime.state.query_params",
    "formatted_options": "streamlit.runtime.state.common",
    "file_storage": "streamlit.runtime.memory_uploaded_file_manager",
    "is_history_navigation": "streamlit.runtime.scriptrunner_utils.script_run_context",
}


@cache
def trees() -> tuple[ast.Module, ...]:
    return tuple(ast.parse(path.read_text(encoding="utf-8")) for path in OURS)


def imported() -> Iterator[str]:
    """Every name that the app, its pages and its server import from Streamlit."""
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "streamlit")
            elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "streamlit":
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def hidden() -> Iterator[str]:
    """Every attribute with one underscore that is taken of anything but `self`."""
    for node in itertools.chain.from_iterable(map(ast.walk, trees())):
        if isinstance(node, ast.Attribute) and re.match("_[a-z]", node.attr):
            of = node.value.id if isinstance(node.value, ast.Name) else ""
            if of != "self":
                yield node.attr


def test_the_inside_was_read_in_the_version_that_is_installed() -> None:
    assert streamlit.__version__ == READ_IN, (
        "read again what stands here, and what it is used for; then write the version"
    )


def test_what_is_imported_stands_here() -> None:
    assert set(imported()) - PUBLIC == IMPORTED


def test_what_is_used_of_it_stands_here() -> None:
    assert set(hidden()) - {"_replace"} == set(USED)  # the one of named tuples


@pytest.mark.parametrize(("name", "module"), (USED | REPLACED).items())
def test_it_is_there(name: str, module: str) -> None:
    assert name in inspect.getsource(importlib.import_module(module))
