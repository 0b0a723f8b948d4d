// What is drawn of the input and of one cell's arithmetic when the window has moved: only what has changed.

import { drawFrame, drawNumber } from "../base/canvas.js";
import { colourOf, css, inkOn } from "../base/colours.js";
import { clamp, printed } from "../base/numbers.js";
import { around, pixelOf, reachOf, readersOf, windowOf } from "./geometry.js";
import { pixelColour } from "./layers.js";
import { isAsked, productPlaces, termsOf, winnerOf } from "./scene.js";

/** Copy a rectangle of the input's layer over its marks. */
function restore(context, layer, rect) {
  if (!rect) return;
  context.clearRect(rect.x, rect.y, rect.w, rect.h);
  context.drawImage(layer, rect.x, rect.y, rect.w, rect.h, rect.x, rect.y, rect.w, rect.h);
}

/** The input with its window, the pixels it reads, and what belongs to what is looked at. */
export function drawInput(player, row, col) {
  const { data, cell, margin, ratio, palette, focus } = player;
  const { context, canvas } = player.panels.input;
  const size = cell.input;
  const rectOf = (y, x, h = 1, w = 1) => ({
    x: margin + x * size,
    y: margin + y * size,
    w: w * size,
    h: h * size,
  });
  const at = player.drawn.at;
  const key = [at.row, at.col, row, col, player.channel, JSON.stringify(focus), player.playing].join();
  if (player.drawn.input === key) return;
  if (player.drawn.input === undefined)
    restore(context, player.layers.input, { x: 0, y: 0, w: canvas.width, h: canvas.height });
  else restore(context, player.layers.input, player.dirty.input);
  player.drawn.input = key;
  const accent = css(palette.accent);
  const halo = css(palette.background, 0.9);
  const rects = [];
  const mark = (rect, thickness, dash) => {
    drawFrame(context, rect, accent, halo, thickness * ratio, dash);
    rects.push(rect);
  };
  if (focus?.panel === "middle") {
    const reach = reachOf(data.shape, focus.i, focus.j);
    const rect = rectOf(reach.top, reach.left, reach.rows, reach.columns);
    context.fillStyle = css(palette.accent, 0.22);
    context.fillRect(rect.x, rect.y, rect.w, rect.h);
    rects.push(rect);
  }
  const [kh, kw] = data.shape.kernel;
  const span = windowOf(data.shape, 0, 0);
  const gaps = data.shape.dilation[0] > 1 || data.shape.dilation[1] > 1;
  const [sy, sx] = [at.row * data.shape.stride[0], at.col * data.shape.stride[1]];
  if (
    !player.playing &&
    !player.slide &&
    col + 1 < data.shape.output[1] &&
    data.shape.stride[1] * size >= 3 * ratio
  ) {
    const next = windowOf(data.shape, row, col + 1);
    mark(rectOf(next.top, next.left, next.rows, next.columns), 1, [3 * ratio, 3 * ratio]);
  }
  if (gaps || size >= 16 * ratio) {
    for (let i = 0; i < kh; i += 1) {
      for (let j = 0; j < kw; j += 1) {
        const rect = rectOf(sy + i * data.shape.dilation[0], sx + j * data.shape.dilation[1]);
        if (size < 6 * ratio) {
          context.fillStyle = css(palette.accent, 0.85);
          context.fillRect(rect.x, rect.y, rect.w, rect.h);
        } else drawFrame(context, rect, accent, css(palette.background, 0.4), Math.max(1, ratio));
      }
    }
  }
  mark(rectOf(sy, sx, span.rows, span.columns), size >= 5 * ratio ? 3 : 2);
  const winner = data.mode === "max" ? winnerOf(data, row, col) : null;
  if (winner && !player.slide && !isAsked(data, row, col)) {
    const [y, x] = pixelOf(data.shape, row, col, ...winner);
    context.fillStyle = css(palette.accent, 0.55);
    const rect = rectOf(y, x);
    context.fillRect(rect.x, rect.y, rect.w, rect.h);
  }
  if (focus?.panel === "input") mark(rectOf(focus.y, focus.x), 3);
  if (focus?.panel === "middle") mark(rectOf(...pixelOf(data.shape, row, col, focus.i, focus.j)), 3);
  player.dirty.input = around(rects, canvas, 4 * ratio);
}

/** The window, the kernel and their products, cell by cell. */
export function drawMiddle(player, row, col) {
  const { data, ratio, palette, layout, channel } = player;
  const { context, canvas } = player.panels.middle;
  const [kh, kw] = data.shape.kernel;
  const terms = termsOf(data, row, col, channel);
  const asked = isAsked(data, row, col);
  const winner = winnerOf(data, row, col);
  const inputColour = (value) => pixelColour(player, value);
  const signed = (limit) => (value) => colourOf(value, { kind: "signed", limits: [-limit, limit] }, palette);
  const looks = {
    window: { values: terms.pixels, colour: inputColour, places: data.places.pixel },
    kernel: { values: terms.weights, colour: signed(data.scales.kernel), places: data.places.weight },
    products: {
      values: terms.products,
      colour: signed(data.scales.products),
      places: productPlaces(data, terms.products),
    },
  };
  context.clearRect(0, 0, canvas.width, canvas.height);
  const partner = focusedTap(player, row, col);
  data.grids.forEach(({ name, title }, at) => {
    const grid = layout.middle.grids[at];
    const { values, colour, places } = looks[name];
    const [x0, y0] = [grid.x * ratio, grid.y * ratio];
    const [w, h] = [grid.cellWidth * ratio, grid.cellHeight * ratio];
    context.font = `600 ${15 * ratio}px ${palette.font}`;
    context.fillStyle = css(palette.text);
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    context.fillText(title, x0 + 1, y0 - 6 * ratio);
    const hidden = asked && name === "products";
    for (let k = 0; k < kh * kw; k += 1) {
      const [x, y] = [x0 + (k % kw) * w + 1, y0 + Math.floor(k / kw) * h + 1];
      const fill = hidden ? palette.surface : colour(values[k]);
      context.fillStyle = css(fill);
      context.fillRect(x, y, w, h);
      context.strokeStyle = css(palette.text, 0.28);
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, y + 0.5, w, h);
      if (grid.numbers)
        drawNumber(
          context,
          hidden ? "?" : printed(values[k], places),
          { x, y, w, h },
          inkOn(fill),
          clamp(grid.cellWidth * 0.3, 14, 18) * ratio,
          palette.font,
        );
    }
    const accented = (i, j, thickness) =>
      drawFrame(
        context,
        { x: x0 + j * w + 1, y: y0 + i * h + 1, w, h },
        css(palette.accent),
        css(palette.background, 0.9),
        thickness * ratio,
      );
    if (winner && name === "window" && !asked) accented(winner[0], winner[1], 3);
    if (partner) accented(partner[0], partner[1], 2.5);
  });
}

/** The place of the kernel that the pointer is on, or that meets the pixel it is on; null elsewhere. */
function focusedTap(player, row, col) {
  const { focus, data } = player;
  if (focus?.panel === "middle") return [focus.i, focus.j];
  if (focus?.panel !== "input") return null;
  const met = readersOf(data.shape, focus.y, focus.x).find(
    (reader) => reader.row === row && reader.col === col,
  );
  return met ? [met.i, met.j] : null;
}
