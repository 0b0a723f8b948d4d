// The map on its canvas, in CSS pixels. Drawing reads what it is given and keeps nothing but its tables of colours.

import { colourOf, css, inkOn, mixed } from "../../../ui/components/base/colours.js";
import { isSeen, rectOf } from "./layout.js";

/** @typedef {import("../../../ui/components/base/colours.js").Palette} Palette */

const STEPS = 255; // colours on either side of 0

/**
 * The colours of a scale as the pixels of an image: from the lower limit, half of them below 0, to the upper.
 * @param {"signed" | "gray"} kind
 * @param {Palette} palette
 * @returns {Uint32Array} one more at its end, for what is no number
 */
export function tableOf(kind, palette) {
  if (!known.has(palette)) known.set(palette, {});
  const tables = known.get(palette);
  tables[kind] ??= madeTable(kind, palette);
  return tables[kind];
}

const known = new WeakMap(); // a palette -> its tables, by kind

function madeTable(kind, palette) {
  const packed = ([r, g, b]) => (r | (g << 8) | (b << 16) | (255 << 24)) >>> 0;
  const scale = { kind, limits: [-STEPS, STEPS] };
  const table = Uint32Array.from({ length: 2 * STEPS + 2 }, (_, k) =>
    packed(colourOf(k - STEPS, scale, palette)),
  );
  table[2 * STEPS + 1] = packed(colourOf(Number.NaN, scale, palette));
  return table;
}

/**
 * Write values as pixels of a table.
 * @param {Uint32Array} pixels
 * @param {Float32Array} values
 * @param {number} from where they begin
 * @param {number} count
 * @param {number} low value in the first colour
 * @param {number} high value in the last
 * @param {Uint32Array} table
 * @param {number} to where the first pixel goes
 */
export function coloured(pixels, values, from, count, low, high, table, to = 0) {
  const factor = high > low ? (2 * STEPS) / (high - low) : 0;
  for (let k = 0; k < count; k += 1) {
    const at = (values[from + k] - low) * factor + 0.5;
    pixels[to + k] = table[at >= 0 ? (at < 2 * STEPS ? at | 0 : 2 * STEPS) : at < 0 ? 0 : 2 * STEPS + 1];
  }
}

/**
 * The largest magnitude among some of the values; 0 where all are.
 * @param {Float32Array} values
 * @param {number} from
 * @param {number} to
 * @returns {number}
 */
export function largestOf(values, from = 0, to = values.length) {
  let most = 0;
  for (let k = from; k < to; k += 1) {
    const size = values[k] < 0 ? -values[k] : values[k];
    if (size > most && size < Infinity) most = size;
  }
  return most;
}

/**
 * The strongest value of each of `count` parts of equal length.
 * @param {Float32Array} values
 * @param {number} count
 * @returns {Float32Array}
 */
export function folded(values, count) {
  const found = new Float32Array(count);
  for (let part = 0; part < count; part += 1) {
    const end = Math.max(Math.floor(((part + 1) * values.length) / count), part + 1);
    for (let k = Math.floor((part * values.length) / count); k < Math.min(end, values.length); k += 1)
      if (Math.abs(values[k]) > Math.abs(found[part])) found[part] = values[k];
  }
  return found;
}

/** Values as an image of one pixel a cell. */
export function imageOf(values, from, rows, columns, [low, high], table) {
  const image = new ImageData(columns, rows);
  coloured(new Uint32Array(image.data.buffer), values, from, rows * columns, low, high, table);
  return image;
}

/**
 * The map of a network: its columns, or their outlines alone before there are values.
 * @param {CanvasRenderingContext2D} context
 * @param {Object} scene `plan`, `firsts`, `scrolled`, `values` by column or null, `limitsOf(column, unit)`, `pictures` (a Map), `tables`,
 *   `palette`, `columns` as columns.js has them, `labels` of the bars, `percent`, `at` (the unit looked at),
 *   `edges` as `edgesOf` gives them, `font`
 */
export function paintMap(context, scene) {
  const { plan, scrolled, palette } = scene;
  context.clearRect(0, 0, plan.room.width, plan.room.height);
  const edges = scene.edges ?? [];
  context.save();
  context.beginPath();
  context.rect(0, 0, plan.columns.at(-1).x - 8, plan.room.height);
  context.clip();
  for (const edge of edges) if (!edge.toBars) paintEdge(context, edge, palette);
  plan.columns.forEach(({ kind }, at) => {
    if (kind !== "bars" && isSeen(plan, at, scrolled)) paintColumn(context, scene, at);
  });
  paintFades(context, scene);
  context.restore();
  for (const edge of edges) if (edge.toBars) paintEdge(context, edge, palette);
  paintBars(context, scene, plan.columns.length - 1);
}

function paintEdge(context, { from, to, share, sign }, palette) {
  const colour = sign > 0 ? palette.positive : sign < 0 ? palette.negative : palette.text;
  const middle = (from.x + to.x) / 2;
  context.strokeStyle = css(colour, 0.15 + 0.8 * share);
  context.lineWidth = 0.75 + 4.5 * share;
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.bezierCurveTo(middle, from.y, middle, to.y, to.x, to.y);
  context.stroke();
}

function paintHead(context, { plan, palette, columns, font, at, scrolled }, here) {
  const { kind, x, width } = plan.columns[here];
  const { name, also, size } = columns[here];
  const left = kind === "bars" ? x : x - scrolled + width / 2;
  context.textAlign = kind === "bars" ? "left" : "center";
  context.textBaseline = "alphabetic";
  context.fillStyle = css(palette.text);
  context.font = `${at?.at === here ? 700 : 600} ${font.size}px ${font.family}`;
  context.fillText(name, left, font.size);
  context.font = `${font.size}px ${font.family}`;
  context.fillStyle = css(mixed(palette.text, palette.background, 0.25));
  const words = [also, size].filter(Boolean);
  words.forEach((line, k) => {
    context.fillText(line, left, (2.25 + 1.25 * k) * font.size);
  });
}

/** Where further columns lie beyond an edge, they fade out there. */
function paintFades(context, { plan, scrolled, palette }) {
  const right = plan.columns.at(-1).x - 8;
  for (const [from, to, isThere] of [
    [0, 28, scrolled > 1],
    [right, right - 44, scrolled < plan.width - plan.view - 1],
  ]) {
    if (!isThere) continue;
    const fade = context.createLinearGradient(from, 0, to, 0);
    fade.addColorStop(0, css(palette.background));
    fade.addColorStop(1, css(palette.background, 0));
    context.fillStyle = fade;
    context.fillRect(Math.min(from, to), 0, Math.abs(to - from), plan.room.height);
  }
}

function paintColumn(context, scene, at) {
  const { plan, firsts, scrolled, values, tables, palette, font } = scene;
  const column = plan.columns[at];
  paintHead(context, scene, at);
  const { kind, count, rows, columns, side, shown, step } = column;
  const begin = rectOf(plan, at, firsts[at], firsts[at], scrolled);
  const given = values?.[at];
  const table = at === 0 ? tables.gray : tables.signed;
  context.imageSmoothingEnabled = false;
  context.strokeStyle = css(palette.border);
  context.lineWidth = 1;
  const canvas = given && pictureOf(scene, at, table);
  if (kind === "strip") {
    const tall = step * count;
    if (given) context.drawImage(canvas, 0, 0, 1, canvas.height, begin.x, begin.y, side, tall);
    context.strokeRect(begin.x - 0.5, begin.y - 0.5, side + 1, tall + 1);
  } else {
    for (let line = 0; line < shown; line += 1) {
      const { x, y, w, h } = rectOf(plan, at, firsts[at] + line, firsts[at], scrolled);
      if (given) context.drawImage(canvas, 0, line * rows, columns, rows, x, y, w, h);
      context.strokeRect(x - 0.5, y - 0.5, w + 1, h + 1);
    }
    if (shown < count) {
      context.textAlign = "center";
      context.fillStyle = css(mixed(palette.text, palette.background, 0.25));
      context.font = `${font.size}px ${font.family}`;
      const words = `▾ ${firsts[at] + shown}/${count}`;
      context.fillText(words, column.x - scrolled + column.width / 2, plan.room.height - 0.4 * font.size);
    }
  }
  paintFrame(context, scene, at);
}

/**
 * All that a column shows, below each other at one pixel a cell. It is painted anew where `pictures`, which the caller
 * keeps and empties of what is old, has none of it: scrolling and pointing change nothing of it.
 */
function pictureOf({ plan, firsts, values, limitsOf, pictures }, at, table) {
  const { kind, count, rows, columns, shown, step } = plan.columns[at];
  const first = firsts[at];
  const known = pictures.get(at);
  if (known?.first === first) return known.canvas;
  const cells = rows * columns;
  const isStrip = kind === "strip";
  const lines = isStrip ? Math.min(count, Math.max(1, Math.round(step * count))) : shown * rows;
  const image = new ImageData(columns, lines);
  const pixels = new Uint32Array(image.data.buffer);
  if (isStrip) {
    const [low, high] = limitsOf(at, 0);
    coloured(pixels, lines < count ? folded(values[at], lines) : values[at], 0, lines, low, high, table);
  } else {
    for (let line = 0; line < shown; line += 1) {
      const [low, high] = limitsOf(at, first + line);
      coloured(pixels, values[at], (first + line) * cells, cells, low, high, table, line * cells);
    }
  }
  const canvas = new OffscreenCanvas(columns, lines);
  canvas.getContext("2d").putImageData(image, 0, 0);
  pictures.set(at, { canvas, first });
  return canvas;
}

/** The unit that is looked at, in the accent. */
function paintFrame(context, { plan, firsts, scrolled, palette, at }, here) {
  if (at?.at !== here) return;
  const rect = rectOf(plan, here, at.unit, firsts[here], scrolled);
  if (!rect) return;
  const { x, y, w, h } = rect;
  const tall = Math.max(h, 3);
  context.strokeStyle = css(palette.background);
  context.lineWidth = 5;
  context.strokeRect(x - 1.5, y - 1.5, w + 3, tall + 3);
  context.strokeStyle = css(palette.accent);
  context.lineWidth = 3;
  context.strokeRect(x - 1.5, y - 1.5, w + 3, tall + 3);
}

function paintBars(context, scene, at) {
  const { plan, firsts, scrolled, values, palette, labels, percent, font } = scene;
  const column = plan.columns[at];
  paintHead(context, scene, at);
  const given = values?.[at];
  const best = given ? given.indexOf(Math.max(...given)) : -1;
  context.textBaseline = "middle";
  const size = Math.min(font.size, column.step - 4);
  const gutter = Math.min(column.width * 0.4, scene.labelWidth);
  for (let line = 0; line < column.shown; line += 1) {
    const unit = firsts[at] + line;
    const { x, y, w, h } = rectOf(plan, at, unit, firsts[at], scrolled);
    const middle = y + h / 2 + 1;
    context.font = `${unit === best ? 700 : 400} ${Math.max(14, size)}px ${font.family}`;
    context.fillStyle = css(palette.text);
    context.textAlign = "left";
    context.fillText(clipped(context, labels[unit], gutter), x, middle);
    const long = w - gutter - 10;
    context.fillStyle = css(palette.border);
    context.fillRect(x + gutter + 8, y, 1, h);
    if (!given) continue;
    const colour = unit === best ? palette.positive : mixed(palette.background, palette.text, 0.35);
    context.fillStyle = css(colour);
    const share = Number.isFinite(given[unit]) ? given[unit] : 0;
    context.fillRect(x + gutter + 9, y, long * share, h);
    if (share < 0.001) continue;
    const words = percent(share);
    const inside = context.measureText(words).width + 8 < long * share;
    context.textAlign = inside ? "right" : "left";
    context.fillStyle = inside ? inkOn(colour) : css(palette.text);
    context.fillText(words, x + gutter + 9 + long * share + (inside ? -4 : 4), middle);
  }
  paintFrame(context, scene, at);
}

/** As much of a text as fits. */
function clipped(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let short = text;
  while (short.length > 1 && context.measureText(`${short}…`).width > width) short = short.slice(0, -1);
  return `${short}…`;
}
