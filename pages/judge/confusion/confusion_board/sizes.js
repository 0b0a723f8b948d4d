// How large the matrix and the images are in the room that there is.

import { clamp } from "../../../ui/components/base/numbers.js";

const LETTER = 0.56; // of its font's size that a letter is wide, on average
const NARROWEST = 33; // px of a cell: four digits of 14 px
const LOWEST = 22; // px
const BESIDE = 520; // px of width from which on the images stand beside the matrix
const LINE = 18; // px of a line under an image
const FRAME = 10; // px around an image and its lines

/**
 * The matrix of `count` classes with names of up to `longest` letters, in so much room.
 * @param {{width: number, height: number, count: number, longest: number}} room
 * @returns {{beside: boolean, matrix: number, label: number, header: number, upright: boolean, cell: [number, number],
 *   font: number}} px; `upright` says that the columns' names stand upright; the font is that of the numbers
 */
export function matrixSizes({ width, height, count, longest }) {
  const beside = width >= BESIDE;
  const high = beside ? Math.max(height, 240) : width * 0.9;
  const font = clamp(high / 34, 14, 24);
  const words = longest * LETTER * font + 14;
  const label = Math.max(3.5 * font, Math.min(words, width * (beside ? 0.16 : 0.2)));
  const least = label + count * NARROWEST;
  const matrix = beside ? clamp(high * 1.12, Math.min(least, width * 0.66), width * 0.6) : width;
  const across = Math.floor((matrix - label) / count);
  const upright = words > across;
  const header = upright ? Math.min(words, 7.5 * font) : 2.5 * font;
  const down = clamp(
    Math.floor((high - header - 1.6 * font) / count),
    LOWEST,
    Math.max(LOWEST, across * 1.1),
  );
  return { beside, matrix, label, header, upright, cell: [across, down], font: numberFont(across, down) };
}

function numberFont(across, down) {
  return clamp(Math.min(across / 2.35, down * 0.6), 14, 30);
}

/**
 * By what whole number `count` images of `side` pixels with so many lines under them are enlarged, so that all of them fit into a box; where none
 * does, by the least with which they are still seen.
 * @param {{width: number, height: number, count: number, side: number, lines: number}} box
 * @returns {number}
 */
export function enlargement({ width, height, count, side, lines }) {
  const seen = Math.max(1, Math.round(56 / side));
  for (let factor = Math.floor(140 / side); factor > seen; factor -= 1) {
    const columns = Math.floor((width + 2) / (Math.max(side * factor, lines > 1 ? 64 : 60) + 10));
    if (columns > 0 && Math.ceil(count / columns) * (side * factor + FRAME + lines * LINE) <= height)
      return factor;
  }
  return seen;
}
