// A matrix whole as a heat map, and the cells around one of its own with their numbers: the one is the other's loupe.

import { paletteOf, ramp } from "../../../ui/components/base/colours.js";
import { component } from "../../../ui/components/base/component.js";
import { unpack } from "../../../ui/components/base/message.js";
import { clamp, significant } from "../../../ui/components/base/numbers.js";
import { roomFor, watchRoom } from "../../../ui/components/base/room.js";
import { drawLoupe, drawMap, heat } from "./drawing.js";
import { arranged, first, isStacked, moved } from "./plan.js";

const MARKUP = `
  <div class="whole"><div class="title"></div><canvas tabindex="0" role="img"></canvas></div>
  <div class="part"><div class="title" role="status"></div><canvas role="img"></canvas>
    <div class="scale"><span class="low"></span><span class="ramp"></span><span class="high"></span>
      <span class="scope"></span></div>
    <div class="readout"></div></div>`;
const QUIET = 250; // ms without a further key before Python is told where the keys led

function read(bytes) {
  const content = unpack(bytes);
  const [rows, columns] = content.shape;
  return { ...content, rows, columns };
}

/** What a column stands for: one input, or the strongest of some. */
function inputName({ folded }, column) {
  return folded === 1 ? `input ${column}` : `inputs ${column * folded}–${(column + 1) * folded - 1}`;
}

function refresh(state) {
  const { root, content, cell } = state;
  drawMap(state);
  drawLoupe(state);
  const [row, column] = cell;
  const value = significant(content.values[row * content.columns + column]);
  root.querySelector(".part .title").textContent =
    `${content.prefix}${content.names[row]} from ${inputName(content, column)}: ${value}`;
}

/** Everything anew, for the room there is. */
function lay(state) {
  const { root, content } = state;
  if (!content) return;
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const low = window.innerHeight < 600;
  const room = roomFor(root, (low ? 0.5 : content.reserve) * rem);
  const height = Math.max(13 * rem, room.height);
  const stacked = isStacked(room.width, rem);
  const ratio = window.devicePixelRatio || 1;
  const palette = paletteOf(root);
  const size = Math.max(14, 0.875 * rem);
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context.font = `${size}px ${palette.font}`;
  const longest = Math.max(...content.names.map((name) => context.measureText(name).width));
  const edge = Math.min(longest, 7 * rem) + size;
  const { many, side, wide, gutter, plan } = arranged(
    content,
    { width: room.width, height },
    { rem, size, edge, ratio },
  );
  const base = heat(content, plan, palette);
  Object.assign(state, { ratio, palette, size, edge, many, side, gutter, plan, base });
  root.style.minHeight = stacked ? "" : `${height}px`;
  root.querySelector(".whole").style.width = stacked ? "100%" : `${wide}px`;
  root.querySelector(".part").style.width = stacked ? "100%" : `${edge + many[1] * side + 2}px`;
  const limits = [-content.limit, content.limit];
  const [from, to] = limits.map((limit) => significant(limit, 3));
  root.querySelector(".low").textContent = from;
  root.querySelector(".high").textContent = to;
  root.querySelector(".ramp").style.background = ramp({ kind: "signed", limits }, palette);
  root.querySelector(".whole .title").textContent = content.title;
  root.querySelector(".scope").textContent = content.scope;
  const strength = plan.tall * plan.wide;
  root.querySelector(".readout").textContent =
    strength > 1 ? `A pixel at the left: the strongest of ${strength} weights.` : "";
  refresh(state);
}

function tell(state, wait = 0) {
  clearTimeout(state.timer);
  state.timer = 0;
  const now = () => {
    state.timer = 0;
    state.pending = state.cell;
    state.setTriggerValue("picked", state.cell);
  };
  if (wait) state.timer = setTimeout(now, wait);
  else now();
}

function listen(state) {
  const { map, loupe } = state;
  const choose = (row, column) => {
    const { rows, columns } = state.content;
    state.cell = [clamp(row, 0, rows - 1), clamp(column, 0, columns - 1)];
    refresh(state);
  };
  const at = (event) => {
    const box = map.getBoundingClientRect();
    const { plan, gutter } = state;
    const x = (event.clientX - box.left - gutter - 1.5) / plan.cellWidth;
    const y = (event.clientY - box.top - 1.5) / plan.cellHeight;
    return [Math.floor(y * plan.tall), Math.floor(x * plan.wide)];
  };
  // Pointing moves the loupe; Python hears of a click.
  map.onpointermove = (event) => choose(...at(event));
  map.onclick = (event) => {
    choose(...at(event));
    tell(state);
  };
  map.onpointerleave = () => {
    if (String(state.cell) !== String(state.pending ?? state.content.chosen))
      choose(...(state.pending ?? state.content.chosen));
  };
  map.onkeydown = (event) => {
    const { rows, columns } = state.content;
    const to = moved(state.cell, event.key, rows, columns);
    if (to) {
      choose(...to);
      tell(state, QUIET);
    } else if (event.key === "Enter" || event.key === " ") tell(state);
    else return;
    event.preventDefault();
  };
  loupe.onclick = (event) => {
    const box = loupe.getBoundingClientRect();
    const { content, many, cell, side, edge, size } = state;
    const x = Math.floor((event.clientX - box.left - edge) / side);
    const y = Math.floor((event.clientY - box.top - 1.6 * size) / side);
    if (x < 0 || y < 0 || x >= many[1] || y >= many[0]) return;
    choose(first(cell[0], many[0], content.rows) + y, first(cell[1], many[1], content.columns) + x);
    tell(state);
  };
}

function create() {
  const root = document.createElement("div");
  root.className = "matrix";
  root.innerHTML = MARKUP;
  const [map, loupe] = root.querySelectorAll("canvas");
  const state = { root, map, loupe, content: null };
  listen(state);
  return state;
}

function update(state, bytes, { setTriggerValue }) {
  const content = read(bytes);
  const same = state.content?.identity === content.identity;
  Object.assign(state, { content, setTriggerValue });
  // While Python has not yet heard of the newest choice, what it says of the choice is old.
  const mine = same && (state.timer || (state.pending && String(state.pending) !== String(content.chosen)));
  if (!mine) Object.assign(state, { cell: content.chosen, pending: null });
  state.map.setAttribute("aria-label", content.label);
  state.loupe.setAttribute("aria-label", "The weights around the chosen one");
  lay(state);
  state.unwatch ??= watchRoom(state.root, () => lay(state));
}

export default component(create, update, (state) => {
  state.unwatch?.();
  clearTimeout(state.timer);
});
