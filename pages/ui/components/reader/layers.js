// A network's layers as rows of maps, from its input down, lit in the order in which they are computed.

import { paletteOf, ramp } from "../base/colours.js";
import { significant } from "../base/numbers.js";
import { limitOf, paintRow } from "./painting.js";
import { chosen, heightsOf, placed, rowsOf } from "./rows.js";

const STEP = 55; // ms from one layer to the next: all of them within half a second

const zeros = (shape) => new Float32Array(shape.reduce((product, size) => product * size, 1));

/**
 * The elements of an input and of all rows, and what they show.
 * @returns {{root: HTMLElement, input: HTMLElement, fit: Function, open: Function, show: Function, repaint: Function,
 *   say: Function, destroy: Function}} `input` stands wherever its image has room
 */
export function layers() {
  const root = document.createElement("div");
  root.className = "layers";
  root.setAttribute("role", "img");
  root.setAttribute("aria-label", "What each layer answers, in order");
  root.innerHTML = `<p class="notice" role="alert"></p><div class="rows"></div>
    <p class="legend"><span>0</span><i></i><span>largest of its layer</span></p>`;
  const list = root.querySelector(".rows");
  const input = rowOf({ title: "What the network gets", shape: [1, 28, 28], at: -1 });
  input.element.className = "input";
  let [all, rows, answer, blank, timer] = [[], [], null, null, 0];

  function paint(row) {
    const look = { palette: paletteOf(root), ratio: window.devicePixelRatio || 1, height: row.height };
    const values = row.at < 0 ? answer.input : answer.outputs[row.at].values;
    paintRow(row.canvas, { shape: row.shape, values }, row.place, { ...look, gray: row.at < 0 });
    row.element.title = row.at < 0 ? "" : `0 to ${significant(limitOf(values), 3)}`;
  }

  function place(row, width, height) {
    row.height = height;
    row.place = placed(row.shape, width, height);
    row.words.textContent = row.shape.join("×");
    paint(row);
  }

  /** Lay the rows out in the room there is, and paint them. */
  function fit() {
    if (!answer || !list.clientWidth) return;
    const now = chosen(all, list.clientHeight);
    if (now.length !== rows.length || now.some(({ at }, k) => at !== rows[k].at)) {
      rows = now.map(rowOf);
      list.replaceChildren(...rows.map(({ element }) => element));
    }
    const heights = heightsOf(rows, list.clientHeight);
    const besides = rows[0].about.offsetWidth + 10;
    rows.forEach((row, k) => {
      row.element.style.height = `${heights[k]}px`;
      place(row, Math.max(list.clientWidth - besides, 24), heights[k]);
    });
    // A whole factor, so that each of its pixels is a crisp square.
    const { clientWidth, clientHeight } = input.element;
    const factor = Math.floor(Math.min(clientHeight, clientWidth / 2) / (input.shape[1] + 1));
    if (factor > 0) place(input, clientWidth, factor * input.shape[1] + 4);
  }

  /** Light the first rows, so many of them, and then the others one after the other. */
  function light(count) {
    clearTimeout(timer);
    const inOrder = [input, ...rows];
    inOrder.forEach(({ element }, k) => {
      element.classList.toggle("waiting", k >= count);
      element.classList.toggle("now", k === count - 1 && count < inOrder.length);
    });
    if (count < inOrder.length) timer = setTimeout(light, STEP, count + 1);
  }

  return {
    root,
    input: input.element,
    fit,
    /** Show a network, as the engine describes it, before it has answered. */
    open(description) {
      all = rowsOf(description);
      input.shape = description.inputShape;
      blank = {
        input: zeros(description.inputShape),
        outputs: description.layers.map(({ outputShape }) => ({ values: zeros(outputShape) })),
      };
      answer = blank;
      rows = [];
      fit();
    },
    /** An answer with the `input` that it is to, or null; `inOrder` lights one row after the other. */
    show(found, inOrder) {
      answer = found ?? blank;
      for (const row of [input, ...rows]) if (row.place) paint(row);
      light(inOrder ? 1 : rows.length + 1);
    },
    /** In another theme. */
    repaint() {
      root.querySelector("i").style.background = ramp({ kind: "signed", limits: [0, 1] }, paletteOf(root));
      if (answer) for (const row of [input, ...rows]) if (row.place) paint(row);
    },
    say(words) {
      root.querySelector(".notice").textContent = words;
    },
    destroy() {
      clearTimeout(timer);
    },
  };
}

function rowOf(row) {
  const element = document.createElement("div");
  element.className = "row";
  element.innerHTML = '<div class="about"><b></b><span></span></div><canvas aria-hidden="true"></canvas>';
  const [about, canvas] = element.children;
  about.firstChild.textContent = row.title;
  return { ...row, element, about, words: about.lastChild, canvas };
}
