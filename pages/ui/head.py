"""What runs in the browser before Streamlit does, on every page: `browser/head.js`."""

import json
from pathlib import Path

from pages.ui import site

_SCRIPT = Path(__file__).parent / "browser" / "head.js"


def script() -> str:
    """The script, which knows the names of all pages."""
    names = json.dumps([page.name for page in site.PAGES])
    return _SCRIPT.read_text(encoding="utf-8").replace("const PAGES = []", f"const PAGES = {names}", 1)
