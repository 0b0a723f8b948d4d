// Strokes as ink on square paper: the twin of cnn_core/data/strokes.py, in the same order and with the same arithmetic.

import { clamp } from "../base/numbers.js";

/**
 * One act on the paper: a pen's or an eraser's stroke through points, or "clear", which has none.
 * @typedef {{kind: "pen" | "eraser" | "clear", width: number, points: number[]}} Stroke points as x0, y0, x1, y1, …
 */

/**
 * Points on a grid of eighths, in which both sides' arithmetic is the same to the last bit.
 * @param {number} value
 * @returns {number}
 */
export function eighths(value) {
  return Math.round(value * 8) / 8;
}

/**
 * How far a pixel's centre is from a line's nearest point.
 * @param {number} x
 * @param {number} y
 * @param {number[]} line its ends as x0, y0, x1, y1
 * @returns {number}
 */
function distance(x, y, [x0, y0, x1, y1]) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : clamp(((x - x0) * dx + (y - y0) * dy) / length, 0, 1);
  const [away, down] = [x - (x0 + along * dx), y - (y0 + along * dy)];
  return Math.sqrt(away * away + down * down);
}

/** One line of a stroke: what the pen covers is ink, by the share of a pixel that it reaches into. */
function stamp(ink, side, line, radius, erases) {
  const reach = radius + 0.5;
  const [x0, y0, x1, y1] = line;
  const from = (a, b) => Math.max(0, Math.floor(Math.min(a, b) - reach));
  const to = (a, b) => Math.min(side, Math.ceil(Math.max(a, b) + reach));
  for (let row = from(y0, y1); row < to(y0, y1); row += 1) {
    for (let column = from(x0, x1); column < to(x0, x1); column += 1) {
      const covered = clamp(reach - distance(column + 0.5, row + 0.5, line), 0, 1);
      const at = row * side + column;
      ink[at] = erases ? Math.min(ink[at], 1 - covered) : Math.max(ink[at], covered);
    }
  }
}

/**
 * Put a stroke on the paper, from its point number `from` on: what lies before is there already.
 * @param {Float32Array} ink of `side` × `side` pixels in 0..1, changed in place
 * @param {number} side
 * @param {Stroke} stroke
 * @param {number} from
 */
export function add(ink, side, { kind, width, points }, from = 0) {
  if (kind === "clear") {
    ink.fill(0);
    return;
  }
  const count = points.length / 2;
  for (let to = Math.max(from, count > 1 ? 1 : 0); to < count; to += 1) {
    const before = Math.max(0, to - 1);
    const line = [points[2 * before], points[2 * before + 1], points[2 * to], points[2 * to + 1]];
    stamp(ink, side, line, width / 2, kind === "eraser");
  }
}

/**
 * All strokes on empty paper.
 * @param {Stroke[]} strokes
 * @param {number} side
 * @returns {Float32Array} of `side` × `side` pixels, 1 where there is ink
 */
export function inkOf(strokes, side) {
  const ink = new Float32Array(side * side);
  for (const stroke of strokes) add(ink, side, stroke);
  return ink;
}
