// A drawing moved, turned, made larger or thicker as a whole: pure functions of its strokes.

import { clamp } from "../base/numbers.js";
import { eighths } from "./raster.js";

/** @typedef {import("./raster.js").Stroke} Stroke */

export const CHANGES = ["move", "turn", "scale", "thicken"];
const WIDTHS = [1, 100]; // of a pen, as cnn_core/data/strokes.py takes them

/** The middle of all points. */
function middleOf(strokes) {
  const along = (axis) => {
    const all = strokes.flatMap(({ points }) => points.filter((_, k) => k % 2 === axis));
    return (Math.min(...all) + Math.max(...all)) / 2;
  };
  return [along(0), along(1)];
}

/** What becomes of a point, and of a pen's width. */
function changeOf(kind, [dx, dy], side, [x, y]) {
  if (kind === "move") return { point: (a, b) => [a + dx, b + dy], width: 1 };
  if (kind === "turn") {
    const angle = (dx / side) * Math.PI;
    const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
    return {
      point: (a, b) => [x + (a - x) * cosine - (b - y) * sine, y + (a - x) * sine + (b - y) * cosine],
      width: 1,
    };
  }
  const factor = 2 ** ((2 * (dx - dy)) / side);
  if (kind === "thicken") return { point: (a, b) => [a, b], width: factor };
  return { point: (a, b) => [x + (a - x) * factor, y + (b - y) * factor], width: factor };
}

/**
 * Strokes after a change by a drag of `by`: moved with it; turned half round by a drag to the right over all the paper;
 * twice as large or as thick by one to the right or up over half of it. An eraser's strokes are of the drawing too.
 * @param {Stroke[]} strokes
 * @param {"move" | "turn" | "scale" | "thicken"} kind
 * @param {[number, number]} by units to the right and down
 * @param {number} side of the paper, in units
 * @returns {Stroke[] | null} null where a point would leave what a drawing may have, or there is nothing to change
 */
export function changed(strokes, kind, by, side) {
  if (strokes.length === 0) return null;
  const change = changeOf(kind, by, side, middleOf(strokes));
  const after = strokes.map((stroke) => {
    const points = [];
    for (let k = 0; k < stroke.points.length; k += 2)
      points.push(...change.point(stroke.points[k], stroke.points[k + 1]).map(eighths));
    const factor = kind === "thicken" && stroke.kind === "eraser" ? 1 : change.width; // ink is thicker, not its gaps
    return { ...stroke, width: clamp(eighths(stroke.width * factor), ...WIDTHS), points };
  });
  const isWithin = after.every(({ points }) => points.every((at) => at >= -side && at <= 2 * side));
  return isWithin ? after : null;
}
