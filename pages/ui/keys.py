"""Session-state keys that several pages use; each page's own stand in its `keys.py`.

One `StrEnum` a page; a key bound to the URL is also its query parameter's name. Values are short and readable, for
they stand in links that teachers share; each is prefixed by its page, so that two pages never share a widget by
accident (`tests/contracts` proves it).
"""

from enum import StrEnum


class Shared(StrEnum):
    """Keys that several pages use."""

    OWNER = "owner"  # the secret of a session whose browser keeps no cookies
    ADMIN = "admin"  # whether this session gave the server's admin token
    OPENED = "opened"  # the ids of runs whose models a link opened in this session, oldest first
    RUN_LIST = "run-list"  # whether the list of own runs is open
    RUN_REST = "run-rest"  # whether its further rows are
    RUN_OPEN = "run-open"  # whether one was just opened from the list; also the prefix of the buttons that do
    RUN_MENU = "run-menu"  # the id of the own run whose menu is open; also the prefix of the menus' buttons
    RUN_TITLE = "run-title"  # the prefix of the fields for a run's title
    RUN_NOTE = "run-note"  # the prefix of the fields for a note
    RUN_KEEP = "run-keep"  # the prefix of the boxes that keep a run
    RUN_ASKED = "run-asked"  # the id of the own run that is to be deleted, if it is meant so
    MODEL = "model"  # the model looked at on every page: "mnist-3conv" or "run:<run id>"
    PAGE = "page"  # the page that is shown
    PAGE_HEAD = "page-head"  # its title and idea, and what stands beside them
    PAGE_TITLE = "page-title"  # its title and idea
    CODE = "code"  # whether the source of its functions is unfolded
    LINK_READ = "link-read"  # of its link, the keys whose values were taken
    RUN = "run"  # the run the builder page shows
    DRAWING = "drawing"  # what was drawn in this tab
    OWN_PICTURE = "own-picture"  # begins the keys of what this session brought, one a source
    MAPS_IMAGE = "maps-image"  # the prefix of the feature maps page's image picker, which other pages link to


class ImagePart(StrEnum):
    """What the image picker adds to its page's prefix, as in "conv-image-source"."""

    SOURCE = "source"
    OPEN = "open"  # whether its drawer is
    DATASET = "dataset"
    CLASS = "class"
    NUMBER = "number"
    ANOTHER = "another"
    NEXT = "next"  # another one, by a button beside the picker
    PHOTOGRAPH = "photograph"
    DRAWING = "drawing"
    UPLOAD = "upload"
    CAMERA = "camera"
    REMOVE = "remove"
    PREPARED = "prepared"  # an own picture's ink is found and prepared like a drawing's
    STAGES = "stages"
