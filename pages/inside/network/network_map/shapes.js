// Layers as the map knows them, and places in them. A vector's units are maps of one cell. Plain numbers only.

/**
 * @typedef {{type: string, name: string, title: string, settings: Object, inputShape: number[], outputShape: number[],
 *   tensors: Object<string, Float32Array>}} Layer
 * @typedef {{layer: number, unit: number, row: number, column: number}} Place `layer` −1 is the network's input
 */

/**
 * A shape as maps × rows × columns.
 * @param {number[]} shape (C, H, W) or (K)
 * @returns {[number, number, number]}
 */
export function sidesOf(shape) {
  return shape.length === 3 ? shape : [shape[0], 1, 1];
}

/**
 * Where a cell lies in the flat values of a layer.
 * @param {number[]} shape
 * @param {number} unit
 * @param {number} row
 * @param {number} column
 * @returns {number}
 */
export function indexOf(shape, unit, row, column) {
  const [, rows, columns] = sidesOf(shape);
  return (unit * rows + row) * columns + column;
}

/**
 * The layers of a network with their own tensors; behind them the softmax that makes probabilities of the last one's.
 * @param {{layers: Layer[]}} description as `describe` of Python gives it
 * @param {Object<string, Float32Array>} tensors by their names in the file
 * @returns {Layer[]}
 */
export function layersOf({ layers }, tensors) {
  const all = Object.entries(tensors);
  const own = ({ name }) =>
    all
      .filter(([key]) => key.startsWith(`${name}.`))
      .map(([key, values]) => [key.slice(name.length + 1), values]);
  const last = layers.at(-1).outputShape;
  return [
    ...layers.map((layer) => ({ ...layer, tensors: Object.fromEntries(own(layer)) })),
    {
      ...{ type: "Softmax", name: "probabilities", title: "Softmax", settings: {}, tensors: {} },
      ...{ inputShape: last, outputShape: last },
    },
  ];
}

/**
 * The window of a layer that slides over maps: its side, step, the padding before it, and the step between its cells.
 * @param {Layer} layer
 * @returns {{size: number, stride: number, before: number, dilation: number}}
 */
export function windowOf({ settings: { kernel_size: size, stride, padding = 0, dilation = 1 } }) {
  const before = padding === "same" ? Math.floor((dilation * (size - 1)) / 2) : padding;
  return { size, stride: stride ?? size, before, dilation };
}

/**
 * The cells of a window in the order of a kernel's weights; `inside` is false in the padding.
 * @param {ReturnType<typeof windowOf>} window
 * @param {number[]} inputShape
 * @param {number} row of the output
 * @param {number} column of the output
 * @returns {{row: number, column: number, inside: boolean}[]}
 */
export function cellsOf({ size, stride, before, dilation }, [, height, width], row, column) {
  return Array.from({ length: size * size }, (_, k) => {
    const y = row * stride - before + Math.floor(k / size) * dilation;
    const x = column * stride - before + (k % size) * dilation;
    return { row: y, column: x, inside: y >= 0 && y < height && x >= 0 && x < width };
  });
}
