// The player itself: made once for its parent element, given new data, arranged for the room there is.

import { paletteOf } from "../base/colours.js";
import { component } from "../base/component.js";
import { clamp } from "../base/numbers.js";
import { watchRoom } from "../base/room.js";
import { arrange } from "./arrangement.js";
import { listen } from "./events.js";
import { play, tellPlace } from "./frames.js";
import { carried, isSamePlaces } from "./geometry.js";
import { read, withFilter } from "./scene.js";

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
    <div class="filters" role="radiogroup" aria-label="Filter at work"></div>
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
    filters: find(".filters"), // the small maps of all filters
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
    unsaid: false, // whether the cell looked at is another than Python knows
    telling: 0, // the timer until it is told
    taken: null, // the filter chosen here, until Python has it too
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
    stopWatching: null,
  };
  listen(player);
  return player;
}

/** New data or a new theme: keep what still fits of what was looked at, and draw everything anew. */
function update(player, bytes, { setStateValue }) {
  const before = player.data;
  player.setStateValue = setStateValue;
  let data = read(bytes);
  if (data.filter === player.taken || player.taken >= data.filters.length) player.taken = null;
  else if (player.taken !== null && data.sameChannels) data = withFilter(data, player.taken);
  player.data = data;
  const cells = data.shape.output[0] * data.shape.output[1];
  player.cells = cells;
  player.channel = clamp(player.channel, 0, data.channels.length - 1);
  const answered = before?.question && !data.question; // its cell stays: the verdict is about it
  if (!before || before.digest !== data.digest) {
    const whole = !before || player.frontier >= before.shape.output[0] * before.shape.output[1];
    if (before && before.shape.output.join() !== data.shape.output.join()) play(player, false);
    // Where Python does not know of the last step yet, the window stays at its place in the image by our own account.
    const keeps = before && (player.unsaid || (answered && isSamePlaces(before.shape, data.shape)));
    const [row, col] = keeps ? carried(placeOf(player, before), before.shape, data.shape) : data.at;
    player.cursor = row * data.shape.output[1] + col;
    if (!keeps || !isSamePlaces(before.shape, data.shape)) clearTimeout(player.telling);
    if (keeps && !isSamePlaces(before.shape, data.shape)) tellPlace(player);
    player.frontier = whole ? cells : clamp(player.frontier, player.cursor + 1, cells);
    if (!before || !isSamePlaces(before.shape, data.shape)) player.focus = null;
    if (player.speed === null) offerSpeeds(player);
  }
  const [asked, linked] = [data.question, data.cell].map((cell) => JSON.stringify(cell ?? null));
  const echo = player.sent.indexOf(linked); // a pin of this player comes back; meanwhile it may have gone on
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
  if (JSON.stringify(data.at) === JSON.stringify(placeOf(player, data))) player.unsaid = false;
  player.stage.setAttribute("aria-label", data.label);
  player.root.setAttribute("aria-label", data.label);
  player.bar.scrub.max = cells - 1;
  player.bar.speed.value = player.speed;
  player.palette = paletteOf(player.root);
  const [r, g, b] = player.palette.background;
  player.root.dataset.theme = r + g + b < 384 ? "dark" : "light";
  arrange(player);
  player.stopWatching ??= watchRoom(player.root, () => arrange(player));
}

/** The speeds that may be chosen, and the one that Python says. */
function offerSpeeds(player) {
  player.speed = player.data.speed;
  for (const speed of player.data.speeds) {
    const option = document.createElement("option");
    option.value = speed;
    option.textContent = `${speed}/s`;
    player.bar.speed.append(option);
  }
}

/** The row and column of the cell looked at in an output. */
function placeOf(player, { shape }) {
  return [Math.floor(player.cursor / shape.output[1]), player.cursor % shape.output[1]];
}

export default component(createPlayer, update, (player) => {
  cancelAnimationFrame(player.request);
  clearTimeout(player.telling);
  player.stopWatching?.();
});
