"""A recorded graph as a picture: what stands in its boxes, and the picture on the page."""

from base64 import b64encode
from html import escape

import pandas as pd
import streamlit as st

from cnn_core.figures import graph as figures
from cnn_core.figures.graph import Item
from cnn_core.figures.picture import Picture
from cnn_core.inside.graph import Graph, Node, Shape
from cnn_core.pictures import INK, INK_ON_DARK
from pages.ui.words import count, shape

FORWARD = "forward"  # what the network's own `forward` does, in no layer
TURNED = " · T"  # behind a parameter's shape: the operation that turns it round stands in its box


def items(graph: Graph, marked: frozenset[int] = frozenset()) -> list[Item]:
    """The nodes as boxes; one that only turns a parameter round stands in that parameter's own."""
    turned = _turned(graph)
    numbers = [number for number in range(len(graph.nodes)) if number not in turned]
    at = {number: place for place, number in enumerate(numbers)}
    at |= {turn: at[leaf] for turn, leaf in turned.items()}
    through = set(turned.values())
    return [
        Item(
            title=_title(node),
            detail=_detail(node, TURNED if number in through else ""),
            group=node.layer or FORWARD,
            reads=tuple(at[read] for read in node.reads),
            leaf=bool(node.parameter),
            marked=number in marked,
        )
        for number in numbers
        for node in [graph.nodes[number]]
    ]


def _turned(graph: Graph) -> dict[int, int]:
    """Operations on one parameter alone (a linear layer's weight, transposed), with the number of that parameter."""
    return {
        number: node.reads[0]
        for number, node in enumerate(graph.nodes)
        if len(node.reads) == 1 and not node.from_input and graph.nodes[node.reads[0]].parameter
    }


def _title(node: Node) -> str:
    if not node.parameter:
        return node.name
    inner = node.parameter.removeprefix(f"{node.layer}.")
    return inner if "." in inner else node.parameter


def _detail(node: Node, more_in_it: str) -> str:
    if node.parameter:
        return shape(node.shape) + more_in_it
    if not node.saved:
        return "keeps nothing"
    name, largest = max(node.saved, key=lambda one: _size(one[1]))
    more = len(node.saved) - 1
    return f"keeps {name} {shape(largest)}" + (f" and {more} more" if more else "")


def _size(sizes: Shape) -> int:
    found = 1
    for size in sizes:
        found *= size
    return found


def show(
    graph: Graph, key: str, title: str, *, marked: frozenset[int] = frozenset(), mark: str = "only here"
) -> Picture:
    """The graph, in a frame of its own that scrolls; what is returned is for `twin`.

    The `marked` nodes are framed, and `mark` says in the table why.
    """
    drawing = figures.lay_out(items(graph, marked))
    width = round(drawing.size[0])
    ink = INK_ON_DARK if st.context.theme.type == "dark" else INK
    data = b64encode(figures.svg(drawing, ink).encode()).decode()
    alt = f"{title}: {count(graph.operations, 'operation')}, {count(graph.parameters, 'parameter')}; the table has all."
    with st.container(key=key):
        st.html(
            f"<style>.st-key-{key} img {{ max-width: 100%; min-width: {round(0.85 * width)}px; height: auto; }}"
            f".st-key-{key} {{ overflow: auto; max-height: var(--cl-room); }}</style>"
            f'<img class="graph" src="data:image/svg+xml;base64,{data}" width="{width}" alt="{escape(alt)}">'
        )
    return Picture(
        key, title, lambda name, source: figures.figure(drawing, name, source), table(graph, marked, mark)
    )


def table(graph: Graph, marked: frozenset[int] = frozenset(), mark: str = "only here") -> pd.DataFrame:
    """Every node in a row."""
    rows = [
        {
            "node": number,
            "name": node.name,
            "made by": node.module or FORWARD,
            "parameter": node.parameter,
            "goes on to": ", ".join(map(str, node.reads)),
            "keeps": ", ".join(f"{name} {shape(sizes)}" for name, sizes in node.saved),
            mark: number in marked,
        }
        for number, node in enumerate(graph.nodes)
    ]
    found = pd.DataFrame(rows)
    return found if marked else found.drop(columns=mark)
