"""What is asked before the numbers are shown: where the parameters lie, and where the work."""

from collections.abc import Callable

import streamlit as st

from cnn_core.networks import costs
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.shapes import LayerInfo
from pages.train.inspect.keys import Key
from pages.ui.predict import Choice, Question, digest, show_verdict
from pages.ui.words import percent


def predicted(architecture: Architecture) -> bool:
    """Ask for both layers; whether both were answered, so that the numbers may be shown."""
    infos = architecture.summary()
    questions = (_parameters(infos), _work(infos))
    given = [question.ask() for question in questions]
    for question, answer in zip(questions, given):
        if answer is not None:
            show_verdict(question, answer)
    if None in given:
        st.caption("Choose a layer for each; the numbers appear then.")
    return None not in given


def _parameters(infos: tuple[LayerInfo, ...]) -> Question:
    most = costs.largest(infos, lambda info: info.parameters)
    total = sum(info.parameters for info in infos)
    return Question(
        f"{Key.GUESS}-parameters-{digest(infos)}",
        "Predict: which layer has the most **parameters**?",
        _choice(infos, lambda info: info.parameters),
        f"{most.name} has {percent(most.parameters / total)} of {total:,}: {costs.arithmetic(most)}.",
    )


def _work(infos: tuple[LayerInfo, ...]) -> Question:
    most = costs.largest(infos, lambda info: info.macs)
    total = sum(info.macs for info in infos)
    used = costs.uses(most)
    why = "" if used is None else f" Each of its weights is used {used:,.0f} times an image."
    return Question(
        f"{Key.GUESS}-work-{digest(infos)}",
        "Predict: which layer does the most **multiply-adds**?",
        _choice(infos, lambda info: info.macs),
        f"{most.name} does {percent(most.macs / max(total, 1))} of {total:,}.{why}",
    )


def _choice(infos: tuple[LayerInfo, ...], cost: Callable[[LayerInfo], int]) -> Choice:
    """The layers with parameters; several that have as much as the most stand as one answer."""
    most = max(map(cost, infos))
    tied = " and ".join(info.name for info in infos if cost(info) == most)
    options = [tied if cost(info) == most else info.name for info in infos if info.parameters]
    return Choice(tuple(dict.fromkeys(options)), tied)
