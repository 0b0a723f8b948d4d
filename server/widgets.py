"""A widget's value that its widget could not have sent is no value: the widget stays as it was.

Streamlit hands whatever a browser sent for a widget to that widget's deserializer, and what it does not fit ends in a
traceback, on the page and in the log, again at every rerun. A choice that was never offered, or a number in place of a
text, would even reach the page. The one place where all of them pass is `WStates.__getitem__`; what does not
fit is no change either, of which a page's callback would hear.
"""

import math
from collections.abc import Callable
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import Serialized, SessionState, WStates

from server.messages import ARRAYS

# A number field of whole numbers sends the one, and Streamlit awaits the other.
NUMBERS = {"int_value", "double_value"}
# Streamlit's own methods, once ours stand in their places.
_get: list[Callable[[WStates, str], Any]] = []
_has_changed: list[Callable[[SessionState, str], bool]] = []


def install() -> None:
    """Have every session of this process read its widgets so. Once is enough."""
    if not _get:
        _get.append(WStates.__getitem__)
        _has_changed.append(SessionState._widget_changed)
        WStates.__getitem__ = _value  # type: ignore[method-assign]
        SessionState._widget_changed = _changed  # type: ignore[method-assign]


def _changed(self: SessionState, widget_id: str) -> bool:
    return widget_id in self._new_widget_state and _has_changed[0](self, widget_id)


def _value(self: WStates, k: str) -> Any:  # noqa: ANN401 (as in Streamlit)
    """The value of a widget; KeyError, as for a widget that nothing came for, where what came does not fit it."""
    state = self.states.get(k)
    metadata = self.widget_metadata.get(k)
    if not isinstance(state, Serialized) or metadata is None:
        return _get[0](self, k)
    if not fits(state.value, metadata):
        raise KeyError(k)
    try:
        return _get[0](self, k)
    except Exception as error:  # whatever a deserializer raises for what a stranger sent
        raise KeyError(k) from error
    finally:
        # Streamlit notes the kind that came, and forgets the widget's own where it was cleared.
        if self.widget_metadata[k].value_type != metadata.value_type:
            self.widget_metadata[k] = metadata


def fits(state: WidgetState, metadata: WidgetMetadata[Any]) -> bool:
    """Whether a widget could have sent that: its kind of value, numbers that are numbers, choices that it offers."""
    kind = state.WhichOneof("value")
    if kind is None:  # cleared
        return True
    if kind != metadata.value_type and {kind, metadata.value_type} != NUMBERS:
        return False
    value = getattr(state, kind)
    values = list(value.data) if kind in ARRAYS else [value]
    if any(isinstance(one, float) and not math.isfinite(one) for one in values):
        return False
    offered = metadata.formatted_options
    if offered is not None and kind in ("string_value", "string_array_value"):
        return all(one in offered for one in values)
    return True
