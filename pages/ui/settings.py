"""Widgets of settings: what they let a visitor choose is what the setting's own field allows."""

from typing import Any

from cnn_core.ranges import Setting
from pages.ui.components.slider import steps


def bounds(setting: Setting) -> dict[str, Any]:
    """Range and step of a number, for `st.number_input` and `st.slider`."""
    limits = {"min_value": setting.low, "max_value": setting.high, "step": setting.step}
    return limits | ({"format": "%g"} if setting.kind is float else {})


def values_of(setting: Setting) -> list[Any]:
    """Every number that it may be, step by step, for `slider`."""
    limits = bounds(setting)
    kind = setting.kind
    return steps(kind(limits["min_value"]), kind(limits["max_value"]), kind(limits["step"]))


def percent_bounds(setting: Setting) -> dict[str, Any]:
    """The same for a share 0..1 that is shown in whole percent."""
    return {name: round(100 * value) for name, value in bounds(setting).items() if name != "format"}
