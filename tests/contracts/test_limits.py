"""The README says every limit: its variable, its default, what it counts; and nothing that is none."""

import re
from pathlib import Path

from cnn_core.limits import settings

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_readme_has_a_row_for_each_limit() -> None:
    rows = dict(re.findall(r"^\| `(CONVLENS_\w+)` \| (.*) \|$", README, flags=re.MULTILINE))
    for one in settings().values():
        default = f"{one.default:g}" if isinstance(one.default, float) else f"{one.default}"
        expected = f"{one.help if one.default is None else default} | {one.label}"
        assert rows.get(one.name) == expected, f"the README's row is to be:\n| `{one.name}` | {expected} |"
