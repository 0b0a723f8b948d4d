// Paper with its tools. What is drawn is told at once; Python's strokes are taken where the pad comes up.

import { component } from "../base/component.js";
import { unpack } from "../base/message.js";
import { surface } from "./surface.js";
import { tools } from "./tools.js";

function create() {
  const root = document.createElement("div");
  root.className = "pad";
  const state = { root, tell: () => {}, isNew: true };
  state.paper = surface({
    side: 280,
    onStroke: (strokes) => {
      state.buttons.refresh();
      state.tell(strokes);
    },
  });
  state.buttons = tools(state.paper);
  root.append(state.paper.root, state.buttons.root);
  return state;
}

function update(state, bytes, { setStateValue }) {
  const { strokes, largest } = unpack(bytes);
  state.tell = (drawn) => setStateValue("strokes", drawn);
  state.root.style.maxWidth = `${largest}px`;
  if (!state.isNew) return; // else a stroke that is on its way to Python would be taken back
  state.isNew = false;
  state.paper.setStrokes(strokes);
  state.buttons.refresh();
}

export default component(create, update, ({ paper }) => paper.destroy());
