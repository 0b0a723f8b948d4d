"""What strangers wrote is shown letter by letter by the browser itself, which makes links and icons after Markdown."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from benchmarks import serving
from pages.ui.words import LONGEST_SENTENCE, one_line
from tests.browser.conftest import settled
from tests.support.hostile_texts import ELSEWHERE, TEXTS

STAGE = Path(__file__).parents[1] / "support" / "quoting_page.py"
# What Markdown makes, and Streamlit of its own signs; `strong` and `span` are the page's own.
MADE = "a, img, svg.katex, .katex, em, del, code, pre, ul, ol, li, table, blockquote, hr, sup, script, iframe, input"
COLOURED = ".stMarkdownColoredText, .stMarkdownBadge, .stMarkdownShimmer, [data-testid=stMarkdownHelpIcon]"
# Of each block: what is in it that must not be, its icons, its headings, and the text of its first paragraph.
LOOK = """([made, coloured]) => [...document.querySelectorAll("[class*=st-key-quoted-]")].map((block) => ({
  number: Number([...block.classList].find((name) => name.startsWith("st-key-quoted-")).slice(14)),
  made: [...block.querySelectorAll(`[data-testid$=Container] :is(${made}, ${coloured})`)].map((e) => e.outerHTML),
  icons: block.querySelectorAll("[data-testid=stMarkdownContainer] [role=img]").length,
  headings: block.querySelectorAll("h1, h2, h3, h4, h5, h6").length,
  paragraphs: [...block.querySelectorAll("[data-testid=stMarkdownContainer]")].map((e) => e.textContent),
  caption: block.querySelector("[data-testid=stCaptionContainer]").innerText,
}))"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving.server(STAGE, {"PYTHONPATH": str(serving.ROOT)}) as (port, _):
        yield f"http://127.0.0.1:{port}"


def test_a_stranger_s_text_is_text_wherever_a_page_quotes_it(address: str, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    last = page.locator(f".st-key-quoted-{len(TEXTS) - 1}").get_by_test_id("stMetric")
    last.wait_for(timeout=60_000)
    settled(page)
    page.wait_for_load_state("networkidle")
    blocks = sorted(page.evaluate(LOOK, [MADE, COLOURED]), key=lambda block: block["number"])
    assert len(blocks) == len(TEXTS)
    for (name, text), block in zip(TEXTS.items(), blocks):
        shown = one_line(text)
        assert block["made"] == [], name
        assert block["icons"] == 0, name
        assert block["headings"] == 1, name  # the page's own
        paragraphs = [words.replace("\u2060", "") for words in block["paragraphs"]]
        assert paragraphs[:2] == [shown, f"{shown}. And more."], name
        assert paragraphs[2].casefold() == f"{one_line(text, LONGEST_SENTENCE)}".casefold(), name
        assert [words for words in paragraphs[3:] if words != "1"] == [shown] * 8, name
        assert block["caption"].replace("\u2060", "").split("\n") == [shown, shown], name
    assert {urlsplit(url).netloc for url in asked if url.startswith("http")} == {urlsplit(address).netloc}
    assert not any(ELSEWHERE in url for url in asked)
