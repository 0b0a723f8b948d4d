"""The network of a program as cards, each with the shape that leaves it, up to the layer that breaks."""

from html import escape

import pandas as pd
import streamlit as st

from cnn_core.doctor.programs import Ran, Stop
from pages.ui.charts import RIGHT, WRONG
from pages.ui.words import shape

BREAKS = "breaks here"
STYLE = f"""<style>
.cl-stops {{ display: flex; flex-wrap: wrap; gap: 0.35rem 0.2rem; list-style: none; padding: 0 !important;
  margin: 0 !important; }}
.cl-stops li {{ display: flex; align-items: center; gap: 0.2rem; margin: 0 !important; max-width: 100%; }}
.cl-stops div {{ border: 1px solid color-mix(in srgb, currentColor 35%, transparent); border-radius: 0.4rem;
  padding: 0.2rem 0.45rem; font-size: 0.875rem; line-height: 1.35; min-width: 0; overflow-wrap: anywhere; }}
.cl-stops code {{ background: none; color: inherit; padding: 0; }}
.cl-stops .cl-broken {{ border: 2px solid {WRONG}; }}
.cl-stops .cl-whole {{ border: 2px solid {RIGHT}; }}
</style>"""


def shape_cards(ran: Ran) -> None:
    """Draw the layers in a row, that wraps, from the input on."""
    if not ran.stops:
        return
    cards = [_card("images", _text(ran.stops[0].before), "")]
    for number, stop in enumerate(ran.stops):
        last = number == len(ran.stops) - 1
        cards.append(_card(stop.code, _after(stop), _look(stop, last and not ran.error)))
    st.html(f"{STYLE}<ol class='cl-stops'>{'<li>→</li>'.join(cards)}</ol>")


def shape_table(ran: Ran) -> pd.DataFrame:
    """The cards as a table."""
    return pd.DataFrame(
        {
            "layer": [stop.code for stop in ran.stops],
            "shape that comes": [_text(stop.before) for stop in ran.stops],
            "shape that leaves": [_after(stop) for stop in ran.stops],
        }
    )


def _look(stop: Stop, ends_well: bool) -> str:
    return "cl-broken" if stop.after is None else "cl-whole" if ends_well else ""


def _card(code: str, below: str, look: str) -> str:
    return f"<li><div class='{look}'><code>{escape(code)}</code><br>{escape(below)}</div></li>"


def _after(stop: Stop) -> str:
    return BREAKS if stop.after is None else _text(stop.after)


def _text(sizes: tuple[int, ...]) -> str:
    return shape(sizes) if sizes else ""
