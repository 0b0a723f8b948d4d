// Time travel: a slider over a run's moments. All of them are here; a step is drawn, not asked for.

import { setSize } from "../../../ui/components/base/canvas.js";
import { paletteOf, ramp, rgbOf } from "../../../ui/components/base/colours.js";
import { component } from "../../../ui/components/base/component.js";
import { unpack } from "../../../ui/components/base/message.js";
import { clamp, significant } from "../../../ui/components/base/numbers.js";
import { roomFor, watchRoom } from "../../../ui/components/base/room.js";
import { carried, stepped } from "./axis.js";
import { drawCurves, LEFT, RIGHT } from "./curves.js";
import { drawMatrix } from "./matrix.js";
import { drawImage, drawTiles, fullScale } from "./tiles.js";

const MARKUP = `
  <p class="status" role="status"><b class="moment"></b> <span class="values"></span></p>
  <canvas class="curves" role="img"></canvas>
  <div class="time"><input type="range" min="0" step="1" tabindex="0" aria-label="Moment of the training">
    <button type="button" class="play"></button></div>
  <p class="legend"><span class="training">training</span><span class="validation">validation</span>
    <span class="tested"></span></p>
  <div class="panels">
    ${["kernels", "maps", "matrix"]
      .map(
        (name) => `<figure class="${name}"><figcaption></figcaption><canvas role="img"></canvas>
      <div class="scale"><span class="low"></span><span class="bar"></span><span class="high"></span>
        <span class="of"></span></div></figure>`,
      )
      .join("")}
  </div>`;
const RESERVE = 12; // px below
const BESIDE = 520; // px of width from which the three panels stand side by side
const RESTED = 600; // ms after the last key or frame, before the moment goes into the link
const PLAY = { usual: 550, calm: 1500 }; // ms a moment is seen while it plays
const THUMB = 16; // px of the slider's
const GAP = 8;

/** What Python sent, with tiles by their names. */
function read(bytes) {
  const sent = unpack(bytes);
  for (const name of ["kernels", "maps"]) {
    Object.assign(sent[name], { bytes: sent[`${name}Bytes`], limits: sent[`${name}Limits`] });
  }
  return sent;
}

/** How large everything is in the room that there is. */
function arrange(state) {
  const { root, panels } = state;
  const room = roomFor(root, RESERVE);
  const beside = room.width >= BESIDE;
  root.classList.toggle("beside", beside);
  const size = Math.max(14, 0.875 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
  const above = root.querySelector(".status").offsetHeight + root.querySelector(".legend").offsetHeight;
  const left = room.height - above - 32 - 4 * GAP;
  const curves = clamp(0.36 * left, 92, 300);
  const high = beside ? clamp(left - curves, 160, 700) : 250;
  const time = root.querySelector(".time");
  time.style.paddingLeft = `${LEFT - THUMB / 2}px`;
  time.style.gridTemplateColumns = `1fr ${RIGHT - THUMB / 2}px`;
  state.boxes = { curves: { width: room.width, height: curves } };
  for (const [name, figure] of Object.entries(panels)) {
    const words =
      figure.querySelector("figcaption").offsetHeight + figure.querySelector(".scale").offsetHeight;
    state.boxes[name] = { width: figure.clientWidth, height: Math.max(110, high - words) };
  }
  Object.assign(state, { size, palette: paletteOf(root) });
  const style = getComputedStyle(root);
  [state.right, state.wrong] = ["--right", "--wrong"].map((role) =>
    rgbOf(style.getPropertyValue(role).trim()),
  );
}

/** A canvas as large as its box, cleared, in CSS pixels. */
function paper(canvas, { width, height }) {
  const ratio = window.devicePixelRatio || 1;
  setSize(canvas, Math.round(width * ratio), Math.round(height * ratio), ratio);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  return context;
}

/** Everything as it was at the moment `state.index`. */
function draw(state) {
  const { root, content, index, boxes, palette, size, right, wrong, panels, input } = state;
  const { words, together } = content;
  const look = { index, palette, size, right, wrong, together };
  const curves = root.querySelector(".curves");
  drawCurves(paper(curves, boxes.curves), content, { ...boxes.curves, ...look });
  for (const name of ["kernels", "maps"]) {
    const [canvas, box] = [panels[name].querySelector("canvas"), boxes[name]];
    const context = paper(canvas, box);
    let x = 0;
    if (name === "maps") {
      const side = Math.max(56, Math.min(box.height, 0.26 * box.width));
      x = drawImage(context, content.image, content.imageShape, side) + 4;
    }
    drawTiles(context, content[name], { ...look, x, width: box.width - x, height: box.height });
    canvas.setAttribute("aria-label", `${content[name].title}, ${words[index]}`);
    writeScale(state, name);
  }
  panels.maps.querySelector("figcaption").textContent = `${content.maps.title}: ${content.answers[index]}`;
  const canvas = panels.matrix.querySelector("canvas");
  drawMatrix(paper(canvas, boxes.matrix), content, { ...boxes.matrix, ...look });
  canvas.setAttribute("aria-label", `Confusion matrix, ${words[index]}: ${content.readouts[index]}`);
  curves.setAttribute("aria-label", `Accuracy and loss, ${words[index]}: ${content.readouts[index]}`);
  root.querySelector(".moment").textContent = `${words[index][0].toUpperCase()}${words[index].slice(1)}:`;
  root.querySelector(".values").textContent = content.readouts[index];
  input.value = index;
  input.setAttribute("aria-valuetext", `${words[index]}: ${content.readouts[index]}`);
}

function writeScale({ content, index, palette, panels }, name) {
  const { limits } = content[name];
  const full = fullScale(limits, index, content.together);
  const scale = panels[name].querySelector(".scale");
  scale.querySelector(".low").textContent = significant(-full, 2);
  scale.querySelector(".high").textContent = significant(full, 2);
  scale.querySelector(".bar").style.background = ramp({ kind: "signed", limits: [-full, full] }, palette);
  scale.querySelector(".of").textContent = content.together ? "all moments" : "this moment";
}

/** Stand at a moment; Python hears of it when the slider rests. */
function go(state, index) {
  if (index === state.index) return;
  state.index = index;
  draw(state);
  clearTimeout(state.resting);
  state.resting = setTimeout(() => tell(state), RESTED);
}

function tell(state) {
  clearTimeout(state.resting);
  state.resting = 0;
  const place = state.content.places[state.index];
  if (state.toldPlace === String(place)) return;
  state.toldPlace = String(place);
  state.setTriggerValue("moment", place);
}

function play(state, on) {
  clearTimeout(state.timer);
  const last = state.content.at.length - 1;
  state.playing = on && last > 0;
  const button = state.root.querySelector(".play");
  button.textContent = state.playing ? "❚❚" : "▶";
  button.setAttribute("aria-label", state.playing ? "Pause" : "Play the training");
  button.title = button.getAttribute("aria-label");
  if (!state.playing) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const next = () => {
    if (state.index >= state.content.at.length - 1) {
      play(state, false);
      tell(state);
      return;
    }
    go(state, state.index + 1);
    state.timer = setTimeout(next, calm ? PLAY.calm : PLAY.usual);
  };
  if (state.index === last) go(state, 0);
  state.timer = setTimeout(next, calm ? PLAY.calm : PLAY.usual);
}

/** Every listener, once; handlers are properties, so that none can pile up. */
function listen(state) {
  const { root, input } = state;
  input.oninput = () => {
    play(state, false);
    go(state, input.valueAsNumber);
  };
  input.onchange = () => tell(state);
  root.querySelector(".play").onclick = () => play(state, !state.playing);
  root.querySelector(".curves").onpointerdown = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left - LEFT) / (box.width - LEFT - RIGHT);
    play(state, false);
    go(state, Math.round(clamp(share, 0, 1) * (state.content.at.length - 1)));
  };
  root.onkeydown = (event) => {
    if (event.key === "Enter" && event.target === input) tell(state);
    if (event.key === " " && event.target === input) {
      event.preventDefault();
      play(state, !state.playing);
    }
    const to = stepped(event.key, state.index, state.content.at.length);
    if (to === null) return;
    event.preventDefault();
    play(state, false);
    go(state, to);
  };
}

function create() {
  const root = document.createElement("div");
  root.className = "travel";
  root.innerHTML = MARKUP;
  const input = root.querySelector("input");
  const panels = Object.fromEntries(
    ["kernels", "maps", "matrix"].map((name) => [name, root.querySelector(`.${name}`)]),
  );
  const state = { root, input, panels, content: null, index: 0, stop: null, resting: 0, timer: 0 };
  listen(state);
  return state;
}

/** The words that no step changes. */
function write({ root, content, input, panels }) {
  input.max = content.at.length - 1;
  panels.kernels.querySelector("figcaption").textContent = content.kernels.title;
  panels.maps.querySelector("figcaption").textContent = content.maps.title;
  panels.matrix.querySelector("figcaption").textContent = "Confusion matrix: rows are true, columns read as";
  panels.matrix.querySelector(".scale").textContent = content.together
    ? "green right, vermilion wrong: share of the row"
    : "vermilion: of this moment's largest mistake";
  root.querySelector(".tested").textContent = content.testedWords;
  root.style.setProperty("--training", content.trainingColour);
  root.style.setProperty("--validation", content.validationColour);
  root.querySelector(".validation").hidden = !content.validationAt.length;
  root.querySelector(".training").hidden = !content.trainingAt.length;
}

function update(state, bytes, { setTriggerValue }) {
  const before = state.content;
  const content = read(bytes);
  const same = before && before.run === content.run && before.opened === content.opened;
  const index = same ? carried(before.at, content.at, state.index) : content.start;
  Object.assign(state, { content, index, setTriggerValue });
  if (!same) {
    state.toldPlace = String(content.places[index]);
    play(state, false);
  }
  write(state);
  const show = () => {
    arrange(state);
    draw(state);
  };
  show();
  state.stop ??= watchRoom(state.root, show);
  state.show = show;
}

export default component(create, update, (state) => {
  state.stop?.();
  clearTimeout(state.resting);
  clearTimeout(state.timer);
});
