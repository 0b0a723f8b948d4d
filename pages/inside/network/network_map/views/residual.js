// The residual block: what two convolutions learned, added to what passes them by, then ReLU. One stop of the map.

import { printed } from "../../../../ui/components/base/numbers.js";
import { EPSILON } from "../../../../ui/components/engine/layers/batch_norm.js";
import { indexOf } from "../shapes.js";
import { strengthOf } from "./conv2d.js";

/** Batch norm of one channel. */
function normalized(value, tensors, name, channel) {
  const [weight, bias, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map(
    (part) => tensors[`${name}.${part}`][channel],
  );
  return ((value - mean) / Math.sqrt(variance + EPSILON)) * weight + bias;
}

/** A convolution's cell, summed over all maps; `at` gives a value by channel, row and column. */
function convolved(weight, unit, channels, size, at) {
  let sum = 0;
  for (let channel = 0, k = unit * channels * size * size; channel < channels; channel += 1)
    for (let i = 0; i < size; i += 1)
      for (let j = 0; j < size; j += 1, k += 1) sum += weight[k] * at(channel, i, j);
  return sum;
}

/** A value of the input, 0 in the padding. */
const reader =
  ({ inputShape }, input) =>
  (channel, y, x) =>
    y < 0 || x < 0 || y >= inputShape[1] || x >= inputShape[2]
      ? 0
      : input[indexOf(inputShape, channel, y, x)];

/** What the two convolutions give for one cell: nine cells between them are worked out, and then the one. */
function learnedAt({ settings: { stride }, inputShape, outputShape, tensors }, { unit, row, column }, read) {
  const [filters, rows, columns] = outputShape;
  const between = new Float64Array(filters * 9);
  for (let k = 0; k < 9; k += 1) {
    const [y, x] = [row - 1 + Math.floor(k / 3), column - 1 + (k % 3)];
    if (y < 0 || x < 0 || y >= rows || x >= columns) continue;
    for (let filter = 0; filter < filters; filter += 1) {
      const window = (channel, i, j) => read(channel, y * stride - 1 + i, x * stride - 1 + j);
      const sum = convolved(tensors["conv1.weight"], filter, inputShape[0], 3, window);
      between[filter * 9 + k] = Math.max(0, normalized(sum, tensors, "batch_norm1", filter));
    }
  }
  const sum = convolved(
    tensors["conv2.weight"],
    unit,
    filters,
    3,
    (channel, i, j) => between[channel * 9 + i * 3 + j],
  );
  return normalized(sum, tensors, "batch_norm2", unit);
}

/** The map of the input whose values in the window are largest: the one of which the window is shown. */
function loudest({ inputShape: [channels] }, cells, read) {
  const amount = (channel) =>
    cells.reduce((sum, { row, column }) => sum + Math.abs(read(channel, row, column)), 0);
  let [best, most] = [0, -1];
  for (let channel = 0; channel < channels; channel += 1) {
    const found = amount(channel);
    if (found > most) [best, most] = [channel, found];
  }
  return best;
}

/** @type {import("../views.js").View} */
export const Residual = {
  does: "A residual block adds what its two convolutions learned to what came in, then ReLU.",
  sources({ inputShape: [channels], outputShape: [filters], tensors }, unit) {
    const [first, second] = [tensors["conv1.weight"], tensors["conv2.weight"]];
    const sizes = new Float64Array(channels);
    for (let filter = 0; filter < filters; filter += 1) {
      const at = (unit * filters + filter) * 9;
      const { size } = strengthOf(second.subarray(at, at + 9));
      for (let channel = 0; channel < channels; channel += 1) {
        const from = (filter * channels + channel) * 9;
        sizes[channel] += size * strengthOf(first.subarray(from, from + 9)).size;
      }
    }
    const passes = !("shortcut.projection.weight" in tensors);
    const most = Math.max(...sizes);
    return Array.from(sizes, (size, channel) => ({
      ...{ unit: channel, sign: 0 },
      size: passes && channel === unit ? 2 * most : size,
    }));
  },
  trace(layer, place, input) {
    const { settings, inputShape, tensors } = layer;
    const { stride } = settings;
    const { unit, row, column } = place;
    const read = reader(layer, input);
    const learned = learnedAt(layer, place, read);
    const projection = tensors["shortcut.projection.weight"];
    const [y, x] = [row * stride, column * stride];
    const passed = projection
      ? normalized(
          convolved(projection, unit, inputShape[0], 1, (channel) => read(channel, y, x)),
          ...[tensors, "shortcut.projection_norm", unit],
        )
      : read(unit, y, x);
    const size = 3 + 2 * stride;
    const cells = Array.from({ length: size * size }, (_, k) => ({
      row: y - stride - 1 + Math.floor(k / size),
      column: x - stride - 1 + (k % size),
    }));
    const shown = loudest(layer, cells, read);
    const factorOf = (channel, cell) => ({
      ...{ unit: channel, ...cell, weight: null, value: read(channel, cell.row, cell.column) },
      inside: cell.row >= 0 && cell.column >= 0 && cell.row < inputShape[1] && cell.column < inputShape[2],
    });
    const pass = projection ? shown : unit;
    const value = Math.max(0, learned + passed);
    const groups = [
      {
        unit: pass,
        across: 1,
        factors: [factorOf(pass, { row: y, column: x })],
        scale: null,
        sum: passed,
        label: projection ? "by a 1×1 convolution" : "passes by",
      },
      {
        ...{ unit: shown, across: size, scale: null, sum: learned, label: "learned" },
        factors: cells.map((cell) => factorOf(shown, cell)),
      },
    ];
    const line = `max(0, learned ${printed(learned, 2)} + passing by ${printed(passed, 2)}) = ${printed(value, 2)}`;
    return { how: "one", groups, bias: null, value, line };
  },
};
