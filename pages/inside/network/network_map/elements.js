// Elements of the views into a network: grids of cells with their numbers, pictures of maps, and steps among them.

import { colourOf, css, inkOn } from "../../../ui/components/base/colours.js";
import { printed, significant } from "../../../ui/components/base/numbers.js";

/**
 * An element with its class, and what is in it.
 * @param {string} tag
 * @param {string} name its class
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function made(tag, name, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...children.filter((child) => child !== null));
  return element;
}

/**
 * A button that does something, told from others by its `key`.
 * @param {string} name its class
 * @param {string} key
 * @param {string} label
 * @param {() => void} act
 * @returns {HTMLButtonElement}
 */
export function button(name, key, label, act) {
  const element = made("button", name);
  element.type = "button";
  element.dataset.key = key;
  element.setAttribute("aria-label", label);
  element.title = label;
  element.onclick = act;
  return element;
}

/** As many decimals as numbers up to `limit` have in a cell. */
export const decimalsIn = (limit) => (limit >= 100 ? 0 : limit >= 10 ? 1 : 2);

/**
 * Cells side by side in their colours, `across` in each line, with their numbers where there is room for them.
 * @param {{value: number, label: string, act?: () => void, key?: string, mark?: string}[]} cells
 * @param {number} across
 * @param {import("../../../ui/components/base/colours.js").Scale} scale
 * @param {import("../../../ui/components/base/colours.js").Palette} palette
 * @returns {HTMLElement}
 */
export function grid(cells, across, scale, palette) {
  const root = made("div", across > 5 ? "grid small" : "grid");
  root.style.setProperty("--across", across);
  const decimals = decimalsIn(Math.max(...cells.map(({ value }) => Math.abs(value))));
  for (const { value, label, act, key, mark } of cells) {
    const words = `${label} = ${significant(value, 5)}`;
    const cell = act ? button("cell", key, words, act) : made("span", "cell");
    if (!act) cell.title = words;
    if (mark) cell.classList.add(mark);
    const colour = colourOf(value, scale, palette);
    cell.style.background = css(colour);
    cell.style.color = inkOn(colour);
    if (across <= 5) cell.textContent = mark === "padding" ? "0" : printed(value, decimals);
    root.append(cell);
  }
  return root;
}

/**
 * The element that an arrow key leads to from another: the nearest of those that lie in its direction.
 * @param {DOMRect[]} boxes
 * @param {number} from which of them
 * @param {string} key
 * @returns {number} which of them; `from` where none lies there
 */
export function nearest(boxes, from, key) {
  const [across, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];
  const [x, y] = middle(boxes[from]);
  let [best, least] = [from, Infinity];
  boxes.forEach((box, k) => {
    const [right, below] = middle(box).map((at, axis) => at - [x, y][axis]);
    const along = right * across + below * down;
    const aside = Math.abs(right * down) + Math.abs(below * across);
    if (along > 1 && along + 3 * aside < least) [best, least] = [k, along + 3 * aside];
  });
  return best;
}
