// Which of a network's layers are shown, and how large. Pure functions of plain numbers; sizes in CSS pixels.

import { clamp } from "../base/numbers.js";

/** @typedef {{type: string, name: string, outputShape: number[]}} Layer as the engine describes it */
/** @typedef {{title: string, shape: number[], at: number}} Row `at` counts the network's layers */

// What only finishes the layer before it: the two are one row, which shows what comes out.
export const FINISHING = new Set(["ReLU", "LeakyReLU", "Sigmoid", "Tanh", "SiLU", "GELU", "BatchNorm"]);
// What hands on the very numbers that it got.
const HANDING_ON = new Set(["Flatten", "Dropout"]);
const SMALLEST = 34; // px of a row: two lines of words beside it
const SMALLEST_MAP = 22; // px of its side, where there are two lines of them
const GAP = 4; // px between maps

/**
 * The rows of a network: every layer, with those that only finish it; its last one is the bars.
 * @param {{layers: Layer[]}} network
 * @returns {Row[]}
 */
export function rowsOf({ layers }) {
  const rows = [];
  let open = false; // whether the last row is a layer that may still be finished
  layers.forEach(({ type, name, outputShape }, at) => {
    if (HANDING_ON.has(type)) {
      open = false;
    } else if (FINISHING.has(type) && open) {
      const { title } = rows.pop();
      rows.push({ title: `${title}, ${name}`, shape: outputShape, at });
    } else {
      rows.push({ title: name, shape: outputShape, at });
      open = true;
    }
  });
  return rows.slice(0, -1);
}

/**
 * As many of the rows as there is height for, evenly from the first to the last.
 * @param {Row[]} rows
 * @param {number} height
 * @returns {Row[]}
 */
export function chosen(rows, height) {
  const most = Math.max(2, Math.floor(height / SMALLEST));
  if (rows.length <= most) return rows;
  return Array.from({ length: most }, (_, k) => rows[Math.round((k * (rows.length - 1)) / (most - 1))]);
}

/**
 * The height of each row: larger maps get more, none less than its words need.
 * @param {Row[]} rows
 * @param {number} height of all of them
 * @returns {number[]}
 */
export function heightsOf(rows, height) {
  const shares = rows.map(({ shape }) =>
    shape.length === 3 ? clamp(Math.sqrt(shape[1] / 28), 0.45, 1) : 0.4,
  );
  const spare = Math.max(0, height - rows.length * SMALLEST);
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => Math.floor(SMALLEST + (spare * share) / sum));
}

/**
 * How the maps of a row lie in its room: squares in one line or in two, as many as fit; a vector is a line of cells.
 * @param {number[]} shape (C, H, W) or (K)
 * @param {number} width
 * @param {number} height
 * @returns {{count: number, across: number, size: number, gap: number}} how many, and in each line; px of a square
 */
export function placed(shape, width, height) {
  const inner = height - GAP;
  if (shape.length === 1) {
    const size = Math.max(3, Math.floor(width / shape[0]));
    const count = Math.min(shape[0], Math.floor(width / size));
    return { count, across: count, size: Math.min(size, inner), gap: 0 };
  }
  const inLine = (lines) => {
    const size = Math.max(1, Math.min(Math.floor((inner + GAP) / lines) - GAP, width));
    return { size, across: Math.max(1, Math.floor((width + GAP) / (size + GAP))) };
  };
  const one = inLine(1);
  const two = inLine(2);
  const lines = one.across < shape[0] && two.size >= SMALLEST_MAP ? 2 : 1;
  const { size, across } = lines === 2 ? two : one;
  return { count: Math.min(shape[0], lines * across), across: Math.min(shape[0], across), size, gap: GAP };
}
