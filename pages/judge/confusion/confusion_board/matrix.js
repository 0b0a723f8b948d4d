// The matrix: a grid of cells that are picked with a click or Enter, between which the arrows move.

import { css, mixed, paletteOf, rgbOf } from "../../../ui/components/base/colours.js";

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const ANY = -1;

/** The grid's elements anew, for these classes: `pick(true, predicted)` is called with −1 for any class. */
export function buildMatrix(grid, classes, pick) {
  const corner = document.createElement("span");
  corner.className = "corner";
  corner.textContent = "read →\ntrue ↓";
  const heads = classes.map((name, column) => place("head", ANY, column, name));
  const rows = classes.flatMap((name, row) => [
    place("label", row, ANY, name),
    ...classes.map((_, column) => place("cell", row, column, "")),
  ]);
  grid.replaceChildren(corner, ...heads, ...rows);
  const at = (row, column) => grid.querySelector(`[data-row="${row}"][data-column="${column}"]`);
  grid.onclick = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    reach(grid, button);
    pick(Number(button.dataset.row), Number(button.dataset.column));
  };
  grid.onkeydown = (event) => {
    const step = STEPS[event.key];
    const here = event.target.closest("button");
    if (event.key === "Escape") pick(ANY, ANY);
    if (!step || !here) return;
    event.preventDefault();
    const next = at(Number(here.dataset.row) + step[0], Number(here.dataset.column) + step[1]);
    if (!next) return;
    reach(grid, next);
    next.focus();
  };
  reach(grid, at(0, 0));
}

function place(kind, row, column, text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = kind;
  button.dataset.row = row;
  button.dataset.column = column;
  const words = document.createElement("span");
  words.textContent = text;
  button.append(words);
  return button;
}

/** One Tab leads into the grid, to this button; the others are reached by the arrows. */
function reach(grid, button) {
  for (const other of grid.querySelectorAll("button")) other.tabIndex = -1;
  button.tabIndex = 0;
}

/** Numbers, colours and the frame of what is chosen. */
export function fillMatrix(grid, { classes, counts, shares, chosen }) {
  const palette = paletteOf(grid);
  const style = getComputedStyle(grid);
  const [right, wrong] = ["--right", "--wrong"].map((role) => rgbOf(style.getPropertyValue(role).trim()));
  const K = classes.length;
  const totals = classes.map((_, row) => counts.slice(row * K, row * K + K).reduce((a, b) => a + b, 0));
  const share = (row, column) => (totals[row] ? counts[row * K + column] / totals[row] : 0);
  let most = 0;
  for (let row = 0; row < K; row += 1) {
    for (let column = 0; column < K; column += 1) {
      if (row !== column) most = Math.max(most, share(row, column));
    }
  }
  for (const button of grid.querySelectorAll("button")) {
    const [row, column] = [Number(button.dataset.row), Number(button.dataset.column)];
    button.setAttribute("aria-pressed", String(chosen[0] === row && chosen[1] === column));
    if (button.className !== "cell") {
      const name = classes[Math.max(row, column)];
      button.title = row < 0 ? `All images read as ${name}` : `All images of ${name}`;
      button.setAttribute("aria-label", button.title);
      continue;
    }
    const count = counts[row * K + column];
    const full = row === column ? share(row, column) : share(row, column) / (most || 1);
    const colour = mixed(palette.background, row === column ? right : wrong, full);
    button.style.background = css(colour);
    button.style.color = readableOn(colour);
    button.firstChild.textContent = count ? (shares ? shareText(share(row, column)) : String(count)) : "";
    const words = `${classes[row]} read as ${classes[column]}: ${count} of ${totals[row]}`;
    button.title = `${words}, ${shareText(share(row, column))} %`;
    button.setAttribute("aria-label", button.title);
  }
}

/** A share in percent to one place, never 100 for less, as Python writes it. */
function shareText(share) {
  if (share < 1 && share >= 0.9995) return ">99.9";
  return share === 1 ? "100" : (100 * share).toFixed(1);
}

/** Black or white, whichever has more contrast with a colour (WCAG 2.1). */
function readableOn(colour) {
  const [r, g, b] = colour.map((part) => {
    const level = part / 255;
    return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) ? "black" : "white";
}
