// Everything in its place: sizes, layers and captions for the room there is.

import { setSize } from "../base/canvas.js";
import { clamp } from "../base/numbers.js";
import { request } from "./frames.js";
import { layersOf } from "./layers.js";
import { layoutOf } from "./layout.js";
import { arrangeOthers } from "./outputs.js";
import { describe } from "./words.js";

const SUMS_HEIGHT = 54; // px that the sums of several channels take more than one sum does

/** Sizes, layers and captions for the room there is; then the first frame. */
export function arrange(player) {
  const { data, root, panels } = player;
  player.width = root.clientWidth;
  if (!player.width) return;
  const ratio = window.devicePixelRatio || 1;
  const height = clamp(window.innerHeight - data.reserve, 200, 600);
  const layout = layoutOf(
    data.shape,
    data.grids.length,
    player.width,
    height - (data.channels.length > 1 ? SUMS_HEIGHT : 0),
    ratio,
    1 + data.others.length,
  );
  player.layout = layout;
  root.dataset.narrow = layout.narrow;
  root.dataset.hidden = data.hideOutput;
  root.dataset.others = data.others.length ? "many" : "none";
  root.dataset.channels = data.channels.length > 1 ? "many" : "one";
  player.ratio = ratio;
  player.margin = Math.round(4 * ratio);
  player.cell = { input: Math.round(layout.input * ratio), result: Math.round(layout.output * ratio) };
  const [rows, columns] = data.shape.padded;
  const [outRows, outColumns] = data.shape.output;
  setSize(
    panels.input.canvas,
    columns * player.cell.input + 2 * player.margin,
    rows * player.cell.input + 2 * player.margin,
    ratio,
  );
  setSize(
    panels.result.canvas,
    outColumns * player.cell.result + 2 * player.margin,
    outRows * player.cell.result + 2 * player.margin,
    ratio,
  );
  setSize(
    panels.middle.canvas,
    Math.round(layout.middle.width * ratio),
    Math.round(layout.middle.height * ratio),
    ratio,
  );
  root.style.setProperty("--middle", `${layout.middle.width}px`);
  player.layers = layersOf(player);
  arrangeOthers(player);
  player.dirty = {};
  player.drawn = {};
  describe(player);
  request(player);
}
