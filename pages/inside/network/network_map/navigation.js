// Where one is: the way from the map to a unit, to a cell, and on to the cells that it is made of. Pure functions.

import { sidesOf } from "./shapes.js";

/**
 * @typedef {{layer: number, unit: number, row: number | null, column: number | null}} Stop a unit, or one of its cells
 *   where it has a row; `layer` −1 is the input
 */

const same = (one, other) =>
  one.layer === other.layer &&
  one.unit === other.unit &&
  one.row === other.row &&
  one.column === other.column;

/**
 * The way on to a stop; where one has been there before, back to it.
 * @param {Stop[]} trail
 * @param {Stop} stop
 * @returns {Stop[]}
 */
export function onwards(trail, stop) {
  const at = trail.findIndex((known) => same(known, stop));
  return at < 0 ? [...trail, stop] : trail.slice(0, at + 1);
}

/**
 * What opens of a unit: its only cell, or all of it.
 * @param {number[]} shape of its layer
 * @param {number} layer
 * @param {number} unit
 * @returns {Stop}
 */
export function stopOf(shape, layer, unit) {
  const [, rows, columns] = sidesOf(shape);
  return rows * columns === 1 ? { layer, unit, row: 0, column: 0 } : { layer, unit, row: null, column: null };
}

/**
 * A stop as a link has it: "conv2.17" or "conv2.17.4.6"; "" for the map.
 * @param {Stop | undefined} stop
 * @param {{name: string}[]} layers
 * @returns {string}
 */
export function textOf(stop, layers) {
  if (!stop) return "";
  const name = stop.layer < 0 ? "input" : layers[stop.layer].name;
  const cell = stop.row === null ? [] : [stop.row, stop.column];
  return [name, stop.unit, ...cell].join(".");
}

/**
 * The stop of such a text; null where this network has none of that kind.
 * @param {string} text
 * @param {{name: string, outputShape: number[]}[]} layers
 * @param {number[]} inputShape
 * @returns {Stop | null}
 */
export function parsed(text, layers, inputShape) {
  const [name, ...numbers] = text.split(".");
  const layer = name === "input" ? -1 : layers.findIndex((one) => one.name === name);
  if (!numbers.every((number) => /^\d{1,6}$/.test(number)) || ![1, 3].includes(numbers.length)) return null;
  if (layer < 0 && name !== "input") return null;
  const shape = layer < 0 ? inputShape : layers[layer].outputShape;
  const [unit, row = null, column = null] = numbers.map(Number);
  const [units, rows, columns] = sidesOf(shape);
  if (unit >= units || (row !== null && (row >= rows || column >= columns))) return null;
  return row === null ? stopOf(shape, layer, unit) : { layer, unit, row, column };
}
