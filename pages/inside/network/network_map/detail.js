// Inside a unit or a cell: the way here, its name and value, and what it is made of; it follows the pen as the map does.

import { cellView } from "./cell_view.js";
import { button, made, nearest } from "./elements.js";
import { shapeOf, stopName, valueText } from "./sentences.js";
import { indexOf, sidesOf } from "./shapes.js";
import { unitView } from "./unit_view.js";
import { viewOf } from "./views.js";

const PIXEL = "Here the way ends: a number of the image. Escape goes back.";

/**
 * @param {{onStop: (stop: import("./navigation.js").Stop, byKey: boolean) => void, onBack: () => void,
 *   onTrail: (length: number) => void}} wishes `onTrail`: back to so many stops of the way
 */
export function detail({ onStop, onBack, onTrail }) {
  const root = document.createElement("section");
  root.className = "detail";
  root.setAttribute(
    "aria-label",
    "Inside the network. Arrow keys choose a cell, Enter follows it, Escape goes back.",
  );
  const [way, head, does, holder] = [
    made("nav", "way"),
    made("h3", "head"),
    made("p", "does"),
    made("div", "holder"),
  ];
  way.setAttribute("aria-label", "The way here");
  root.append(way, head, does, holder);
  let [model, values, trail, palette] = [null, null, [], null];
  let memory = {};
  let cursor = { row: 0, column: 0 };

  const here = () => trail.at(-1);

  function writeWay() {
    const crumb = (words, length, isLast) => {
      const opener = button("crumb", `crumb ${length}`, words, () => onTrail(length));
      opener.textContent = words;
      if (isLast) opener.setAttribute("aria-current", "true");
      return opener;
    };
    const steps = trail.map((stop, at) => crumb(stopName(model, stop), at + 1, at === trail.length - 1));
    way.replaceChildren(
      crumb("Network", 0, false),
      ...steps.flatMap((step) => [made("span", "", "›"), step]),
    );
    way.scrollLeft = way.scrollWidth;
  }

  function held({ layer, unit, row, column }) {
    return values[layer + 1][indexOf(shapeOf(model, layer), unit, row, column)];
  }

  function render() {
    const stop = here();
    if (!stop || !values) return;
    const focused = root.contains(root.getRootNode().activeElement)
      ? root.getRootNode().activeElement.dataset.key
      : null;
    const scrolled = holder.firstElementChild?.scrollTop ?? 0;
    const isCell = stop.row !== null;
    head.textContent =
      stopName(model, stop) + (isCell ? `: ${valueText(model, stop.layer, held(stop))}` : "");
    does.textContent =
      stop.layer < 0
        ? isCell
          ? PIXEL
          : "The input, as the network gets it."
        : viewOf(model.layers[stop.layer]).does;
    const room = {
      width: root.clientWidth,
      height: Math.max(160, root.clientHeight - holder.offsetTop + root.offsetTop),
    };
    const scene = {
      ...{ model, values, stop, room, memory, cursor, palette },
      onStop: (next) => onStop(next, true),
      onMore: () => {
        memory.all = true;
        render();
      },
    };
    const body = isCell && stop.layer >= 0 ? cellView(scene).body : unitView(scene);
    holder.replaceChildren(body);
    body.scrollTop = scrolled;
    if (focused) root.querySelector(`[data-key="${focused}"]`)?.focus({ preventScroll: true });
  }

  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") onBack();
    else if (event.key.startsWith("Arrow")) {
      const cells = [...holder.querySelectorAll("button, .result")];
      const from = cells.indexOf(root.getRootNode().activeElement);
      if (cells.length === 0) return;
      const boxes = cells.map((cell) => cell.getBoundingClientRect());
      cells[from < 0 ? 0 : nearest(boxes, from, event.key)].focus();
    } else return;
    event.preventDefault();
  });

  /** The cell that says most: the winner, the largest, or the first. */
  function first() {
    return (
      holder.querySelector(".winner") ??
      holder.querySelector("button.cell, .result") ??
      holder.querySelector("button")
    );
  }

  return {
    root,
    setModel(next) {
      model = next;
    },
    /** Stand at the end of a way; an empty one is the map, and nothing of this is seen. */
    open(next) {
      const deeper = next.length >= trail.length;
      trail = next;
      memory = {};
      const stop = here();
      if (!stop) {
        holder.replaceChildren();
        return;
      }
      cursor = stop.row === null ? strongest(stop) : { row: stop.row, column: stop.column };
      writeWay();
      render();
      root.classList.remove("deeper", "back");
      root.getBoundingClientRect(); // so that the motion begins anew
      root.classList.add(deeper ? "deeper" : "back");
      first()?.focus({ preventScroll: true });
    },
    /** What all columns hold now, the input first; while the pen moves, what is shown keeps its order. */
    show(next, isWhole) {
      values = next;
      if (isWhole) memory.order = null;
      render();
    },
    /** In a theme's colours, before anything else. */
    dress(next) {
      palette = next;
      render();
    },
    words: () => (here() && values ? `${head.textContent}. ${does.textContent}` : ""),
  };

  /** The cell of a map with the largest magnitude: the first that one looks at. */
  function strongest({ layer, unit }) {
    const [, rows, columns] = sidesOf(shapeOf(model, layer));
    let [best, most] = [0, -1];
    for (let k = 0; values && k < rows * columns; k += 1) {
      const size = Math.abs(values[layer + 1][unit * rows * columns + k]);
      if (size > most) [best, most] = [k, size];
    }
    return { row: Math.floor(best / columns), column: best % columns };
  }
}
