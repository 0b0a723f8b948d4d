"""Update: the optimizer's arithmetic for the chosen weight, and what the same batch costs after it."""

import streamlit as st

from cnn_core.training.opened.arithmetic import arithmetic
from cnn_core.training.opened.updates.line import Line
from cnn_core.training.opened.walk import OpenedStep
from pages.train.step.formulas import factor, number
from pages.train.step.keys import Key
from pages.train.step.weight import Weight
from pages.ui.predict import Choice, Question, digest, predict_first
from pages.ui.words import minus

UP, DOWN, STAYS = "It grows", "It shrinks", "It stays"
FALLS, RISES = "It falls", "It rises"


def update(opened: OpenedStep, weight: Weight, optimizer: str, guess: bool, about: object) -> None:
    """The questions first, where they are asked; then the lines, the weight and the loss after."""
    lines = arithmetic(optimizer, opened, weight.parameter, weight.index)
    before = float(opened.before[weight.parameter][weight.index])
    after = float(opened.after[weight.parameter][weight.index])
    gradient = float(opened.gradients[weight.parameter][weight.index])
    st.markdown(
        f"`{weight.text}` is {minus(f'{before:.6g}')}, its gradient {minus(f'{gradient:.6g}')}. "
        "A positive gradient: more of this weight, more loss."
    )
    if not predict_first(guess, _sign_question(before, after, gradient, digest(weight, about))):
        return
    st.markdown("\n".join(f"- {_written(line)}" for line in lines))
    st.markdown(f"PyTorch's own update gives **{minus(f'{after:.8g}')}**.")
    if not predict_first(guess, _loss_question(opened, digest("loss", about))):
        return
    st.markdown(
        f"**Loss on the same batch**: {opened.loss:.6f} before, **{opened.loss_after:.6f} after**, all weights "
        f"updated at once ({minus(f'{opened.loss_after - opened.loss:+.6f}')})."
    )


def _written(line: Line) -> str:
    numbers = line.numbers.format(
        *(factor(value) if not isinstance(value, int) else value for value in line.given)
    )
    return f"{line.what}: ${line.symbol} = {line.names} = {numbers} = {number(line.value, 7)}$"


def _sign_question(before: float, after: float, gradient: float, about: str) -> Question:
    right = STAYS if after == before else (UP if after > before else DOWN)
    sign = "positive" if gradient > 0 else "negative" if gradient < 0 else "0"
    return Question(
        f"{Key.GUESS}-sign-{about}",
        "What will the update do to this weight?",
        Choice((UP, DOWN, STAYS), right),
        f"Its gradient is {sign}, and a step goes against the gradient; momentum and weight decay may outweigh it.",
    )


def _loss_question(opened: OpenedStep, about: str) -> Question:
    right = FALLS if opened.loss_after < opened.loss else RISES
    return Question(
        f"{Key.GUESS}-loss-{about}",
        "And the loss on this very batch, after all weights have changed?",
        Choice((FALLS, RISES), right),
        f"From {opened.loss:.4f} to {opened.loss_after:.4f}: the gradient holds for a small step only; "
        "a large learning rate can step over the valley.",
    )
