// What places of a network are called, and what is said of them. Pure functions.

import { printed, significant } from "../../../ui/components/base/numbers.js";
import { percent } from "../../../ui/components/reader/bars.js";
import { indexOf, sidesOf } from "./shapes.js";
import { viewOf } from "./views.js";

const COLOURS = ["red", "green", "blue"];

/**
 * What a network is to these sentences: its layers, the shape of its input, the names of its classes.
 * @typedef {{layers: import("./shapes.js").Layer[], inputShape: number[], classes: string[]}} Model
 */

/** The shape of a layer's output; of the input for −1. */
export const shapeOf = ({ layers, inputShape }, layer) =>
  layer < 0 ? inputShape : layers[layer].outputShape;

/** What a layer is called. */
export const layerName = ({ layers }, layer) => (layer < 0 ? "input" : layers[layer].name);

/**
 * A unit without its layer: "map 17", "value 3", the name of a class, a colour of the input.
 * @param {Model} model
 * @param {number} layer
 * @param {number} unit
 * @returns {string}
 */
export function unitName(model, layer, unit) {
  const shape = shapeOf(model, layer);
  if (layer < 0) return shape[0] === 3 ? COLOURS[unit] : shape[0] === 1 ? "pixels" : `channel ${unit}`;
  const isAnswer = layer >= model.layers.length - 2 && model.classes.length === shape[0];
  if (shape.length === 1) return isAnswer ? model.classes[unit] : `value ${unit}`;
  return `map ${unit}`;
}

/**
 * A stop in words: "conv2, map 17, row 3, column 5".
 * @param {Model} model
 * @param {import("./navigation.js").Stop} stop
 * @returns {string}
 */
export function stopName(model, { layer, unit, row, column }) {
  const [, rows, columns] = sidesOf(shapeOf(model, layer));
  const cell = row === null || rows * columns === 1 ? "" : `, row ${row}, column ${column}`;
  return `${layerName(model, layer)}, ${unitName(model, layer, unit)}${cell}`;
}

/**
 * A single value as it stands alone; a probability as the bars have it.
 * @param {Model} model
 * @param {number} layer
 * @param {number} value
 * @returns {string}
 */
export function valueText({ layers }, layer, value) {
  return layer === layers.length - 1 ? percent(Math.min(value, 1 - 1e-7)) : significant(value, 4);
}

/**
 * What a unit holds, in words: its range, or its one value.
 * @param {Model} model
 * @param {number} layer
 * @param {number} unit
 * @param {Float32Array} values of the layer
 * @returns {string}
 */
export function contentsOf(model, layer, unit, values) {
  const shape = shapeOf(model, layer);
  const [, rows, columns] = sidesOf(shape);
  const from = indexOf(shape, unit, 0, 0);
  if (rows * columns === 1) return valueText(model, layer, values[from]);
  let [least, most] = [Infinity, -Infinity];
  for (let k = from; k < from + rows * columns; k += 1) {
    if (values[k] < least) least = values[k];
    if (values[k] > most) most = values[k];
  }
  if (least === 0 && most === 0) return "0 everywhere";
  return `${printed(least, 2)} to ${printed(most, 2)}`;
}

/**
 * What a unit is made of, in words: how many maps it reads, and of which the most.
 * @param {Model} model
 * @param {number} layer
 * @param {number} unit
 * @returns {string}
 */
export function madeOf(model, layer, unit) {
  if (layer < 0) return "what the network gets";
  const sources = viewOf(model.layers[layer]).sources(model.layers[layer], unit);
  const before = layerName(model, layer - 1);
  if (sources.length === 0) return "";
  if (sources.length === 1) {
    const only = unitName(model, layer - 1, sources[0].unit);
    return only === "pixels" ? "made of the input" : `made of ${before}, ${only}`;
  }
  const [most] = sources.toSorted((one, other) => other.size - one.size);
  return `made of ${sources.length} of ${before}, most of ${unitName(model, layer - 1, most.unit)}`;
}

/**
 * How much of the input a cell sees, in words.
 * @param {import("./reach.js").Box} box
 * @returns {string}
 */
export function seenWords({ top, bottom, left, right }) {
  const [high, wide] = [bottom - top + 1, right - left + 1];
  return high * wide === 1 ? "this pixel" : `it sees ${high}×${wide} pixels`;
}
