// Flatten: all cells of all maps in one line, in the order map, row, column.

import { indexOf, sidesOf } from "../shapes.js";

/** Which cell of the maps becomes a value of the vector. */
export function cellOf(shape, unit) {
  const [, rows, columns] = sidesOf(shape);
  const cell = unit % (rows * columns);
  return {
    unit: Math.floor(unit / (rows * columns)),
    row: Math.floor(cell / columns),
    column: cell % columns,
  };
}

/** @type {import("../views.js").View} */
export const Flatten = {
  does: "Flatten writes the cells of all maps one after the other: map by map, row by row.",
  sources: ({ inputShape }, unit) => [{ unit: cellOf(inputShape, unit).unit, size: 1, sign: 0 }],
  trace({ inputShape }, { unit }, input) {
    const cell = cellOf(inputShape, unit);
    const value = input[indexOf(inputShape, cell.unit, cell.row, cell.column)];
    const [, rows, columns] = sidesOf(inputShape);
    const factors = [{ ...cell, inside: true, value, weight: null }];
    const line = `map ${cell.unit} × ${rows * columns} + row ${cell.row} × ${columns} + column ${cell.column} = value ${unit}`;
    const group = { unit: cell.unit, across: 1, factors, scale: null, sum: value };
    return { how: "one", groups: [group], bias: null, value, line };
  },
};
