// A layer of which nothing is known but its shapes: the cell at the same place goes in, this one comes out.

import { indexOf, sidesOf } from "../shapes.js";

/** One cell at the same place, where the layer before has one. */
export function sameCell({ inputShape }, { unit, row, column }, input) {
  const value = input[indexOf(inputShape, unit, row, column)];
  return {
    unit,
    across: 1,
    factors: [{ unit, row, column, inside: true, value, weight: null }],
    scale: null,
    sum: value,
  };
}

/** @type {import("../views.js").View} */
export const PLAIN = {
  does: "It answers to what comes in.",
  sources: ({ inputShape }, unit) => (unit < inputShape[0] ? [{ unit, size: 1, sign: 0 }] : []),
  trace(layer, place, input, output) {
    const [inside, outside] = [layer.inputShape, layer.outputShape].map((shape) => sidesOf(shape).join());
    const value = output[indexOf(layer.outputShape, place.unit, place.row, place.column)];
    return {
      how: "one",
      groups: inside === outside ? [sameCell(layer, place, input)] : [],
      bias: null,
      value,
    };
  },
};
