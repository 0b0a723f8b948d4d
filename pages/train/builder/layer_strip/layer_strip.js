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
  if (entry.problem) element.append(line("said", "cannot work"));
  if (known && !same) {
    element.append(volume(entry), line("shape", entry.shape));
    if (entry.parameters) element.append(line("", entry.parameters));
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
  return [...parts, entry.parameters?.replace("par.", "parameters"), seen].filter(Boolean).join(", ");
}

function create() {
  const root = document.createElement("div");
  root.className = "strip";
  root.setAttribute("role", "list");
  root.setAttribute("aria-label", "Layers of the network");
  return { root };
}

/** The cards anew; the one that has the focus keeps it. */
function update({ root }, bytes, { setTriggerValue }) {
  const { cards, selected } = unpack(bytes);
  const focused = root.querySelector("button:focus")?.dataset.index;
  const pick = (index) => setTriggerValue("picked", index);
  root.replaceChildren(
    ...cards.map((entry) => {
      const step = document.createElement("div");
      step.className = "step";
      step.setAttribute("role", "listitem");
      step.append(card(entry, selected, pick));
      return step;
    }),
  );
  if (focused !== undefined) root.querySelector(`button[data-index="${focused}"]`)?.focus();
}

export default component(create, update, () => {}); // nothing outlives its elements
