"""The session-state keys of the doctor page; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The doctor page."""

    PART = "doctor-part"
    PROGRAM = "doctor-program"
    REPAIR = "doctor-repair"  # the prefix of what fills each program's blank
    PREDICT = "doctor-predict"
    GUESS = "doctor-guess"
    PARTS = "doctor-parts"  # the place of a program beside what became of it
    SEEN = "doctor-seen"
    RUN = "doctor-run"  # the id of the run that is examined; in the link
    PICKER = "doctor-picker"  # the list of runs
    FINDINGS = "doctor-findings"  # the place of the findings beside their curve
    CURVE = "doctor-curve"
    RULES = "doctor-rules"  # whether the rules are unfolded
