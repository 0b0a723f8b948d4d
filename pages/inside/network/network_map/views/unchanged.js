// Layers that a trained network passes by.

import { PLAIN, sameCell } from "./plain.js";

/** @type {import("../views.js").View} */
export const Dropout = {
  does: "Dropout is off in a trained network: every value passes as it is.",
  sources: PLAIN.sources,
  trace(layer, place, input) {
    const group = sameCell(layer, place, input);
    return { how: "one", groups: [group], bias: null, value: group.sum };
  },
};
