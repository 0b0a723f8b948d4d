"""What every kind of chart must have, found where it registers itself; a new one is tried without a line here."""

import ast
import importlib
import re
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from matplotlib.figure import Figure

from cnn_core.figures.picture import Picture
from pages.ui import charts
from pages.ui.charts import DARK, KINDS, LIGHT, ROLES, ChartKind
from pages.ui.words import percent

PAGES = Path(__file__).parents[2] / "pages"
THEMES = pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
COLOUR = re.compile(r"#[0-9a-f]{6}\b|\b(?:rgba?|hsla?)\(", re.IGNORECASE)


def dotted(path: Path) -> str:
    """The module's name."""
    return ".".join(path.relative_to(PAGES.parent).with_suffix("").parts)


def with_charts() -> list[Path]:
    """The modules that register a kind of chart."""
    found = []
    for path in sorted(PAGES.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = (n.func for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name))
        if any(name.id == "chart_kind" for name in calls):
            found.append(path)
    return found


for module in with_charts():
    importlib.import_module(dotted(module))
ALL = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def tables(kind: ChartKind) -> dict[str, pd.DataFrame]:
    return {name: pd.DataFrame(columns) for name, columns in kind.example.items()}


def layers(spec: dict) -> list[dict]:
    return [
        part
        for layer in spec.get("layer", [spec])
        for part in ([layer] if "layer" not in layer else layers(layer))
    ]


def channels(spec: dict, channel: str) -> list[dict]:
    """A channel of all layers, those of the whole chart included."""
    found = [part["encoding"][channel] for part in layers(spec) if channel in part.get("encoding", {})]
    above = spec.get("encoding", {}).get(channel)
    return found + ([above] if above else [])


@ALL
def test_a_share_is_written_as_in_the_words_beside_it(kind):
    sign = kind.spec(LIGHT, kind.values, **kind.options)["config"]["locale"]["number"]["percent"]
    assert f"50{sign}" == percent(0.5, 0)


def test_there_are_charts():
    assert len(KINDS) >= 11


@ALL
@THEMES
def test_it_is_valid_vega_lite(kind, look):
    spec = kind.spec(look, kind.values, **kind.options)
    alt.Chart.from_dict(spec, validate=True) if "layer" not in spec else alt.LayerChart.from_dict(
        spec, validate=True
    )


@ALL
@THEMES
def test_it_draws_columns_of_its_tables_and_no_data_of_its_own(kind, look):
    spec, columns = charts._written(kind.build, look, tuple(kind.options.items()))
    given = {(name, column) for name, frame in tables(kind).items() for column in frame}
    assert set(columns) <= given
    assert "values" not in re.findall(r'"data": \{"(\w+)"', spec)


@ALL
def test_its_axes_say_what_they_measure(kind):
    """A title where numbers are measured; names of classes speak for themselves."""
    spec = kind.spec(LIGHT, kind.values, **kind.options)
    for channel in ("x", "y"):
        measured = [
            c
            for c in channels(spec, channel)
            if c.get("type") == "quantitative" and c.get("axis", 1) is not None
        ]
        rules = [c for c in measured if c["field"] == "at"]
        titles = {c.get("title") for c in measured if c not in rules}
        assert all(titles), f"{channel} has no title"
        assert len(titles) <= 1, f"{channel} has two titles: {titles}"


@ALL
@THEMES
def test_its_colours_have_roles(kind, look):
    spec, _ = charts._written(kind.build, look, tuple(kind.options.items()))
    used = set(COLOUR.findall(spec.lower()))
    assert used <= ROLES, f"{used - ROLES} are no roles"
    assert "scheme" not in spec


@ALL
def test_its_text_is_read_from_the_back_row(kind):
    spec = kind.spec(DARK, kind.values, **kind.options)
    for part in ("axis", "legend"):
        assert spec["config"][part]["labelFontSize"] == {"expr": charts.text_size()}
        assert spec["config"][part]["labelColor"] == DARK.ink
    text = str(spec).replace("'", '"')
    sizes = re.findall(r'[fF]ontSize": ([\d.]+)', text) + re.findall(r"\) \+ (\d+)\"", text)
    assert min(map(float, sizes)) >= 12
    assert re.search(r"clamp\(.*, 0, 12\) \+ 14$", charts.text_size()), (
        "it adds to 14 px and never takes away"
    )


@ALL
def test_its_legend_lies_beside_what_is_drawn(kind):
    """And never on it, as those do whose place begins with "top-", "bottom-", or is given in pixels ("none")."""
    spec = kind.spec(LIGHT, kind.values, **kind.options)
    orients = [spec["config"]["legend"]["orient"]]
    for channel in ("color", "shape", "size", "strokeDash"):
        orients += [
            c["legend"]["orient"] for c in channels(spec, channel) if "orient" in (c.get("legend") or {})
        ]
    assert set(orients) <= {"top", "bottom", "left", "right"}


@ALL
def test_an_axis_s_values_are_all_given(kind):
    """Whatever an expression of the specification asks for is among the values that are drawn with it."""
    written, _ = charts._written(kind.build, LIGHT, tuple(kind.options.items()))
    asked = set(re.findall(r'"expr": "-?(\w+)"', written))
    assert asked <= set(kind.values)


@ALL
def test_its_figure_is_of_the_same_tables(kind):
    words = {"title": "A chart", "source": "a test"}
    figure = kind.figure(tables(kind), **words, options={**kind.options, **kind.values})
    assert isinstance(figure, Figure)
    axes = figure.axes[0]
    assert axes.lines or axes.patches or axes.images
    picture = Picture("key", "A chart", lambda title, source: figure, tables(kind)["table"])
    assert picture.file("PNG", "a test").startswith(b"\x89PNG")


@ALL
def test_drawn_it_has_words_for_who_cannot_see_and_a_way_out(kind, monkeypatch):
    sent = {}
    monkeypatch.setattr(charts.st, "vega_lite_chart", lambda **arguments: sent.update(arguments))
    picture = kind.draw(
        tables(kind), key="a-key", title="A chart", alt="In words.", values=kind.values, **kind.options
    )
    assert sent["alt"] == "In words."
    assert sent["spec"]["datasets"].keys() == tables(kind).keys()
    assert isinstance(picture, Picture)
    assert "PDF" in picture.formats
    pd.testing.assert_frame_equal(picture.numbers, tables(kind)["table"])


@ALL
def test_a_table_without_a_column_that_is_drawn_is_refused(kind, monkeypatch):
    monkeypatch.setattr(charts.st, "vega_lite_chart", lambda **_: None)
    short = tables(kind)
    short["table"] = short["table"].iloc[:, :0]
    with pytest.raises(ValueError, match="lack the columns"):
        kind.draw(short, key="k", title="t", alt="a", values=kind.values, **kind.options)


def test_it_is_written_once_a_theme_and_nobody_can_change_it_for_the_others():
    kind = next(iter(KINDS.values()))
    first = kind.spec(LIGHT, kind.values, **kind.options)
    hits = charts._written.cache_info().hits
    first["layer"] = "changed"
    again = kind.spec(LIGHT, kind.values, **kind.options)
    assert charts._written.cache_info().hits == hits + 1
    assert again.get("layer") != "changed"


def test_no_page_writes_vega_lite_by_hand():
    """Only `draw` of a kind of chart shows one; what it returns is the picture that a page hands on to a twin."""
    calls = [
        dotted(path)
        for path in PAGES.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in ("vega_lite_chart", "altair_chart", "line_chart", "bar_chart")
    ]
    assert calls == ["pages.ui.charts"]


def test_no_page_has_a_colour_of_its_own():
    wrong = [
        (dotted(path), colour)
        for path in PAGES.rglob("*.py")
        for colour in re.findall(r'"(#[0-9a-fA-F]{6})"', path.read_text(encoding="utf-8"))
    ]
    assert wrong == []
