"""What differs between runs stands first, and only what was chosen counts as a choice."""

from dataclasses import replace

from cnn_core.runs import comparison
from cnn_core.runs.comparison import rows, said
from cnn_core.training.settings import SETTINGS
from tests.support.made_runs import LINE, made


def labels(*runs) -> tuple[list[str], list[str]]:
    """Of the rows that differ, and of those that are choices."""
    found = rows(runs)
    differing = [row.label for row in found if row.differs]
    assert [row.differs for row in found] == sorted((row.differs for row in found), reverse=True)
    return differing, [row.label for row in found if row.chosen]


def test_one_setting_stands_first_and_is_one_choice() -> None:
    first, second = made(), made(learning_rate=0.1)
    assert labels(first, second) == (["Learning rate"], ["Learning rate"])
    assert rows([first, second])[0].values == ("0.004", "0.1")
    assert "one choice, **Learning rate**" in said(rows([first, second]))


def test_settings_that_only_one_of_two_optimizers_reads_are_no_choices() -> None:
    differing, chosen = labels(made(), made(optimizer="sgd", nesterov=True))
    assert {"Optimizer", "Momentum", "Nesterov"} <= set(differing)
    assert chosen == ["Optimizer"]


def test_parameters_and_images_follow() -> None:
    differing, chosen = labels(made(), made(line=f"conv8-{LINE}", images=500, train_limit=500))
    assert {"Network", "Parameters", "Images trained on", "Train on"} <= set(differing)
    assert chosen == ["Train on", "Network"]


def test_the_seed_alone_is_chance_and_nothing_at_all_is_the_same() -> None:
    assert "seed alone" in said(rows([made(), made(seed=1)]))
    assert "same in everything" in said(rows([made(), made()]))
    assert "**2 choices** (Batch size, Seed)" in said(rows([made(), made(seed=1, batch_size=16)]))


def test_every_setting_that_a_run_reads_has_its_row() -> None:
    run = made()
    values = run.settings.to_dict()
    read = {setting.label for name, setting in SETTINGS.items() if setting.is_read(values)}
    assert read <= {row.label for row in rows([run])}


def test_a_run_that_has_not_begun_is_compared_by_what_it_was_told() -> None:
    waiting = replace(made(), started=None)
    assert [row.label for row in rows([waiting, waiting]) if row.differs] == []
    assert comparison.text("train_limit", None) == "all"
    assert comparison.text("optimizer", "sgd") == "SGD"
    assert comparison.text("nesterov", True) == "yes"
