// The picture of one unit, large, with its name, its values and its scale: what is looked at.

import { paletteOf, ramp } from "../../../ui/components/base/colours.js";
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

/** The element, and how it shows a unit. */
export function lens() {
  const root = document.createElement("div");
  root.className = "lens";
  root.innerHTML = `<div class="picture"><canvas aria-hidden="true"></canvas></div>
    <p class="name"></p><p class="held"></p>
    <p class="scale"><span></span><i></i><span></span></p>`;
  const [name, held, scale] = root.querySelectorAll("p");
  const canvas = root.querySelector("canvas");

  return {
    root,
    /** `of` has words, shape, values, unit, limits, gray; null: nothing is looked at. */
    show(of) {
      const palette = paletteOf(root);
      name.textContent = of.words.name;
      held.textContent = of.words.held;
      const [low, high] = of.limits;
      const kind = of.gray ? "gray" : "signed";
      scale.children[1].style.background = ramp({ kind, limits: [low, high] }, palette);
      scale.firstElementChild.textContent = printed(low, of.gray ? 0 : 2);
      scale.lastElementChild.textContent = printed(high, of.gray ? 0 : 2);
      const words = [name, held, scale].reduce((sum, line) => sum + line.offsetHeight, 12);
      const room = Math.min(root.clientWidth, root.clientHeight - words);
      canvas.hidden = of.shape.length === 1 || !of.values || room < 20;
      if (!canvas.hidden)
        paintUnit(canvas, of.values, of.shape, of.unit, { limits: of.limits, gray: of.gray, room, palette });
    },
  };
}
