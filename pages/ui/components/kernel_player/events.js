// What happens to the player: buttons, keys, pointers.

import { clamp } from "../base/numbers.js";
import { arrange } from "./arrangement.js";
import { play, request, tellPlace } from "./frames.js";
import { cellAround } from "./geometry.js";
import { moved, shownCell } from "./position.js";
import { withFilter } from "./scene.js";

/** A step, scrub or jump by hand: it stops the clock and takes the pin off. */
function act(player, action) {
  play(player, false);
  player.pinned = false;
  player.focus = null;
  Object.assign(player, moved(player, action, player.cells, player.data.shape.output[1]));
  request(player);
  tellPlace(player);
}

function pin(player, row, col) {
  const index = row * player.data.shape.output[1] + col;
  play(player, false);
  const again = player.pinned && player.cursor === index;
  if (!again)
    Object.assign(
      player,
      moved(player, { kind: "look", to: index }, player.cells, player.data.shape.output[1]),
    );
  player.pinned = !again;
  player.sent.push(JSON.stringify(again ? null : [row, col]));
  player.unsaid = true;
  clearTimeout(player.telling);
  player.setStateValue("looked", [row, col, again ? 0 : 1]);
  request(player);
}

/** Another filter to work: drawn here at once where it reads the same channels, and told; the last button adds one. */
function takeFilter(player, number) {
  const { data } = player;
  if (number === data.filter || data.question) return;
  player.taken = number;
  player.setStateValue("filter", number);
  if (number >= data.filters.length || !data.sameChannels) return;
  player.data = withFilter(data, number);
  arrange(player);
}

/** What a pointer is on in a panel, or null; `name` is "input", "middle" or "result", the output and its companions. */
function focusAt(player, name, canvas, event) {
  const { data, layout, screen, unit, margin } = player;
  const box = canvas.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  if (name === "middle") {
    for (const grid of layout.middle.grids) {
      const j = Math.floor((x / unit - grid.x) / grid.cellWidth);
      const i = Math.floor((y / unit - grid.y) / grid.cellHeight);
      if (i >= 0 && j >= 0 && i < data.shape.kernel[0] && j < data.shape.kernel[1])
        return { panel: name, i, j };
    }
    return null;
  }
  const [rows, columns] = name === "input" ? data.shape.padded : data.shape.output;
  const row = Math.floor((y * screen - margin) / player.cell[name]);
  const col = Math.floor((x * screen - margin) / player.cell[name]);
  if (row < 0 || col < 0 || row >= rows || col >= columns) return null;
  return name === "input" ? { panel: name, y: row, x: col } : { panel: name, row, col };
}

/** Pointing at a panel's cell shows its partners, a click pins it; `element` is its canvas, or holds several. */
function point(player, name, element) {
  const focusOf = (event) => {
    const canvas = event.target.closest("canvas");
    return canvas && focusAt(player, name, canvas, event);
  };
  const look = (focus) => {
    if (player.playing || JSON.stringify(focus) === JSON.stringify(player.focus)) return;
    player.focus = focus;
    request(player);
  };
  element.onpointermove = (event) => look(focusOf(event));
  element.onpointerdown = (event) => look(focusOf(event));
  element.onpointerleave = () => look(null);
  element.onclick = (event) => {
    const focus = focusOf(event);
    if (!focus) return;
    if (name === "result") pin(player, focus.row, focus.col);
    else if (name === "input") pin(player, ...cellAround(player.data.shape, focus.y, focus.x));
    else pin(player, ...shownCell(player));
  };
}

/** Every listener, once; handlers are properties, so that none can pile up. */
export function listen(player) {
  const { bar, stage, panels, others, sums, filters } = player;
  for (const name of Object.keys(panels)) point(player, name, panels[name].canvas);
  point(player, "result", others.root);
  sums.onclick = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    player.channel = [...sums.children].indexOf(button);
    arrange(player);
  };
  filters.onclick = (event) => {
    const button = event.target.closest("button");
    if (button) takeFilter(player, [...filters.children].indexOf(button));
  };
  filters.onkeydown = (event) => {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const next = clamp(player.data.filter + by, 0, player.data.filters.length - 1);
    takeFilter(player, next);
    filters.children[next].focus();
  };
  bar.back.onclick = () => act(player, { kind: "step", by: -1 });
  bar.forward.onclick = () => act(player, { kind: "step", by: 1 });
  bar.play.onclick = () => play(player, !player.playing);
  bar.scrub.oninput = () => act(player, { kind: "scrub", to: Number(bar.scrub.value) });
  bar.speed.onchange = () => {
    player.speed = Number(bar.speed.value);
    player.setStateValue("speed", player.speed);
  };
  const keys = {
    ArrowLeft: () => act(player, { kind: "step", by: -1 }),
    ArrowRight: () => act(player, { kind: "step", by: 1 }),
    ArrowUp: () => act(player, { kind: "row", by: -1 }),
    ArrowDown: () => act(player, { kind: "row", by: 1 }),
    Home: () => act(player, { kind: "home" }),
    End: () => act(player, { kind: "end" }),
    " ": () => play(player, !player.playing),
    Enter: () => pin(player, ...shownCell(player)),
    Escape: () => player.pinned && pin(player, ...shownCell(player)),
  };
  stage.onkeydown = (event) => {
    if (event.target.closest("button") || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key])
      return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  };
}
