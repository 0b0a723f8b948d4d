// Max pooling: the largest value of a window; what lies in the padding is never it.

import { cellsOf, indexOf, windowOf } from "../shapes.js";
import { PLAIN } from "./plain.js";

/** The window of one map, without weights. */
export function readBy(layer, { unit, row, column }, input) {
  const cells = cellsOf(windowOf(layer), layer.inputShape, row, column);
  return cells.map((cell) => ({
    ...{ unit, ...cell, weight: null },
    value: cell.inside ? input[indexOf(layer.inputShape, unit, cell.row, cell.column)] : 0,
  }));
}

/** @type {import("../views.js").View} */
export const MaxPool2d = {
  does: "Max pooling keeps the largest value of each window.",
  sources: PLAIN.sources,
  trace(layer, place, input) {
    const factors = readBy(layer, place, input);
    const value = Math.max(...factors.filter(({ inside }) => inside).map((factor) => factor.value));
    const group = { unit: place.unit, across: windowOf(layer).size, factors, scale: null, sum: value };
    return { how: "largest", groups: [group], bias: null, value };
  },
};
