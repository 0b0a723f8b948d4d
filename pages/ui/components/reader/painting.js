// A layer's maps on the canvas of its row. Drawing reads what it is given and keeps nothing.

import { cells, setSize } from "../base/canvas.js";
import { colourOf, css } from "../base/colours.js";

/** @typedef {import("../base/colours.js").Palette} Palette */
/** @typedef {import("./rows.js").Output} Output */

/**
 * The largest magnitude in a layer, for its colour scale; 1 where all is zero.
 * @param {Float32Array} values
 * @returns {number}
 */
export function limitOf(values) {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most > 0 && Number.isFinite(most) ? most : 1;
}

/**
 * Paint the first maps of a layer, or its vector, side by side.
 * @param {HTMLCanvasElement} canvas
 * @param {{shape: number[], values: Float32Array}} output
 * @param {ReturnType<typeof import("./rows.js").placed>} place
 * @param {{palette: Palette, ratio: number, height: number, gray: boolean}} look
 */
export function paintRow(canvas, { shape, values }, place, { palette, ratio, height, gray }) {
  const { count, across, size, gap } = place;
  const lines = Math.ceil(count / across);
  const isVector = shape.length === 1;
  const tall = isVector ? height - 8 : size;
  const [width, all] = [across * (size + gap) - gap, lines * (tall + gap) - gap];
  const fit = [Math.round((width + 2) * ratio), Math.round((all + 2) * ratio)];
  if (canvas.width !== fit[0] || canvas.height !== fit[1]) setSize(canvas, ...fit, ratio);
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, ratio, ratio);
  context.clearRect(-1, -1, width + 2, all + 2);
  context.imageSmoothingEnabled = false;
  context.strokeStyle = css(palette.border);
  const limit = limitOf(values);
  const scale = gray ? { kind: "gray", limits: [0, 1] } : { kind: "signed", limits: [-limit, limit] };
  const [rows, columns] = isVector ? [1, 1] : shape.slice(1);
  // All maps below each other at one pixel a cell, as they lie in memory, so that each is one enlarged copy.
  const stack = cells(count * rows, columns, (k) => colourOf(values[k], scale, palette));
  for (let k = 0; k < count; k += 1) {
    const [x, y] = [(k % across) * (size + gap), Math.floor(k / across) * (tall + gap)];
    context.drawImage(stack, 0, k * rows, columns, rows, x, y, size, tall);
    if (!isVector) context.strokeRect(x - 0.5, y - 0.5, size + 1, tall + 1);
  }
  if (isVector) context.strokeRect(-0.5, -0.5, width + 1, all + 1);
}
