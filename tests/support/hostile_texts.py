"""Texts that strangers write into links, titles and files, each with something that a page could make of it."""

ELSEWHERE = "evil.example"
"""The server that every address in them is on."""

TEXTS: dict[str, str] = {
    "link": f"[Sign in again](https://{ELSEWHERE}/login)",
    "link with a title": f'[a](https://{ELSEWHERE} "b")',
    "link by reference": f"[a][b]\n\n[b]: https://{ELSEWHERE}",
    "bracketed address": f"<https://{ELSEWHERE}>",
    "bare address": f"https://{ELSEWHERE}/login",
    "bare address, capitals": f"HTTPS://{ELSEWHERE}/login",
    "bare address in brackets": f"(http://{ELSEWHERE})",
    "bare www": f"www.{ELSEWHERE}",
    "bare www, capitals": f"WWW.{ELSEWHERE}",
    "mail": f"teacher@{ELSEWHERE}",
    "mail in brackets": f"<teacher@{ELSEWHERE}>",
    "mail, dotted": f"a.b+c@x.{ELSEWHERE}",
    "picture": f"![pic](https://{ELSEWHERE}/a.png)",
    "picture in a link": f"[![pic](https://{ELSEWHERE}/a.png)](https://{ELSEWHERE})",
    "picture as a name": f"![a](https://{ELSEWHERE}/b).png",
    "script address": "[a](javascript:alert(1))",
    "HTML": f'<img src="https://{ELSEWHERE}/a.png" onerror="alert(1)"><b>bold</b><a href="https://{ELSEWHERE}">a</a>',
    "script": "<script>alert(1)</script>",
    "entity": "&lt;b&gt; &#60;i&#62; &copy;",
    "formula": "cost $x^2$ and $$y$$",
    "price": "$5 or $6",
    "bold and italic": "**b** __b__ *i* _i_ ~~s~~ ~s~",
    "code": "`code` ``more``",
    "colour": ":red[alarm] :red-background[alarm] :small[x] :color[y]{foreground='red'}",
    "badge and help": ":blue-badge[a] :help[b] :shimmer[c]",
    "icon": ":material/home: :material/check_circle:",
    "logo": ":streamlit:",
    "emoji": "well :smile: done :+1: :100: at 10:30:45",
    "arrows": "a -> b <- c <-> d -- e >= f <= g ~= h",
    "heading": "# Heading",
    "heading below": "Heading\n===",
    "list": "- item",
    "list with a star": "* item",
    "list with a plus": "+ item",
    "list with numbers": "1. item\n2) item",
    "task": "- [x] done",
    "quotation": "> said",
    "table": "| a | b |\n| --- | --- |\n| 1 | 2 |",
    "rule": "a\n\n---\n\n***",
    "fence": "```python\nprint(1)\n```",
    "indented": "    code",
    "directive": ":::note\nb\n:::\n::leaf[a]",
    "footnote": "a[^1]\n\n[^1]: b",
    "line break": "a  \nb\\\nc\r\nd\u2028e\u2029f\u0085g\x0bh",
    "backslash": "\\[a\\](b) \\",
    "right to left": "abc\u202etxt.exe\u202c \u2067b\u2069 \u200fc",
    "controls": "a\x00b\x07c\x1bd\x7fe",
    "no width": "a\u200bb\u2060c\ufeffd\u00ade",
    "half a letter": "a\ud800b",
    "private letters": "a\ue000b\U000f0000c",
    "accents": "Z" + "\u0301" * 50 + "algo",
    "long": "a" * 5_000,
    "long words": "word " * 2_000,
    "spelled so": "fashion_mnist-3conv · 100 % (caf\u00e9, \u00df, \u4e2d\u6587, \u0645\u06cc\u200c\u062e\u0648\u0627)",
}

ONE_OF_ALL = (
    f"[a](https://{ELSEWHERE}) ![b](https://{ELSEWHERE}/b.png) https://{ELSEWHERE} www.{ELSEWHERE} c@{ELSEWHERE}"
    " **d** $e$ :red[f] :material/home: :smile: <b>g</b> `h`"
)
"""One line that holds some of everything, short enough to be quoted whole."""
_SIGNS = (
    "[a](https:",
    f"https://{ELSEWHERE}",
    f"www.{ELSEWHERE}",
    "**d**",
    "$e$",
    ":red[f",
    ":material/home:",
    "<b>g",
)


def is_raw(text: str) -> bool:
    """Whether some of `ONE_OF_ALL` stands in a Markdown text as it came, so that a page makes something of it."""
    return any(sign in text for sign in _SIGNS)
