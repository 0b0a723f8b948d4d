"""The one list of pages, in the order of the tour: navigation, Home's tour, links, tests and benchmarks read it.

A page is a folder `pages/<chapter>/<name>` with a `page.py`, and one line in `PAGES`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

PAGES_FOLDER = Path(__file__).resolve().parents[1]  # wherever the entry point lies
ICON = PAGES_FOLDER / "ui" / "icon.svg"  # a file: an icon by its name is asked of another server


@dataclass(frozen=True)
class PageInfo:
    """A page: its folder under `pages` ("inside/filters"), what menu and title call it, and what one does there.

    `predicts` says that it has something to predict first; `computes`, that it ends with the code behind its numbers.
    """

    folder: str
    title: str
    icon: str
    sentence: str
    predicts: bool = False
    computes: bool = True

    @property
    def name(self) -> str:
        """What links call it: the folder's own name, the last part of its address."""
        return self.folder.rpartition("/")[2]

    @property
    def chapter(self) -> str:
        """The heading it stands under in the menu."""
        return self.folder.partition("/")[0].capitalize()

    @property
    def script(self) -> str:
        """The path of its script."""
        return str(PAGES_FOLDER / self.folder / "page.py")


PAGES: tuple[PageInfo, ...] = (
    PageInfo(
        "start/home",
        "Home",
        ":material/home:",
        "Take a real convolutional neural network apart. Every number on these pages is one that it computed.",
        computes=False,
    ),
    PageInfo(
        "operations/convolution",
        "Convolution",
        ":material/grid_on:",
        "Slide a kernel over an image: every product, every sum.",
        predicts=True,
    ),
    PageInfo(
        "operations/pooling",
        "Pooling",
        ":material/compress:",
        "Four ways to a smaller map, and what a shift of one pixel changes.",
        predicts=True,
    ),
    PageInfo(
        "operations/activations",
        "Activations and loss",
        ":material/show_chart:",
        "Why straight lines are not enough, and what a loss is.",
        predicts=True,
    ),
    PageInfo(
        "operations/regularization",
        "Regularization",
        ":material/tune:",
        "A network that learned by heart, and what helps.",
        predicts=True,
    ),
    PageInfo(
        "train/builder",
        "Builder",
        ":material/construction:",
        "Stack layers, see what each costs, train, watch it learn.",
        predicts=True,
    ),
    PageInfo(
        "train/step",
        "One training step",
        ":material/footprint:",
        "A batch forwards and back: every gradient as a sum, every update worked out.",
        predicts=True,
    ),
    PageInfo(
        "train/runs",
        "Runs",
        ":material/compare_arrows:",
        "Lay trainings side by side: what differs in them, and whether one is better or it is chance.",
    ),
    PageInfo(
        "train/series",
        "Experiments",
        ":material/experiment:",
        "Change one thing, or only the seed, and see which scores are told apart.",
        predicts=True,
    ),
    PageInfo(
        "train/travel",
        "Time travel",
        ":material/history:",
        "One slider over a training: filters, maps and mistakes at every moment of it.",
        predicts=True,
    ),
    PageInfo(
        "train/inspect",
        "Inspect",
        ":material/troubleshoot:",
        "Where parameters and work lie, and the graph that a forward pass records.",
        predicts=True,
    ),
    PageInfo(
        "train/doctor",
        "Doctor",
        ":material/stethoscope:",
        "Repair broken programs by PyTorch's own errors, and have a run examined.",
        predicts=True,
    ),
    PageInfo(
        "inside/network",
        "Network",
        ":material/hub:",
        "Draw, and all layers answer at once; open any number down to the pixels.",
    ),
    PageInfo(
        "inside/filters",
        "Filters",
        ":material/filter_b_and_w:",
        "What the trained kernels look like, weight by weight.",
        predicts=True,
    ),
    PageInfo(
        "inside/feature_maps",
        "Feature maps",
        ":material/layers:",
        "What every layer answers to one image.",
    ),
    PageInfo(
        "judge/confusion",
        "Confusion matrix",
        ":material/grid_view:",
        "Which classes it mistakes for which, image by image.",
    ),
    PageInfo(
        "play/draw",
        "Draw",
        ":material/draw:",
        "Draw and watch the network read it, stroke by stroke.",
    ),
)


def info(name: str) -> PageInfo:
    """The page that links call `name` ("feature_maps"). Raises `KeyError` for a name that is not in the list."""
    return {page.name: page for page in PAGES}[name]


def navigation() -> dict[str, list[StreamlitPage]]:
    """The menu as `st.navigation` takes it; the first page of the list stands above the chapters and opens first."""
    menu: dict[str, list[StreamlitPage]] = {}
    for page in PAGES:
        first = page is PAGES[0]
        menu.setdefault("" if first else page.chapter, []).append(
            st.Page(page.script, title=page.title, icon=page.icon, url_path=page.name, default=first)
        )
    return menu


def link_to(name: str, label: str | None = None, query_params: Mapping[str, str] | None = None) -> None:
    """A link to another page, with its icon; `label` is its title where none is given."""
    page = info(name)
    st.page_link(page.script, label=label or page.title, icon=page.icon, query_params=query_params)
