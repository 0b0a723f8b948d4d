// Functions of each value alone: their arithmetic in one line. The values are the engine's own.

import { printed } from "../../../../ui/components/base/numbers.js";
import { gelu } from "../../../../ui/components/engine/layers/gelu.js";
import { PLAIN, sameCell } from "./plain.js";

/**
 * @param {string} does
 * @param {(x: number, settings: Object) => number} answer
 * @param {(x: string, settings: Object, value: number) => string} line with the input as it is printed
 * @returns {import("../views.js").View}
 */
function activation(does, answer, line) {
  return {
    does,
    sources: PLAIN.sources,
    trace(layer, place, input) {
      const group = sameCell(layer, place, input);
      const value = answer(group.sum, layer.settings);
      const words = `${line(printed(group.sum, 2), layer.settings, group.sum)} = ${printed(value, 2)}`;
      return { how: "one", groups: [group], bias: null, value, line: words };
    },
  };
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

export const ReLU = activation(
  "ReLU lets what is positive pass and makes 0 of the rest, cell by cell.",
  (x) => Math.max(x, 0),
  (x) => `max(0, ${x})`,
);
export const LeakyReLU = activation(
  "What is positive passes, the rest is made small, cell by cell.",
  (x, { negative_slope: slope }) => (x < 0 ? slope * x : x),
  (x, { negative_slope: slope }, value) => (value < 0 ? `${slope} × ${x}` : x),
);
export const Tanh = activation("tanh pulls each value into −1 to 1.", Math.tanh, (x) => `tanh(${x})`);
export const Sigmoid = activation(
  "The sigmoid pulls each value into 0 to 1.",
  sigmoid,
  (x) => `1 ÷ (1 + e^(−(${x})))`,
);
export const SiLU = activation(
  "Each value is multiplied by its own sigmoid.",
  (x) => x * sigmoid(x),
  (x) => `${x} × sigmoid(${x})`,
);
export const GELU = activation(
  "Each value is multiplied by the share of a normal distribution that lies below it.",
  gelu,
  (x) => `${x} × Φ(${x})`,
);
