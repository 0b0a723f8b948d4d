// The tiles of one moment: kernels or maps, from bytes, through a table of 256 colours.

import { colourOf, css } from "../../../ui/components/base/colours.js";
import { fitted } from "./axis.js";

const ZERO = 128;
const LEVELS = 127;
const LARGEST = 40; // px of a cell

/**
 * The magnitude that the full colour stands for.
 * @param {Float32Array} limits of each moment
 * @param {number} index
 * @param {boolean} together whether all moments share it
 * @returns {number}
 */
export function fullScale(limits, index, together) {
  return together ? Math.max(...limits) : limits[index];
}

/**
 * @param {CanvasRenderingContext2D} context scaled to CSS pixels
 * @param {{shape: number[], group: number, bytes: Uint8Array, limits: Float32Array}} tiles
 * @param {{x: number, width: number, height: number, index: number, together: boolean, palette: object}} look
 */
export function drawTiles(context, { shape, group, bytes, limits }, look) {
  const { x: left, width, height, index, together, palette } = look;
  const [count, h, w] = shape;
  const full = fullScale(limits, index, together);
  const table = new Uint32Array(256);
  for (let level = 0; level < 256; level += 1) {
    const value = ((level - ZERO) / LEVELS) * limits[index];
    const [r, g, b] = colourOf(value, { kind: "signed", limits: [-full, full] }, palette);
    table[level] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  const size = count * h * w;
  const atlas = new OffscreenCanvas(w, count * h);
  const image = new ImageData(w, count * h);
  const pixels = new Uint32Array(image.data.buffer);
  for (let k = 0; k < size; k += 1) pixels[k] = table[bytes[index * size + k]];
  atlas.getContext("2d").putImageData(image, 0, 0);
  const gap = count > 1 ? 4 : 2;
  const { cell, columns } = fitted({ width, height, shape, group, gap, most: LARGEST });
  context.imageSmoothingEnabled = cell < 1;
  context.strokeStyle = css(palette.border);
  context.lineWidth = 1;
  for (let tile = 0; tile < count; tile += 1) {
    const x = left + gap + (tile % columns) * (w * cell + gap);
    const y = gap + Math.floor(tile / columns) * (h * cell + gap);
    context.drawImage(atlas, 0, tile * h, w, h, x, y, w * cell, h * cell);
    context.strokeRect(x - 0.5, y - 0.5, w * cell + 1, h * cell + 1);
  }
}

/** The image that the maps answer to, in gray or in colour, `side` px high and wide at most. */
export function drawImage(context, image, [h, w, channels], side) {
  const canvas = new OffscreenCanvas(w, h);
  const data = new ImageData(w, h);
  for (let k = 0; k < h * w; k += 1) {
    for (let part = 0; part < 3; part += 1)
      data.data[4 * k + part] = image[k * channels + (channels === 3 ? part : 0)];
    data.data[4 * k + 3] = 255;
  }
  canvas.getContext("2d").putImageData(data, 0, 0);
  const factor = Math.max(1, Math.floor(side / Math.max(h, w)));
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, 0, 2, w * factor, h * factor);
  return w * factor;
}
