// How cells become pixels. Nothing here knows what is being looked at: layers, grids and marks only.
// All sizes are device pixels; a layer is drawn once and copied from, piece by piece, frame after frame.

import { cells } from "../base/canvas.js";

/** A layer of rows × columns cells, each in the colour that `colourAt(index)` says, `margin` around them. */
export function cellLayer(rows, columns, cell, margin, colourAt) {
  const layer = new OffscreenCanvas(columns * cell + 2 * margin, rows * cell + 2 * margin);
  const context = layer.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(cells(rows, columns, colourAt), margin, margin, columns * cell, rows * cell);
  return layer;
}

/** Thin lines between the cells of a layer. */
export function drawLines(context, rows, columns, cell, margin, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (let row = 0; row <= rows; row += 1) {
    context.moveTo(margin, margin + row * cell + 0.5);
    context.lineTo(margin + columns * cell, margin + row * cell + 0.5);
  }
  for (let column = 0; column <= columns; column += 1) {
    context.moveTo(margin + column * cell + 0.5, margin);
    context.lineTo(margin + column * cell + 0.5, margin + rows * cell);
  }
  context.stroke();
}

/** A diagonal hatch, dark on light, that is seen on every gray. */
export function hatch(context, ratio) {
  const side = Math.round(7 * ratio);
  const tile = new OffscreenCanvas(side, side);
  const brush = tile.getContext("2d");
  for (const [colour, shift] of [
    ["rgba(255, 255, 255, 0.9)", 0],
    ["rgba(16, 21, 28, 0.9)", 1.4 * ratio],
  ]) {
    brush.strokeStyle = colour;
    brush.lineWidth = 1.4 * ratio;
    brush.beginPath();
    for (const start of [-side, 0, side]) {
      brush.moveTo(start + shift, side);
      brush.lineTo(start + shift + side, 0);
    }
    brush.stroke();
  }
  return context.createPattern(tile, "repeat");
}
