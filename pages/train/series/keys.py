"""The session-state keys of the experiments page; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The experiments page."""

    FROM = "series-run"  # the id of the run that an experiment begins with; in the link
    FROM_PICKER = "series-run-picker"
    SETTINGS = "series-settings"  # the base's settings as a line, see `settings_line`; in the link
    TAKEN = "series-taken"  # the Builder's settings when they were taken over last
    EPOCHS = "series-epochs"
    LIMIT = "series-limit"
    KIND = "series-kind"
    SUBJECT = "series-subject"
    VALUES = "series-values"  # the prefix of each kind's and subject's values
    SEEDS = "series-seeds"
    SETUP = "series-setup"  # the place of what an experiment is set up with
    START = "series-start"
    ASKED = "series-asked"  # Start was pressed and nothing begun yet
    SHOWN = "series-id"  # the experiment that is shown; in the link
    LIST = "series-list"
    PREDICT = "series-predict"
    GUESS = "series-guess"
    PARTS = "series-parts"  # the place of scores beside curves
    SCORES = "series-scores"
    CURVES = "series-curves"
    QUANTITY = "series-quantity"
    OVER = "series-over"
    RUNS = "series-runs"  # whether the list of its runs is unfolded
