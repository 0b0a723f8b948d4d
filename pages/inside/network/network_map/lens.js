// The picture of one unit, large, with its name, its values and its scale: what is looked at.

import { drawFrame } from "../../../ui/components/base/canvas.js";
import { css, ramp } from "../../../ui/components/base/colours.js";
import { printed } from "../../../ui/components/base/numbers.js";
import { imageOf, tableOf } from "./painting.js";
import { sidesOf } from "./shapes.js";

/**
 * Paint one map on a canvas of its own size, enlarged by a whole factor as far as it has room.
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} values of its layer
 * @param {number[]} shape of its layer
 * @param {number} unit
 * @param {{limits: [number, number], gray: boolean, room: number, palette: Object}} look `room` is px of its side
 * @returns {number} px of a cell
 */
export function paintUnit(canvas, values, shape, unit, { limits, gray, room, palette }) {
  const [, rows, columns] = sidesOf(shape);
  const ratio = window.devicePixelRatio || 1;
  const cell = Math.max(1, Math.floor((room * ratio) / Math.max(rows, columns)));
  canvas.width = columns * cell;
  canvas.height = rows * cell;
  canvas.style.width = `${canvas.width / ratio}px`;
  canvas.style.height = `${canvas.height / ratio}px`;
  const small = new OffscreenCanvas(columns, rows);
  const table = tableOf(gray ? "gray" : "signed", palette);
  small
    .getContext("2d")
    .putImageData(imageOf(values, unit * rows * columns, rows, columns, limits, table), 0, 0);
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
  return cell / ratio;
}

/**
 * Frame some cells of a map that `paintUnit` painted.
 * @param {HTMLCanvasElement} canvas
 * @param {number} cell px of a cell, as `paintUnit` says
 * @param {import("./reach.js").Box} box
 * @param {Object} palette
 */
export function frameCells(canvas, cell, { top, bottom, left, right }, palette) {
  const ratio = window.devicePixelRatio || 1;
  const side = cell * ratio;
  const inner = 2 * ratio; // within the picture, so that none of it is cut off
  const rect = {
    x: Math.max(left * side, inner),
    y: Math.max(top * side, inner),
    w: Math.min((right - left + 1) * side, canvas.width - 2 * inner - Math.max(0, left * side - inner)),
    h: Math.min((bottom - top + 1) * side, canvas.height - 2 * inner - Math.max(0, top * side - inner)),
  };
  drawFrame(canvas.getContext("2d"), rect, css(palette.accent), css(palette.background), 2.5 * ratio);
}

/** The element, and how it shows a unit. */
export function lens() {
  const root = document.createElement("div");
  root.className = "lens";
  root.innerHTML = `<div class="picture"><canvas aria-hidden="true"></canvas></div>
    <p class="name"></p><p class="held"></p><p class="made"></p>
    <p class="scale"><span></span><i></i><span></span></p>`;
  const [name, held, from, scale] = root.querySelectorAll("p");
  const canvas = root.querySelector("canvas");

  return {
    root,
    /** `of` has words, shape, values, unit, limits, gray, and the `box` of cells to be framed, if any. */
    show(of, palette) {
      name.textContent = of.words.name;
      held.textContent = of.words.held;
      from.textContent = of.box ? "" : of.words.made;
      const [low, high] = of.limits;
      const kind = of.gray ? "gray" : "signed";
      scale.children[1].style.background = ramp({ kind, limits: [low, high] }, palette);
      scale.firstElementChild.textContent = printed(low, of.gray ? 0 : 2);
      scale.lastElementChild.textContent = printed(high, of.gray ? 0 : 2);
      const words = [name, held, from, scale].reduce((sum, line) => sum + line.offsetHeight, 12);
      const room = Math.min(root.clientWidth, root.clientHeight - words) - 2; // its border
      canvas.hidden = of.shape.length === 1 || !of.values || room < 20;
      if (canvas.hidden) return;
      const look = { limits: of.limits, gray: of.gray, room, palette };
      const cell = paintUnit(canvas, of.values, of.shape, of.unit, look);
      if (of.box) frameCells(canvas, cell, of.box, palette);
    },
  };
}
