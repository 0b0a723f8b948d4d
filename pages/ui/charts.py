"""The one way to a chart: Altair writes its specification once a theme, and the data go beside it at every rerun.

A kind of chart is a function that gets the theme's `Look` and returns an Altair chart over named tables:

    @chart_kind({"table": {"epoch": [1.0], "value": [0.3], "series": ["training"]}}, figure=_figure, title="Loss")
    def training_curve(look: Look, *, title: str) -> Chart: ...

    picture = training_curve.draw({"table": frame}, key=..., name=..., alt=..., title="Loss")

The example in the decorator says what tables and options it takes; tests try every kind that is registered with it.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import altair as alt
import pandas as pd
import streamlit as st

from cnn_core import pictures
from cnn_core.figures.picture import Picture
from pages.ui.words import NO_BREAK

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Spec = dict[str, Any]
Tables = Mapping[str, pd.DataFrame]
Chart = alt.TopLevelMixin  # what a kind of chart returns: a chart, or several laid over each other

TRAINING, VALIDATION = pictures.css(pictures.TRAINING), pictures.css(pictures.VALIDATION)
POSITIVE, NEGATIVE = pictures.css(pictures.POSITIVE), pictures.css(pictures.NEGATIVE)
RIGHT, WRONG = pictures.css(pictures.RIGHT), pictures.css(pictures.WRONG)
MARK = pictures.css(pictures.ACCENT)  # what is looked at
MUTED = pictures.css(pictures.MUTED)
SERIES = tuple(pictures.css(colour) for colour in pictures.SERIES)
# Numbers as the words beside a chart write them: "61 %".
NUMBERS = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""], "percent": f"{NO_BREAK}%"}


@dataclass(frozen=True)
class Look:
    """What differs between the two themes: the ink of text, and the blue of a thin mark."""

    ink: str
    blue: str


LIGHT = Look(pictures.css(pictures.INK), POSITIVE)
DARK = Look(pictures.css(pictures.INK_ON_DARK), pictures.css(pictures.POSITIVE_ON_DARK))
# Charts are written in the light theme's colours; in the dark one the two ends of a signed scale are lighter.
ON_DARK = {
    pictures.css(light): pictures.css(dark) for light, dark in zip(pictures.ends(False), pictures.ends(True))
}
ROLES = frozenset(
    (TRAINING, VALIDATION, POSITIVE, NEGATIVE, RIGHT, WRONG, MARK, MUTED, *SERIES, *ON_DARK.values())
) | {colour for look in (LIGHT, DARK) for colour in (look.ink, look.blue)}
KINDS: dict[str, "ChartKind"] = {}  # every kind of chart by its name


def text_size(least: int = 14) -> str:
    """A Vega expression: `least` px on a screen of 1280×720, and larger on larger ones as all text is (`page.py`)."""
    return f"clamp(min(windowSize()[1] / 90, windowSize()[0] / 160) - 8, 0, 12) + {least}"


def config(look: Look) -> Spec:
    """The `config` of every chart: text large enough for the back row."""
    large: Any = {"expr": text_size()}
    size: Spec = {
        "labelFontSize": large,
        "titleFontSize": large,
        "labelColor": look.ink,
        "titleColor": look.ink,
    }
    # An outermost label stands at its tick: pushed inwards ("flush"), it would name another value.
    return {
        "axis": {**size, "labelLimit": 200, "labelFlush": False},
        "legend": {**size, "title": None, "orient": "top", "labelLimit": 400},
        "header": {**size, "title": None},
        "text": {"fontSize": {"expr": text_size()}, "color": look.ink},
        "locale": {"number": NUMBERS},
    }


@lru_cache(maxsize=256)
def _written(
    build: Callable[..., Chart], look: Look, options: tuple[tuple[str, Any], ...], inked: bool = False
) -> tuple[str, frozenset[tuple[str, str]]]:
    """The specification, and the columns it draws by the names of their tables.

    Altair takes 16 ms and more to write it. Kept as JSON text, which nobody can change for the others.
    """
    spec: Spec = build(look, **dict(options)).to_dict()
    del spec["$schema"]  # the browser has one version of Vega-Lite, whichever Altair wrote for
    spec["config"] = config(look) | {"view": {"stroke": spec["config"]["view"].get("stroke", "transparent")}}
    text = json.dumps(spec)
    if look is DARK and not inked:
        for light, dark in ON_DARK.items():
            text = text.replace(light, dark)
    return text, frozenset(_drawn_columns(spec, "table"))


def _drawn_columns(spec: Spec, name: str) -> Iterator[tuple[str, str]]:
    """(Table, column) of everything that the channels of a specification and its layers show."""
    name = spec.get("data", {}).get("name", name)
    waiting: list[Any] = list(spec.get("encoding", {}).values())
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            waiting += part.values()
            if isinstance(part.get("field"), str):
                yield name, part["field"]
    for layer in spec.get("layer", ()):
        yield from _drawn_columns(layer, name)


def _on_screen(height: int) -> str:
    """A height in CSS: as many px on a screen 720 px high, and the same share of another."""
    return f"clamp({min(height, 176)}px, {height / 7.2:.2f}dvh, {2 * height}px)"


@dataclass(frozen=True, eq=False)
class ChartKind:
    """A kind of chart: `build(look, **options)` writes it, `figure(tables, **words)` draws it for print.

    `example` has tables by name as columns of values; `options` are what `build` takes, hashable, and `values` the
    Vega parameters that change with the data (an axis's limits): they cost no new specification from Altair. `inked`
    says that numbers are written on its colours, which are then the same in both themes.
    """

    name: str
    build: Callable[..., Chart]
    figure: Callable[..., "Figure"]
    example: Mapping[str, Mapping[str, Any]]
    options: Mapping[str, Any]
    values: Mapping[str, Any] = field(default_factory=dict)
    inked: bool = False

    def spec(self, look: Look, values: Mapping[str, Any] | None = None, **options: object) -> Spec:
        """The Vega-Lite specification in a theme, over named tables, with today's `values`; yours to change."""
        spec: Spec = json.loads(self._written(look, options)[0])
        if values:
            today = [{"name": name, "value": value} for name, value in values.items()]
            spec["params"] = [*spec.get("params", []), *today]
        return spec

    def make_ready(self, **options: object) -> None:
        """Write the specification for both themes now, so that who looks first need not wait for Altair."""
        for look in (LIGHT, DARK):
            self._written(look, options)

    def _written(self, look: Look, options: Mapping[str, Any]) -> tuple[str, frozenset[tuple[str, str]]]:
        return _written(self.build, look, tuple(options.items()), self.inked)

    def draw(
        self,
        tables: Tables,
        *,
        key: str,
        title: str,
        alt: str,
        values: Mapping[str, Any] | None = None,
        height: int | Literal["stretch"] | None = None,
        on_select: Callable[[], None] | None = None,
        **options: object,
    ) -> Picture:
        """Show the chart over `tables`; what is returned is for `twin`, so that it can leave the page.

        `title` names it in a file, `alt` says it in words. `height` is in px on a screen 720 px high, and grows and
        shrinks with the screen; it is there from the first frame on. "stretch" fills its container. While the
        specification stays the same, the browser moves marks; it builds the chart anew where anything differs, `alt`
        and `values` included, which takes far longer.
        Raises `ValueError` where a table lacks a column that is drawn.
        """
        look = DARK if st.context.theme.type == "dark" else LIGHT
        spec = self.spec(look, values, **options)
        _, columns = self._written(look, options)
        missing = {(name, column) for name, column in columns if column not in tables[name].columns}
        if missing:
            raise ValueError(f"tables of {self.name} lack the columns {sorted(missing)}")
        # All tables go by name: Streamlit takes an only named one for the chart's own, whatever else there is.
        place = f"{key}-chart"
        sized = isinstance(height, int)
        if isinstance(height, int):
            # Twice the class: Streamlit's own rules come later. Without "flex" it were as high as what is in it.
            its = f"flex: none; height: {_on_screen(height)};"
            st.html(f"<style>.st-key-{place}.st-key-{place} {{ {its} }}</style>")
        with st.container(key=place) if sized else nullcontext():
            st.vega_lite_chart(
                spec=spec | {"datasets": dict(tables)},
                height="stretch" if height else "content",
                alt=alt,
                key=key if on_select else None,
                on_select=on_select or "ignore",
            )
        words = {**options, **(values or {})}
        return Picture(
            key,
            title,
            lambda name, source: self.figure(tables, title=name, source=source, options=words),
            tables["table"],
        )


def chart_kind(
    example: Mapping[str, Mapping[str, Any]],
    *,
    figure: Callable[..., "Figure"],
    values: Mapping[str, Any] | None = None,
    inked: bool = False,
    **options: object,
) -> Callable[[Callable[..., Chart]], ChartKind]:
    """Register a function as a kind of chart; `example`, `values` and `options` are what it can be tried with.

    `inked`: numbers are written on its colours, so that these stay as they are in a dark theme.
    """

    def register(build: Callable[..., Chart]) -> ChartKind:
        name = f"{build.__module__}.{build.__name__}"
        KINDS[name] = ChartKind(name, build, figure, example, options, values or {}, inked)
        return KINDS[name]

    return register


def table(name: str = "table") -> alt.Chart:
    """An empty chart over the table that `draw` is given under `name`."""
    return alt.Chart(alt.NamedData(name))


def limits(low: str, high: str) -> alt.Scale:
    """A scale between the two of the `values` that are called so."""
    return alt.Scale(domain=[alt.ExprRef(low), alt.ExprRef(high)])


def series(colours: Mapping[str, str], column: str = "series") -> alt.Color:
    """A colour for each value of `column`, in the legend's order."""
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color(f"{column}:N", scale=scale, title=None)


def dashes(solid: str, dashed: str) -> alt.StrokeDash:
    """Two series told apart without colour; one legend then shows both."""
    scale = alt.Scale(domain=[solid, dashed], range=[[1, 0], [6, 3]])
    return alt.StrokeDash("series:N", scale=scale, title=None)


def by_sign(expression: str) -> Mapping[str, object]:
    """Vermilion where `expression` of a row is below 0, else blue: for a `color` channel."""
    return alt.condition(f"{expression} < 0", alt.value(NEGATIVE), alt.value(POSITIVE))


def hover(*columns: str, **titles: str) -> list[alt.Tooltip]:
    """What hovering tells: text by its column's name, numbers with four places (prefix such a column with #)."""
    return [
        alt.Tooltip(f"{name[1:]}:Q", format=".4f", title=titles.get(name[1:], name[1:]))
        if name.startswith("#")
        else alt.Tooltip(f"{name}:N", title=titles.get(name, name))
        for name in columns
    ]


def rule(
    axis: str, name: str, colour: str = MARK, *, width: int = 2, dash: Sequence[float] | None = None
) -> alt.Chart:
    """A line across the chart, of the axis "x" or "y", at each value "at" of the table `name`.

    `width` is in pixels; `dash` has the lengths of dashes and gaps in turn, None for a line without gaps.
    """
    place = alt.X("at:Q") if axis == "x" else alt.Y("at:Q")
    dashes = alt.Undefined if dash is None else dash
    line: alt.Chart = table(name).mark_rule(color=colour, strokeWidth=width, strokeDash=dashes).encode(place)
    return line


def at(value: float) -> pd.DataFrame:
    """The table of a `rule` at one value."""
    return pd.DataFrame({"at": [value]})
