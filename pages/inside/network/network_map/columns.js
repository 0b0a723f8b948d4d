// Which layers are columns of the map: each of them, or where that is too many, each with those that finish it.

import { FINISHING } from "../../../ui/components/reader/rows.js";

/**
 * @typedef {{layer: number, first: number, name: string, also: string, size: string}} Shown a column: it shows what
 *   `layer` answers, and is made of all layers from `first` on; −1 is the input
 */

/**
 * A column for every layer, and the input before them.
 * @param {{layers: {type: string}[], names: string[], sizes: string[]}} model names and sizes begin with the input's
 * @returns {Shown[]}
 */
export function everyLayer({ layers, names, sizes }) {
  return [-1, ...layers.keys()].map((layer) => ({
    ...{ layer, first: layer, also: "" },
    ...{ name: names[layer + 1], size: sizes[layer + 1] },
  }));
}

/**
 * Columns in which activations, batch norm and dropout stand with the layer that they finish: map for map the same.
 * @param {Parameters<typeof everyLayer>[0]} model
 * @returns {Shown[]}
 */
export function inBlocks(model) {
  const columns = [];
  for (const column of everyLayer(model)) {
    const { type } = model.layers[column.layer] ?? {};
    const before = columns.at(-1);
    const isLast = column.layer === model.layers.length - 1;
    if (!isLast && before && before.layer >= 0 && (FINISHING.has(type) || type === "Dropout")) {
      const word = column.name.replace(/\d+$/, "");
      before.also = type === "Dropout" ? before.also : [before.also, word].filter(Boolean).join(", ");
      before.layer = column.layer;
    } else columns.push(column);
  }
  return columns;
}
