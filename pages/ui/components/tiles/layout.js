// Where the tiles lie. Pure functions of plain numbers; sizes in CSS pixels.

import { clamp } from "../base/numbers.js";

/**
 * @typedef {{shape: [number, number, number], columnNames: string[], group: number, largestCell: number, height: number,
 *   gap: number}} Mosaic what Python asks for; `shape` counts tiles, and the rows and columns of each
 */
/** @typedef {{cell: number, columns: number, group: number, apart: number, width: number, height: number}} Plan */
/** @typedef {{tile: number, row: number, column: number}} Place */

/**
 * The plan for the width there is. Tiles in a table keep their columns; others flow, in groups that stay together and
 * stand a gap apart. Both take the largest whole cell that fits the space.
 * @param {Mosaic} mosaic
 * @param {number} available
 * @returns {Plan}
 */
export function layout({ shape, columnNames, group, largestCell, height, gap }, available) {
  const [count, tileRows, tileColumns] = shape;
  const apart = group > 1 ? 2 * gap : 0;
  const at = (cell, columns) => ({
    cell,
    columns,
    group,
    apart,
    width: columns * (tileColumns * cell + gap) + gap + (Math.ceil(columns / group) - 1) * apart,
    height: Math.ceil(count / columns) * (tileRows * cell + gap) + gap,
  });
  const smallest = columnNames.length ? 2 : Math.max(1, Math.ceil(24 / tileColumns));
  for (let cell = largestCell; ; cell -= 1) {
    const groups = Math.floor((available - gap + apart) / (group * (tileColumns * cell + gap) + apart));
    const plan = at(cell, columnNames.length || Math.min(count, group * Math.max(1, groups)));
    if (cell <= Math.min(smallest, largestCell)) {
      // Nothing fits both ways: a flowing mosaic may grow down, but a tile is never wider than the page.
      const widest = Math.max(1, Math.floor((available - 2 * gap) / tileColumns));
      return columnNames.length || cell <= widest ? plan : at(widest, 1);
    }
    if (plan.width <= available && plan.height <= height) return plan;
  }
}

/**
 * The upper left corner of a tile.
 * @param {Plan} plan
 * @param {Mosaic} mosaic
 * @param {number} tile
 * @returns {{x: number, y: number}}
 */
export function tileOrigin(plan, { shape: [, tileRows, tileColumns], gap }, tile) {
  const column = tile % plan.columns;
  return {
    x: gap + column * (tileColumns * plan.cell + gap) + Math.floor(column / plan.group) * plan.apart,
    y: gap + Math.floor(tile / plan.columns) * (tileRows * plan.cell + gap),
  };
}

/**
 * The cell at a point, or null. A pointer in the narrow gap after a tile means the tile's nearest cell.
 * @param {Plan} plan
 * @param {Mosaic} mosaic
 * @param {number} x
 * @param {number} y
 * @returns {Place | null}
 */
export function cellAt(plan, mosaic, x, y) {
  const { shape, gap } = mosaic;
  const [count, tileRows, tileColumns] = shape;
  const groupWidth = plan.group * (tileColumns * plan.cell + gap) + plan.apart;
  const first = Math.floor((x - gap) / groupWidth);
  const within = Math.floor((x - gap - first * groupWidth) / (tileColumns * plan.cell + gap));
  const column = first * plan.group + within;
  const row = Math.floor((y - gap) / (tileRows * plan.cell + gap));
  const tile = row * plan.columns + column;
  if (column < 0 || column >= plan.columns || row < 0 || tile >= count) return null;
  const origin = tileOrigin(plan, mosaic, tile);
  return {
    tile,
    row: Math.min(tileRows - 1, Math.floor((y - origin.y) / plan.cell)),
    column: Math.min(tileColumns - 1, Math.floor((x - origin.x) / plan.cell)),
  };
}

const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * Where an arrow key leads: over tiles where there are several, over cells where there is one. Null for other keys.
 * @param {Plan} plan
 * @param {Mosaic & {selected: number | null}} mosaic
 * @param {Place | null} from
 * @param {string} key
 * @returns {Place | null}
 */
export function step(plan, { shape: [count, rows, columns], selected }, from, key) {
  const move = MOVES[key];
  if (!move) return null;
  if (!from) return { tile: Math.max(0, selected ?? 0), row: 0, column: 0 };
  if (count > 1) {
    const tile = from.tile + move[0] * plan.columns + move[1];
    return tile >= 0 && tile < count ? { tile, row: 0, column: 0 } : from;
  }
  return {
    tile: 0,
    row: clamp(from.row + move[0], 0, rows - 1),
    column: clamp(from.column + move[1], 0, columns - 1),
  };
}
