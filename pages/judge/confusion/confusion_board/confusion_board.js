// The confusion matrix, and beside it the test images of the cell that is chosen. All text is set as text.

import { component } from "../../../ui/components/base/component.js";
import { unpack } from "../../../ui/components/base/message.js";
import { roomFor, watchRoom } from "../../../ui/components/base/room.js";
import { buildMatrix, fillMatrix } from "./matrix.js";
import { fillSamples, markSample } from "./samples.js";
import { matrixSizes } from "./sizes.js";

const MARKUP = `
  <p class="score" role="status"></p>
  <div class="grid" role="group" aria-label="Confusion matrix"></div>
  <section class="samples" aria-label="Test images">
    <div class="top"><p class="title" role="status"></p>
      <div class="turns"><button type="button" class="earlier" aria-label="Earlier images">‹</button>
        <span class="where"></span><button type="button" class="later" aria-label="Further images">›</button></div></div>
    <progress max="1" aria-label="Test images read"></progress>
    <div class="detail"></div>
    <div class="thumbs"></div>
  </section>`;
const RESERVE = 64; // px below: the link to the feature maps
const GAP = 20; // px between the matrix and the images, as in the style sheet
const BETWEEN = 8;

function create() {
  const root = document.createElement("div");
  root.className = "board";
  root.innerHTML = MARKUP;
  const [grid, pane] = [".grid", ".samples"].map((name) => root.querySelector(name));
  const score = root.querySelector(".score");
  return { root, score, grid, pane, content: null, built: "", stop: null };
}

/** What Python sent, with its images one by one. */
function read(bytes) {
  const content = unpack(bytes);
  const { index, truth, answer, probabilities, pixels, classes, imageShape } = content;
  const size = imageShape.reduce((a, b) => a * b, 1);
  const samples = [...index].map((number, at) => ({
    index: number,
    truth: truth[at],
    answer: answer[at],
    probabilities: probabilities.subarray(at * classes.length, (at + 1) * classes.length),
    pixels: pixels.subarray(at * size, (at + 1) * size),
  }));
  return { ...content, samples };
}

function arrange(state) {
  const { root, score, grid, pane, content } = state;
  const { classes } = content;
  const room = roomFor(root, RESERVE);
  const longest = Math.max(...classes.map((name) => name.length));
  const sizes = matrixSizes({ ...room, count: classes.length, longest });
  const [across, down] = sizes.cell;
  root.classList.toggle("beside", sizes.beside);
  grid.style.gridTemplateColumns = `${sizes.label}px repeat(${classes.length}, ${across}px)`;
  grid.style.gridTemplateRows = `${sizes.header}px repeat(${classes.length}, ${down}px)`;
  grid.style.fontSize = `${sizes.font}px`;
  grid.classList.toggle("upright", sizes.upright);
  const high = sizes.header + down * classes.length;
  const width = sizes.beside ? room.width - sizes.label - across * classes.length - GAP : room.width;
  score.textContent = content.score;
  score.style.width = pane.style.width = `${width}px`;
  const left = high - score.offsetHeight - BETWEEN;
  pane.style.height = sizes.beside ? `${left}px` : "";
  state.box = { width: width - 10, height: sizes.beside ? left - 165 : 2 * width };
}

function show(state) {
  const { root, grid, pane, content, tell } = state;
  const names = JSON.stringify(content.classes);
  if (names !== state.built) {
    buildMatrix(grid, content.classes, (row, column) => {
      const [truth, answer] = state.content.chosen;
      const same = truth === row && answer === column;
      state.content.chosen = same ? [-1, -1] : [row, column];
      fillMatrix(grid, state.content);
      root.classList.add("asked");
      state.tell.setTriggerValue(
        "cell",
        state.content.chosen.map((one) => one + 1),
      );
    });
    state.built = names;
  }
  arrange(state);
  fillMatrix(grid, content);
  fillSamples(
    pane,
    content,
    { ...state.box, count: content.most },
    {
      pick: (at) => {
        state.content.selected = at;
        markSample(pane, state.content);
        tell.setTriggerValue("image", state.content.samples[at].index);
      },
      turn: (page) => {
        root.classList.add("asked");
        tell.setTriggerValue("page", page);
      },
    },
  );
}

function update(state, bytes, tell) {
  const content = read(bytes);
  state.root.classList.remove("asked");
  Object.assign(state, { content, tell });
  show(state);
  state.stop ??= watchRoom(state.root, () => show(state));
}

export default component(create, update, (state) => state.stop?.());
