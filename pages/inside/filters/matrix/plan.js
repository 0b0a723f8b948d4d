// How a matrix is made to fit a picture, and which of its cells are read large. Pure functions of plain numbers.

import { clamp } from "../../../ui/components/base/numbers.js";

/** @typedef {{rows: number, columns: number, tall: number, wide: number, cellHeight: number, cellWidth: number}} Plan */

/**
 * A picture of `rows` × `columns` within `width` × `height`: how many rows and columns are one of its cells (`tall` and
 * `wide`, 1 where there is a pixel for each), and the size of that cell, a whole number of device pixels.
 * @param {number} rows
 * @param {number} columns
 * @param {number} width
 * @param {number} height
 * @param {number} highest a cell is no higher and no wider than that
 * @param {number} ratio device pixels a CSS pixel
 * @returns {Plan}
 */
export function fitted(rows, columns, width, height, highest, ratio) {
  const along = (count, room) => {
    const pixels = Math.max(1, Math.floor(room * ratio));
    const folded = Math.ceil(count / pixels);
    const cells = Math.ceil(count / folded);
    const size = Math.min(Math.floor(pixels / cells), Math.floor(highest * ratio));
    return { folded, cells, size: Math.max(1, size) / ratio };
  };
  const [down, across] = [along(rows, height), along(columns, width)];
  return {
    rows: down.cells,
    columns: across.cells,
    tall: down.folded,
    wide: across.folded,
    cellHeight: down.size,
    cellWidth: across.size,
  };
}

/**
 * Whether there is so little width that the two pictures stand below each other.
 * @param {number} width
 * @param {number} rem
 * @returns {boolean}
 */
export function isStacked(width, rem) {
  return width < 26 * rem;
}

/**
 * How the room is shared by the whole and the part that is read large. That has as many columns as fit a good third of
 * the width, or fewer where the whole then has more of its own weights in pixels of their own.
 * @param {{rows: number, columns: number}} matrix
 * @param {{width: number, height: number}} room
 * @param {{rem: number, size: number, edge: number, ratio: number}} text its size, and the width of the rows' names
 * @returns {{many: [number, number], side: number, wide: number, gutter: number, plan: Plan}} `many` cells are large,
 *   each of `side`; the whole is `wide`, of which its rows' names take the `gutter`
 */
export function arranged({ rows, columns }, { width, height }, { rem, size, edge, ratio }) {
  const stacked = isStacked(width, rem);
  const side = 3.2 * rem;
  const loupe = stacked ? width : Math.min(0.42 * width, height - 5 * rem);
  const count = (space, all) => clamp(Math.floor(space / side), 1, Math.min(all, 9));
  const down = count(Math.min(loupe, height - 5 * rem) - 2 * size, rows);
  const high = stacked ? 0.4 * height : height - 2 * rem;
  let best = null;
  for (let across = count(loupe - edge, columns); across > 0; across -= 1) {
    const wide = stacked ? width : width - edge - across * side - 1.5 * rem;
    const gutter = rows * 1.2 * size <= high && edge <= wide / 3 ? edge : 0;
    const plan = fitted(rows, columns, wide - gutter - 4, high - 4, 4 * rem, ratio);
    if (!best || plan.wide < best.plan.wide) best = { many: [down, across], side, wide, gutter, plan };
    if (across <= 4 || stacked) break;
  }
  return best;
}

/**
 * The value with the largest magnitude among those that a cell of the picture stands for.
 * @param {Float32Array} values
 * @param {number} rows
 * @param {number} columns
 * @param {Plan} plan
 * @param {number} row of the picture
 * @param {number} column of the picture
 * @returns {number}
 */
export function strongest(values, rows, columns, { tall, wide }, row, column) {
  let found = 0;
  for (let y = row * tall; y < Math.min(rows, (row + 1) * tall); y += 1)
    for (let x = column * wide; x < Math.min(columns, (column + 1) * wide); x += 1) {
      const value = values[y * columns + x];
      if (!(Math.abs(value) <= Math.abs(found))) found = value;
    }
  return found;
}

/**
 * The first of the `many` rows or columns that are read large, so that `at` is in their middle where that is possible.
 * @param {number} at
 * @param {number} many
 * @param {number} count
 * @returns {number}
 */
export function first(at, many, count) {
  return clamp(at - Math.floor(many / 2), 0, Math.max(0, count - many));
}

const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * The cell that an arrow key leads to; null for other keys.
 * @param {[number, number]} cell
 * @param {string} key
 * @param {number} rows
 * @param {number} columns
 * @returns {[number, number] | null}
 */
export function moved([row, column], key, rows, columns) {
  const move = MOVES[key];
  if (!move) return null;
  return [clamp(row + move[0], 0, rows - 1), clamp(column + move[1], 0, columns - 1)];
}
