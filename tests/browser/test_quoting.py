"""What strangers wrote is shown letter by letter by the browser itself, which makes links and icons after Markdown."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from benchmarks import serving
from pages.ui.run_names import run_key
from pages.ui.words import LONGEST_SENTENCE, one_line
from tests.browser.conftest import settled, visit
from tests.support.hostile_texts import ELSEWHERE, ONE_OF_ALL, TEXTS
from tests.support.strangers import NAME, run_of_a_stranger

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

IN_A_BLOCK = 12  # texts in Markdown, of which one is the number of a metric
ALL_THERE = """(count) =>
  document.querySelectorAll("[class*=st-key-quoted-] [data-testid=stMarkdownContainer]").length === count"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving.server(STAGE, {"PYTHONPATH": str(serving.ROOT)}) as (port, _):
        yield f"http://127.0.0.1:{port}"


def test_a_stranger_s_text_is_text_wherever_a_page_quotes_it(address: str, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.wait_for_function(ALL_THERE, arg=IN_A_BLOCK * len(TEXTS), timeout=60_000)
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


# What a page could have made of `ONE_OF_ALL`, by its parts.
MADE_OF_IT = f"""[href^="//"], [href^=http]:not([href^="http://127.0.0.1"]), [href^=mailto], [src*="{ELSEWHERE}"],
  [aria-label="home icon"], [data-testid=stMarkdownContainer] b"""


def test_a_stranger_s_run_is_text_on_the_pages(tmp_path: Path, page: Page) -> None:
    run_of_a_stranger(tmp_path, {"type": "failed", "reason": ONE_OF_ALL})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    model = quote(run_key(NAME))
    links = ["", f"builder?run={quote(NAME)}", f"confusion?model={model}", f"draw?model={model}"]
    with serving.server(environment={"CONVLENS_HOME": str(tmp_path), "CONVLENS_WARM_WORKER": "0"}) as (
        port,
        _,
    ):
        for link in links:
            visit(page, f"http://127.0.0.1:{port}/{link}")
            expect(page.get_by_test_id("stMain").get_by_text(ELSEWHERE).first).to_be_attached()
            page.wait_for_load_state("networkidle")
            assert page.get_by_test_id("stMain").locator(MADE_OF_IT).count() == 0, link
        assert {urlsplit(url).netloc for url in asked if url.startswith("http")} == {f"127.0.0.1:{port}"}
