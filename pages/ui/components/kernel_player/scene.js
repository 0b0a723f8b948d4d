// What came from Python (scene.py's `Scene`), and the numbers of one output cell in it.

import { unpack } from "../base/message.js";
import { exactDecimals } from "../base/numbers.js";
import { pixelOf } from "./geometry.js";

/**
 * The scene that a message holds, with the decimals in which pixels, weights and values are printed.
 * @param {Uint8Array} bytes
 */
export function read(bytes) {
  const scene = unpack(bytes);
  const pixel = exactDecimals(scene.padded.filter(Number.isFinite), scene.largest.pixel);
  const filters = scene.filters.map((filter, number) => ({
    ...filter,
    output: scene[`output${number}`],
    weight: scene[`weight${number}`],
  }));
  return withFilter({ ...scene, filters, places: { pixel } }, scene.filter);
}

/** The scene with another of its filters at work; a scene without filters is one operation, and stays as it is. */
export function withFilter(scene, number) {
  const filter = scene.filters[number] ?? scene;
  const { output, weight, bias, scales, largest } = filter;
  const places = {
    pixel: scene.places.pixel,
    value: exactDecimals(output.filter(Number.isFinite), largest.value),
  };
  if (weight) places.weight = exactDecimals(weight, scales.kernel);
  return {
    ...scene,
    filter: number,
    output,
    weight,
    bias,
    scales: { ...scene.scales, ...scales },
    largest: { ...scene.largest, ...largest },
    places,
  };
}

/** Where the shown channel's plane begins in the padded input. */
export function channelPlane(data, channel) {
  return channel * data.shape.padded[0] * data.shape.padded[1];
}

/** The decimals in which products are printed: the output's, or more where the output happens to be round. */
export function productPlaces(data, products) {
  return Math.max(data.places.value, exactDecimals(products, data.scales.products));
}

/** The numbers of one output cell in one channel: {pixels, weights, products}, row by row. */
export function termsOf(data, row, col, channel) {
  const [kh, kw] = data.shape.kernel;
  const plane = channelPlane(data, channel);
  const pixels = [];
  const weights = [];
  const products = [];
  for (let i = 0; i < kh; i += 1) {
    for (let j = 0; j < kw; j += 1) {
      const [y, x] = pixelOf(data.shape, row, col, i, j);
      const pixel = data.padded[plane + y * data.shape.padded[1] + x];
      pixels.push(pixel);
      if (data.weight) {
        const weight = data.weight[channel * kh * kw + i * kw + j];
        weights.push(weight);
        products.push(pixel * weight);
      }
    }
  }
  return { pixels, weights, products };
}

/** The place of the window that won this cell of a max pooling, or null. */
export function winnerOf(data, row, col) {
  if (!data.winners) return null;
  const at = 2 * (row * data.shape.output[1] + col);
  const y = data.winners[at] + data.shape.offset[0];
  const x = data.winners[at + 1] + data.shape.offset[1];
  if (data.winners[at] < 0) return null;
  const [top, left] = pixelOf(data.shape, row, col, 0, 0);
  return [(y - top) / data.shape.dilation[0], (x - left) / data.shape.dilation[1]];
}

/** The sum of each channel's products at an output cell: [{value, label}]. */
export function sumsOf(data, row, col) {
  return data.channels.map((label, c) => ({
    value: termsOf(data, row, col, c).products.reduce((sum, product) => sum + product, 0),
    label,
  }));
}

/** Whether this cell's value is asked for, and so hidden. */
export function isAsked(data, row, col) {
  return Boolean(data.question) && data.question[0] === row && data.question[1] === col;
}
