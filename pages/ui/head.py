"""What the browser has before Streamlit: the scripts in `browser/`, its `page.css`, and each page's own `page.css`."""

import json
from functools import cache
from pathlib import Path

from pages.ui import site

_BROWSER = Path(__file__).parent / "browser"


def script() -> str:
    """The scripts as one, which knows the names of all pages."""
    names = json.dumps([page.name for page in site.PAGES])
    text = "".join((_BROWSER / name).read_text(encoding="utf-8") for name in ("head.js", "history.js"))
    return text.replace("const PAGES = []", f"const PAGES = {names}", 1)


@cache
def style() -> str:
    """The style of all pages, which is there before the first element is: what comes later moves nothing."""
    own = (Path(page.script).with_suffix(".css") for page in site.PAGES)
    files = [_BROWSER / "page.css", *(file for file in own if file.is_file())]
    return "".join(file.read_text(encoding="utf-8") for file in files)
