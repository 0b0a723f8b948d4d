// All units of a layer in one grid, the one looked at large beside it, and what belongs to that one. Whatever is looked
// at changes here at once; Python hears of it a moment later.

import { paletteOf, ramp } from "../base/colours.js";
import { component } from "../base/component.js";
import { significant } from "../base/numbers.js";
import { roomFor, watchRoom } from "../base/room.js";
import { allUnits, beside, oneUnit, read } from "./content.js";
import { painted, show } from "./drawing.js";
import { gridIn, neighbour, neighbourCell, placeAt, shares } from "./grid.js";

const MARKUP = `
  <div class="all"><div class="title"></div>
    <div class="scroll"><canvas tabindex="0" role="img"></canvas></div></div>
  <div class="one"><div class="title" role="status"></div><canvas tabindex="0" role="img"></canvas>
    <div class="scale"><span class="low"></span><span class="ramp"></span><span class="high"></span>
      <span class="scope"></span></div>
    <div class="readout"></div></div>
  <div class="beside"><div class="bars"></div></div>`;
const QUIET = 250; // ms without a further key before Python is told where the keys led

/** Where the pointer is on a canvas. */
function pointed(event, canvas, { plan, grid }) {
  const box = canvas.getBoundingClientRect();
  return placeAt(plan, grid, event.clientX - box.left, event.clientY - box.top);
}

function valueText(value) {
  if (value === null) return "";
  return (Array.isArray(value) ? value : [value]).map((one) => significant(one)).join(", ");
}

/** The line below the picture: the cell pointed at, else what can be done. */
function readout({ content, one, place, unit, hovered }) {
  if (hovered !== null && hovered !== unit) return content.names[hovered];
  if (!place) return content.hint;
  const { rows, columns, count } = one.grid;
  const slice = count > 1 ? `${content.sliceNames[place.tile]} · ` : "";
  const where = rows * columns > 1 ? `row ${place.row}, column ${place.column}: ` : "";
  return `${slice}${where}${valueText(one.grid.value(place.tile, place.row, place.column))}`;
}

/** The grid of all units and the one looked at, with the functions that plan them for a size. */
function grids({ content, unit, rem, ratio }) {
  const [all, one] = [allUnits(content), oneUnit(content, unit)];
  const gap = all.count > 150 ? 2 : Math.round(0.3 * rem);
  const between = one.count > 1 ? Math.round(0.3 * rem) : 1;
  const scalars = all.rows * all.columns === 1;
  return {
    all,
    one,
    planAll: (width, height) => gridIn(all, width, height, gap, scalars ? 2.5 * rem : height / 3, ratio),
    planOne: (width, height) =>
      gridIn(one, width, height, between, Math.min(width, height) / (one.count > 1 ? 2 : 1), ratio),
  };
}

/** The overview, whole: after new data, another size or another theme. */
function paintAll(state) {
  const { sizes, ratio, palette } = state;
  const { all: grid, planAll } = grids(state);
  const plan = planAll(sizes.grid.width, sizes.grid.height);
  state.all = { grid, plan, base: painted(grid, plan, palette, ratio) };
}

/** The unit looked at, and what stands beside it. */
function paintOne(state) {
  const { content, sizes, ratio, palette, unit, slice, rem } = state;
  const { one: grid, planOne } = grids(state);
  const plan = planOne(sizes.one.width, sizes.one.height);
  state.one = { grid, plan, base: painted(grid, plan, palette, ratio) };
  const found = beside(content, unit, slice);
  const bars = content.shares.length * 1.3 * 0.875 * rem + (content.shares.length ? 0.4 * rem : 0);
  const free = sizes.stacked ? Number.POSITIVE_INFINITY : sizes.height - bars;
  const least = 3.5 * rem;
  const fits = sizes.stacked ? found.length : Math.floor(free / (least + 1.5 * rem));
  const shown = found.slice(0, Math.max(0, fits));
  const side = Math.min(sizes.beside, free / Math.max(1, shown.length) - 1.5 * rem);
  state.small = shown.map(({ title, grid: small }) => {
    const its = gridIn(small, sizes.beside, side, 1, side, ratio);
    return { title, grid: small, plan: its, base: painted(small, its, palette, ratio) };
  });
}

/** What the pointer and the choice change. */
function refresh(state) {
  const { root, content, all, one, ratio, palette, unit, slice, hovered, place } = state;
  const [overview, large] = [state.overview, state.large];
  show(overview, all.base, all.grid, all.plan, palette, ratio, { chosen: unit, tile: hovered });
  show(large, one.base, one.grid, one.plan, palette, ratio, {
    chosen: one.grid.count > 1 ? slice : null,
    place: one.grid.rows * one.grid.columns > 1 ? place : null,
  });
  root.querySelector(".one .title").textContent = content.names[unit];
  root.querySelector(".readout").textContent = readout(state);
}

function writeScale({ root, content, palette, unit }) {
  const box = root.querySelector(".one .scale");
  const { scale, limits, scope, kind } = content;
  const limit = limits[unit];
  const low = scale === "signed" ? -limit : 0;
  box.querySelector(".low").textContent = significant(low, 3);
  box.querySelector(".high").textContent = significant(limit, 3);
  const shown = kind === "colour" ? "gray" : "signed";
  box.querySelector(".ramp").style.background = ramp({ kind: shown, limits: [low, limit] }, palette);
  box.querySelector(".scope").textContent = scope;
}

/** The small pictures' elements: as many as there are, the older ones kept. */
function writeSmall({ root, small, palette, ratio }) {
  const box = root.querySelector(".beside");
  const figures = [...box.querySelectorAll("figure")];
  for (const figure of figures.splice(small.length)) figure.remove();
  for (const [at, { title, grid, plan, base }] of small.entries()) {
    let figure = figures[at];
    if (!figure) {
      figure = document.createElement("figure");
      figure.style.margin = "0";
      figure.innerHTML = '<div class="name"></div><canvas role="img"></canvas>';
      box.append(figure);
    }
    figure.querySelector(".name").textContent = title;
    const canvas = figure.querySelector("canvas");
    canvas.setAttribute("aria-label", title);
    show(canvas, base, grid, plan, palette, ratio, {});
  }
}

function writeBars({ root, content }) {
  const box = root.querySelector(".bars");
  const most = Math.max(...content.shares);
  box.replaceChildren(
    ...content.shares.flatMap((share, at) => {
      const [name, bar, text] = ["span", "i", "span"].map((tag) => document.createElement(tag));
      name.textContent = name.title = content.classes[at];
      bar.style.width = `${100 * share}%`;
      text.textContent = content.percents[at];
      if (share === most) for (const part of [name, text]) part.className = "most";
      return [name, bar, text];
    }),
  );
}

/** Another unit or slice: shown at once. */
function choose(state, unit, slice) {
  if (unit !== state.unit) state.place = null;
  Object.assign(state, { unit, slice });
  paintOne(state);
  writeScale(state);
  writeSmall(state);
  refresh(state);
}

/** Tell Python, now or when the keys have been quiet. */
function tell(state, wait = 0) {
  clearTimeout(state.timer);
  state.timer = 0;
  const now = () => {
    state.timer = 0;
    state.pending = [state.unit, state.slice];
    state.setTriggerValue("picked", state.pending);
  };
  state.waiting = wait > 0;
  if (wait) state.timer = setTimeout(now, wait);
  else now();
}

/** Everything anew, for the room there is. */
function lay(state) {
  const { root, content } = state;
  if (!content) return;
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const low = window.innerHeight < 600; // then the picture takes what stands below it, too
  const room = roomFor(root, (low ? 0.5 : content.reserve) * rem);
  const height = Math.max(13 * rem, room.height);
  const asks = { beside: content.besides, wide: content.group > 1 && !content.shares.length };
  Object.assign(state, { rem, ratio: window.devicePixelRatio || 1, palette: paletteOf(root) });
  const { planAll, planOne } = grids(state);
  const cell = (plan) => (width, height) => plan(width, height).cell;
  const sizes = shares({ width: room.width, height }, rem, asks, cell(planAll), cell(planOne));
  state.sizes = { ...sizes, height };
  root.style.minHeight = sizes.stacked ? "" : `${height}px`;
  state.allBox.style.width = sizes.stacked ? "100%" : `${sizes.grid.width}px`;
  state.oneBox.style.width = `${sizes.one.width}px`;
  root.querySelector(".scroll").style.maxHeight = `${sizes.grid.height + 2}px`;
  paintAll(state);
  writeBars(state);
  choose(state, state.unit, state.slice);
}

/** Every listener, once; handlers are properties, so that none can pile up. */
function listen(state) {
  const { overview, large } = state;
  overview.onpointermove = (event) => {
    state.hovered = pointed(event, overview, state.all)?.tile ?? null;
    refresh(state);
  };
  overview.onpointerleave = () => {
    state.hovered = null;
    refresh(state);
  };
  overview.onclick = (event) => {
    const at = pointed(event, overview, state.all);
    if (!at) return;
    choose(state, at.tile, state.slice);
    tell(state);
  };
  overview.onkeydown = (event) => {
    const to = neighbour(state.all.grid.count, state.all.plan.across, state.unit, event.key);
    if (to !== null) {
      choose(state, to, state.slice);
      tell(state, QUIET);
    } else if (event.key === "Enter" || event.key === " ") tell(state);
    else if (event.key === "PageUp" || event.key === "PageDown")
      state.setTriggerValue("stepped", event.key === "PageUp" ? -1 : 1);
    else return;
    event.preventDefault();
  };
  large.onpointermove = (event) => {
    state.place = pointed(event, large, state.one);
    refresh(state);
  };
  large.onpointerleave = () => {
    state.place = null;
    refresh(state);
  };
  large.onclick = (event) => {
    const at = pointed(event, large, state.one);
    if (!at || state.one.grid.count === 1) return;
    choose(state, state.unit, at.tile);
    tell(state);
  };
  large.onkeydown = (event) => {
    const { grid, plan } = state.one;
    if (grid.count > 1) {
      const to = neighbour(grid.count, plan.across, state.slice, event.key);
      if (to === null) return;
      choose(state, state.unit, to);
      tell(state, QUIET);
    } else {
      const from = state.place ?? { tile: 0, row: 0, column: -1 };
      const to = neighbourCell(grid, from, event.key);
      if (!to) return;
      state.place = to;
      refresh(state);
    }
    event.preventDefault();
  };
}

function create() {
  const root = document.createElement("div");
  root.className = "mosaic";
  root.innerHTML = MARKUP;
  const [overview, large] = root.querySelectorAll("canvas");
  const [allBox, oneBox] = [root.querySelector(".all"), root.querySelector(".one")];
  const state = { root, overview, large, allBox, oneBox, content: null, hovered: null, place: null };
  listen(state);
  return state;
}

function update(state, bytes, { setTriggerValue }) {
  const content = read(bytes);
  const same = state.content?.identity === content.identity;
  Object.assign(state, { content, setTriggerValue });
  // While Python has not yet heard of the newest choice, what it says of the choice is old.
  const mine = same && (state.timer || (state.pending && String(state.pending) !== String(content.chosen)));
  if (!mine) {
    [state.unit, state.slice] = content.chosen;
    state.pending = null;
  }
  if (!same) Object.assign(state, { hovered: null, place: null });
  const { overview, large, root } = state;
  overview.setAttribute("aria-label", content.label);
  large.setAttribute("aria-label", `The one looked at: ${content.rows} by ${content.columns} values`);
  overview.style.cursor = "pointer";
  large.style.cursor = content.group > 1 && content.kind !== "colour" ? "pointer" : "crosshair";
  root.querySelector(".all .title").textContent = content.title;
  root.querySelector(".beside").style.display = content.besides ? "" : "none";
  lay(state);
  state.unwatch ??= watchRoom(root, () => lay(state));
}

export default component(create, update, (state) => {
  state.unwatch?.();
  clearTimeout(state.timer);
});
