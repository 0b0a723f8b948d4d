// A slider that tells each step at once, and the newest one when the answer to the last is back.

import { component } from "../base/component.js";
import { unpack } from "../base/message.js";

const MARKUP = `<span class="name"></span><span class="value"></span><input type="range" min="0" step="1" tabindex="0">`;
const LONGEST_WAIT = 3000; // ms for an answer; then the newest step is told nevertheless
const RUNS = "data-test-script-state"; // of Streamlit's outermost element: whether a script runs

const app = () => document.querySelector("[data-testid=stApp]");

/** Shows a step, in words for a screen reader too. */
function show({ root, input, texts }, index) {
  input.value = index;
  input.setAttribute("aria-valuetext", texts[index]);
  root.querySelector(".value").textContent = texts[index];
}

/** Tells Python the step that is wanted, unless the answer to the one before is still on its way. */
function tell(state) {
  const { wanted, awaited, isAnswered } = state;
  const page = app();
  if (wanted === null) return;
  if (awaited !== null && !(isAnswered && page?.getAttribute(RUNS) === "notRunning")) return;
  clearTimeout(state.timer);
  Object.assign(state, { wanted: null, awaited: page ? wanted : null, isAnswered: false });
  if (page) {
    state.timer = setTimeout(() => {
      state.awaited = null;
      tell(state);
    }, LONGEST_WAIT);
  }
  state.setTriggerValue("index", wanted);
}

function create() {
  const root = document.createElement("label");
  root.className = "slider";
  root.innerHTML = MARKUP;
  const input = root.querySelector("input");
  const state = { root, input, texts: [], wanted: null, awaited: null, isAnswered: false, timer: 0 };
  input.oninput = () => {
    state.wanted = input.valueAsNumber;
    show(state, state.wanted);
    tell(state);
  };
  state.observer = new MutationObserver(() => settle(state));
  const page = app();
  if (page) state.observer.observe(page, { attributeFilter: [RUNS] });
  return state;
}

/** The script has ended, say: is the answer complete, and what is wanted next? */
function settle(state) {
  if (!state.isAnswered || app()?.getAttribute(RUNS) !== "notRunning") return;
  clearTimeout(state.timer);
  state.awaited = null;
  tell(state);
}

function update(state, bytes, { setTriggerValue }) {
  const { label, help, texts, index } = unpack(bytes);
  Object.assign(state, { texts, setTriggerValue });
  state.root.title = help;
  state.root.querySelector(".name").textContent = label;
  state.input.max = texts.length - 1;
  state.input.setAttribute("aria-label", label);
  if (index === state.awaited) state.isAnswered = true;
  // What the hand has set since is newer than what Python answers.
  if (state.wanted === null && (state.awaited === null || state.isAnswered)) show(state, index);
  settle(state);
}

export default component(create, update, (state) => {
  state.observer.disconnect();
  clearTimeout(state.timer);
});
