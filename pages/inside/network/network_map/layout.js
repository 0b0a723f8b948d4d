// Where the columns of the map and the pictures in them lie. Pure functions of plain numbers; sizes in CSS pixels.

import { clamp } from "../../../ui/components/base/numbers.js";
import { sidesOf } from "./shapes.js";

/**
 * @typedef {{kind: "maps" | "strip" | "bars", count: number, rows: number, columns: number, x: number, width: number,
 *   side: number, tall: number, step: number, shown: number, top: number}} Column `x` and `width` are those of its slot;
 *   `side` and `tall` those of one picture, `step` from one to the next; `shown` of its `count` fit at a time
 * @typedef {{columns: Column[], width: number, room: {width: number, height: number}, view: number}} Plan `view` is the
 *   width in which the columns scroll, `width` that of all of them; the last column, the bars, always stands behind it
 * @typedef {{x: number, y: number, w: number, h: number}} Rect
 */

export const FOOT = 24; // px for which of its maps are shown
const BETWEEN = 5; // px between maps
const [SMALLEST, LARGEST, SCROLLED] = [26, 120, 48]; // px of a map's side
const ROOMY = 7; // maps in a column, where there are so many
const [CLOSE, WIDE] = [18, 120]; // px between columns, for the edges
const STRIP = 16; // px of a vector's width
const ROW = 30; // px of a vector's value, and of a probability, at most
const LEGIBLE = 19; // px of a probability's row, at least

/** The side of a map's cell: a whole number of device pixels, or less than one for maps that are larger than all that. */
function cellOf(longest, target, ratio) {
  const whole = Math.max(1, Math.round((target * ratio) / longest)) / ratio;
  return whole * longest > 1.5 * target ? target / longest : whole;
}

/** One column, its place across yet to be found. */
function columnOf(shape, at, name, target, { head, height, ratio }) {
  const [count, rows, columns] = sidesOf(shape);
  if (shape.length === 1) {
    const step = Math.min(ROW, height / count);
    const top = head + (height - step * count) / 2;
    const size = { side: STRIP, tall: step, step, shown: count, top };
    return { kind: "strip", count, rows, columns, x: 0, width: Math.max(STRIP, name), ...size };
  }
  const cell = cellOf(Math.max(rows, columns), at === 0 ? 1.5 * target : target, ratio);
  const [side, tall] = [columns * cell, rows * cell];
  const shown = clamp(Math.floor((height + BETWEEN) / (tall + BETWEEN)), 1, count);
  const top = head + Math.max(0, (height - shown * (tall + BETWEEN) + BETWEEN) / 2);
  const size = { side, tall, step: tall + BETWEEN, shown, top };
  return { kind: "maps", count, rows, columns, x: 0, width: Math.max(side, name), ...size };
}

/**
 * The columns of a network in a room: maps as large as all columns fit, else of a size that is read, and they scroll.
 * @param {number[][]} shapes of the input, of every layer, and last of the probabilities
 * @param {number[]} names px of each column's name
 * @param {{width: number, height: number}} room
 * @param {number} bars px of the column of probabilities
 * @param {number} ratio device pixels a CSS pixel
 * @param {number} head px above the maps, for the columns' names
 * @returns {Plan}
 */
export function planOf(shapes, names, room, bars, ratio, head) {
  const height = Math.max(40, room.height - head - FOOT);
  const view = Math.max(80, room.width - bars - 2 * CLOSE);
  const inner = shapes.slice(0, -1);
  const laid = (target) =>
    inner.map((shape, at) => columnOf(shape, at, names[at], target, { head, height, ratio }));
  const wide = (columns) => columns.reduce((sum, { width }) => sum + width, 0) + CLOSE * (columns.length - 1);
  const most = clamp(Math.floor(height / ROOMY) - BETWEEN, SMALLEST, LARGEST);
  let columns = null;
  for (let target = most; target >= SMALLEST && !columns; target -= 2) {
    const tried = laid(target);
    if (wide(tried) <= view) columns = tried;
  }
  columns ??= laid(Math.min(most, SCROLLED));
  const spare = view - (wide(columns) - CLOSE * (columns.length - 1));
  const gap = spare > 0 ? clamp(spare / columns.length, CLOSE, WIDE) : 2 * CLOSE;
  let x = 0;
  for (const column of columns) {
    column.x = x;
    x += column.width + gap;
  }
  const count = shapes.at(-1)[0];
  const shown = Math.min(count, Math.max(1, Math.floor(height / LEGIBLE)));
  const step = Math.min(ROW, height / shown);
  const size = { side: bars - 4, tall: step - 4, step, shown, top: head + (height - step * shown) / 2 };
  const last = { kind: "bars", count, rows: 1, columns: 1, x: room.width - bars, width: bars, ...size };
  return { columns: [...columns, last], width: Math.max(x - gap, 0), room, view };
}

/**
 * Where a unit's picture is drawn; null while it is not among those that are shown.
 * @param {Plan} plan
 * @param {number} at the column
 * @param {number} unit
 * @param {number} first the first unit that the column shows
 * @param {number} scrolled how far the columns are
 * @returns {Rect | null}
 */
export function rectOf({ columns }, at, unit, first, scrolled) {
  const { kind, x, width, side, tall, step, shown, top } = columns[at];
  const line = unit - first;
  if (line < 0 || line >= shown) return null;
  const left = kind === "bars" ? x : x - scrolled + (width - side) / 2;
  return { x: left, y: top + line * step, w: side, h: tall };
}

/**
 * Whether a column is seen, if only in part.
 * @param {Plan} plan
 * @param {number} at
 * @param {number} scrolled
 * @returns {boolean}
 */
export function isSeen({ columns, view }, at, scrolled) {
  const { kind, x, width } = columns[at];
  return kind === "bars" || (x + width > scrolled && x - scrolled < view);
}

/**
 * What lies at a point: a column, and in it a unit with its cell, or the foot that turns to further ones.
 * @param {Plan} plan
 * @param {number[]} firsts of every column, the first unit that it shows
 * @param {number} scrolled
 * @param {number} x
 * @param {number} y
 * @returns {{at: number, unit: number, row: number, column: number} | {at: number, foot: true} | null}
 */
export function hitAt(plan, firsts, scrolled, x, y) {
  const { columns, room, view } = plan;
  const last = columns.length - 1;
  const at =
    x >= columns[last].x - CLOSE
      ? last
      : columns.findIndex(
          ({ kind, x: left, width }) =>
            kind !== "bars" && x + scrolled >= left && x + scrolled < left + width,
        );
  if (at < 0 || (at < last && x > view)) return null;
  const column = columns[at];
  if (y > room.height - FOOT && column.shown < column.count) return { at, foot: true };
  const line = Math.floor((y - column.top) / column.step);
  if (line < 0 || line >= column.shown) return null;
  const rect = rectOf(plan, at, firsts[at] + line, firsts[at], scrolled);
  const share = (along, start, length, cells) =>
    clamp(Math.floor(((along - start) / length) * cells), 0, cells - 1);
  return {
    at,
    unit: Math.min(firsts[at] + line, column.count - 1),
    row: share(y, rect.y, rect.h, column.rows),
    column: share(x, rect.x, rect.w, column.columns),
  };
}

/**
 * The first unit that a column is to show so that `unit` is among them.
 * @param {Column} column
 * @param {number} first
 * @param {number} unit
 * @returns {number}
 */
export function firstFor({ shown, count }, first, unit) {
  return clamp(clamp(first, unit - shown + 1, unit), 0, count - shown);
}

/**
 * How far the columns are to be scrolled so that one is seen whole.
 * @param {Plan} plan
 * @param {number} at
 * @param {number} scrolled
 * @returns {number}
 */
export function scrolledFor({ columns, view, width: all }, at, scrolled) {
  const { kind, x, width } = columns[at];
  if (kind === "bars") return scrolled;
  return clamp(clamp(scrolled, x + width - view, x), 0, Math.max(0, all - view));
}

/**
 * The unit in the next column that stands as high as one does in its own.
 * @param {Plan} plan
 * @param {number[]} firsts
 * @param {{at: number, unit: number}} from
 * @param {number} to the column
 * @returns {number}
 */
export function besides({ columns }, firsts, { at, unit }, to) {
  const [here, there] = [columns[at], columns[to]];
  const y = here.top + (unit - firsts[at] + 0.5) * here.step;
  return firsts[to] + clamp(Math.floor((y - there.top) / there.step), 0, there.shown - 1);
}
