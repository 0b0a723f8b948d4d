// Average pooling: the mean of each window; the zeros of the padding count, as in torch.

import { windowOf } from "../shapes.js";
import { readBy } from "./max_pool2d.js";
import { PLAIN } from "./plain.js";

/** @type {import("../views.js").View} */
export const AvgPool2d = {
  does: "Average pooling takes the mean of each window.",
  sources: PLAIN.sources,
  trace(layer, place, input) {
    const factors = readBy(layer, place, input);
    const sum = factors.reduce((total, { value }) => total + value, 0);
    const group = { unit: place.unit, across: windowOf(layer).size, factors, scale: null, sum };
    const divisor = factors.length;
    return { how: "mean", groups: [group], bias: null, value: sum / divisor, divisor };
  },
};
