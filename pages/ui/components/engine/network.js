// A network of a description and its weights: what every layer answers to an image.

import { Softmax } from "./layers/softmax.js";
import { LAYERS } from "./layers.js";
import { tensorsOf } from "./safetensors.js";

/**
 * @typedef {{name: string, title: string, type: string, shape: number[], values: Float32Array}} Output
 *
 * @param {{layers: {name: string, title: string, type: string, settings: Object, inputShape: number[],
 *   outputShape: number[]}[], inputShape: number[]}} description as `describe` of Python gives it
 * @param {ArrayBuffer} weights a safetensors file; the tensors of a layer begin with its name and a point
 * @returns {(input: Float32Array) => {outputs: Output[], probabilities: Float32Array}} the values `(C, H, W)` of each
 *   layer in order, and the softmax of the last one's. Throws for an input of another length.
 */
export function network({ layers, inputShape }, weights) {
  const tensors = Object.entries(tensorsOf(weights));
  const steps = layers.map((layer) => {
    const own = tensors.filter(([name]) => name.startsWith(`${layer.name}.`));
    const named = own.map(([name, values]) => [name.slice(layer.name.length + 1), values]);
    if (!(layer.type in LAYERS)) throw new Error(`The browser knows no layer of type ${layer.type}.`);
    return LAYERS[layer.type]({ ...layer, tensors: Object.fromEntries(named) });
  });
  const length = inputShape.reduce((product, side) => product * side, 1);
  const shares = Softmax({ outputShape: layers.at(-1).outputShape });
  return (input) => {
    if (input.length !== length)
      throw new Error(`The input has ${input.length} values instead of ${length}.`);
    let values = input;
    const outputs = layers.map(({ name, title, type, outputShape }, at) => {
      values = steps[at](values);
      return { name, title, type, shape: outputShape, values };
    });
    return { outputs, probabilities: shares(values) };
  };
}
