"""The script and the style at the top of every page."""

from pages.ui import head, site
from server import head as head_of_page
from server.headers import hash_of
from tests.support.socket_client import fetch


def test_every_page_begins_with_it_and_the_browser_may_run_it(served) -> None:
    for path in ("/", *(f"/{page.name}" for page in site.PAGES[1:3])):
        _, headers, body = fetch(served.port, path, headers={"Accept": "text/html"})
        text = body.decode() if isinstance(body, bytes) else body
        assert text.count(head.script()) == 1
        assert text.index(f"<style>{head.style()}</style>") < text.index("</head>")
        assert head_of_page.early() in text
        given = dict(headers)
        assert hash_of(head.script().encode()) in given["content-security-policy"]
        assert int(given["content-length"]) == len(text.encode())
    for page in site.PAGES:
        assert f'"{page.name}"' in head.script()


def test_the_code_for_what_every_page_shows_is_asked_for_early() -> None:
    links = head_of_page.early()
    for name in head_of_page.ON_EVERY_PAGE:
        assert f"static/js/{name}." in links
    assert not head_of_page.early(("NoSuchElement",))
