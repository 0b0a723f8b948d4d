// Tiles on a canvas. Drawing reads a state and keeps none of its own.

import { cells, drawNumber, setSize } from "../base/canvas.js";
import { colourOf, css, inkOn, paletteOf } from "../base/colours.js";
import { clamp, decimalsFor, printed } from "../base/numbers.js";
import { layout, tileOrigin } from "./layout.js";

/** The value at a place. */
export function valueAt({ shape: [, rows, columns], values }, { tile, row, column }) {
  return values[(tile * rows + row) * columns + column];
}

/** Every tile at one pixel a cell, in a square of tiles, so that drawing one is one enlarged copy. */
function atlas({ shape: [count, rows, columns], values, colours }, palette) {
  const across = Math.ceil(Math.sqrt(count));
  const width = across * columns;
  const canvas = cells(Math.ceil(count / across) * rows, width, (k) => {
    const [y, x] = [Math.floor(k / width), k % width];
    const tile = Math.floor(y / rows) * across + Math.floor(x / columns);
    if (tile >= count) return palette.background;
    const value = valueAt(
      { shape: [count, rows, columns], values },
      { tile, row: y % rows, column: x % columns },
    );
    return colourOf(value, colours, palette);
  });
  return { canvas, across };
}

/** All that the pointer does not change, drawn once for a size and a theme, into `state.base`. */
export function paint(state) {
  const { root, content } = state;
  const [count, rows, columns] = content.shape;
  const plan = layout(content, root.clientWidth);
  const ratio = window.devicePixelRatio || 1;
  const palette = paletteOf(root);
  const base = new OffscreenCanvas(Math.round(plan.width * ratio), Math.round(plan.height * ratio));
  Object.assign(state, { plan, ratio, palette, base, width: root.clientWidth });
  const context = base.getContext("2d");
  context.scale(ratio, ratio);
  context.imageSmoothingEnabled = false;
  context.strokeStyle = css(palette.border);
  const pixels = atlas(content, palette);
  const [w, h] = [columns * plan.cell, rows * plan.cell];
  for (let tile = 0; tile < count; tile += 1) {
    const { x, y } = tileOrigin(plan, content, tile);
    const { across } = pixels;
    const [left, top] = [(tile % across) * columns, Math.floor(tile / across) * rows];
    context.drawImage(pixels.canvas, left, top, columns, rows, x, y, w, h);
    if (content.gap > 2 || count === 1) context.strokeRect(x - 0.5, y - 0.5, w + 1, h + 1);
    if (plan.cell >= 40) writeNumbers(context, state, tile);
  }
}

/** The value of each cell of a tile. */
function writeNumbers(context, { content, plan, palette }, tile) {
  const [, rows, columns] = content.shape;
  const origin = tileOrigin(plan, content, tile);
  const size = clamp(Math.floor(plan.cell / 4), 14, 20);
  const decimals = decimalsFor(content.limit);
  for (let k = 0; k < rows * columns; k += 1) {
    const [row, column] = [Math.floor(k / columns), k % columns];
    const value = valueAt(content, { tile, row, column });
    const [x, y] = [origin.x + column * plan.cell, origin.y + row * plan.cell];
    const ink = inkOn(colourOf(value, content.colours, palette));
    const cell = { x, y, w: plan.cell, h: plan.cell };
    drawNumber(context, printed(value, decimals), cell, ink, size, palette.font);
  }
}

/** The canvas with the frames of the tile that is selected and of what the pointer is on. */
export function draw({ canvas, base, ratio, plan, palette, content, hover }) {
  const [count, rows, columns] = content.shape;
  const [w, h] = [columns * plan.cell, rows * plan.cell];
  setSize(canvas, base.width, base.height, ratio);
  const context = canvas.getContext("2d");
  context.drawImage(base, 0, 0);
  context.scale(ratio, ratio);
  context.strokeStyle = css(palette.accent);
  const frame = (tile, width) => {
    const { x, y } = tileOrigin(plan, content, tile);
    context.lineWidth = width;
    context.strokeRect(x - width / 2, y - width / 2, w + width, h + width);
  };
  const { selected, gap } = content;
  if (selected !== null && selected >= 0 && selected < count) frame(selected, clamp(gap, 2, 4));
  if (hover) {
    const { x, y } = tileOrigin(plan, content, hover.tile);
    if (count > 1) frame(hover.tile, 2);
    context.lineWidth = 2;
    context.strokeRect(x + hover.column * plan.cell, y + hover.row * plan.cell, plan.cell, plan.cell);
  }
}
