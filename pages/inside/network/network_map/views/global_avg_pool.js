// Global average pooling: the mean of a whole map.

import { indexOf } from "../shapes.js";
import { PLAIN } from "./plain.js";

/** @type {import("../views.js").View} */
export const GlobalAvgPool = {
  does: "Global average pooling makes one number of each map: its mean.",
  sources: PLAIN.sources,
  trace({ inputShape }, { unit }, input) {
    const [, rows, columns] = inputShape;
    const factors = Array.from({ length: rows * columns }, (_, k) => {
      const [row, column] = [Math.floor(k / columns), k % columns];
      return {
        unit,
        row,
        column,
        inside: true,
        value: input[indexOf(inputShape, unit, row, column)],
        weight: null,
      };
    });
    const sum = factors.reduce((total, { value }) => total + value, 0);
    const group = { unit, across: columns, factors, scale: null, sum };
    return { how: "mean", groups: [group], bias: null, value: sum / factors.length, divisor: factors.length };
  },
};
