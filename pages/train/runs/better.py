"""Is one of two runs better, or is it chance: McNemar's test on the very images that both were asked."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd
import streamlit as st

from cnn_core.data import catalog, datasets
from cnn_core.figures.picture import Picture
from cnn_core.judge import significance
from cnn_core.judge.significance import Paired
from cnn_core.runs import listing, records
from cnn_core.runs.history import Run
from pages.train.runs import charts
from pages.train.runs.choice import Heads
from pages.train.runs.keys import Key
from pages.train.runs.links import link_where_it_is, query
from pages.train.runs.pair import pick_pair, same_images, tested
from pages.ui.charts import at
from pages.ui.dataset_answers import Reading, answers
from pages.ui.models import ModelRef
from pages.ui.predict import Choice, Question, digest, predict_first, predict_toggle
from pages.ui.run_names import run_key, run_name
from pages.ui.twin import twin
from pages.ui.words import count, percent, sentence, tiny

POLL_SECONDS = 0.5  # while a network reads the test images
CHANCE = "it may be chance"


class Two(NamedTuple):
    """Two runs by their letters, and how their answers compare."""

    first: str
    second: str
    found: Paired


def better(heads: Heads, runs: Mapping[str, Run]) -> None:
    """Choose two; the verdict on them, and where it comes from."""
    scored = tested(runs)
    if len(scored) < 2:
        st.info(
            "Choose two runs that are tested: whether one is better stands here.", icon=":material/balance:"
        )
        return
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        first, second = pick_pair(scored)
        predict = predict_toggle(Key.PREDICT)
    if not same_images(scored[first], scored[second]):
        st.info(
            f"{first} and {second} were tested on different images: their scores cannot be compared one by one.",
            icon=":material/info:",
        )
        return
    found = compared(heads[first].id, heads[second].id, scored[first].settings.dataset)
    if isinstance(found, str):
        st.info(found, icon=":material/info:")
        return
    if isinstance(found, Reading):
        st.fragment(_wait, run_every=POLL_SECONDS)(heads[first].id, heads[second].id, scored[first])
        return
    two = Two(first, second, found)
    if predict_first(predict, _question(two, scored)):
        _verdict(two, heads)


def _wait(first: str, second: str, run: Run) -> None:
    found = compared(first, second, run.settings.dataset)
    if not isinstance(found, Reading):
        st.rerun()
    st.progress(found.done, "A network reads the test images: its answers were not kept.")


def compared(first: str, second: str, dataset: str) -> Paired | Reading | str:
    """How two runs' answers to the test images compare; how far they are, or a sentence on why there are none."""
    try:
        data = datasets.load(dataset)
    except (catalog.DatasetMissing, ValueError) as error:
        return f"The test images are not here. {sentence(str(error))}"
    found = []
    for run_id in (first, second):
        ref = _ref(run_id)
        if ref is None:
            return "One of the two has no weights any more: its answers cannot be asked for."
        given = answers(ref, data)
        if isinstance(given, Reading):
            return given.failed or given
        found.append(given.argmax(axis=1))
    return significance.paired(data.y_test, *found)


def _ref(run_id: str) -> ModelRef | None:
    path = records.run_path(run_id)
    model = listing.model(path)
    return None if model.card is None else ModelRef(run_key(run_id), run_id, path, model.stamp, model.card)


def winner(two: Two) -> str:
    """Which is better, or that it may be chance."""
    if two.found.p_value >= significance.USUAL:
        return CHANCE
    return f"{two.first if two.found.only_first > two.found.only_second else two.second} is better"


def _question(two: Two, runs: Mapping[str, Run]) -> Question:
    shares = [percent(_accuracy(runs[letter]), 2) for letter in (two.first, two.second)]
    return Question(
        f"{Key.GUESS}-{digest(two)}",
        f"{two.first} reads {shares[0]} of {two.found.images:,} test images rightly, {two.second} {shares[1]}."
        " Is one better?",
        Choice((f"{two.first} is better", f"{two.second} is better", CHANCE), winner(two)),
        f"p {written(two.found.p_value)}.",
    )


def _accuracy(run: Run) -> float:
    return 0.0 if run.test is None else run.test["accuracy"]


def written(p: float) -> str:
    """A p-value as one reads it: "= 0.39", "= 0.0012", "< 0.000001"."""
    return "\\< 0.000001" if p < 1e-6 else f"= {tiny(p) if p < 0.995 else '1.00'}"


def verdict(two: Two) -> str:
    """What may be said of the two, in words, as Markdown."""
    found = two.found
    if not found.differing:
        return f"**No difference.** {two.first} and {two.second} read the very same images rightly."
    ahead, behind = (
        (two.first, two.second) if found.only_first >= found.only_second else (two.second, two.first)
    )
    most, least = max(found.only_first, found.only_second), min(found.only_first, found.only_second)
    if found.p_value >= significance.USUAL:
        head = f"**It may well be chance**: that {ahead} is better is not shown."
        if most == least:
            head = "**A draw.**"
    elif found.p_value >= significance.CLEAR:
        head = f"**Probably not chance: {ahead} is better** on images like these."
    else:
        head = f"**Hardly chance: {ahead} is better** on images like these."
    return (
        f"{head} {count(most, 'image')} only {ahead} reads rightly, {least:,} only {behind}."
        f" Were both equally good, each of these {found.differing:,} would be a coin's toss;"
        f" so uneven or more do they fall in **{share(found.p_value)}** of all cases (p {written(found.p_value)})."
    )


def share(p: float) -> str:
    """How often that is: "39.1 %", and "less than 0.01 %" for what two places do not show."""
    return percent(p, 1) if p >= 0.01 else percent(p, 2) if p >= 0.0001 else f"less than {percent(0.0001, 2)}"


def _verdict(two: Two, heads: Heads) -> None:
    st.markdown(verdict(two))
    found = two.found
    pictures: list[Picture] = []
    if found.differing:
        pictures.append(_coin(two))
        less = min(found.only_first, found.only_second)
        st.latex(
            rf"p = 2\sum_{{k=0}}^{{{less}}} \binom{{{found.differing}}}{{k}} \Big/ 2^{{{found.differing}}}"
            rf" {_in_formula(found.p_value)}"
        )
    named = f"{two.first}: {run_name(heads[two.first])}, {two.second}: {run_name(heads[two.second])}"
    twin(
        "The images counted",
        {
            f"{found.images:,} test images": {
                "": [f"{two.first} right", f"{two.first} wrong"],
                f"{two.second} right": [found.both, found.only_second],
                f"{two.second} wrong": [found.only_first, found.neither],
            }
        },
        pictures,
        named,
        words="McNemar's test, exact. Images that both read rightly, or neither, say nothing of who is better.",
        key=Key.TOSSES,
    )
    st.caption(
        "This compares these two networks on these images. Trained with another seed, either may come out otherwise:"
        " only several seeds each compare the two ways to train."
    )
    link_where_it_is("series", "Train with several seeds", query("series", heads[two.first].id))


def _in_formula(p: float) -> str:
    """The p-value at the end of its formula, of which both halves together may come to more than 1."""
    if p == 1:
        return r"\text{, at most } 1"
    digits, _, power = f"{p:.2e}".partition("e")
    return f"= {p:.3f}" if p >= 0.001 else rf"= {digits} \cdot 10^{{{int(power)}}}"


def _coin(two: Two) -> Picture:
    found = two.found
    heads, likely = significance.coin_tosses(found.differing)
    away = abs(2 * found.only_first - found.differing)
    drawn = pd.DataFrame(
        {
            "from": heads - 0.5,
            "to": heads + 0.5,
            "heads": heads,
            "likely": likely,
            "uneven": abs(2 * heads - found.differing) >= away,
        }
    )
    return charts.tosses.draw(
        {"table": drawn, "found": at(found.only_first)},
        key=Key.TOSSES,
        title=f"{found.differing:,} tosses of a fair coin",
        alt=f"How likely each split of {found.differing} images is by chance; {found.only_first} is marked.",
        height=210,
        first=two.first,
    )
