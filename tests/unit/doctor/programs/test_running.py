"""Every broken program fails as its words say, its right repair runs, and a wrong one has an error of its own."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from cnn_core.doctor.programs import BLANK, PROGRAMS, Lines, Program, run

pytestmark = pytest.mark.usefixtures("one_thread")
LOUD_BY_LINES = [one for one in PROGRAMS.values() if one.loud and isinstance(one.blank, Lines)]
every = pytest.mark.parametrize("program", PROGRAMS.values(), ids=lambda program: program.name)
GAIN = 0.05  # of accuracy, that a silent program's repair brings at least


@every
def test_it_has_one_blank_and_a_wrong_and_a_right_filling(program: Program) -> None:
    assert program.text.count(BLANK) == 1
    assert program.broken != program.right
    for filling in (program.broken, program.right):
        assert filling in program.filled(filling).splitlines()[program.line - 1]
    if isinstance(program.blank, Lines):
        assert len(set(program.blank.options)) == len(program.blank.options) >= 4


@every
def test_none_of_the_lines_to_guess_among_would_repair_it(program: Program) -> None:
    """Without one of them it is as broken as before."""
    lines = program.text.splitlines()
    assert len({*program.beside, program.line}) == 4
    right = run(program, program.right).accuracy
    for number in program.beside:
        assert lines[number - 1].strip() not in ("", ")")
        without = replace(program, text="\n".join((*lines[: number - 1], *lines[number:])))
        ran = run(without, program.broken)
        assert ran.error or (ran.accuracy is not None and right is not None and ran.accuracy < right - GAIN)


@every
def test_it_breaks_as_its_words_say_and_its_repair_runs(program: Program) -> None:
    before, after = run(program, program.broken), run(program, program.right)
    assert (after.error, after.line, after.broken_at) == ("", None, None)
    assert after.output
    assert len(after.stops) >= 4
    if program.loud:
        assert program.error in before.error
        assert before.line is not None
        assert before.broken_at is not None
        assert before.broken_at.after is None
    else:
        assert (before.error, before.line, before.broken_at) == ("", None, None)
        assert before.accuracy is not None
        assert after.accuracy is not None
        assert after.accuracy > before.accuracy + GAIN
    assert program.shows == (before.seen is not None)


@pytest.mark.parametrize("program", LOUD_BY_LINES, ids=lambda program: program.name)
def test_other_fillings_run_too_and_say_what_they_have_to_say(program: Program) -> None:
    """Of a loud program only the right repair runs, and each of the wrong lines has its own error."""
    assert isinstance(program.blank, Lines)
    errors = {filling: run(program, filling).error for filling in program.blank.options}
    assert [filling for filling, error in errors.items() if not error] == [program.right]
    assert len(set(errors.values())) == len(errors)


@every
def test_nothing_else_than_its_own_fillings_is_run(program: Program) -> None:
    for typed in ("__import__('os')", "", "-1", "1e3", "100000", "１", "nn.Flatten(); print(1)"):
        with pytest.raises(ValueError, match="allowed is"):
            run(program, typed)


def test_the_shapes_are_those_that_torch_meets() -> None:
    ran = run(PROGRAMS["in-features"], "6272")
    assert [stop.after for stop in ran.stops] == [
        *((32, 8, 28, 28), (32, 8, 28, 28), (32, 8, 14, 14), (32, 8 * 14 * 14)),
        None,
    ]
    assert ran.broken_at is not None
    assert ran.broken_at.code == "Linear(6272, 10)"
    ran = run(PROGRAMS["labels"], "counted")  # no layer is at fault
    assert ran.broken_at is not None
    assert ran.broken_at.code == "loss = nn.CrossEntropyLoss()(logits, labels)"
    assert ran.broken_at.before == (200, 10)


def test_each_pooling_of_the_third_program_halves_and_floors() -> None:
    ran = run(PROGRAMS["kernel"], "3")
    assert [stop.after[-1] for stop in ran.stops[:5] if stop.after] == [28, 28, 14, 7, 3]
    assert [run(PROGRAMS["kernel"], str(size)).error == "" for size in (1, 2, 3, 4)] == [True] * 3 + [False]


def test_what_the_network_gets_is_shown_as_it_got_it() -> None:
    assert run(PROGRAMS["not-normalized"], "images").seen.max() > 200  # type: ignore[union-attr]
    scrambled, right = (run(PROGRAMS["reshape"], PROGRAMS["reshape"].blank.options[n]).seen for n in (0, 2))
    assert scrambled is not None
    assert right is not None
    assert np.allclose(np.sort(scrambled.ravel()), np.sort(right.ravel()))  # the same numbers elsewhere
    assert not np.allclose(scrambled, right)


def test_the_same_again_gives_the_same_and_leaves_torch_as_it_was() -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    first, second = (run(PROGRAMS["no-zero-grad"], "pass") for _ in range(2))
    assert first.output == second.output
    assert torch.equal(torch.rand(3), expected)
