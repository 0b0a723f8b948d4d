// Grids on canvases. Drawing reads what it is given and keeps nothing.

import { cells, drawNumber, setSize } from "../base/canvas.js";
import { css, inkOn } from "../base/colours.js";
import { clamp, decimalsFor, printed } from "../base/numbers.js";
import { corner } from "./grid.js";

const WRITTEN = 40; // px: a cell that is as large has its number in it

/** Every tile at one pixel a cell, in a square of tiles, so that drawing one is one enlarged copy. */
function atlas({ count, rows, columns, colour }, palette) {
  const across = Math.ceil(Math.sqrt(count));
  const width = across * columns;
  const canvas = cells(Math.ceil(count / across) * rows, width, (k) => {
    const [y, x] = [Math.floor(k / width), k % width];
    const tile = Math.floor(y / rows) * across + Math.floor(x / columns);
    return tile < count ? colour(tile, y % rows, x % columns, palette) : palette.background;
  });
  return { canvas, across };
}

/**
 * All tiles of a grid, without any frame that moves.
 * @returns {OffscreenCanvas}
 */
export function painted(grid, plan, palette, ratio) {
  const base = new OffscreenCanvas(
    Math.max(1, Math.round(plan.width * ratio)),
    Math.max(1, Math.round(plan.height * ratio)),
  );
  const context = base.getContext("2d");
  context.scale(ratio, ratio);
  context.imageSmoothingEnabled = false;
  context.strokeStyle = css(palette.border);
  const { canvas, across } = atlas(grid, palette);
  const { count, rows, columns } = grid;
  const [w, h] = [columns * plan.cell, rows * plan.cell];
  for (let tile = 0; tile < count; tile += 1) {
    const { x, y } = corner(plan, grid, tile);
    const [left, top] = [(tile % across) * columns, Math.floor(tile / across) * rows];
    context.drawImage(canvas, left, top, columns, rows, x, y, w, h);
    if (plan.gap > 2 || count === 1) context.strokeRect(x - 0.5, y - 0.5, w + 1, h + 1);
    if (plan.cell >= WRITTEN && grid.scale !== "colour") write(context, grid, plan, palette, tile);
  }
  return base;
}

/** The number in each cell of a tile. */
function write(context, grid, plan, palette, tile) {
  const from = corner(plan, grid, tile);
  const size = clamp(Math.floor(plan.cell / 4), 14, 32);
  const decimals = decimalsFor(grid.limitOf(tile));
  for (let k = 0; k < grid.rows * grid.columns; k += 1) {
    const [row, column] = [Math.floor(k / grid.columns), k % grid.columns];
    const value = grid.value(tile, row, column);
    if (value === null || Array.isArray(value)) continue;
    const cell = {
      x: from.x + column * plan.cell,
      y: from.y + row * plan.cell,
      w: plan.cell,
      h: plan.cell,
    };
    const ink = inkOn(grid.colour(tile, row, column, palette));
    drawNumber(context, printed(value, decimals), cell, ink, size, palette.font);
  }
}

/**
 * A painted grid with the frames of the tile that is chosen, and of the tile and the cell that are pointed at.
 * @param {HTMLCanvasElement} canvas
 * @param {{chosen?: number | null, tile?: number | null, place?: import("./grid.js").Place | null}} framed
 */
export function show(canvas, base, grid, plan, palette, ratio, { chosen = null, tile = null, place = null }) {
  setSize(canvas, base.width, base.height, ratio);
  const context = canvas.getContext("2d");
  context.drawImage(base, 0, 0);
  context.scale(ratio, ratio);
  context.strokeStyle = css(palette.accent);
  const frame = (at, thickness) => {
    const { x, y } = corner(plan, grid, at);
    context.lineWidth = thickness;
    const [w, h] = [grid.columns * plan.cell, grid.rows * plan.cell];
    context.strokeRect(x - thickness / 2, y - thickness / 2, w + thickness, h + thickness);
  };
  if (chosen !== null && chosen < grid.count) frame(chosen, clamp(plan.gap, 2, 4));
  if (tile !== null) frame(tile, 2);
  if (place) {
    const { x, y } = corner(plan, grid, place.tile);
    context.lineWidth = 2;
    context.strokeRect(x + place.column * plan.cell, y + place.row * plan.cell, plan.cell, plan.cell);
  }
}
