// From ink on paper to a network's input: the twin of cnn_core/data/drawing.py.

import { clamp, units } from "../base/numbers.js";

/** @typedef {{box: number, byMass: boolean}} Preparation how a dataset's images were made, as `Preparation` in Python */

export const SIDE = 28;
export const MNIST = { box: 20, byMass: true };
const INK_AT_LEAST = 0.1; // below it a pixel is paper
const MASS_AT = 14; // row and column where the centre of mass comes to lie, within half a pixel

/** Pixels with their size: {values, height, width}. */
const picture = (values, height, width) => ({ values, height, width });

/**
 * The part of the paper that has ink; null where there is none.
 * @param {Float32Array} ink
 * @param {number} side
 */
function cropped(ink, side) {
  let [top, bottom, left, right] = [side, 0, side, 0];
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      if (ink[row * side + column] < Math.fround(INK_AT_LEAST)) continue;
      if (row < top) top = row;
      if (row >= bottom) bottom = row + 1;
      if (column < left) left = column;
      if (column >= right) right = column + 1;
    }
  }
  if (bottom === 0) return null;
  const [height, width] = [bottom - top, right - left];
  const values = new Float32Array(height * width);
  for (let k = 0; k < values.length; k += 1) {
    const value = ink[(top + Math.floor(k / width)) * side + left + (k % width)];
    values[k] = value < Math.fround(INK_AT_LEAST) ? 0 : value;
  }
  return picture(values, height, width);
}

/** Which old pixels each new one covers, and with what share: a list of [first old pixel, shares] for each new one. */
function areas(length, newLength) {
  const step = length / newLength;
  return Array.from({ length: newLength }, (_, k) => {
    const [start, end] = [k * step, k * step + step];
    const first = Math.floor(start);
    const shares = [];
    for (let old = first; old < Math.min(length, Math.ceil(end)); old += 1) {
      shares.push(Math.max(0, Math.min(end, old + 1) - Math.max(start, old)) / step);
    }
    return [first, shares];
  });
}

/** Each new pixel is the mean of the area that it covers. */
function resized({ values, height, width }, newHeight, newWidth) {
  const down = areas(height, newHeight);
  const across = areas(width, newWidth);
  const rows = new Float64Array(newHeight * width);
  down.forEach(([first, shares], row) => {
    shares.forEach((share, k) => {
      for (let column = 0; column < width; column += 1)
        rows[row * width + column] += share * values[(first + k) * width + column];
    });
  });
  const small = new Float32Array(newHeight * newWidth);
  for (let row = 0; row < newHeight; row += 1) {
    across.forEach(([first, shares], column) => {
      const sum = shares.reduce((total, share, k) => total + share * rows[row * width + first + k], 0);
      small[row * newWidth + column] = clamp(sum, 0, 1);
    });
  }
  return picture(small, newHeight, newWidth);
}

/** The longer side becomes `longest`; a half goes to even, as in Python. */
function shrunk(image, longest) {
  const scale = longest / Math.max(image.height, image.width);
  const sized = (length) => Math.max(1, units(length * scale, 0));
  return resized(image, sized(image.height), sized(image.width));
}

function inTheMiddle({ values, height, width }) {
  const placed = new Float32Array(SIDE * SIDE);
  const [top, left] = [Math.ceil((SIDE - height) / 2), Math.ceil((SIDE - width) / 2)];
  for (let row = 0; row < height; row += 1)
    placed.set(values.subarray(row * width, (row + 1) * width), (top + row) * SIDE + left);
  return placed;
}

function centreOfMass(image) {
  let [total, down, across] = [0, 0, 0];
  image.forEach((value, k) => {
    total += value;
    down += value * Math.floor(k / SIDE);
    across += value * (k % SIDE);
  });
  return [down / total, across / total];
}

/** The whole pixels from a centre of mass to `MASS_AT`; of two as near, the smaller, as after any rounding error. */
const pixelsTo = (mass) => Math.floor(MASS_AT - mass + 0.5 - 1e-4);

/** Moved by whole pixels; zeros come in. */
function shifted(image, rows, columns) {
  return image.map((_, k) => {
    const [row, column] = [Math.floor(k / SIDE) - rows, (k % SIDE) - columns];
    return row < 0 || row >= SIDE || column < 0 || column >= SIDE ? 0 : image[row * SIDE + column];
  });
}

/**
 * The ink as a network gets it that was trained on images made so.
 * @param {Float32Array} ink of `side` × `side` pixels in 0..1
 * @param {number} side
 * @param {Preparation} how
 * @returns {{input: Float32Array, isEmpty: boolean}} `SIDE` × `SIDE` pixels in 0..1, all 0 where there is no ink
 */
export function prepared(ink, side, how = MNIST) {
  const crop = cropped(ink, side);
  if (!crop) return { input: new Float32Array(SIDE * SIDE), isEmpty: true };
  const centred = inTheMiddle(shrunk(crop, how.box));
  if (!how.byMass) return { input: centred, isEmpty: false };
  const [row, column] = centreOfMass(centred);
  return { input: shifted(centred, pixelsTo(row), pixelsTo(column)), isEmpty: false };
}
