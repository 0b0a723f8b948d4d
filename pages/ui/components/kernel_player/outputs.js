// The output, and the outputs of the other operations over the same windows, which grow in step with it.

import { drawFrame, drawNumber, setSize } from "../base/canvas.js";
import { css } from "../base/colours.js";
import { around, intersection, readersOf } from "./geometry.js";
import { resultLayers } from "./layers.js";

/** Copy a rectangle of the output: computed cells from one layer, the others from the empty one. */
function restoreResult(player, rect) {
  if (!rect) return;
  copyComputed(player, player.panels.result.context, player.layers, rect);
}

/** The same from any pair of layers of the output's size. */
function copyComputed(player, context, layers, rect) {
  const { canvas } = player.panels.result;
  const { margin, frontier } = player;
  const size = player.cell.result;
  const columns = player.data.shape.output[1];
  const split = margin + Math.floor(frontier / columns) * size;
  const across = margin + (frontier % columns) * size;
  const all = { x: 0, y: 0, w: canvas.width, h: canvas.height };
  const parts = [
    [layers.full, { ...all, h: split }],
    [layers.full, { ...all, y: split, h: size, w: across }],
    [layers.empty, { x: across, y: split, w: canvas.width - across, h: size }],
    [layers.empty, { ...all, y: split + size, h: canvas.height - split - size }],
  ];
  if (frontier >= player.cells) parts.splice(0, 4, [layers.full, all]);
  context.clearRect(rect.x, rect.y, rect.w, rect.h);
  for (const [layer, part] of parts) {
    const shared = part.w > 0 && part.h > 0 ? intersection(rect, part) : null;
    if (shared)
      context.drawImage(
        layer,
        shared.x,
        shared.y,
        shared.w,
        shared.h,
        shared.x,
        shared.y,
        shared.w,
        shared.h,
      );
  }
}

/** The output as far as it has been computed, with the cells that belong to what is looked at. */
export function drawResult(player, row, col) {
  const { data, cell, margin, ratio, palette, focus } = player;
  const { context, canvas } = player.panels.result;
  const size = cell.result;
  const columns = data.shape.output[1];
  const rectOf = (r, c, h = 1, w = 1) => ({
    x: margin + c * size,
    y: margin + r * size,
    w: w * size,
    h: h * size,
  });
  const key = [
    player.frontier,
    row,
    col,
    JSON.stringify(focus),
    player.pinned,
    JSON.stringify(data.question),
  ].join();
  if (player.drawn.result === key) return;
  const before = player.drawn.frontier;
  if (player.drawn.result === undefined || before > player.frontier) {
    restoreResult(player, { x: 0, y: 0, w: canvas.width, h: canvas.height });
  } else {
    restoreResult(player, player.dirty.result);
    if (before < player.frontier) {
      const [first, last] = [Math.floor(before / columns), Math.floor((player.frontier - 1) / columns)];
      const grown =
        first === last
          ? rectOf(first, before % columns, 1, player.frontier - before)
          : rectOf(first, 0, last - first + 1, columns);
      restoreResult(player, around([grown], canvas, 0));
    }
  }
  player.drawn.result = key;
  player.drawn.frontier = player.frontier;
  const rects = [];
  const accent = css(palette.accent);
  const halo = css(palette.background, 0.9);
  if (data.question) {
    const rect = rectOf(...data.question);
    context.fillStyle = css(palette.surface);
    context.fillRect(rect.x, rect.y, rect.w, rect.h);
    if (size >= 12 * ratio) drawNumber(context, "?", rect, css(palette.text), 14 * ratio, palette.font);
    rects.push(rect);
  }
  if (focus?.panel === "input") {
    for (const reader of readersOf(data.shape, focus.y, focus.x)) {
      if (reader.row * columns + reader.col >= player.frontier) continue;
      const rect = rectOf(reader.row, reader.col);
      drawFrame(context, rect, accent, css(palette.background, 0.5), Math.max(1, ratio));
      rects.push(rect);
    }
  }
  const rect = rectOf(row, col);
  const grow = size < 7 * ratio ? 2 * ratio : 0; // a frame that is seen around a tiny cell
  drawFrame(
    context,
    { x: rect.x - grow, y: rect.y - grow, w: rect.w + 2 * grow, h: rect.h + 2 * grow },
    accent,
    halo,
    (player.pinned ? 3 : 2) * ratio,
  );
  rects.push(rect);
  if (focus?.panel === "result" && (focus.row !== row || focus.col !== col)) {
    const other = rectOf(focus.row, focus.col);
    drawFrame(context, other, css(palette.text), halo, ratio);
    rects.push(other);
  }
  player.dirty.result = around(rects, canvas, 6 * ratio);
}

/** A panel for each of them, made anew only where their number changed; sizes and layers for the room there is. */
export function arrangeOthers(player) {
  const { data, others, cell, margin, screen } = player;
  const [rows, columns] = data.shape.output;
  while (others.panels.length > data.others.length) others.panels.pop().figure.remove();
  while (others.panels.length < data.others.length) others.panels.push(otherPanel(others.root));
  others.root.hidden = !data.others.length;
  others.panels.forEach((panel, at) => {
    setSize(panel.canvas, columns * cell.result + 2 * margin, rows * cell.result + 2 * margin, screen);
    panel.layers = resultLayers(player, data[`other${at}`], data.others[at].scale);
    panel.drawn = null;
  });
}

function otherPanel(root) {
  const figure = document.createElement("figure");
  figure.className = "panel result";
  figure.innerHTML = '<figcaption></figcaption><canvas></canvas><div class="legend"></div>';
  root.append(figure);
  const canvas = figure.querySelector("canvas");
  return {
    figure,
    canvas,
    context: canvas.getContext("2d"),
    caption: figure.querySelector("figcaption"),
    legend: figure.querySelector(".legend"),
  };
}

/** Draw each of them as far as the player has come, with its cell framed. */
export function drawOthers(player, row, col) {
  const { frontier, pinned, ratio, palette, cell, margin } = player;
  const key = [frontier, row, col, pinned].join();
  const rect = {
    x: margin + col * cell.result,
    y: margin + row * cell.result,
    w: cell.result,
    h: cell.result,
  };
  for (const panel of player.others.panels) {
    if (panel.drawn === key) continue;
    panel.drawn = key;
    copyComputed(player, panel.context, panel.layers, {
      x: 0,
      y: 0,
      w: panel.canvas.width,
      h: panel.canvas.height,
    });
    drawFrame(
      panel.context,
      rect,
      css(palette.accent),
      css(palette.background, 0.9),
      (pinned ? 3 : 2) * ratio,
    );
  }
}
