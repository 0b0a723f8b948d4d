// How large everything is drawn in the room there is. Pure functions of plain numbers.

import { clamp } from "../base/numbers.js";

/** @typedef {import("./geometry.js").Pair} Pair */
/** @typedef {import("./geometry.js").Shape} Shape */
/** @typedef {{x: number, y: number, cellWidth: number, cellHeight: number, numbers: boolean}} Grid */
/** @typedef {{grids: Grid[], width: number, height: number}} Grids */

// A pixel here is one at 1280×720: text and lines grow with the screen, and so does everything else.

const GAP = 20; // between panels
const NARROW_GAP = 16; // between more than three of them
const TIGHT = { gap: 12, strip: 40, middle: 112 }; // where there is little room
const TITLE = 20; // over a grid of the middle panel
const MIDDLE_WIDTH = 140; // of the middle panel at least: its sum has to fit one line
const STRIP = 60; // the small maps of all filters
const SUMS = 54; // the sums of several channels take more than one sum does
const LEAST_HEIGHT = 150; // of the panels, even where that is more than the screen has
export const NUMBER_WIDTH = 36; // a cell that holds "−0.12" at 14 px
const NUMBER_HEIGHT = 16;

/**
 * Whether the panels stand below each other: on a phone, and in a narrow window that is high.
 * @param {number} width
 * @param {number} height
 * @returns {boolean}
 */
export function isNarrow(width, height) {
  return width < 480 || (width < 640 && height > width);
}

/**
 * Whether the screen is as short as a projector's at 150 % zoom: then what is written takes as little as it can.
 * @param {number} height from the player's upper edge on
 * @returns {boolean}
 */
export function isShort(height) {
  return height < 430;
}

/**
 * The height that everything but the panels' pictures takes: captions, scales, the lines of arithmetic, the bar.
 * As kernel_player.css has it.
 * @param {{short: boolean, lines: number, channels: number}} what
 * @returns {number}
 */
export function chromeOf({ short, lines, channels }) {
  const sums = channels > 1 ? SUMS : 0;
  return (short ? 48 + 22 * lines + 44 : 48 + 6 + 22 * (lines + 1) + 20 + 44) + sums;
}

/**
 * The side of a cell of the input, of the output, the grids of the middle panel, and the height of the panels' pictures.
 * @param {Shape} shape
 * @param {number} grids how many the middle panel has
 * @param {{width: number, height: number, narrow: boolean}} room what there is; `height` is what the panels' pictures
 *   may take unless they are stacked (`narrow`)
 * @param {number} ratio device pixels a pixel
 * @param {number} outputs how many stand side by side
 * @param {boolean} strip whether the small maps of all filters stand beside them
 * @returns {{narrow: boolean, tight: boolean, input: number, output: number, middle: Grids, stage: number}}
 */
export function layoutOf(shape, grids, room, ratio, outputs = 1, strip = false) {
  const { width, narrow } = room;
  const height = Math.max(room.height, LEAST_HEIGHT);
  const [rows, columns] = shape.padded;
  const [outRows, outColumns] = shape.output;
  const whole = (size) => Math.max(1, Math.floor(size * ratio)) / ratio; // whole device pixels
  if (narrow) {
    const wide = outputs > 1 ? (width - 32) / 2 : Math.max(160, (width * outColumns) / columns); // two fit side by side
    return {
      narrow,
      tight: false,
      input: whole(Math.min(width - 8, 480) / Math.max(columns, 4)),
      output: whole(Math.min(width - 8, 480, wide) / Math.max(outColumns, 4)),
      middle: middleOf(shape.kernel, grids, Math.min(width - 4, 420), 0, 420, Math.min(width - 4, 420)),
      stage: 0,
    };
  }
  const across = columns + outputs * outColumns;
  const tight = width < 640;
  const gap = tight ? TIGHT.gap : outputs > 1 ? NARROW_GAP : GAP;
  const between = (1 + outputs) * (gap + 8) + (strip ? (tight ? TIGHT.strip : STRIP) + gap : 0);
  const crisp = 2 * across + between; // the images at two pixels a cell
  const tall = whole(Math.min(height / Math.max(rows, outRows), 72)) * across + between;
  const middle = middleOf(
    shape.kernel,
    grids,
    width - crisp,
    height,
    Math.max(
      Math.min(Math.max(190, width * 0.34), width - tall - 4),
      Math.min(shape.kernel[1] * NUMBER_WIDTH, width * 0.34),
    ),
    width - tall,
    tight ? TIGHT.middle : MIDDLE_WIDTH,
  );
  const free = width - middle.width - between;
  const input = whole(Math.min(free / across, height / Math.max(rows, outRows), 72));
  // The same scale on both sides shows how the size changes, unless the output would be too small to see.
  const least = Math.min(150, (free - input * columns) / outputs);
  const output = Math.max(input, whole(Math.min(least / outColumns, height / outRows, 72)));
  // Where the pictures fill the height, all of it is theirs: what stands below stays where it is when they change.
  const content = Math.max(input * rows, output * outRows, middle.height);
  const stage = (content > 0.8 * height ? Math.max(content, height) : content) + 8;
  return { narrow, tight, input, output, middle, stage };
}

/**
 * The middle panel: its grids stacked where their numbers stay readable in `height`, else side by side where they do
 * in `beside`, else the first two side by side without numbers and the products below; on a phone (`height` 0) side by
 * side or stacked. It is `least` px wide or more.
 * @param {Pair} kernel
 * @param {number} grids
 * @param {number} room what may be taken while the images stay crisp
 * @param {number} height
 * @param {number} most
 * @param {number} beside
 * @param {number} least
 * @returns {Grids}
 */
export function middleOf(kernel, grids, room, height, most, beside, least = MIDDLE_WIDTH) {
  const [rows, columns] = kernel;
  const wide = Math.floor((beside - 12 * (grids - 1)) / grids / columns);
  const stacked = height ? Math.floor((height - grids * (TITLE + 2)) / (grids * rows)) : 30;
  if (
    wide >= NUMBER_WIDTH &&
    (!height || (stacked < NUMBER_HEIGHT && height >= TITLE + rows * NUMBER_HEIGHT))
  ) {
    const cellWidth = Math.min(wide, 60);
    const cellHeight = height ? clamp(Math.floor((height - TITLE) / rows), NUMBER_HEIGHT, 34) : 34;
    const x = (k) => k * (columns * cellWidth + 12);
    return sized(
      Array.from({ length: grids }, (_, k) => ({ x: x(k), y: TITLE, cellWidth, cellHeight, numbers: true })),
      kernel,
      least,
    );
  }
  const width = clamp(most, Math.min(least, room), Math.max(room, least));
  const cellWidth = clamp(Math.floor(width / columns), 8, 60);
  if (grids === 1 || stacked >= NUMBER_HEIGHT) {
    const cellHeight = clamp(stacked, NUMBER_HEIGHT, Math.min(44, Math.max(28, cellWidth)));
    const made = Array.from({ length: grids }, (_, k) => ({
      x: 0,
      y: TITLE + k * (rows * cellHeight + TITLE + 2),
      cellWidth,
      cellHeight,
      numbers: cellWidth >= NUMBER_WIDTH,
    }));
    return sized(made, kernel, least);
  }
  const half = clamp(Math.floor((columns * cellWidth - 28) / 2 / columns), 5, 40);
  const upper = clamp(Math.floor((height - 2 * TITLE - 8 - rows * NUMBER_HEIGHT) / rows), 6, half);
  const lower = clamp(Math.floor((height - 2 * TITLE - 8 - rows * upper) / rows), NUMBER_HEIGHT, 28);
  const small = { y: TITLE, cellWidth: half, cellHeight: upper, numbers: false };
  return sized(
    [
      { ...small, x: 0 },
      { ...small, x: columns * half + 28 },
      {
        x: 0,
        y: 2 * TITLE + 8 + rows * upper,
        cellWidth,
        cellHeight: lower,
        numbers: cellWidth >= NUMBER_WIDTH,
      },
    ],
    kernel,
    least,
  );
}

/**
 * The grids with the width and height that hold them.
 * @param {Grid[]} grids
 * @param {Pair} kernel
 * @param {number} least
 * @returns {Grids}
 */
function sized(grids, [rows, columns], least) {
  return {
    grids,
    width: Math.max(least, ...grids.map((grid) => grid.x + columns * grid.cellWidth)) + 4,
    height: Math.max(...grids.map((grid) => grid.y + rows * grid.cellHeight)) + 4,
  };
}
