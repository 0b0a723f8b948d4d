// Everything in its place: sizes, layers and captions for the room there is.

import { setSize } from "../base/canvas.js";
import { roomFor } from "../base/room.js";
import { arrangeFilters } from "./filters.js";
import { request } from "./frames.js";
import { layersOf } from "./layers.js";
import { chromeOf, isNarrow, isShort, layoutOf } from "./layout.js";
import { arrangeOthers } from "./outputs.js";
import { describe } from "./words.js";

/** How large the page writes: its text grows with the screen, and what is drawn here grows with it. */
function unitOf() {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
}

/** Sizes, layers and captions for the room there is; then the first frame. */
export function arrange(player) {
  const { data, root, panels } = player;
  const unit = unitOf();
  const room = roomFor(root, 0);
  if (!room.width) return;
  const [width, height] = [room.width / unit, room.height / unit];
  const short = isShort(height);
  const narrow = isNarrow(width, height);
  const lines = data.others.length || data.channels.length > 1 ? 2 : 1;
  const chrome = chromeOf({ short, lines, channels: data.channels.length });
  const screen = window.devicePixelRatio || 1;
  const ratio = screen * unit;
  const layout = layoutOf(
    data.shape,
    data.grids.length,
    { width, height: height - chrome - 8 - (short ? 0 : data.below), narrow },
    ratio,
    1 + data.others.length,
    data.filters.length > 0 && !data.hideOutput,
  );
  player.layout = { ...layout, short };
  root.dataset.narrow = narrow;
  root.dataset.short = short && !narrow;
  root.dataset.tight = layout.tight;
  root.dataset.hidden = data.hideOutput;
  root.dataset.others = data.others.length ? "many" : "none";
  root.dataset.lines = lines;
  player.screen = screen; // device pixels a CSS pixel
  player.unit = unit; // CSS pixels a pixel of the layout
  player.ratio = ratio; // device pixels a pixel of the layout
  player.margin = Math.round(4 * ratio);
  player.cell = { input: Math.round(layout.input * ratio), result: Math.round(layout.output * ratio) };
  const [rows, columns] = data.shape.padded;
  const [outRows, outColumns] = data.shape.output;
  const size = (canvas, across, down) => setSize(canvas, across, down, screen);
  const around = (cells, side) => cells * side + 2 * player.margin;
  size(panels.input.canvas, around(columns, player.cell.input), around(rows, player.cell.input));
  size(panels.result.canvas, around(outColumns, player.cell.result), around(outRows, player.cell.result));
  const { middle } = layout;
  root.dataset.numbers = middle.grids.every((grid) => grid.numbers);
  size(panels.middle.canvas, Math.round(middle.width * ratio), Math.round(middle.height * ratio));
  root.style.setProperty("--middle", `${middle.width * unit}px`);
  root.style.setProperty("--stage", layout.narrow ? "auto" : `${layout.stage * unit}px`);
  player.layers = layersOf(player);
  arrangeOthers(player);
  arrangeFilters(player);
  player.dirty = {};
  player.drawn = {};
  describe(player);
  request(player);
}
