from pathlib import Path

import pytest
from playwright.sync_api import Page

from pages.ui.components.base.bundle import bundle
from tests.support.component_stage import open_modules


def write(folder: Path, **modules: str) -> Path:
    """Write the modules; the first is the entry."""
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder / f"{next(iter(modules))}.js"


def test_each_module_has_a_scope_of_its_own_and_stands_after_what_it_imports(tmp_path: Path, page: Page):
    entry = write(
        tmp_path,
        entry='import {\n  double,\n  FOUR,\n} from "./a.js";\nimport { eight } from "./b.js";\n'
        "const hidden = 1;\nexport default function () {\n  return [hidden, double(FOUR), eight()];\n}\n",
        b='import { double, FOUR } from "./a.js";\nconst hidden = 2;\n'
        "export function eight() {\n  return [hidden, double(FOUR)];\n}\n",
        a="const hidden = 3;\nexport const FOUR = 4;\n/** @returns {import('./x.js').X} */\n"
        "export function double(x) {\n  return [hidden, 2 * x];\n}\n",
    )
    text = bundle(entry)
    assert [line for line in text.splitlines() if line.startswith("// ")] == [
        "// a.js",
        "// b.js",
        "// entry.js",
    ]
    page.goto("about:blank")
    answer = page.evaluate(
        "async (text) => (await import(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })))).default()",
        text,
    )
    assert answer == [1, [3, 8], [2, [3, 8]]]


def test_a_workers_module_goes_along_with_what_it_imports(tmp_path: Path, page: Page):
    entry = write(
        tmp_path,
        entry='import { TWO } from "./two.js";\nexport default function () {\n'
        '  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });\n'
        "  worker.postMessage(TWO);\n"
        "  return new Promise((done) => {\n    worker.onmessage = ({ data }) => done(data);\n"
        "    worker.onerror = ({ message }) => done(message);\n  });\n}\n",
        worker='import { TWO } from "./two.js";\n// says "import(" and `\\n`\n'
        'self.onmessage = ({ data }) => self.postMessage(["`\\n`", data * TWO]);\n',
        two="export const TWO = 2;\n",
    )
    open_modules(page)  # a blob of about:blank starts no worker
    answer = page.evaluate(
        "async (text) => (await import(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })))).default()",
        bundle(entry),
    )
    assert answer == ["`\n`", 4]


@pytest.mark.parametrize(
    ("modules", "message"),
    [
        (
            {"a": 'import { b } from "./b.js";\nexport const a = 1;\n', "b": 'import { a } from "./a.js";\n'},
            r"circle: a\.js -> b\.js -> a\.js",
        ),
        (
            {"a": 'import { b, c } from "./b.js";\n', "b": "export const b = 1;\n"},
            r"\['c'\]; b\.js exports no such",
        ),
        ({"a": 'import * as b from "./b.js";\n'}, r"import \* as b .*no import or export that is known"),
        ({"a": 'import b from "./b.js";\n'}, "known here"),
        ({"a": "export { a };\n"}, "known here"),
        ({"a": "export let a = 1;\n"}, "known here"),
        ({"a": "const b = await import('./b.js');\n"}, "known here"),
        ({"a": 'new URL("./b.js", import.meta.url);\n', "b": "export let c = 1;\n"}, "known here"),
    ],
)
def test_what_it_does_not_know_is_an_error(modules: dict[str, str], message: str, tmp_path: Path):
    with pytest.raises(ValueError, match=message):
        bundle(write(tmp_path, **modules))
