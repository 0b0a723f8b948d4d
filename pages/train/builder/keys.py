"""The session-state keys of the builder page; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The builder page."""

    NARROW = "builder-narrow"  # whether the sidebar is away, as on a phone: the editor stands below the strip
    EDITING = "builder-editing"  # whether it is open there
    PRESETS = "builder-presets"  # whether the list of presets is open
    SHARE = "builder-share"  # whether saving, linking and opening are open
    SHARE_SETTINGS = "builder-share-settings"
    OPEN = "builder-open"  # prefix of the uploader, which is a new one after each file
    OPENED = "builder-opened"  # how many files came
    TOLD = "builder-told"  # what is yet to be said of one that was opened
    NOT_OPENED = "builder-not-opened"  # what was wrong with the last one
    STRIP = "builder-strip"
    ABOUT = "builder-about"
    SETTINGS = "builder-settings"
    REPAIR = "builder-repair"
    SAID = "builder-said"  # what the list of layers says of the one being edited
    ADD = "builder-add"
    EDITOR = "builder-editor"  # the place of the editor in the sidebar
    MORE = "builder-more"  # whether the rare settings of the layer are open
    EDIT = "builder-edit"  # prefix of the widgets of one layer's settings
    CHANGES = "builder-changes"  # whether the images are shown as they are changed
    CHANGED = "builder-changed"
    TRAIN = "builder-train"
    ASKED = "builder-asked"  # Train was pressed and no run was made yet
    CURVE = "builder-curve"  # prefix of the charts of a training
    WATCH = "builder-watch"
    STATUS = "builder-status"
    WHERE = "builder-where"
    CURVES = "builder-curves"
    ZOOM = "builder-zoom"
    STEPS = "builder-steps"  # whether learning rate, gradients and layers are open
    STEPS_CURVES = "builder-steps-curves"
    RATES = "builder-rates"  # whether the field for another learning rate is open
    NEW_RATE = "builder-new-rate"
    FINDER = "builder-finder"  # whether the learning-rate finder is open
    FINDER_CURVE = "builder-finder-curve"
    SEARCH = "builder-search"  # what was searched, and the search
    FIND = "builder-find"
    FIND_CANCEL = "builder-find-cancel"
    FIND_USE = "builder-find-use"
    TABLE = "builder-table"  # whether the layers as a table are open
    EXPORT = "builder-export"  # whether the code is
    CODE = "builder-code"
    GUESS = "builder-guess"
