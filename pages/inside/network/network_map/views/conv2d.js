// Convolution: a window of every map of its group times that map's slice of the kernel, added up, and a bias.

import { cellsOf, indexOf, windowOf } from "../shapes.js";

/** The maps that a filter reads: the first, how many, and the weights of one slice. */
function readsOf({ settings: { groups = 1, kernel_size: size }, inputShape, outputShape }, unit) {
  const depth = inputShape[0] / groups;
  const first = Math.floor(unit / (outputShape[0] / groups)) * depth;
  return { first, depth, length: size * size };
}

/** The weights of a filter for one of the maps that it reads, the `k`th. */
const slice = (weight, unit, { depth, length }, k) =>
  weight.subarray((unit * depth + k) * length, (unit * depth + k + 1) * length);

/** How large a slice is, and whether more of it is positive or negative. */
export function strengthOf(kernel) {
  let [squares, sum] = [0, 0];
  for (const weight of kernel) {
    squares += weight * weight;
    sum += weight;
  }
  return { size: Math.sqrt(squares), sign: Math.sign(sum) };
}

/** A map of an input under one slice alone, as large as the output. */
export function slid(input, channel, kernel, window, { inputShape, outputShape }) {
  const [, height, width] = inputShape;
  const [, rows, columns] = outputShape;
  const { size, stride, before, dilation } = window;
  const found = new Float32Array(rows * columns);
  for (let row = 0, at = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1, at += 1) {
      let sum = 0;
      for (let i = 0; i < size; i += 1) {
        const y = row * stride - before + i * dilation;
        if (y < 0 || y >= height) continue;
        const from = (channel * height + y) * width;
        for (let j = 0; j < size; j += 1) {
          const x = column * stride - before + j * dilation;
          if (x >= 0 && x < width) sum += input[from + x] * kernel[i * size + j];
        }
      }
      found[at] = sum;
    }
  }
  return found;
}

/** One group of products: the window of a map, times a kernel. */
export function grouped(unit, cells, kernel, { inputShape }, input) {
  let sum = 0;
  const factors = cells.map(({ row, column, inside }, k) => {
    const value = inside ? input[indexOf(inputShape, unit, row, column)] : 0;
    sum += value * kernel[k];
    return { unit, row, column, inside, value, weight: kernel[k] };
  });
  return { unit, across: Math.sqrt(cells.length), factors, scale: null, sum };
}

/** @type {import("../views.js").View} */
export const Conv2d = {
  does: "A convolution slides a kernel over every map before it and adds up what they give.",
  bias: ({ tensors: { bias } }, unit) => (bias ? bias[unit] : null),
  sources(layer, unit) {
    const reads = readsOf(layer, unit);
    return Array.from({ length: reads.depth }, (_, k) => ({
      unit: reads.first + k,
      ...strengthOf(slice(layer.tensors.weight, unit, reads, k)),
    }));
  },
  trace(layer, { unit, row, column }, input) {
    const { weight, bias } = layer.tensors;
    const reads = readsOf(layer, unit);
    const cells = cellsOf(windowOf(layer), layer.inputShape, row, column);
    const groups = Array.from({ length: reads.depth }, (_, k) =>
      grouped(reads.first + k, cells, slice(weight, unit, reads, k), layer, input),
    );
    const value = groups.reduce((sum, group) => sum + group.sum, bias ? bias[unit] : 0);
    return { how: "sum", groups, bias: bias ? bias[unit] : null, value };
  },
  parts(layer, unit, input) {
    const reads = readsOf(layer, unit);
    const window = windowOf(layer);
    return Array.from({ length: reads.depth }, (_, k) => {
      const kernel = slice(layer.tensors.weight, unit, reads, k);
      const values = () => slid(input, reads.first + k, kernel, window, layer);
      return { unit: reads.first + k, kernel, across: window.size, scale: null, values };
    });
  },
};
