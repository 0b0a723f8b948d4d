// A card a layer. All text is set as text, never as HTML.

import { component } from "../../../ui/components/base/component.js";
import { unpack } from "../../../ui/components/base/message.js";
import { barHeight, sheetSide, sheets, TALLEST } from "./sizes.js";

const SVG = "http://www.w3.org/2000/svg";

function svg(className, width, height) {
  const element = document.createElementNS(SVG, "svg");
  element.setAttribute("class", className);
  element.setAttribute("width", width);
  element.setAttribute("height", height);
  element.setAttribute("aria-hidden", "true");
  return element;
}

function rect(x, y, width, height, className) {
  const element = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ x, y, width, height, class: className })) {
    element.setAttribute(name, value);
  }
  return element;
}

function line(className, text) {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}

function volume({ size, side }) {
  if (size.length === 1) {
    const height = barHeight(size[0]);
    const picture = svg("volume", 12, TALLEST + 16);
    picture.append(rect(2, TALLEST + 14 - height, 8, height, "front"));
    return picture;
  }
  const [channels, height, width] = size;
  const count = sheets(channels);
  const edge = sheetSide(height, width, side);
  const picture = svg("volume", edge + 2 * count + 2, TALLEST + 16);
  for (let i = count - 1; i >= 0; i -= 1) {
    picture.append(rect(1 + 2 * i, TALLEST + 14 - edge - 2 * i, edge, edge, i === 0 ? "front" : ""));
  }
  return picture;
}

function field(seen) {
  const picture = svg("field", 18, 18);
  const edge = Math.max(2, Math.round(16 * seen));
  picture.append(rect(9 - edge / 2, 9 - edge / 2, edge, edge, "part"), rect(1, 1, 16, 16, "image"));
  return picture;
}

function card(entry, selected, pick) {
  const element = document.createElement(entry.index < 0 ? "div" : "button");
  const known = entry.shape !== undefined;
  const same = known && entry.changed === false;
  element.className = ["card", same && "same", entry.problem && "wrong", !known && "after"]
    .filter(Boolean)
    .join(" ");
  element.append(line("name", entry.name));
  for (const text of entry.settings) element.append(line("muted", text));
  if (entry.problem) element.append(line("said", entry.said));
  if (same && entry.parameters) element.append(line("muted", entry.parameters));
  if (known && !same) {
    element.append(volume(entry), line("shape", entry.shape));
    if (entry.parameters) element.append(line("weights", entry.parameters));
    if (entry.seenText) {
      const row = line("seen muted", "");
      row.append(field(entry.seen), line("", entry.seenText));
      element.append(row);
    }
  }
  if (entry.index >= 0) {
    element.type = "button";
    element.dataset.index = entry.index;
    element.setAttribute("aria-pressed", String(entry.index === selected));
    element.setAttribute("aria-label", label(entry));
    element.title = entry.problem || label(entry);
    element.onclick = () => pick(entry.index);
  }
  return element;
}

/** A card as a screen reader says it. */
function label(entry) {
  const parts = [entry.name, ...entry.settings, entry.problem, entry.shape && `output ${entry.shape}`];
  const seen = entry.seenText && `a value sees ${entry.seenText} pixels`;
  return [...parts, entry.parameters && `${entry.parameters} parameters`, seen].filter(Boolean).join(", ");
}

/** Which card the keys go to: of as many as there are, from the one at `index`; the same where they lead nowhere. */
export function next(key, index, count) {
  const goal = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: count - 1 }[key] ?? index;
  return Math.max(0, Math.min(count - 1, goal));
}

function create() {
  const root = document.createElement("div");
  root.setAttribute("role", "toolbar"); // one stop of the Tab key, its cards by the arrows
  root.setAttribute("aria-label", "Layers of the network");
  const window = root.ownerDocument.defaultView;
  // Where Streamlit folds its sidebar away.
  return { root, query: window.matchMedia("(max-width: 768px)") };
}

/** The cards anew; the one that has the focus keeps it. */
function update(state, bytes, { setTriggerValue, setStateValue }) {
  const { root, query } = state;
  const { cards, selected, small, narrow } = unpack(bytes);
  const focused = root.querySelector("button:focus")?.dataset.index;
  const pick = (index) => setTriggerValue("picked", index);
  const left = root.scrollLeft;
  root.className = small ? "strip small" : "strip";
  root.replaceChildren(...cards.map((entry) => card(entry, selected, pick)));
  root.scrollLeft = left;
  const buttons = [...root.querySelectorAll("button")];
  const chosen = buttons.find((button) => button.dataset.index === String(selected)) ?? buttons[0];
  const stop = (button) => {
    for (const other of buttons) other.tabIndex = other === button ? 0 : -1;
  };
  stop(buttons.find((button) => button.dataset.index === focused) ?? chosen);
  if (focused !== undefined) root.querySelector(`button[data-index="${focused}"]`)?.focus();
  if (state.shown !== selected) reveal(root, chosen);
  state.shown = selected;
  root.onkeydown = (event) => {
    const index = buttons.indexOf(event.target);
    const goal = buttons[next(event.key, index, buttons.length)];
    if (index < 0 || goal === event.target) return;
    event.preventDefault();
    stop(goal);
    goal.focus();
  };
  const measure = () => {
    if (query.matches !== narrow) setStateValue("narrow", query.matches);
  };
  query.onchange = measure;
  measure();
}

/** Scroll the row, and nothing else, until a card is seen. */
function reveal(root, element) {
  if (!element) return;
  const left = element.offsetLeft - root.offsetLeft;
  if (left < root.scrollLeft || left + element.offsetWidth > root.scrollLeft + root.clientWidth) {
    root.scrollLeft = left - (root.clientWidth - element.offsetWidth) / 2;
  }
}

export default component(create, update, ({ query }) => {
  query.onchange = null;
});
