// The player itself: made once for its parent element, given new data, arranged for the room there is.

import { paletteOf } from "../base/colours.js";
import { component } from "../base/component.js";
import { clamp } from "../base/numbers.js";
import { arrange } from "./arrangement.js";
import { listen } from "./events.js";
import { play } from "./frames.js";
import { read } from "./scene.js";

const SPEEDS = [1, 2, 5, 15, 60, 240, 1000];
const ICONS = {
  back: '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 5h3v14H6zM20 5v14L10 12z"/></svg>',
  play: '<svg class="to-play" viewBox="0 0 24 24" aria-hidden="true"><path d="M7 4v16l13-8z"/></svg>',
  pause:
    '<svg class="to-pause" viewBox="0 0 24 24" aria-hidden="true"><path d="M6 4h4v16H6zM14 4h4v16h-4z"/></svg>',
  forward: '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M15 5h3v14h-3zM4 5v14l10-7z"/></svg>',
};
const MARKUP = `
  <div class="stage" tabindex="0" role="application">
    <figure class="panel input"><figcaption></figcaption><canvas></canvas><div class="legend"></div></figure>
    <figure class="panel middle"><figcaption></figcaption><canvas></canvas><div class="sums" role="radiogroup"></div></figure>
    <figure class="panel result"><figcaption></figcaption><canvas></canvas><div class="legend"></div></figure>
    <div class="others"></div>
  </div>
  <div class="dock">
  <output class="line" aria-live="polite"></output>
  <p class="note"></p>
  <div class="bar">
    <button type="button" class="back" aria-label="Step back" title="Step back (left arrow)">${ICONS.back}</button>
    <button type="button" class="play" aria-label="Play" title="Play or pause (space)">${ICONS.play}${ICONS.pause}</button>
    <button type="button" class="forward" aria-label="Step forward" title="Step forward (right arrow)">${ICONS.forward}</button>
    <input class="scrub" type="range" min="0" step="1" aria-label="Position in the output">
    <span class="where"></span>
    <label>Speed <select class="speed" aria-label="Speed in cells a second"></select></label>
  </div>
  </div>`;

/** A player with everything that belongs to it. */
function createPlayer() {
  const root = document.createElement("div");
  root.className = "player";
  root.setAttribute("role", "group");
  root.innerHTML = MARKUP;
  const find = (selector) => root.querySelector(selector);
  const panel = (name) => ({
    canvas: find(`.${name} canvas`),
    context: find(`.${name} canvas`).getContext("2d"),
    caption: find(`.${name} figcaption`),
    legend: find(`.${name} .legend`),
  });
  const player = {
    root,
    stage: find(".stage"),
    panels: { input: panel("input"), middle: panel("middle"), result: panel("result") },
    others: { root: find(".others"), panels: [] }, // other operations over the same windows
    sums: find(".sums"),
    line: find(".line"),
    note: find(".note"),
    bar: {
      back: find(".back"),
      play: find(".play"),
      forward: find(".forward"),
      scrub: find(".scrub"),
      where: find(".where"),
      speed: find(".speed"),
    },
    calm: matchMedia("(prefers-reduced-motion: reduce)"),
    data: null,
    cursor: 0,
    frontier: 0,
    pinned: false,
    sent: [], // pins told to Python that have not come back, as JSON
    focus: null, // {panel, ...}: what the pointer is on
    channel: 0,
    playing: false,
    speed: null,
    clock: 0,
    carry: 0, // the part of a cell that the clock is ahead
    slide: null, // {row, col} of the window while it slides
    dirty: {}, // the rectangles that carry marks, by panel
    drawn: {},
    frames: 0,
    request: 0,
    textAt: 0,
    width: 0,
  };
  for (const speed of SPEEDS) {
    const option = document.createElement("option");
    option.value = speed;
    option.textContent = `${speed}/s`;
    player.bar.speed.append(option);
  }
  listen(player);
  player.observer = new ResizeObserver(() => {
    const width = root.clientWidth;
    if (width && Math.abs(width - player.width) > 0.5 && player.data) arrange(player);
  });
  player.observer.observe(root);
  return player;
}

/** New data or a new theme: keep what still fits of what was looked at, and draw everything anew. */
function update(player, bytes, { setStateValue }) {
  const before = player.data;
  player.setStateValue = setStateValue;
  const data = read(bytes);
  player.data = data;
  const cells = data.shape.output[0] * data.shape.output[1];
  player.cells = cells;
  player.channel = clamp(player.channel, 0, data.channels.length - 1);
  if (!before || before.digest !== data.digest) {
    const whole = !before || player.frontier >= before.shape.output[0] * before.shape.output[1];
    if (before && before.shape.output.join() !== data.shape.output.join()) play(player, false);
    player.cursor = before
      ? Math.min(player.cursor, cells - 1)
      : data.start[0] * data.shape.output[1] + data.start[1];
    player.frontier = whole ? cells : clamp(player.frontier, player.cursor + 1, cells);
    player.focus = null;
    if (player.speed === null) player.speed = cells < 400 ? 15 : cells < 2500 ? 60 : 240;
  }
  const [asked, linked] = [data.question, data.cell].map((cell) => JSON.stringify(cell ?? null));
  const echo = player.sent.indexOf(linked); // a pin of this player comes back; meanwhile it may have gone on
  const answered = before?.question && !data.question; // its cell stays: the verdict is about it
  let cell = null;
  if (data.question) cell = asked === player.asked ? null : data.question;
  else if (!answered && echo < 0 && linked !== player.linked) cell = data.cell;
  player.sent.splice(0, echo + 1);
  Object.assign(player, { asked, linked });
  if (cell) {
    player.cursor = clamp(cell[0] * data.shape.output[1] + cell[1], 0, cells - 1);
    player.frontier = cells;
    player.pinned = true;
    play(player, false);
  }
  player.stage.setAttribute("aria-label", data.label);
  player.root.setAttribute("aria-label", data.label);
  player.bar.scrub.max = cells - 1;
  player.bar.speed.value = player.speed;
  player.palette = paletteOf(player.root);
  const [r, g, b] = player.palette.background;
  player.root.dataset.theme = r + g + b < 384 ? "dark" : "light";
  arrange(player);
}

export default component(createPlayer, update, (player) => {
  cancelAnimationFrame(player.request);
  player.observer.disconnect();
});
