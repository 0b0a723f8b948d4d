// One frame after another: the clock, the gliding window, and the order in which panels are drawn.

import { clamp } from "../base/numbers.js";
import { drawOthers, drawResult } from "./outputs.js";
import { drawInput, drawMiddle } from "./panels.js";
import { CALM_SPEED, moved, shownCell } from "./position.js";
import { write } from "./words.js";

const TEXT_EVERY = 100; // milliseconds between texts while playing
const REST = 600; // milliseconds after a step until it is told

/** Ask for a frame, once. */
export function request(player) {
  if (player.request) return;
  if (!player.playing && !player.slide) player.clock = performance.now(); // what rested does not begin with a leap
  player.request = requestAnimationFrame((now) => frame(player, now));
}

/** One frame: move the clock, then draw what has changed. */
function frame(player, now) {
  player.request = 0;
  if (!player.layers) return;
  const passed = clamp(now - player.clock, 0, 100);
  player.clock = now;
  if (player.playing) {
    const speed = player.calm.matches ? Math.min(player.speed, CALM_SPEED) : player.speed;
    player.carry += (passed / 1000) * speed;
    const by = Math.floor(player.carry);
    player.carry -= by;
    if (by)
      Object.assign(
        player,
        moved(player, { kind: "scrub", to: player.cursor + by }, player.cells, player.data.shape.output[1]),
      );
    player.frames += 1;
    player.root.dataset.frames = player.frames;
    if (player.cursor === player.cells - 1) play(player, false);
  }
  draw(player, passed);
  if (player.playing || player.slide) request(player);
}

/** Tell Python, once it has come to rest, which cell is looked at: the link and the tables keep it. */
export function tellPlace(player) {
  clearTimeout(player.telling);
  player.unsaid = true;
  if (player.playing || player.data.question) return;
  player.telling = setTimeout(() => {
    if (player.playing || player.pinned || player.data.question) return;
    const columns = player.data.shape.output[1];
    player.setStateValue("looked", [Math.floor(player.cursor / columns), player.cursor % columns, 0]);
  }, REST);
}

/** Start or stop the clock; at the end it starts anew. */
export function play(player, on) {
  if (on === player.playing) return;
  player.playing = on;
  player.carry = 0;
  player.clock = performance.now();
  player.slide = null;
  if (on) {
    player.pinned = false;
    player.focus = null;
    if (player.cursor === player.cells - 1 || player.frontier === player.cells)
      Object.assign(player, { cursor: 0, frontier: 1 });
  }
  player.bar.play.setAttribute("aria-label", on ? "Pause" : "Play");
  player.root.dataset.playing = on;
  if (!on) tellPlace(player);
  request(player);
}

function draw(player, passed) {
  const { data } = player;
  const [row, col] = shownCell(player);
  slideTowards(player, row, col, passed);
  drawInput(player, row, col);
  drawResult(player, row, col);
  drawOthers(player, row, col);
  const key = [row, col, player.channel, JSON.stringify(player.focus), data.digest].join();
  if (player.drawn.middle !== key) {
    player.drawn.middle = key;
    drawMiddle(player, row, col);
  }
  const now = performance.now();
  if (!player.playing || now - player.textAt > TEXT_EVERY) {
    player.textAt = now;
    write(player, row, col);
  }
  player.root.dataset.position = player.cursor;
}

/** Let the window glide to its cell, within 0.2 s, where motion is wanted and slow enough to be seen. */
function slideTowards(player, row, col, passed) {
  const from = player.slide || player.drawn.at;
  const wanted = !player.calm.matches && (!player.playing || player.speed <= 5);
  const far = from && (Math.abs(from.row - row) > 1 || Math.abs(from.col - col) > 1);
  if (!from || !wanted || (far && player.playing) || (from.row === row && from.col === col)) {
    player.slide = null;
  } else {
    const share = 1 - Math.exp(-passed / 45);
    const next = { row: from.row + (row - from.row) * share, col: from.col + (col - from.col) * share };
    player.slide = Math.hypot(next.row - row, next.col - col) < 0.03 ? null : next;
  }
  player.drawn.at = player.slide || { row, col };
}
