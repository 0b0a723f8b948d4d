// A unit opened: each map that it is made of, under its own slice of the kernel, and their sum; or what goes in and out.

import { printed } from "../../../ui/components/base/numbers.js";
import { button, grid, made } from "./elements.js";
import { frameCells, paintUnit } from "./lens.js";
import { largestOf } from "./painting.js";
import { shapeOf, stopName, unitName } from "./sentences.js";
import { sidesOf } from "./shapes.js";
import { viewOf } from "./views.js";

const THUMB = 76; // px of a small map's side
const LINE = 103; // px of a part's line

const symmetric = (most) => [-(most || 1), most || 1];

/** The limits of a map's own colours. */
export function limitsOf(values, shape, unit, isInput) {
  if (isInput) return [0, 1];
  const [, rows, columns] = sidesOf(shape);
  return symmetric(largestOf(values, unit * rows * columns, (unit + 1) * rows * columns));
}

/** A map on a canvas. */
function mapOf(values, shape, unit, limits, gray, room, palette) {
  const canvas = made("canvas");
  canvas.setAttribute("aria-hidden", "true");
  paintUnit(canvas, values, shape, unit, { limits, gray, room, palette });
  return canvas;
}

/** A map of the layer before as a button that opens it. */
function sourceOf({ model, values, palette, onStop }, layer, unit, room) {
  const shape = shapeOf(model, layer);
  const limits = limitsOf(values[layer + 1], shape, unit, layer < 0);
  const name = stopName(model, { layer, unit, row: null });
  const opener = button("map", `map ${layer} ${unit}`, name, () =>
    onStop({ layer, unit, row: null, column: null }),
  );
  opener.append(mapOf(values[layer + 1], shape, unit, limits, layer < 0, room, palette));
  opener.append(made("small", "", unitName(model, layer, unit)));
  return opener;
}

/**
 * The map that was opened, large: a pointer or the arrow keys choose one of its cells.
 * @param {Object} scene as `unitView` takes it
 * @param {number} room px of its side
 */
function resultOf({ model, values, stop, palette, onStop, cursor }, room) {
  const { layer, unit } = stop;
  const shape = shapeOf(model, layer);
  const [, rows, columns] = sidesOf(shape);
  const own = values[layer + 1];
  const limits = limitsOf(own, shape, unit, layer < 0);
  const canvas = made("canvas", "result");
  canvas.tabIndex = 0;
  canvas.dataset.key = "result";
  canvas.setAttribute("role", "application");
  canvas.setAttribute(
    "aria-label",
    `${stopName(model, stop)}: arrow keys choose a cell, Enter shows its arithmetic`,
  );
  const readout = made("p", "readout");
  readout.setAttribute("aria-live", "polite");
  const look = { limits, gray: layer < 0, room, palette };
  function paint(row, column) {
    const cell = paintUnit(canvas, own, shape, unit, look);
    frameCells(canvas, cell, { top: row, bottom: row, left: column, right: column }, palette);
    const value = own[(unit * rows + row) * columns + column];
    readout.textContent = `row ${row}, column ${column} = ${printed(value, 3)}`;
  }
  const move = (row, column) => {
    cursor.row = Math.min(Math.max(row, 0), rows - 1);
    cursor.column = Math.min(Math.max(column, 0), columns - 1);
    paint(cursor.row, cursor.column);
  };
  const open = () => onStop({ layer, unit, row: cursor.row, column: cursor.column });
  const at = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    move(
      Math.floor(((clientY - box.top) / box.height) * rows),
      Math.floor(((clientX - box.left) / box.width) * columns),
    );
  };
  canvas.onpointermove = at;
  canvas.onclick = (event) => {
    at(event);
    open();
  };
  canvas.onkeydown = (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (step) move(cursor.row + step[0], cursor.column + step[1]);
    else if (event.key === "Enter" || event.key === " ") open();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  move(cursor.row, cursor.column);
  return made("figure", "large", canvas, readout);
}

/** Each map under its slice of the kernel, the strongest first, then the sum. */
function sumOf(scene, parts, room) {
  const { model, values, stop, palette, memory } = scene;
  const { layer, unit } = stop;
  const shape = shapeOf(model, layer);
  const own = [1, ...shape.slice(1)];
  if (memory.order?.length !== parts.length) {
    const amounts = parts.map(({ values: map }) => map().reduce((sum, value) => sum + Math.abs(value), 0));
    memory.order = [...parts.keys()].toSorted((one, other) => amounts[other] - amounts[one]);
  }
  const most = memory.all ? parts.length : Math.max(2, Math.floor(room.height / LINE));
  const shown = memory.order.slice(0, most).map((k) => parts[k]);
  const maps = shown.map((part) => part.values());
  const limits = symmetric(Math.max(...maps.map((map) => largestOf(map))));
  const strongest = Math.max(...shown.map(({ kernel }) => largestOf(kernel))) || 1;
  const scale = { kind: "signed", limits: [-strongest, strongest] };
  const lines = shown.map((part, k) => {
    const weights = Array.from(part.kernel, (value) => ({ value, label: "weight" }));
    return made(
      "div",
      "part",
      sourceOf(scene, layer - 1, part.unit, THUMB),
      made("b", "", "×"),
      grid(weights, part.across, scale, palette),
      part.scale === null ? null : made("b", "", `× ${printed(part.scale, 2)}`),
      made("b", "", "="),
      mapOf(maps[k], own, 0, limits, false, THUMB, palette),
    );
  });
  const left = parts.length - shown.length;
  const list = made("div", "parts", ...lines);
  if (left > 0) {
    const more = button("more", "more", `Show all ${parts.length} maps`, scene.onMore);
    more.textContent = `and ${left} more: show all`;
    list.append(more);
  }
  const bias = viewOf(model.layers[layer]).bias?.(model.layers[layer], unit);
  const sum =
    bias === null || bias === undefined
      ? "all added up ="
      : `all added up ${bias < 0 ? "−" : "+"} ${printed(Math.abs(bias), 2)} (bias) =`;
  const side = Math.min(room.height - 60, room.width * 0.4, 340);
  return made("div", "body sums", list, made("p", "adds", sum), resultOf({ ...scene, values }, side));
}

/**
 * The body of an opened unit.
 * @param {Object} scene `model`, `values` by column, `stop`, `palette`, `room`, `cursor` (the cell that is framed),
 *   `memory` (what stays while it is open), `onStop`, `onMore`
 * @returns {HTMLElement}
 */
export function unitView(scene) {
  const { model, values, stop, room } = scene;
  const { layer, unit } = stop;
  if (layer < 0) return made("div", "body", resultOf(scene, Math.min(room.height - 40, room.width, 420)));
  const described = model.layers[layer];
  const view = viewOf(described);
  const parts = view.parts?.(described, unit, values[layer]);
  if (parts) return sumOf(scene, parts, room);
  const side = Math.min(room.height - 60, room.width * 0.42, 380);
  const sources = view.sources(described, unit).toSorted((one, other) => other.size - one.size);
  const few = sources.slice(0, Math.max(1, Math.min(3, Math.floor(room.height / LINE))));
  const each = few.length === 1 ? side : THUMB;
  const before = few.map((source) => sourceOf(scene, layer - 1, source.unit, each));
  const arrow = made("p", "adds", made("b", "", "→"));
  const whole =
    sources.length > few.length ? made("p", "", `and ${sources.length - few.length} more maps`) : null;
  return made("div", "body pair", made("div", "parts", ...before, whole), arrow, resultOf(scene, side));
}
