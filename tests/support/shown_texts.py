"""Every text sent to a browser, by the field of the message it stands in; which of them is Markdown."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from cnn_core import files
from tests.support.hostile_texts import is_raw
from tests.support.opening import ROOT
from tests.support.socket_client import Tab

# Fields that no Markdown is read in. Whatever is not here counts as Markdown, so that a new kind of element is seen.
PLAIN = {
    "Arrow.alt",
    "BidiComponent.json",
    "Code.code_text",
    "Image.alt",
    "PageLink.query_string",
    "PageInfo.query_string",
    "Selectbox.id",
    "Selectbox.options",
    "Selectbox.raw_value",
    "TextInput.default",
    "TextInput.value",
    "VegaLiteChart.alt",
    "VegaLiteChart.spec",
}
Texts = Iterable[tuple[str, str]]


def of_message(message: Message) -> Iterator[tuple[str, str]]:
    """(Field, text) of every text in a message and in those it holds: ("Button.label", "Train")."""
    name = message.DESCRIPTOR.name
    for field, value in message.ListFields():
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            continue
        values = value if field.is_repeated else [value]
        if field.type == FieldDescriptor.TYPE_STRING:
            yield from ((f"{name}.{field.name}", text) for text in values)
        elif field.type == FieldDescriptor.TYPE_MESSAGE:
            for part in values:
                yield from of_message(part)


def of_test(at: AppTest) -> Iterator[tuple[str, str]]:
    """(Field, text) of everything on a page that a test ran."""
    waiting = [at._tree]
    while waiting:
        node = waiting.pop()
        waiting += list(getattr(node, "children", {}).values())
        proto = getattr(node, "proto", None)
        if isinstance(proto, Message):
            yield from of_message(proto)


def of_tab(tab: Tab) -> Iterator[tuple[str, str]]:
    """(Field, text) of everything on a page that a server sent."""
    for message in [*tab.elements.values(), *tab.blocks.values()]:
        yield from of_message(message)


def rendered(texts: Texts) -> list[tuple[str, str]]:
    """Where a hostile text stands in Markdown, or with its tags in HTML, as it came."""
    found = [(where, text[:80]) for where, text in texts if where not in PLAIN and is_raw(text)]
    return [(where, text) for where, text in found if where != "Html.body" or "<b>g" in text]


def naming_folders(texts: Texts, home: Path | None = None) -> list[tuple[str, str]]:
    """Where a folder of the server stands on a page: its home, the repository, anything below them."""
    folders = (str(home or files.home()), str(ROOT))
    return [(where, text[:200]) for where, text in texts if any(folder in text for folder in folders)]
