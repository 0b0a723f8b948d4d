// The depthwise-separable convolution: a kernel for each map alone, then what it gives times one weight a map.

import { cellsOf, windowOf } from "../shapes.js";
import { grouped, slid, strengthOf } from "./conv2d.js";

const kernelOf = ({ tensors, settings: { kernel_size: size } }, channel) =>
  tensors["depthwise.weight"].subarray(channel * size * size, (channel + 1) * size * size);
const scaleOf = ({ tensors, inputShape: [channels] }, unit, channel) =>
  tensors["pointwise.weight"][unit * channels + channel];
const biasOf = ({ tensors }, unit) => tensors["pointwise.bias"]?.[unit] ?? null;
const each = ({ inputShape: [channels] }, make) =>
  Array.from({ length: channels }, (_, channel) => make(channel));

/** @type {import("../views.js").View} */
export const SeparableConv2d = {
  does: "A kernel slides over each map alone; each result is multiplied by one weight, and all are added up.",
  bias: biasOf,
  sources: (layer, unit) =>
    each(layer, (channel) => {
      const { size, sign } = strengthOf(kernelOf(layer, channel));
      const scale = scaleOf(layer, unit, channel);
      return { unit: channel, size: size * Math.abs(scale), sign: sign * Math.sign(scale) };
    }),
  trace(layer, { unit, row, column }, input) {
    const cells = cellsOf(windowOf(layer), layer.inputShape, row, column);
    const groups = each(layer, (channel) => {
      const group = grouped(channel, cells, kernelOf(layer, channel), layer, input);
      const scale = scaleOf(layer, unit, channel);
      return { ...group, scale, sum: group.sum * scale };
    });
    const bias = biasOf(layer, unit);
    return { how: "sum", groups, bias, value: groups.reduce((sum, group) => sum + group.sum, bias ?? 0) };
  },
  parts: (layer, unit, input) =>
    each(layer, (channel) => {
      const [kernel, scale, window] = [
        kernelOf(layer, channel),
        scaleOf(layer, unit, channel),
        windowOf(layer),
      ];
      const values = () => slid(input, channel, kernel, window, layer).map((value) => value * scale);
      return { unit: channel, kernel, across: window.size, scale, values };
    }),
};
