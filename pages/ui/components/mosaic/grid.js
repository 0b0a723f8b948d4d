// Where the tiles of a grid lie, and how the mosaic shares its room. Pure functions of plain numbers, in CSS pixels.

import { clamp } from "../base/numbers.js";

/** @typedef {{count: number, rows: number, columns: number}} Tiles how many there are, and the cells of each */
/** @typedef {{cell: number, across: number, gap: number, width: number, height: number}} Plan */
/** @typedef {{tile: number, row: number, column: number}} Place */

/**
 * The largest cell with which all tiles stand in `width` × `height`, and how many then stand in a row. Where nothing
 * fits, tiles are as small as can still be told apart, and the grid is higher than asked.
 * @param {Tiles} tiles
 * @param {number} width
 * @param {number} height
 * @param {number} gap between tiles
 * @param {number} largest cell
 * @param {number} ratio device pixels a CSS pixel: a cell is a whole number of them
 * @returns {Plan}
 */
export function gridIn({ count, rows, columns }, width, height, gap, largest, ratio) {
  const at = (cell, across) => ({
    cell,
    across,
    gap,
    width: across * (columns * cell + gap) + gap,
    height: Math.ceil(count / across) * (rows * cell + gap) + gap,
  });
  const least = Math.max(1, Math.floor((12 * ratio) / Math.max(rows, columns)));
  for (let pixels = Math.max(1, Math.floor(largest * ratio)); ; pixels -= 1) {
    const cell = pixels / ratio;
    const across = Math.min(count, Math.floor((width - gap) / (columns * cell + gap)));
    const plan = at(cell, Math.max(1, across));
    if (plan.width <= width && plan.height <= height) return plan;
    if (pixels <= 1 || (pixels <= least && plan.width <= width)) return plan;
  }
}

/**
 * The upper left corner of a tile.
 * @param {Plan} plan
 * @param {Tiles} tiles
 * @param {number} tile
 * @returns {{x: number, y: number}}
 */
export function corner({ cell, across, gap }, { rows, columns }, tile) {
  return {
    x: gap + (tile % across) * (columns * cell + gap),
    y: gap + Math.floor(tile / across) * (rows * cell + gap),
  };
}

/**
 * The cell at a point, or null. In the gap after a tile it is the tile's nearest cell.
 * @param {Plan} plan
 * @param {Tiles} tiles
 * @param {number} x
 * @param {number} y
 * @returns {Place | null}
 */
export function placeAt(plan, tiles, x, y) {
  const { cell, across, gap } = plan;
  const [column, row] = [
    Math.floor((x - gap) / (tiles.columns * cell + gap)),
    Math.floor((y - gap) / (tiles.rows * cell + gap)),
  ];
  const tile = row * across + column;
  if (column < 0 || column >= across || row < 0 || tile >= tiles.count) return null;
  const from = corner(plan, tiles, tile);
  return {
    tile,
    row: Math.min(tiles.rows - 1, Math.floor((y - from.y) / cell)),
    column: Math.min(tiles.columns - 1, Math.floor((x - from.x) / cell)),
  };
}

const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * The tile that an arrow key leads to from another; null for other keys.
 * @param {number} count
 * @param {number} across
 * @param {number} from
 * @param {string} key
 * @returns {number | null}
 */
export function neighbour(count, across, from, key) {
  const move = MOVES[key];
  if (!move) return null;
  const to = from + move[0] * across + move[1];
  return to >= 0 && to < count ? to : from;
}

/**
 * The cell that an arrow key leads to within one tile; null for other keys.
 * @param {Tiles} tiles
 * @param {Place} from
 * @param {string} key
 * @returns {Place | null}
 */
export function neighbourCell({ rows, columns }, { tile, row, column }, key) {
  const move = MOVES[key];
  if (!move) return null;
  return {
    tile,
    row: clamp(row + move[0], 0, rows - 1),
    column: clamp(column + move[1], 0, columns - 1),
  };
}

/**
 * How slices of one unit lie in one picture: in a block as square as can be, edge to edge.
 * @param {number} slices
 * @param {number} rows
 * @param {number} columns
 * @returns {{across: number, rows: number, columns: number}} slices in a row, and cells of the whole
 */
export function block(slices, rows, columns) {
  const across = Math.min(slices, Math.ceil(Math.sqrt((slices * rows) / columns)));
  return { across, rows: Math.ceil(slices / across) * rows, columns: across * columns };
}

/** How many of the widths that the one looked at could have are tried. */
const TRIED = 12;

/**
 * How the room is shared by the grid, the one looked at, and what stands beside it. Side by side where it is wide
 * enough, so that the cells of both are as large as can be together; else the grid stands above the two others.
 * @param {{width: number, height: number}} room
 * @param {number} rem
 * @param {{beside: boolean, wide: boolean}} asks whether anything stands beside it, and whether that needs more
 * @param {(width: number, height: number) => number} gridCell the cell that a grid of that size would have
 * @param {(width: number, height: number) => number} oneCell
 * @returns {{stacked: boolean, grid: {width: number, height: number}, one: {width: number, height: number}, beside: number}}
 */
export function shares({ width, height }, rem, { beside, wide }, gridCell, oneCell) {
  const gap = 1.25 * rem;
  if (width < 26 * rem) {
    const least = beside ? clamp(0.36 * width, 6.5 * rem, 14 * rem) : 0;
    const one = width - (beside ? least + gap : 0);
    return {
      stacked: true,
      grid: { width, height: Math.max(10 * rem, 0.42 * height) },
      one: { width: one, height: one },
      beside: least,
    };
  }
  const side = beside ? clamp((wide ? 0.2 : 0.17) * width, (wide ? 8 : 6.75) * rem, 17 * rem) : 0;
  const left = width - side - (beside ? 2 : 1) * gap;
  const high = { grid: height - 2 * rem, one: height - 4.75 * rem }; // without the words above and below them
  let best = { score: Number.NEGATIVE_INFINITY, one: 0 };
  for (let tried = 0; tried <= TRIED; tried += 1) {
    const one = left * (0.3 + (0.35 * tried) / TRIED);
    const score = Math.log(gridCell(left - one, high.grid)) + Math.log(oneCell(one, high.one));
    if (score > best.score + 1e-9) best = { score, one };
  }
  return {
    stacked: false,
    grid: { width: left - best.one, height: high.grid },
    one: { width: best.one, height: high.one },
    beside: side,
  };
}
