"""The session-state keys of the network being built: `NETWORK`, `LAYER` and `DATASET` are query parameters too."""

from enum import StrEnum


class NetworkKey(StrEnum):
    """What several pages read and the Builder page changes: they bear its prefix, as links always had them."""

    NETWORK = "builder-net"  # the layers as one line, see `cnn_core.networks.shorthand`
    GOOD = "builder-good"  # the last line that was understood
    PAST = "builder-past"  # lines to undo to, oldest first
    FUTURE = "builder-future"  # lines to redo to, newest first
    LATELY = "builder-lately"  # lines that were just replaced, with the time when
    LAYER = "builder-layer"  # index of the layer being edited: in the link, and the list's
    PICKED = "builder-picked"  # the same, in the session
    BUILDING = (
        "builder-building"  # whether the network was touched since the last training: its strip is large
    )
    DATASET = "builder-dataset"
