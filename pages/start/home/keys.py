"""The session-state keys of the home page; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The home page."""

    READER = "home-reader"
    WAY = "home-way"  # begins the keys of the ways through the tour
    CARD = "home-card"  # begins the keys of the tour's cards
    DOWNLOAD = "home-download"  # begins the key of each dataset's button
    MORE_MODELS = "home-more-models"  # whether they are unfolded
    SIGN_IN = "home-sign-in"
    TOKEN = "home-token"  # the admin's token, while it is typed
    REFUSED = "home-refused"  # why a token was not taken, until it is shown
    EVERY_RUN = "home-every-run"  # begins the keys of the admin's buttons
