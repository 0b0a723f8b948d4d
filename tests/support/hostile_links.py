"""Links that nobody would write by hand, over all parameters of all pages: seeded, so that a bad one comes again.

for link in hostile_links(seed=8, count=1_000): open(link.page, link.query)
"""

import ast
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from urllib.parse import quote_plus

from pages.operations.activations.keys import Key as Activations
from pages.operations.convolution.keys import Key as Convolution
from pages.operations.pooling.keys import Key as Pooling
from pages.operations.regularization.keys import Key as Regularization
from pages.play.draw.keys import Key as Draw
from pages.train.builder.keys import Key as Builder
from pages.ui.keys import ImagePart, Shared
from pages.ui.network.keys import TrainingKey as Training
from pages.ui.site import PAGES, PageInfo
from tests.support.hostile_texts import TEXTS
from tests.support.link_keys import keys_of, link_keys
from tests.support.opening import ROOT

Pairs = list[tuple[str, str]]
SHORT = 2_000  # letters of each of many values
LONGEST = (
    600_000  # letters of a query: Streamlit reads none of more than 524,288, and a message has a megabyte
)

# What has to be set before other controls of a page are there to be met.
OPENINGS: dict[str, tuple[dict[str, str], ...]] = {
    "convolution": (
        {},
        {Convolution.SOURCE: "matrix"},
        {Convolution.LEARNED: "true", Convolution.FILTERS: "4"},
        {Convolution.KIND: "transposed", Convolution.STRIDE: "2"},
        {Convolution.KERNEL: "Gabor", Convolution.CHANNELS: "RGB"},
        {Convolution.KERNEL: "Random", Convolution.CHANNELS: "RGB and gray", Convolution.PREDICT: "true"},
    ),
    "pooling": ({}, {Pooling.PREDICT: "true"}, {Pooling.SHOWN: "average pooling"}),
    "activations": ({}, {Activations.LOGITS: "the network"}, {Activations.PREDICT: "true"}),
    "regularization": ({}, {Regularization.MODE: "eval()"}, {Regularization.PREDICT: "true"}),
    "draw": ({}, {Draw.INPUT: "Test image"}),
    "builder": ({}, {Builder.GUESS: "true"}, {Training.OPTIMIZER: "SGD"}),
    "feature_maps": ({}, {f"{Shared.MAPS_IMAGE}-{ImagePart.SOURCE}": "Photograph"}),
}
# Values that some control of some page takes.
VALID = (
    "0", "1", "3", "28", "2x3", "7", "true", "false", "matrix", "picture", "valid", "same", "transposed", "reflect",
    "RGB", "Random", "Sobel x", "Gabor", "eval()", "train()", "50", "Photograph", "Dataset sample", "Upload", "Camera",
    "Drawing", "Flower", "Digits", "digits", "mnist", "any", "window", "counts", "shares", "SGD", "adam", "Cosine",
    "all images", "mnist-3conv", "run:mnist-3conv", "ReLU", "the network", "this layer", "Keras", "Test image",
    "conv8-relu-flatten-linear10", "1 2; 3 4", "3,4", "10000", "0.001",
)  # fmt: skip
LAYERS = (
    "conv", "pool", "avgpool", "flatten", "relu", "linear", "dropout", "batchnorm", "residual", "sepconv", "globalavg",
    "leakyrelu", "softmax", "sigmoid", "tanh", "upsample", "x", "",
)  # fmt: skip


@dataclass(frozen=True)
class HostileLink:
    """A link: the page's name, what stands after the question mark, and what kinds of malice it is made of."""

    page: str
    query: str
    kind: str


def _infinite(rng: Random) -> str:
    return rng.choice(["inf", "-inf", "Infinity", "-infinity", "1e309", "-1e999", "1e400", "+inf", "iNf"])


def _no_number(rng: Random) -> str:
    return rng.choice(
        ["nan", "NaN", "-nan", "+nan", "null", "None", "undefined", "NaN%", "1e", "e5", "--1", "1-", "."]
    )


def _digits(rng: Random) -> str:
    many = "9" * rng.randint(20, 6_000)
    return rng.choice(
        [
            many,
            f"-{many}",
            f"0.{many}",
            f"1e{many}",
            f"1e-{many}",
            f"0x{many}",
            f"{many}.{many}",
            "0" * 5_000 + "1",
        ]
    )


def _zero(rng: Random) -> str:
    return rng.choice(["-0", "−0", "-0.0", "+0", "0000", "0e0", "-0e-5", "00001", "1e-400", "-1e-400"])


def _odd_number(rng: Random) -> str:
    return rng.choice(
        ["1.5", "1e0", "1_000", "0b1", "1 ", " 1", "1,0", "1'000", "0x1F", "1L", "1j", "½", "1/2", "٣"]
    )


def _other_digits(rng: Random) -> str:
    return rng.choice(
        ["１２", "٣", "²", "Ⅷ", "१२", "𝟙𝟚", "一", "①", "1\u200b2", "１，２", "３x３", "conv３２", "⁻¹"]
    )


def _empty(rng: Random) -> str:
    return rng.choice(["", " ", "\t", "\n", "\u00a0", "\u200b", '""', "''", "[]", "{}", "%"])


def _list(rng: Random) -> str:
    return rng.choice(
        ["[1,2]", "1,2,3", "a,b", "[1", "(1, 2)", "1;2", "1|2", ",".join(["1"] * 10_000), "2x3x4", "x", "2x"]
    )


def _json(rng: Random) -> str:
    deep = rng.choice([1_000, 100_000])
    return rng.choice(
        [
            "[" * deep,
            "[" * deep + "]" * deep,
            '{"a":' * deep,
            json.dumps({"a": list(range(2_000))}),
            '{"__proto__": 1}',
        ]
    )


def _long(rng: Random) -> str:
    return rng.choice(["a", "é", " ", "𝕏", "-", "/", "\u0301", "A1"]) * rng.choice([300, 5_000, 20_000])


def _control(rng: Random) -> str:
    return rng.choice(
        [
            "\0", "a\0b", "\x1b[31m", "\r\nSet-Cookie: a=b", "\x7f", "\u202e", "\ufeff1", "a\u2028b", "\ud800",
            "\udfff1", "\U000e0001",
        ]
    )  # fmt: skip


def _path(rng: Random) -> str:
    return rng.choice(
        [
            "../../etc/passwd", "/etc/passwd", "..", ".", "/", "C:\\con", "file:///etc/passwd", "run:../..", "run:",
            "run:/etc", "run:.", "~", "mnist-3conv/../..", "run:mnist-3conv", "a" * 300, "run:" + "a" * 300, "\\\\a\\b",
            "run:" + "../" * 1_000, "/dev/zero", "/proc/self/environ", ".hidden", "con", "run:\0",
        ]
    )  # fmt: skip


def _text(rng: Random) -> str:
    return rng.choice(list(TEXTS.values()))


def _code(rng: Random) -> str:
    return rng.choice(
        [
            "' OR 1=1 --", "1; DROP TABLE runs", "{{7*7}}", "${7*7}", "%s%s%n", "{0.__class__}", "__import__('os')",
            "`id`", "$(id)", "| id", "*", "?", "<!--", "]]>", "javascript:alert(1)", "data:text/html,a", "=1+1", "\\",
        ]
    )  # fmt: skip


def _architecture(rng: Random) -> str:
    def word() -> str:
        number = rng.choice(["", "0", "1", "8", "64", "512", "999999999", "1000000", "0.5", "0.999", "00008"])
        settings = "".join(
            rng.choice(
                [
                    "_k3",
                    "_k0",
                    "_k31",
                    "_s2",
                    "_s99",
                    "_p5",
                    "_psame",
                    "_d9",
                    "_g4",
                    "_g7",
                    "_nobias",
                    "_k",
                    "_q1",
                ]
            )
            for _ in range(rng.randint(0, 3))
        )
        return rng.choice(LAYERS) + number + settings

    made = "-".join(word() for _ in range(rng.choice([1, 3, 10, 64, 65, 400])))
    huge = "-".join(
        [rng.choice(["conv512", "residual256", "conv64_k7_psame", "linear9999", "sepconv512"])] * 64
    )
    return rng.choice(
        [made, made, huge, "-".join(["pool2"] * 64), "-" * 2_001, f"conv8{'_k3' * 600}", "linear10"]
    )


def _matrix(rng: Random) -> str:
    side = rng.choice([1, 12, 100])
    rows = [" ".join(f"{rng.uniform(-9, 9):.2f}" for _ in range(side)) for _ in range(side)]
    return rng.choice(
        [
            "; ".join(rows), "; ".join([*rows, "1"]), "0,5 1,5; 2,5 3,5", ";" * 20_000, "1;" * 10_000, "1 " * 10_000,
            "1|" * 10_000, "1/" * 10_000, "|/|/;,", "1e4 1e5", "1e-40 0; 0 0", "nan 1; 1 1", "9" * 300, "0; 0", "−1 ‑1",
        ]
    )  # fmt: skip


def _bomb(rng: Random) -> str:
    """What makes an expression with nested repetitions try for ever."""
    count = rng.choice([30, 5_000, 50_000])
    return rng.choice(
        ["a" * count + "!", "1," * count, "9" * count + ",", "1 " * count + "x", "conv8_" * count, "1,1" * count,
         " " * count + "x", "0.0" * count, "-" * count, "_" * count, "**" * count, "[" * count, "$" * count,
         "/a" * count, "'/" * count, ":" * count, "&" * count]
    )  # fmt: skip


def _valid(rng: Random) -> str:
    return rng.choice(VALID)


VALUES: dict[str, Callable[[Random], str]] = {
    "infinite": _infinite,
    "no number": _no_number,
    "digits": _digits,
    "zero": _zero,
    "odd number": _odd_number,
    "other digits": _other_digits,
    "empty": _empty,
    "list": _list,
    "json": _json,
    "long": _long,
    "control": _control,
    "path": _path,
    "text": _text,
    "code": _code,
    "architecture": _architecture,
    "matrix": _matrix,
    "bomb": _bomb,
    "valid elsewhere": _valid,
}
BROKEN = (
    "%", "%Z", "%ZZ", "%C0%80", "%ED%A0%80", "%FF%FE", "%80", "%F4%90%80%80", "%00", "%u0041", "&&&===&", "=x", "#",
    ";a=b;", "a[]=1&a[0]=2", "+", "%26%3D", "%252e%252e", "\u202e", "é",
)  # fmt: skip


def hostile_links(seed: int, count: int) -> Iterator[HostileLink]:
    """`count` links, the pages in turn; the same for the same seed."""
    rng = Random(seed)
    for number in range(count):
        link = _link(rng, PAGES[number % len(PAGES)])
        yield replace(link, query=link.query[:LONGEST])


def _link(rng: Random, page: PageInfo) -> HostileLink:
    keys = sorted(set(link_keys(page)))
    pairs = _opening(rng, page)
    opened = {key for key, _ in pairs}
    shape = rng.choice(["one", "two", "some", "some", "all", "all", "repeated", "unknown", "broken", "only"])
    kind = rng.choice(list(VALUES))
    make = VALUES[kind]
    if shape in ("one", "two"):
        pairs += [(key, make(rng)) for key in rng.sample(keys, 1 if shape == "one" else 2)]
    elif shape == "some":  # half of the controls, each with malice of its own
        kind = "all kinds"
        chosen = rng.sample(keys, len(keys) // 2)
        pairs += [(key, rng.choice(list(VALUES.values()))(rng)[:SHORT]) for key in chosen]
    elif shape == "all":
        pairs += [(key, make(rng)[:SHORT]) for key in keys if key not in opened]
    elif shape == "repeated":
        pairs += [(rng.choice(keys), make(rng)[:SHORT]) for _ in range(3)] * rng.choice([2, 50])
    elif shape == "unknown":
        pairs += [(make(rng)[:SHORT], make(rng)[:SHORT]) for _ in range(rng.choice([1, 100]))]
    elif shape == "broken":
        kind = rng.choice(BROKEN)
        query = f"{_written(pairs)}&{rng.choice(keys)}={kind}&{kind}={kind}&{kind}"
        return HostileLink(page.name, query, f"{shape} {kind!a}")
    else:
        return HostileLink(page.name, quote_plus(make(rng), errors="surrogatepass"), f"{shape} {kind}")
    return HostileLink(page.name, _written(pairs), f"{shape} {kind}")


def _opening(rng: Random, page: PageInfo) -> Pairs:
    """Parameters that open some part of the page and some of its rarer controls."""
    pairs = list(rng.choice(OPENINGS.get(page.name, ({},))).items())
    if parts := parts_of(page):
        pairs.append((keys_of(page)["PART"], rng.choice(parts)))
    return pairs


@cache
def parts_of(page: PageInfo) -> Sequence[str]:
    """The titles of the parts that a page's script opens with `open_part`."""
    calls = (
        node
        for node in ast.walk(ast.parse((ROOT / page.script).read_text("utf-8")))
        if isinstance(node, ast.Call)
    )
    opened = next((call for call in calls if ast.unparse(call.func) == "open_part"), None)
    if opened is None:
        return ()
    titles = next(node for node in ast.walk(opened) if isinstance(node, ast.Dict)).keys
    return [str(title.value) for title in titles if isinstance(title, ast.Constant)]


def _written(pairs: Pairs) -> str:
    return "&".join(
        f"{quote_plus(key, errors='surrogatepass')}={quote_plus(value, errors='surrogatepass')}"
        for key, value in pairs
    )
