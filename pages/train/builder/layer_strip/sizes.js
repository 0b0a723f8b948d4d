// How large a value of a network is drawn. Pure functions; sizes in CSS pixels.

export const TALLEST = 28;

/**
 * How many sheets stand for so many channels: 1, 2, 3 ... 8 for 1, 2-3, 4-7 ... 128 and more.
 * @param {number} channels
 * @returns {number}
 */
export function sheets(channels) {
  return Math.min(8, 1 + Math.floor(Math.log2(channels)));
}

/**
 * The side of a map drawn as a square; the input's longer side is `TALLEST`.
 * @param {number} height
 * @param {number} width
 * @param {number} side the input's longer side in pixels of the image
 * @returns {number}
 */
export function sheetSide(height, width, side) {
  return Math.max(3, Math.round((TALLEST * Math.max(height, width)) / side));
}

/**
 * The height of a vector drawn as a bar.
 * @param {number} features
 * @returns {number}
 */
export function barHeight(features) {
  return Math.min(TALLEST, Math.round(6 + 3.2 * Math.log2(features)));
}
