// What Python sent, as grids that can be drawn: all units, the one looked at, and what stands beside it.

import { colourOf } from "../base/colours.js";
import { unpack } from "../base/message.js";
import { block } from "./grid.js";

/**
 * @typedef {{count: number, rows: number, columns: number, colour: Function, value: Function, limit: number,
 *   scale: "signed" | "positive" | "pixels" | "colour"}} Grid
 *   `colour(tile, row, column, palette)` and `value(tile, row, column)`, which is null where there is none
 */

/**
 * The message, its values still flat.
 * @param {Uint8Array} bytes
 * @returns {Object<string, any>}
 */
export function read(bytes) {
  const content = unpack(bytes);
  const [count, rows, columns] = content.shape;
  return { ...content, count, rows, columns, units: count / content.group };
}

const pickScale = (scale, limit) => ({
  kind: scale === "pixels" ? "gray" : "signed",
  limits: [scale === "signed" ? -limit : 0, limit],
});

/** A grid of single values. */
function plain(count, rows, columns, value, scale, limitOf) {
  return {
    count,
    rows,
    columns,
    value,
    scale,
    limitOf,
    colour: (tile, row, column, palette) => {
      const found = value(tile, row, column);
      return found === null ? palette.background : colourOf(found, pickScale(scale, limitOf(tile)), palette);
    },
  };
}

const valueIn =
  ({ values, rows, columns }) =>
  (slice, row, column) =>
    values[(slice * rows + row) * columns + column];

/**
 * Three weights as one colour: 0 is the middle of each channel, the limit its full light, −limit none.
 * @param {number[]} weights
 * @param {number} limit
 * @returns {[number, number, number]}
 */
export function colourOfWeights(weights, limit) {
  return weights.map((weight) => Math.round(255 * Math.min(1, Math.max(0, 0.5 + weight / (2 * limit)))));
}

/**
 * Every unit as one tile.
 * @param {Object<string, any>} content
 * @returns {Grid}
 */
export function allUnits(content) {
  const { group, kind, rows, columns, scale, limits, units } = content;
  const at = valueIn(content);
  if (kind === "colour") return colours(content, 0, units);
  if (group === 1) return plain(units, rows, columns, at, scale, (tile) => limits[tile]);
  const shape = block(group, rows, columns);
  const value = (tile, row, column) => {
    const slice = Math.floor(row / rows) * shape.across + Math.floor(column / columns);
    return slice < group ? at(tile * group + slice, row % rows, column % columns) : null;
  };
  return plain(units, shape.rows, shape.columns, value, scale, (tile) => limits[tile]);
}

/** Units of three channels in colour, `count` of them from `first` on. */
function colours(content, first, count) {
  const { rows, columns, limits } = content;
  const at = valueIn(content);
  const channels = (tile, row, column) =>
    [0, 1, 2].map((channel) => at(3 * (first + tile) + channel, row, column));
  return {
    count,
    rows,
    columns,
    scale: "colour",
    limitOf: (tile) => limits[first + tile],
    value: channels,
    colour: (tile, row, column) => colourOfWeights(channels(tile, row, column), limits[first + tile]),
  };
}

/**
 * The unit looked at, large: alone, or all its slices.
 * @param {Object<string, any>} content
 * @param {number} unit
 * @returns {Grid}
 */
export function oneUnit(content, unit) {
  const { group, kind, rows, columns, scale, limits } = content;
  if (kind === "colour") return colours(content, unit, 1);
  const at = valueIn(content);
  return plain(
    group,
    rows,
    columns,
    (tile, row, column) => at(unit * group + tile, row, column),
    scale,
    () => limits[unit],
  );
}

/**
 * What stands beside the unit looked at, each with its title: the slice that is chosen, then what Python added.
 * @param {Object<string, any>} content
 * @param {number} unit
 * @param {number} slice
 * @returns {{title: string, grid: Grid}[]}
 */
export function beside(content, unit, slice) {
  const { group, rows, columns, limits, sliceNames, further } = content;
  const found = [];
  const at = valueIn(content);
  if (content.kind === "colour")
    for (const [channel, title] of sliceNames.entries()) {
      const value = (_tile, row, column) => at(3 * unit + channel, row, column);
      found.push({ title, grid: plain(1, rows, columns, value, "signed", () => limits[unit]) });
    }
  else if (group > 1) {
    const value = (_tile, row, column) => at(unit * group + slice, row, column);
    found.push({
      title: sliceNames[slice],
      grid: plain(1, rows, columns, value, content.scale, () => limits[unit]),
    });
  }
  for (const [place, { title, shape, scale, own }] of further.entries())
    found.push({ title, grid: furtherGrid(content[`further${place}`], shape, scale, own, limits, unit) });
  return found;
}

/** A picture that Python added: one for all units, gray or in colour, or each unit's own. */
function furtherGrid(values, [count, rows, columns], scale, own, limits, unit) {
  const at = (tile, row, column) => values[(tile * rows + row) * columns + column];
  if (own)
    return plain(
      1,
      rows,
      columns,
      (_tile, row, column) => at(unit, row, column),
      scale,
      () => limits[unit],
    );
  if (count === 1) return plain(1, rows, columns, at, scale, () => 1);
  const channels = (_tile, row, column) => [0, 1, 2].map((channel) => at(channel, row, column));
  return {
    count: 1,
    rows,
    columns,
    scale: "pixels",
    limitOf: () => 1,
    value: channels,
    colour: (tile, row, column) =>
      channels(tile, row, column).map((share) => Math.round(255 * Math.min(1, Math.max(0, share)))),
  };
}
