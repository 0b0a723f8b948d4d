// Batch normalization as a trained network has it: with the mean and variance that training kept.

import { printed } from "../../../../ui/components/base/numbers.js";
import { EPSILON } from "../../../../ui/components/engine/layers/batch_norm.js";
import { PLAIN, sameCell } from "./plain.js";

/** @type {import("../views.js").View} */
export const BatchNorm = {
  does: "Batch norm shifts and stretches each map, all its cells alike, by numbers kept from training.",
  sources: PLAIN.sources,
  trace(layer, place, input) {
    const { weight, bias, running_mean, running_var } = layer.tensors;
    const group = sameCell(layer, place, input);
    const [mean, variance, scale, shift] = [running_mean, running_var, weight, bias].map(
      (values) => values[place.unit],
    );
    const value = ((group.sum - mean) / Math.sqrt(variance + EPSILON)) * scale + shift;
    const [x, m, v, w, b, y] = [group.sum, mean, variance, scale, shift, value].map((one) => printed(one, 3));
    const line = `(${x} − mean ${m}) ÷ √(variance ${v} + 0.00001) × weight ${w} + bias ${b} = ${y}`;
    return { how: "one", groups: [group], bias: null, value, line };
  },
};
