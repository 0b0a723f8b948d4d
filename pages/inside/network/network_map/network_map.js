// A network as a map that answers while one draws: the paper or the image, all layers, and the way into each of them.

import { paletteOf } from "../../../ui/components/base/colours.js";
import { component } from "../../../ui/components/base/component.js";
import { unpack } from "../../../ui/components/base/message.js";
import { engine, fetched } from "../../../ui/components/engine/engine.js";
import { tensorsOf } from "../../../ui/components/engine/safetensors.js";
import { prepared } from "../../../ui/components/pad/preparation.js";
import { surface } from "../../../ui/components/pad/surface.js";
import { tools } from "../../../ui/components/pad/tools.js";
import { detail } from "./detail.js";
import { lens } from "./lens.js";
import { onwards, parsed, stopOf, textOf } from "./navigation.js";
import { overview } from "./overview.js";
import { paintImage } from "./picture.js";
import { receptiveField } from "./reach.js";
import { seenWords, shapeOf } from "./sentences.js";
import { layersOf } from "./shapes.js";

const SIDE = 280; // units of the drawing square
const NARROW = 560; // px of width; below it the map stands under the square
const QUIET = 400; // ms without another step before Python hears of the place

const MARKUP = `
  <div class="given">
    <div class="square"><span class="hint" aria-hidden="true">Draw here</span></div>
    <div class="below"></div>
    <figure class="image"><canvas role="img" aria-label="The image"></canvas></figure>
  </div>
  <div class="stage"></div>
  <p class="notice" role="alert"></p>
  <p class="status" role="status"></p>`;

function create() {
  const root = document.createElement("div");
  root.className = "network-map";
  root.innerHTML = MARKUP;
  const state = {
    ...{ root, content: null, model: null, network: null, engine: null, values: null },
    ...{
      trail: [],
      looked: null,
      frame: 0,
      turn: 0,
      shown: 0,
      timer: 0,
      told: [], // places of which Python has not yet said that it heard
      asked: null, // when the newest input was
      isWhole: true,
      tell: () => {},
      tellPlace: () => {},
    },
  };
  state.lens = lens();
  state.overview = overview({
    onLook: (at, byKey) => look(state, at, byKey),
    onOpen: ({ layer, unit }, byKey) => goTo(state, stopOf(shapeOf(state.model, layer), layer, unit), byKey),
  });
  state.detail = detail({
    onStop: (stop, byKey) => goTo(state, stop, byKey),
    onBack: () => goBack(state),
    onTrail: (length) => walk(state, state.trail.slice(0, length), true),
  });
  state.pad = surface({
    side: SIDE,
    onInk: () => read(state, false),
    onStroke: (strokes) => {
      read(state, true);
      state.tools.refresh();
      state.tell(strokes);
    },
  });
  state.tools = tools(state.pad, true);
  root.querySelector(".square").prepend(state.pad.root);
  root.querySelector(".below").append(state.tools.root);
  root.querySelector(".given").append(state.lens.root);
  root.querySelector(".stage").append(state.overview.root, state.detail.root);
  state.observer = new ResizeObserver(() => {
    lieDown(state);
    state.overview.lay();
    refresh(state);
  });
  state.observer.observe(root);
  state.observer.observe(root.querySelector(".stage"));
  return state;
}

function lieDown({ root }) {
  root.classList.toggle("narrow", root.clientWidth < NARROW);
}

const say = (state, words) => {
  state.root.querySelector(".status").textContent = words;
};

/** What is looked at, or else the input, in the lens. */
function refresh(state) {
  const { model, values, lens: shown, overview: map } = state;
  if (!model) return;
  const stop = state.trail.at(-1);
  // Of a cell that is open, what it sees of the input.
  const isCell = stop && stop.row !== null;
  const { layer, unit } = isCell ? { layer: -1, unit: 0 } : (stop ?? state.looked ?? { layer: -1, unit: 0 });
  const words = map.words(layer, unit);
  const box = isCell ? receptiveField(model.layers, stop) : null;
  if (box) words.held = seenWords(box);
  const own = values?.[layer + 1];
  const limits = map.limits(layer, unit);
  shown.show({ words, shape: words.shape, values: own, unit, limits, gray: layer < 0, box }, state.palette);
}

function look(state, at, byKey) {
  state.looked = at;
  refresh(state);
  if (!at || !byKey) return;
  const { name, held, made } = state.overview.words(at.layer, at.unit);
  say(state, [name, held, made].filter(Boolean).join(", "));
}

/** Read what is drawn, once a frame; `isWhole`: no further move of the pen belongs to it. */
function read(state, isWhole) {
  state.isWhole ||= isWhole;
  state.asked ??= performance.now();
  state.frame ||= requestAnimationFrame(() => {
    state.frame = 0;
    answer(state);
  });
}

/** The network's input now, and whether it is empty paper. */
function inputOf({ content, pad }) {
  if (content.drawn) return prepared(pad.ink(), SIDE, content.how);
  return { input: content.image, isEmpty: false };
}

async function answer(state) {
  const { root, network } = state;
  if (!network || !state.content) return;
  const turn = ++state.turn;
  const asked = state.asked ?? performance.now();
  const isWhole = state.isWhole;
  Object.assign(state, { asked: null, isWhole: false });
  const { input, isEmpty } = inputOf(state);
  root.classList.toggle("empty", isEmpty && state.content.drawn);
  const found = await network.forward(input);
  // A newer one was faster, or another network is there.
  if (found === null || network !== state.network || turn < state.shown) return;
  state.shown = turn;
  state.values = [input, ...found.outputs.map(({ values }) => values), found.probabilities];
  state.overview.show(state.values);
  state.detail.show(state.values, isWhole);
  refresh(state);
  root.dataset.took = String(performance.now() - asked); // ms from the pen to the map drawn anew
  root.dataset.answers = String(turn);
}

function goTo(state, stop, byKey) {
  walk(state, onwards(state.trail, stop), byKey);
}

function goBack(state) {
  walk(state, state.trail.slice(0, -1), true);
}

/** Stand at the end of a way; Python hears of it once it is quiet. */
function walk(state, trail, byKey, tells = true) {
  const { root, overview: map } = state;
  const from = state.trail.at(-1);
  state.trail = trail;
  root.classList.toggle("inside", trail.length > 0);
  state.detail.open(trail, byKey);
  if (trail.length === 0) {
    map.lay();
    if (byKey) {
      map.canvas.focus({ preventScroll: true });
      if (from) map.go(from);
    }
  }
  refresh(state);
  if (trail.length) say(state, state.detail.words());
  if (!tells) return;
  clearTimeout(state.timer);
  state.timer = setTimeout(() => {
    state.timer = 0;
    const place = textOf(trail.at(-1), state.model.layers);
    if (place === (state.told.at(-1) ?? state.content.place)) return; // it knows
    state.told.push(place);
    state.tellPlace(place);
  }, QUIET);
}

async function load(state) {
  const { network: described, names, sizes } = state.content;
  const here = () => state.content?.network === described && state.root.isConnected;
  Object.assign(state, { network: null, values: null, trail: [], looked: null });
  const shapes = { ...described, names, sizes };
  state.model = { ...shapes, layers: layersOf(described, {}) };
  state.root.classList.remove("inside");
  state.detail.open([], false);
  state.detail.setModel(state.model);
  state.overview.open(state.model);
  refresh(state);
  const notice = state.root.querySelector(".notice");
  notice.textContent = "";
  try {
    state.engine ??= engine();
    // The same address twice: the second comes from the browser's cache, and the engine keeps its own.
    const network = await state.engine.load(described);
    const tensors = tensorsOf(await fetched(described.weights));
    if (!here()) return;
    state.network = network;
    state.model = { ...shapes, layers: layersOf(described, tensors) };
    state.detail.setModel(state.model);
    state.overview.open(state.model);
    await answer(state);
    if (here()) arrive(state, state.content.place);
  } catch (error) {
    if (here()) notice.textContent = `This browser cannot compute the network. ${error.message}`;
  }
}

/** Go where a link leads. */
function arrive(state, place) {
  const stop = place ? parsed(place, state.model.layers, state.model.inputShape) : null;
  if (stop || state.trail.length) walk(state, stop ? [stop] : [], false, false);
}

/** Where Python says that one is: what it was told, or, while nothing is on its way to it, where a link or Back leads. */
function hear(state, place) {
  const heard = state.told.indexOf(place);
  if (heard >= 0) state.told.splice(0, heard + 1);
  else if (
    state.network &&
    !state.timer &&
    !state.told.length &&
    place !== textOf(state.trail.at(-1), state.model.layers)
  )
    arrive(state, place);
}

/** The theme's colours, for all parts; the same as long as they are. */
function dress(state) {
  const palette = paletteOf(state.root);
  if (JSON.stringify(palette) === JSON.stringify(state.palette)) return;
  state.palette = palette;
  state.overview.dress(palette);
  state.detail.dress(palette);
}

function update(state, bytes, { setStateValue, setTriggerValue }) {
  const before = state.content;
  const content = unpack(bytes);
  state.tell = (strokes) => setStateValue("strokes", strokes);
  state.tellPlace = (place) => setTriggerValue("place", place);
  state.root.style.setProperty("--height", content.height);
  state.root.classList.toggle("drawn", content.drawn);
  lieDown(state); // before it is first seen
  const same = before && JSON.stringify(before.network) === JSON.stringify(content.network);
  if (same) content.network = before.network;
  state.content = content;
  dress(state);
  state.overview.setScope(content.scope);
  state.overview.setFolds(content.folds);
  if (!before) state.pad.setStrokes(content.strokes); // later ones are the browser's own
  state.tools.refresh();
  if (!content.drawn) paintImage(state.root.querySelector(".image canvas"), content);
  if (!same) load(state);
  else {
    if (content.drawn !== before.drawn || !content.drawn) read(state, true);
    else refresh(state);
    hear(state, content.place);
  }
}

function destroy(state) {
  cancelAnimationFrame(state.frame);
  clearTimeout(state.timer);
  state.observer.disconnect();
  state.overview.destroy();
  state.pad.destroy();
  state.engine?.close();
}

export default component(create, update, destroy);
