// How each layer type is taken apart, by the name that it has in LAYER_TYPES of cnn_core/networks/layers.
//
// A view says of a unit (a map, or one value of a vector) which units of the layer before it is made of (`sources`), of
// a cell what it is made of (`trace`), and where a kernel makes a map of each map, which maps these are (`parts`).

import { GELU, LeakyReLU, ReLU, Sigmoid, SiLU, Tanh } from "./views/activations.js";
import { AvgPool2d } from "./views/avg_pool2d.js";
import { BatchNorm } from "./views/batch_norm.js";
import { Conv2d } from "./views/conv2d.js";
import { Flatten } from "./views/flatten.js";
import { GlobalAvgPool } from "./views/global_avg_pool.js";
import { Linear } from "./views/linear.js";
import { MaxPool2d } from "./views/max_pool2d.js";
import { PLAIN } from "./views/plain.js";
import { Residual } from "./views/residual.js";
import { SeparableConv2d } from "./views/separable_conv2d.js";
import { Softmax } from "./views/softmax.js";
import { Dropout } from "./views/unchanged.js";

/**
 * @typedef {import("./shapes.js").Layer} Layer
 * @typedef {{unit: number, size: number, sign: number}} Source `sign` is 0 where no weight has one
 * @typedef {{unit: number, row: number, column: number, inside: boolean, value: number, weight: number | null}} Factor
 * @typedef {{unit: number, across: number, factors: Factor[], scale: number | null, sum: number, label?: string}} Group
 *   what one unit of the layer before adds: the sum of its products, times `scale` where there is one
 * @typedef {{how: "sum" | "largest" | "mean" | "one" | "share", groups: Group[], bias: number | null, value: number,
 *   line?: string, divisor?: number}} Trace `line` is the arithmetic, where it is no sum of the groups
 * @typedef {{unit: number, kernel: ArrayLike<number>, across: number, scale: number | null,
 *   values: () => Float32Array}} Part
 * @typedef {{does: string, sources: (layer: Layer, unit: number) => Source[],
 *   trace: (layer: Layer, place: import("./shapes.js").Place, input: Float32Array, output: Float32Array) => Trace,
 *   parts?: (layer: Layer, unit: number, input: Float32Array) => Part[],
 *   bias?: (layer: Layer, unit: number) => number | null}} View
 */

export const VIEWS = {
  ...{ Conv2d, SeparableConv2d, Residual },
  ...{ MaxPool2d, AvgPool2d, GlobalAvgPool },
  ...{ BatchNorm, Dropout, Flatten, Linear },
  ...{ ReLU, LeakyReLU, GELU, SiLU, Tanh, Sigmoid, Softmax },
};

/**
 * The view of a layer; one of a type that has none shows what goes in and what comes out.
 * @param {Layer} layer
 * @returns {View}
 */
export function viewOf({ type }) {
  return VIEWS[type] ?? PLAIN;
}
