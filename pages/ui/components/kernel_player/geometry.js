// Which cells belong together. Pure functions of plain numbers.
// Rows and columns of the input are counted in the padded input; (0, 0) is the padding's upper left corner.

import { clamp } from "../base/numbers.js";

/** @typedef {import("../base/canvas.js").Rect} Rect */
/** @typedef {[number, number]} Pair rows and columns */
/**
 * @typedef {{image: Pair, padded: Pair, offset: Pair, output: Pair, kernel: Pair, stride: Pair, dilation: Pair}} Shape
 *   what `Scene` of scene.py is in numbers of cells
 */

/**
 * The padded pixel that place (i, j) of the kernel reads for output cell (row, col).
 * @param {Shape} shape
 * @param {number} row
 * @param {number} col
 * @param {number} i
 * @param {number} j
 * @returns {Pair}
 */
export function pixelOf(shape, row, col, i, j) {
  return [row * shape.stride[0] + i * shape.dilation[0], col * shape.stride[1] + j * shape.dilation[1]];
}

/**
 * The window of output cell (row, col): its first padded pixel and how many it spans.
 * @param {Shape} shape
 * @param {number} row
 * @param {number} col
 * @returns {{top: number, left: number, rows: number, columns: number}}
 */
export function windowOf(shape, row, col) {
  const [top, left] = pixelOf(shape, row, col, 0, 0);
  const span = (axis) => shape.dilation[axis] * (shape.kernel[axis] - 1) + 1;
  return { top, left, rows: span(0), columns: span(1) };
}

/**
 * Every output cell whose window reads padded pixel (y, x), with the place of the kernel that meets it.
 * @param {Shape} shape
 * @param {number} y
 * @param {number} x
 * @returns {{row: number, col: number, i: number, j: number}[]}
 */
export function readersOf(shape, y, x) {
  const along = (axis, at) => {
    const met = [];
    for (let tap = 0; tap < shape.kernel[axis]; tap += 1) {
      const start = at - tap * shape.dilation[axis];
      const cell = start / shape.stride[axis];
      if (Number.isInteger(cell) && cell >= 0 && cell < shape.output[axis]) met.push([cell, tap]);
    }
    return met;
  };
  const columns = along(1, x);
  return along(0, y).flatMap(([row, i]) => columns.map(([col, j]) => ({ row, col, i, j })));
}

/**
 * The output cell whose window has padded pixel (y, x) nearest to its middle.
 * @param {Shape} shape
 * @param {number} y
 * @param {number} x
 * @returns {Pair}
 */
export function cellAround(shape, y, x) {
  const along = (axis, at) => {
    const middle = (shape.dilation[axis] * (shape.kernel[axis] - 1)) / 2;
    return clamp(Math.round((at - middle) / shape.stride[axis]), 0, shape.output[axis] - 1);
  };
  return [along(0, y), along(1, x)];
}

/**
 * The output cell whose window lies where that of cell (row, col) lay before the settings changed: its middle is at the
 * same place in the image, or nearest to it. As `carried` of scene.py has it.
 * @param {Pair} cell
 * @param {Shape} before
 * @param {Shape} after
 * @returns {Pair}
 */
export function carried(cell, before, after) {
  const along = (axis) => {
    const middle = (shape) => (shape.dilation[axis] * (shape.kernel[axis] - 1)) / 2 - shape.offset[axis];
    const was = cell[axis] * before.stride[axis] + middle(before);
    const place = ((was + 0.5) * after.image[axis]) / before.image[axis] - 0.5;
    return clamp(Math.floor((place - middle(after)) / after.stride[axis] + 0.5), 0, after.output[axis] - 1);
  };
  return [along(0), along(1)];
}

/** Whether every cell of two shapes lies at the same place. */
export function isSamePlaces(before, after) {
  return JSON.stringify(before) === JSON.stringify(after);
}

/**
 * The padded pixels that place (i, j) of the kernel visits while the window slides over everything.
 * @param {Shape} shape
 * @param {number} i
 * @param {number} j
 * @returns {{top: number, left: number, rows: number, columns: number}}
 */
export function reachOf(shape, i, j) {
  const [top, left] = pixelOf(shape, 0, 0, i, j);
  const [bottom, right] = pixelOf(shape, shape.output[0] - 1, shape.output[1] - 1, i, j);
  return { top, left, rows: bottom - top + 1, columns: right - left + 1 };
}

/**
 * Whether padded pixel (y, x) is a pixel of the image, not of its padding.
 * @param {Shape} shape
 * @param {number} y
 * @param {number} x
 * @returns {boolean}
 */
export function isPixel(shape, y, x) {
  return (
    y >= shape.offset[0] &&
    y < shape.offset[0] + shape.image[0] &&
    x >= shape.offset[1] &&
    x < shape.offset[1] + shape.image[1]
  );
}

/**
 * The part that two rectangles share, or null.
 * @param {Rect} a
 * @param {Rect} b
 * @returns {Rect | null}
 */
export function intersection(a, b) {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const w = Math.min(a.x + a.w, b.x + b.w) - x;
  const h = Math.min(a.y + a.h, b.y + b.h) - y;
  return w > 0 && h > 0 ? { x, y, w, h } : null;
}

/**
 * The whole-pixel rectangle that holds all of `rects` with their strokes, inside the canvas; null where there are none.
 * @param {Rect[]} rects
 * @param {{width: number, height: number}} canvas
 * @param {number} stroke
 * @returns {Rect | null}
 */
export function around(rects, canvas, stroke) {
  if (!rects.length) return null;
  const x = Math.floor(Math.min(...rects.map((rect) => rect.x)) - stroke);
  const y = Math.floor(Math.min(...rects.map((rect) => rect.y)) - stroke);
  const right = Math.ceil(Math.max(...rects.map((rect) => rect.x + rect.w)) + stroke);
  const bottom = Math.ceil(Math.max(...rects.map((rect) => rect.y + rect.h)) + stroke);
  return intersection(
    { x, y, w: right - x, h: bottom - y },
    { x: 0, y: 0, w: canvas.width, h: canvas.height },
  );
}
