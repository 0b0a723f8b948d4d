// Tiles that are read under the pointer and picked with a click or the Enter key.

import { ramp } from "../base/colours.js";
import { component } from "../base/component.js";
import { unpack } from "../base/message.js";
import { significant } from "../base/numbers.js";
import { draw, paint, valueAt } from "./drawing.js";
import { cellAt, step } from "./layout.js";

const MARKUP = `
  <div class="scroll"><canvas tabindex="0" role="img"></canvas></div>
  <div class="scale">
    <span class="low"></span><span class="bar"></span><span class="high"></span><span class="scope"></span>
  </div>
  <div class="readout" role="status"></div>`;

/** How much larger than at 1280×720 everything is: the page's text grows with the screen, and pictures with it. */
function growth() {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
}

/** What Python sent, as large as the screen asks for, and how its values become colours. */
function read(bytes) {
  const sent = unpack(bytes);
  const content = {
    ...sent,
    largestCell: Math.round(sent.largestCell * growth()),
    height: sent.height * growth(),
  };
  const { scale, limit } = content;
  const low = scale === "signed" ? -limit : 0;
  return { ...content, colours: { kind: scale === "pixels" ? "gray" : "signed", limits: [low, limit] } };
}

const tileName = ({ names, columnNames }, tile) =>
  columnNames.length
    ? `${names[Math.floor(tile / columnNames.length)]}, ${columnNames[tile % columnNames.length]}`
    : names[tile];

function readout({ content, hover }) {
  if (!hover) return content.hint;
  const [, rows, columns] = content.shape;
  const place = rows * columns > 1 ? ` · row ${hover.row}, column ${hover.column}` : "";
  return `${tileName(content, hover.tile)}${place}: ${significant(valueAt(content, hover))}`;
}

function writeScale({ root, content, palette }) {
  const { colours, scope } = content;
  const [low, high] = colours.limits.map((limit) => significant(limit, 3));
  root.querySelector(".low").textContent = low;
  root.querySelector(".high").textContent = high;
  root.querySelector(".bar").style.background = ramp(colours, palette);
  root.querySelector(".scope").textContent = scope && `scale of ${scope}`;
}

function refresh(state) {
  draw(state);
  state.root.querySelector(".readout").textContent = readout(state);
}

function look(state, place) {
  state.hover = place;
  refresh(state);
}

/** Every listener, once; handlers are properties, so that none can pile up. */
function listen(state) {
  const { canvas } = state;
  const point = (event) => {
    const box = canvas.getBoundingClientRect();
    return cellAt(state.plan, state.content, event.clientX - box.left, event.clientY - box.top);
  };
  const pick = (tile) => {
    if (!state.content.pickable) return;
    state.content.selected = tile;
    refresh(state);
    state.setTriggerValue("picked", tile);
  };
  canvas.onpointermove = (event) => look(state, point(event));
  canvas.onpointerleave = () => look(state, null);
  canvas.onclick = (event) => {
    look(state, point(event));
    if (state.hover) pick(state.hover.tile);
  };
  canvas.onkeydown = (event) => {
    if ((event.key === "Enter" || event.key === " ") && state.hover) {
      event.preventDefault();
      pick(state.hover.tile);
    }
    const next = step(state.plan, state.content, state.hover, event.key);
    if (!next) return;
    event.preventDefault();
    look(state, next);
  };
}

function create() {
  const root = document.createElement("div");
  root.className = "tiles";
  root.innerHTML = MARKUP;
  const state = { root, canvas: root.querySelector("canvas"), content: null, hover: null };
  state.observer = new ResizeObserver(() => {
    if (!state.content || root.clientWidth === state.width) return;
    state.content = read(state.bytes);
    paint(state);
    draw(state);
  });
  state.observer.observe(root);
  listen(state);
  return state;
}

function update(state, bytes, { setTriggerValue }) {
  const { canvas, hover } = state;
  const content = read(bytes);
  const [count, rows, columns] = content.shape;
  Object.assign(state, { bytes, content, setTriggerValue });
  if (hover && (hover.tile >= count || hover.row >= rows || hover.column >= columns)) state.hover = null;
  const maps = count === 1 ? "map" : "maps";
  canvas.setAttribute("aria-label", `${count} ${maps} of ${rows} by ${columns} values`);
  canvas.style.cursor = content.pickable ? "pointer" : "crosshair";
  paint(state);
  writeScale(state);
  refresh(state);
}

export default component(create, update, (state) => state.observer.disconnect());
