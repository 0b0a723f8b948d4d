"""Experiments of several trainings: what may be changed from one to the next, and what the scores say afterwards.

    kinds              one file each: `seeds`, `change`, `amount`, `values`, `optimizers`, `depth`
    what they share    base (a kind, what it begins with, the runs that it asks for)
    afterwards         outcomes (scores by what was varied), spread (means, intervals, differences)

May import `training` and everything below.
"""

from cnn_core.series import amount, change, depth, optimizers, seeds, values
from cnn_core.series.base import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (change.KIND, seeds.KIND, amount.KIND, values.KIND, optimizers.KIND, depth.KIND)
}
"""Every kind of experiment by its name, in the order in which a page offers them."""
