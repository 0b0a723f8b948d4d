// Softmax: the share of each class in the sum of all their exponentials; of maps, over the channels at each place.

import { printed } from "../../../../ui/components/base/numbers.js";
import { indexOf, sidesOf } from "../shapes.js";

/** @type {import("../views.js").View} */
export const Softmax = {
  does: "Softmax makes shares of the logits: e to the power of each, divided by the sum of all of these.",
  sources: ({ inputShape: [units] }, own) =>
    Array.from({ length: units }, (_, unit) => ({
      unit,
      size: unit === own ? 1 : 0.2,
      sign: unit === own ? 1 : -1,
    })),
  trace({ inputShape }, { unit: own, row, column }, input) {
    const [units] = sidesOf(inputShape);
    const logits = Array.from({ length: units }, (_, unit) => input[indexOf(inputShape, unit, row, column)]);
    const largest = Math.max(...logits);
    const terms = logits.map((logit) => Math.exp(logit - largest));
    const all = terms.reduce((sum, term) => sum + term, 0);
    const value = terms[own] / all;
    const groups = logits.map((logit, unit) => {
      const factors = [{ unit, row, column, inside: true, value: logit, weight: null }];
      return { unit, across: 1, factors, scale: null, sum: terms[unit] / all };
    });
    const line = `e^${printed(logits[own], 2)} ÷ (the sum of e^logit over all ${units}) = ${printed(value, 4)}`;
    return { how: "share", groups, bias: null, value, line };
  },
};
