"""ES modules as the one text that Streamlit takes: each in a scope of its own, after those that it imports."""

import json
import re
from pathlib import Path

PAGES = Path(__file__).resolve().parents[3]
# As the formatter writes them, which .ci/run checks.
IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]*)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?function (\w+)|const (\w+))", re.MULTILINE)
DEFAULT = re.compile(r"^export default ", re.MULTILINE)
JSDOC = re.compile(r"^ */\*\*.*?\*/\n", re.MULTILINE | re.DOTALL)
WORKER = re.compile(r'\bnew URL\("(\.[^"]*)", import\.meta\.url\)')
UNKNOWN = re.compile(r"^(?:import|export)\b.*|^(?! *//).*\bimport\(.*", re.MULTILINE)


def bundle(entry: Path) -> str:
    """One module's text with the default export of `entry`, and everything that it imports before it.

    Known are `import { a, b } from "./module.js"`, and `export` before a function or a constant. A worker's module is
    named by `new URL("./worker.js", import.meta.url)`; its text, and what it imports, goes along as a blob. Raises
    ValueError for any other import or export, for a name that the imported module does not export, and for modules that
    import each other in a circle.
    """
    return "\n".join([*_texts(entry.resolve()), f"export default {_name(entry.resolve())}.default;\n"])


def _texts(entry: Path) -> list[str]:
    """The texts of a module and of all that it imports, each once, before who imports it."""
    texts: list[str] = []
    _add(entry, (), {}, texts)
    return texts


def _add(path: Path, importing: tuple[Path, ...], done: dict[Path, set[str]], texts: list[str]) -> None:
    """Append the text of a module to `texts` after those of the modules it imports, each once."""
    if path in done:
        return
    if path in importing:
        circle = " -> ".join(_place(module) for module in (*importing[importing.index(path) :], path))
        raise ValueError(f"modules import each other in a circle: {circle}")
    # Its JSDoc is a third of it, and would go along with each message.
    text = JSDOC.sub("", path.read_text(encoding="utf-8"))
    for match in IMPORT.finditer(text):
        other = (path.parent / match[2]).resolve()
        _add(other, (*importing, path), done, texts)
        missing = set(_names(match[1])) - done[other]
        if missing:
            raise ValueError(
                f"{_place(path)} imports {sorted(missing)}; {_place(other)} exports no such name"
            )
    names = {match[1] or match[2] for match in EXPORT.finditer(text)}
    body = IMPORT.sub(
        lambda match: f"const {{{match[1]}}} = {_name((path.parent / match[2]).resolve())};", text
    )
    body, defaults = DEFAULT.subn("const $default = ", EXPORT.sub("", body))
    unknown = UNKNOWN.search(body)
    if unknown:
        raise ValueError(
            f"{_place(path)} has {unknown[0]!r}, which is no import or export that is known here"
        )
    body = WORKER.sub(lambda match: _blob((path.parent / match[1]).resolve()), body)
    exported = [*sorted(names), *["default: $default"] * defaults]
    texts.append(
        f"// {_place(path)}\nconst {_name(path)} = (() => {{\n{body}return {{ {', '.join(exported)} }};\n}})();"
    )
    done[path] = names


def _blob(entry: Path) -> str:
    """The expression for an address of a worker's module: the page itself has no address for it."""
    text = json.dumps("\n".join(_texts(entry)))
    return f'new URL(URL.createObjectURL(new Blob([{text}], {{ type: "text/javascript" }})))'


def _names(listed: str) -> list[str]:
    """The names between the braces of an import."""
    return [name for name in re.split(r"[\s,]+", listed) if name]


def _place(path: Path) -> str:
    """Where a module lies, from `pages` on."""
    return path.relative_to(PAGES).as_posix() if path.is_relative_to(PAGES) else path.name


def _name(path: Path) -> str:
    """What a module is called in the text."""
    return "$" + re.sub(r"\W", "_", _place(path).removesuffix(".js"))
