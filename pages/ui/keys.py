"""Session-state keys that several pages use; each page's own stand in its `keys.py`.

One `StrEnum` a page; a key bound to the URL is also its query parameter's name. Values are short and readable, for
they stand in links that teachers share; each is prefixed by its page, so that two pages never share a widget by
accident (`tests/contracts` proves it).
"""

from enum import StrEnum


class Shared(StrEnum):
    """Keys that several pages use."""

    OWNER = "owner"  # who this session is to the job queue; a random hex string
    MODEL = "model"  # the model looked at on every page: "mnist-3conv" or "run:<run id>"
    RUN = "run"  # the run the builder page shows
    OWN_PICTURE = "own-picture"  # begins the keys of what this session brought, one a source
    MAPS_IMAGE = "maps-image"  # the prefix of the feature maps page's image picker, which other pages link to


class ImagePart(StrEnum):
    """What the image picker adds to its page's prefix, as in "conv-image-source"."""

    SOURCE = "source"
    DATASET = "dataset"
    CLASS = "class"
    NUMBER = "number"
    ANOTHER = "another"
    PHOTOGRAPH = "photograph"
    DRAWING = "drawing"
    UPLOAD = "upload"
    CAMERA = "camera"
    REMOVE = "remove"
    PREPARED = "prepared"  # an own picture's ink is found and prepared like a drawing's
    STAGES = "stages"
