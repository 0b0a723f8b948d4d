"""A page of a server as somebody with a hostile link or a damaged run finds it: what is wrong with it, in words."""

from collections.abc import Mapping
from pathlib import Path

import psutil

from tests.support.shown_texts import naming_folders, of_tab, rendered
from tests.support.socket_client import Tab, connect

SECONDS = 3.0  # of the server's processor, which other programs on the machine do not change


def seconds_used(process: psutil.Process) -> float:
    """Seconds of all cores that the server's process has taken."""
    used = process.cpu_times()
    return float(used.user + used.system)


def problems(
    port: int,
    process: psutil.Process,
    home: Path,
    page: str,
    query: str = "",
    cookies: Mapping[str, str] | None = None,
) -> list[str]:
    """What is wrong with the page that a link opens: an error page, a hang, something rendered, a folder named."""
    before = seconds_used(process)
    try:
        with connect(port, page, query, cookies=cookies) as tab:
            found = seen(tab, home)
    except TimeoutError:
        return ["it hangs"]
    took = seconds_used(process) - before
    return [*found, f"{took:.1f} s"] if took > SECONDS else found


def seen(tab: Tab, home: Path) -> list[str]:
    """What is wrong with a page that is open."""
    texts = list(of_tab(tab))
    found = ["an error page"] * tab.has_error
    found += ["no title"] * (not any(where == "Heading.body" for where, _ in texts))
    found += [f"rendered in {where}: {text}" for where, text in rendered(texts)]
    return found + [f"folder in {where}: {text}" for where, text in naming_folders(texts, home)]
