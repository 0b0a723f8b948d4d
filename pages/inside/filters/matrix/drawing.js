// A matrix as a heat map, and the cells around one of its own, large. Drawing reads a state and keeps nothing.

import { cells, drawNumber, setSize } from "../../../ui/components/base/canvas.js";
import { colourOf, css, inkOn } from "../../../ui/components/base/colours.js";
import { clamp, decimalsFor, printed } from "../../../ui/components/base/numbers.js";
import { first, strongest } from "./plan.js";

const colours = ({ limit }) => ({ kind: "signed", limits: [-limit, limit] });

/**
 * The heat map without a frame.
 * @returns {OffscreenCanvas} one pixel a cell
 */
export function heat(content, plan, palette) {
  const { values, rows, columns } = content;
  const scale = colours(content);
  return cells(plan.rows, plan.columns, (k) => {
    const value = strongest(values, rows, columns, plan, Math.floor(k / plan.columns), k % plan.columns);
    return colourOf(value, scale, palette);
  });
}

/** The heat map with its rows' names, a frame around what is read large, and one around the cell. */
export function drawMap({ map, content, plan, base, gutter, palette, ratio, cell, many, size }) {
  const [width, height] = [plan.columns * plan.cellWidth, plan.rows * plan.cellHeight];
  setSize(map, Math.round((gutter + width + 3) * ratio), Math.round((height + 3) * ratio), ratio);
  const context = map.getContext("2d");
  context.scale(ratio, ratio);
  context.translate(gutter + 1.5, 1.5);
  context.imageSmoothingEnabled = false;
  context.drawImage(base, 0, 0, width, height);
  context.strokeStyle = css(palette.border);
  context.strokeRect(-0.5, -0.5, width + 1, height + 1);
  if (gutter) {
    context.font = `${size}px ${palette.font}`;
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const [row, name] of content.names.entries()) {
      context.fillStyle = css(palette.text);
      context.fillText(name, -size / 2, (row + 0.5) * plan.cellHeight, gutter - size);
    }
  }
  const rect = (row, column, down, across) => [
    (column / plan.wide) * plan.cellWidth,
    (row / plan.tall) * plan.cellHeight,
    Math.max(3, (across / plan.wide) * plan.cellWidth),
    Math.max(3, (down / plan.tall) * plan.cellHeight),
  ];
  context.strokeStyle = css(palette.text);
  context.lineWidth = 1;
  const top = first(cell[0], many[0], content.rows);
  const left = first(cell[1], many[1], content.columns);
  context.strokeRect(...rect(top, left, many[0], many[1]));
  context.strokeStyle = css(palette.accent);
  context.lineWidth = 2;
  context.strokeRect(...rect(cell[0], cell[1], 1, 1));
}

/** The cells around the chosen one with their numbers, their row and their column. */
export function drawLoupe({ loupe, content, palette, ratio, cell, many, side, edge, size }) {
  const [down, across] = many;
  setSize(
    loupe,
    Math.round((edge + across * side + 2) * ratio),
    Math.round((1.6 * size + down * side + 2) * ratio),
    ratio,
  );
  const context = loupe.getContext("2d");
  context.scale(ratio, ratio);
  context.translate(edge, 1.6 * size);
  const [top, left] = [first(cell[0], down, content.rows), first(cell[1], across, content.columns)];
  const scale = colours(content);
  const decimals = Math.min(4, decimalsFor(content.limit));
  context.font = `${size}px ${palette.font}`;
  context.textBaseline = "middle";
  for (let y = 0; y < down; y += 1) {
    context.fillStyle = css(palette.text);
    context.textAlign = "right";
    context.font = `${size}px ${palette.font}`;
    context.fillText(content.names[top + y], -size / 2, (y + 0.5) * side, edge - size / 2);
    for (let x = 0; x < across; x += 1) {
      const value = content.values[(top + y) * content.columns + left + x];
      const colour = colourOf(value, scale, palette);
      context.fillStyle = css(colour);
      context.fillRect(x * side, y * side, side, side);
      const box = { x: x * side, y: y * side, w: side, h: side };
      const large = clamp(Math.floor(side / 3.4), 14, 32);
      drawNumber(context, printed(value, decimals), box, inkOn(colour), large, palette.font);
    }
  }
  context.font = `${size}px ${palette.font}`;
  context.fillStyle = css(palette.text);
  context.textAlign = "center";
  for (let x = 0; x < across; x += 1)
    context.fillText(String((left + x) * content.folded), (x + 0.5) * side, -0.8 * size, side);
  context.strokeStyle = css(palette.border);
  context.strokeRect(0, 0, across * side, down * side);
  context.strokeStyle = css(palette.accent);
  context.lineWidth = 3;
  context.strokeRect((cell[1] - left) * side, (cell[0] - top) * side, side, side);
}
