"""What every page keeps to, found by enumeration: a page is a folder and a line in `pages.ui.site.PAGES`."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Expander

from pages.ui.keys import ImagePart, Shared
from pages.ui.network.keys import NetworkKey, TrainingKey
from pages.ui.page import CODE
from pages.ui.site import PAGES, PageInfo
from tests.support.link_keys import keys_of, link_keys
from tests.support.opening import ROOT, open_app

CHAPTERS = sorted(path for path in (ROOT / "pages").iterdir() if path.is_dir() and path.name != "ui")
FOLDERS = sorted(
    path.relative_to(ROOT / "pages").as_posix()
    for chapter in CHAPTERS
    for path in chapter.iterdir()
    if any(path.glob("*.py"))
)
MODULES = sorted((ROOT / "pages").rglob("*.py"))
LONGEST = 130  # lines of a lesson plan
HOSTILE = {
    "infinite": "inf",
    "too large": "9" * 400,
    "empty": "",
    "not to be typed": "a\0b",
    "words": "[a](b)",
}

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@cache
def opened(page: PageInfo) -> AppTest:
    """The page as a newcomer's first visit finds it, in an empty home; to be read only."""
    return open_app(page.folder)


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))


def is_literal(node: ast.expr) -> bool:
    """Whether a key is written out, or begins so, in the place where it is used."""
    if isinstance(node, ast.JoinedStr):
        return not node.values or isinstance(node.values[0], ast.Constant)
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def labels(at: AppTest) -> list[str]:
    """What is asked on a page: the switches and the options side by side."""
    return [element.label for element in [*at.toggle, *at.get("button_group")]]


def test_every_folder_is_a_page_of_the_list_and_every_page_has_its_folder() -> None:
    listed = [page.folder for page in PAGES]
    assert [folder for folder in FOLDERS if folder not in listed] == [], "in no line of pages.ui.site.PAGES"
    assert [folder for folder in listed if folder not in FOLDERS] == [], "in the list, without a folder"


def test_no_two_pages_share_an_address_a_title_or_an_icon() -> None:
    for names in zip(*((page.name, page.title, page.icon, page.sentence) for page in PAGES)):
        assert len(set(names)) == len(PAGES), names
    assert all(re.fullmatch("[a-z_]+", page.name) for page in PAGES)


@every_page
def test_it_opens_in_an_empty_home_with_its_title_and_its_idea(page: PageInfo) -> None:
    at = opened(page)
    assert [title.value for title in at.title] == ["ConvLens" if page is PAGES[0] else page.title]
    idea = at.markdown[0].value
    assert idea[0].isupper()
    assert idea[-1] == "."
    assert page.sentence[0].isupper()
    assert page.sentence[-1] == "."


@every_page
def test_it_ends_with_the_code_that_computed_it(page: PageInfo) -> None:
    def fold(at: AppTest) -> list[Expander]:
        return [one for one in at.expander if one.label == CODE]

    assert len(fold(opened(page))) == page.computes
    if page.computes:
        assert not fold(opened(page))[0].code  # written only where it is asked for
        codes = fold(open_app(page.folder, link={Shared.CODE: "true"}))[0].code
        assert len(codes) > 0
        assert all("def " in code.value or "class " in code.value for code in codes)


@every_page
def test_it_has_something_to_predict_where_it_says_so(page: PageInfo) -> None:
    asked = [label for label in labels(opened(page)) if "Predict" in label]
    assert bool(asked) == page.predicts


def test_keys_are_their_pages_own() -> None:
    owners: dict[str, str] = dict.fromkeys([*Shared, *NetworkKey, *TrainingKey], "Shared")
    prefixes: dict[str, str] = {}
    for page in PAGES:
        keys = keys_of(page)
        (prefix,) = {key.partition("-")[0] for key in keys}
        assert prefixes.setdefault(prefix, page.folder) == page.folder
        for key in keys:
            assert key not in owners, f"{page.folder} and {owners[key]} share {key}"
            owners[key] = page.folder
    pickers = [key for page in PAGES for key in keys_of(page) if key.name in ("IMAGE", "SAMPLE")]
    parts = {f"{key}-{part}" for key in [*pickers, Shared.MAPS_IMAGE] for part in ImagePart}
    assert parts & set(owners) == set()


def test_no_page_writes_a_key_where_it_uses_it() -> None:
    wrong = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                found = [keyword.value for keyword in node.keywords if keyword.arg == "key"]
                if isinstance(node.func, ast.Name) and node.func.id == "in_link":
                    found += node.args
            elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith(
                ("session_state", "params")
            ):
                found = [node.slice]
            else:
                continue
            wrong += [(path.name, node.lineno, ast.unparse(key)) for key in found if is_literal(key)]
    assert wrong == []


def test_only_in_link_says_how_a_control_stands_in_the_link() -> None:
    wrong = [
        (path.name, call.lineno)
        for path in MODULES
        if path not in (ROOT / "pages" / "ui" / "link.py", ROOT / "pages" / "ui" / "controls.py")  # tabs
        for call in calls(path)
        for keyword in call.keywords
        if keyword.arg in ("bind", "persist_state")
    ]
    assert wrong == []
    texts = {path: path.read_text("utf-8") for path in MODULES}
    assert [path.name for path, text in texts.items() if '"persist_state"' in text] == ["link.py"]


def test_percentages_and_minus_signs_are_spelled_in_one_place() -> None:
    wrong = []
    for path in MODULES:
        text = path.read_text("utf-8")
        if path != ROOT / "pages" / "ui" / "words.py":
            wrong += [(path.name, match) for match in re.findall(r'\{[^{}]*:[^{}]*%\}|\("-", "−"\)', text)]
    assert wrong == []


@every_page
def test_its_script_is_a_plan_of_calls(page: PageInfo) -> None:
    text = (ROOT / page.script).read_text("utf-8")
    assert len(text.splitlines()) < LONGEST
    assert "noqa" not in text
    made = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert [node.name for node in made] == []


def test_home_links_to_every_other_page() -> None:
    links = [link.proto.page for link in opened(PAGES[0]).get("page_link")]
    tour = len(PAGES) - 1
    assert links[-tour:] == [page.name for page in PAGES[1:]]  # its cards; before them, the ways through it
    assert set(links[:-tour]) < set(links[-tour:])


def test_links_between_pages_name_pages() -> None:
    names = {page.name for page in PAGES}
    found = {
        str(call.args[0].value)
        for path in MODULES
        for call in calls(path)
        if ast.unparse(call.func) == "link_to" and isinstance(call.args[0], ast.Constant)
    }
    assert found
    assert found <= names


def test_the_readme_says_what_each_page_shows() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    table = readme.partition("| page | what it shows |")[2].partition("\n\n")[0]
    named = [name.strip() for row in re.findall(r"^\| (.+?) \|", table, re.M) for name in row.split(",")]
    assert [name for name in named if "---" not in name] == [page.title for page in PAGES[1:]]


@every_page
def test_any_value_in_a_link_gives_the_page(page: PageInfo) -> None:
    """All keys at once, each with another kind of value in every part of the page; 1,000 links: tests/server."""
    keys = keys_of(page)
    titles = [tab.label for tab in opened(page).tabs] if "PART" in keys.__members__ else []
    kinds = list(HOSTILE.values())
    for shift, title in enumerate(titles or [""], PAGES.index(page)):
        link = {key: kinds[(number + shift) % len(kinds)] for number, key in enumerate(link_keys(page))}
        if title:
            link[keys["PART"]] = title
        at = open_app(page.folder, link=link)
        assert at.title
        assert not titles or [tab.label for tab in at.tabs] == titles
