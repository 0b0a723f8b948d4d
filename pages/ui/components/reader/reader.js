// A drawing square and the network that reads it: every layer of it lights up in order, and its answer moves.

import { component } from "../base/component.js";
import { unpack } from "../base/message.js";
import { engine } from "../engine/engine.js";
import { prepared } from "../pad/preparation.js";
import { surface } from "../pad/surface.js";
import { tools } from "../pad/tools.js";
import { bars } from "./bars.js";
import { play } from "./demonstration.js";
import { layers } from "./layers.js";

const SIDE = 280; // units of the drawing square
const NARROW = 480; // px of width; below it the layers stand under the square

const MARKUP = `
  <div class="pen">
    <div class="square"><span class="hint" aria-hidden="true">Draw here</span></div>
    <div class="below"></div>
  </div>`;

/** Buttons for a square without all tools: clear it, or see the drawing pen again. */
function fewTools(state) {
  const root = document.createElement("div");
  root.className = "few";
  const [clear, again] = ["Clear", "Watch again"].map((words) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    root.append(button);
    return button;
  });
  clear.onclick = () => {
    takeOver(state);
    state.pad.clear();
  };
  again.onclick = () => demonstrate(state);
  return {
    root,
    refresh() {
      clear.disabled = !state.pad.can().clear && !state.stop;
      again.hidden = !state.content?.demo.length || Boolean(state.stop);
    },
  };
}

function create() {
  const root = document.createElement("div");
  root.className = "reader";
  root.innerHTML = MARKUP;
  const state = {
    root,
    layers: layers(),
    bars: bars(),
    status: Object.assign(document.createElement("p"), { className: "status" }),
    engine: null,
    network: null,
    content: null,
    stop: null, // ends the demonstration, while there is one
    frame: 0,
    inOrder: false,
    turn: 0,
    shown: 0,
    tell: () => {},
  };
  state.status.setAttribute("role", "status");
  root.querySelector(".pen").append(state.layers.input);
  root.append(state.layers.root, state.bars.root, state.status);
  state.pad = surface({
    side: SIDE,
    onInk: () => read(state, false),
    onStroke: (strokes) => {
      read(state, true);
      state.below?.refresh();
      state.tell(strokes);
    },
  });
  const square = root.querySelector(".square");
  square.prepend(state.pad.root);
  // Before the square itself hears of it: the visitor's first stroke begins on empty paper.
  square.addEventListener("pointerdown", () => takeOver(state), { capture: true });
  square.addEventListener("keydown", () => takeOver(state), { capture: true });
  state.observer = new ResizeObserver(() => {
    lieDown(state);
    state.layers.fit();
  });
  state.observer.observe(root);
  return state;
}

/** The layers under the square where beside it is no room for them. */
function lieDown({ root }) {
  root.classList.toggle("narrow", root.clientWidth < NARROW);
}

/** Read what is drawn, once a frame. */
function read(state, inOrder) {
  state.inOrder ||= inOrder;
  state.frame ||= requestAnimationFrame(() => {
    state.frame = 0;
    const ordered = state.inOrder && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    state.inOrder = false;
    answer(state, ordered);
  });
}

async function answer(state, inOrder) {
  const { root, network, content } = state;
  if (!network) return;
  const turn = ++state.turn;
  const { input, isEmpty } = prepared(state.pad.ink(), SIDE, content.how);
  root.classList.toggle("empty", isEmpty);
  const found = isEmpty ? null : await network.forward(input);
  const isLate = found === null && !isEmpty; // a newer one was faster
  if (isLate || network !== state.network || turn < state.shown) return;
  state.shown = turn;
  state.layers.show(found && { ...found, input }, inOrder);
  const words = state.bars.show(found?.probabilities, content.network.classes);
  if (inOrder && !state.stop) state.status.textContent = words;
}

/** The visitor has the pen: what the demonstration drew is gone, and what it showed stays until the first ink. */
function takeOver(state) {
  if (!state.stop) return;
  state.stop();
  state.stop = null;
  state.root.classList.remove("playing");
  state.pad.setStrokes([]);
  state.below.refresh();
}

function demonstrate(state) {
  const { demo } = state.content;
  state.stop?.();
  state.pad.setStrokes([]);
  state.root.classList.add("playing");
  const show = (strokes, inOrder) => {
    state.pad.setStrokes(strokes);
    read(state, inOrder);
  };
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    show(demo[0], false);
    state.stop = () => {};
  } else {
    state.stop = play(demo, show, () => state.below.refresh());
  }
  state.below.refresh();
}

async function load(state) {
  const { network: described } = state.content;
  state.network = null;
  state.layers.open(described);
  state.bars.name(described.classes);
  state.bars.show(null, described.classes);
  try {
    state.engine ??= engine();
    const network = await state.engine.load(described);
    if (state.content.network !== described || !state.root.isConnected) return;
    state.network = network;
    state.layers.say("");
    read(state, true);
  } catch (error) {
    if (state.content.network === described && state.root.isConnected)
      state.layers.say(`This browser cannot compute the network. ${error.message}`);
  }
}

function update(state, bytes, { setStateValue }) {
  const before = state.content;
  const content = unpack(bytes);
  state.tell = (strokes) => setStateValue("strokes", strokes);
  state.root.style.setProperty("--height", content.height);
  lieDown(state); // before it is first seen
  const same = before && JSON.stringify(before.network) === JSON.stringify(content.network);
  if (same) content.network = before.network;
  state.content = content;
  if (!before) {
    state.below = content.tools ? tools(state.pad) : fewTools(state);
    state.root.querySelector(".below").append(state.below.root);
    // Python's strokes are taken where the square comes up: else one on its way there would be taken back.
    state.pad.setStrokes(content.strokes);
    if (content.demo.length && !state.pad.can().clear) demonstrate(state);
  }
  state.below.refresh();
  state.root.classList.toggle("empty", !state.pad.can().clear && !state.stop);
  if (!same) load(state);
  state.layers.repaint();
}

function destroy(state) {
  state.stop?.();
  cancelAnimationFrame(state.frame);
  state.observer.disconnect();
  state.layers.destroy();
  state.pad.destroy();
  state.engine?.close();
}

export default component(create, update, destroy);
