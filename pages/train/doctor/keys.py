"""The session-state keys of the doctor page; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The doctor page."""

    PROGRAM = "doctor-program"
    REPAIR = "doctor-repair"  # the prefix of what fills each program's blank
    PREDICT = "doctor-predict"
    GUESS = "doctor-guess"
    PARTS = "doctor-parts"  # the place of a program beside what became of it
    SEEN = "doctor-seen"
    SHAPES = "doctor-shapes"
