// The receptive field: which part of the input a cell can see. Pure functions.

import { sidesOf, windowOf } from "./shapes.js";
import { cellOf } from "./views/flatten.js";

/** @typedef {{top: number, bottom: number, left: number, right: number}} Box rows and columns, the last ones included */

const whole = ([, rows, columns]) => ({ top: 0, bottom: rows - 1, left: 0, right: columns - 1 });

/** The windows that slide over maps; a residual block is its two convolutions in one. */
const WINDOWS = {
  Conv2d: windowOf,
  SeparableConv2d: windowOf,
  MaxPool2d: windowOf,
  AvgPool2d: windowOf,
  Residual: ({ settings: { stride } }) => ({ size: 3 + 2 * stride, stride, before: 1 + stride, dilation: 1 }),
};

/** The box of a layer's input that a box of its output is made of. */
function before(layer, box) {
  const inputShape = sidesOf(layer.inputShape);
  const window = WINDOWS[layer.type]?.(layer);
  if (!window) {
    const isSame = String(inputShape.slice(1)) === String(sidesOf(layer.outputShape).slice(1));
    return isSame ? box : whole(inputShape);
  }
  const { size, stride, before: padding, dilation } = window;
  const low = (at) => Math.max(0, at * stride - padding);
  const high = (at, length) => Math.min(length - 1, at * stride - padding + (size - 1) * dilation);
  return {
    top: low(box.top),
    bottom: high(box.bottom, inputShape[1]),
    left: low(box.left),
    right: high(box.right, inputShape[2]),
  };
}

/**
 * The part of the input that can change a cell, by the windows of all layers before it.
 * @param {import("./shapes.js").Layer[]} layers
 * @param {import("./navigation.js").Stop} stop a cell; of the input, itself
 * @returns {Box}
 */
export function receptiveField(layers, { layer, unit, row, column }) {
  let box = { top: row, bottom: row, left: column, right: column };
  let of = unit; // which unit, as long as that says where it lies: a flattened one is one cell of the maps
  for (let at = layer; at >= 0; at -= 1) {
    if (layers[at].type === "Flatten" && of !== null) {
      const cell = cellOf(layers[at].inputShape, of);
      box = { top: cell.row, bottom: cell.row, left: cell.column, right: cell.column };
      of = cell.unit;
      continue;
    }
    if (["Linear", "Softmax", "GlobalAvgPool"].includes(layers[at].type)) of = null;
    box =
      of === null && layers[at].type !== "GlobalAvgPool"
        ? whole(sidesOf(layers[at].inputShape))
        : before(layers[at], box);
  }
  return box;
}
