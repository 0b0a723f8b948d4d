// The confusion matrix of one moment.

import { css, mixed } from "../../../ui/components/base/colours.js";

const SHARE = 0.3; // of the width or height that the classes' names may take

/**
 * @param {CanvasRenderingContext2D} context scaled to CSS pixels
 * @param {{classes: string[], counts: Int32Array, together: boolean}} content
 * @param {{width: number, height: number, index: number, palette: object, right: number[], wrong: number[],
 *   size: number}} look
 */
export function drawMatrix(context, { classes, counts, together }, look) {
  const { width, height, index, palette, right, wrong, size } = look;
  const K = classes.length;
  const own = counts.subarray(index * K * K, (index + 1) * K * K);
  context.font = `${size}px ${palette.font}`;
  const longest = Math.max(...classes.map((name) => context.measureText(name).width));
  const left = Math.min(longest + 8, SHARE * width);
  const across = (width - left) / K;
  const upright = longest > across - 2;
  const top = upright ? Math.min(longest + 8, SHARE * height) : size + 8;
  const down = Math.min((height - top) / K, 1.2 * across);
  const totals = classes.map((_, row) => own.slice(row * K, row * K + K).reduce((a, b) => a + b, 0));
  const share = (row, column) => (totals[row] ? own[row * K + column] / totals[row] : 0);
  let most = 0;
  for (let k = 0; k < K * K; k += 1) {
    const [row, column] = [Math.floor(k / K), k % K];
    if (row !== column) most = Math.max(most, share(row, column));
  }
  const full = together ? 1 : most || 1;
  context.textBaseline = "middle";
  for (let row = 0; row < K; row += 1) {
    context.fillStyle = css(palette.text);
    context.textAlign = "right";
    context.fillText(cut(context, classes[row], left - 6), left - 5, top + (row + 0.5) * down);
    heading(context, classes[row], left + (row + 0.5) * across, top, upright);
    for (let column = 0; column < K; column += 1) {
      const strength = row === column ? share(row, column) : Math.min(1, share(row, column) / full);
      const colour = mixed(palette.background, row === column ? right : wrong, strength);
      const [x, y] = [left + column * across, top + row * down];
      context.fillStyle = css(colour);
      context.fillRect(x, y, across, down);
      context.strokeStyle = css(palette.border);
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, y + 0.5, across, down);
      const text = String(own[row * K + column] || "");
      if (!text || context.measureText(text).width > across || size > down + 3) continue;
      const [r, g, b] = colour;
      context.fillStyle = 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "black" : "white";
      context.textAlign = "center";
      context.fillText(text, x + across / 2, y + down / 2 + 1);
    }
  }
}

function heading(context, name, x, top, upright) {
  context.save();
  context.translate(x, top - 5);
  if (upright) context.rotate(-Math.PI / 2);
  context.textAlign = upright ? "left" : "center";
  if (!upright) context.textBaseline = "bottom";
  context.fillText(cut(context, name, upright ? top - 6 : 1e4), 0, 0);
  context.restore();
}

/** As much of a name as fits. */
function cut(context, name, room) {
  if (context.measureText(name).width <= room) return name;
  let kept = name.length - 1;
  while (kept > 1 && context.measureText(`${name.slice(0, kept)}…`).width > room) kept -= 1;
  return `${name.slice(0, kept)}…`;
}
