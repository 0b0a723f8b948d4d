// What happens to the player: buttons, keys, pointers.

import { arrange } from "./arrangement.js";
import { play, request } from "./frames.js";
import { cellAround } from "./geometry.js";
import { moved, shownCell } from "./position.js";

/** A step, scrub or jump by hand: it stops the clock and takes the pin off. */
function act(player, action) {
  play(player, false);
  player.pinned = false;
  player.focus = null;
  Object.assign(player, moved(player, action, player.cells, player.data.shape.output[1]));
  request(player);
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
  const told = again ? null : [row, col];
  player.sent.push(JSON.stringify(told));
  player.setStateValue("pinned", told);
  request(player);
}

/** What a pointer is on in a panel, or null; `name` is "input", "middle" or "result", the output and its companions. */
function focusAt(player, name, canvas, event) {
  const { data, layout, ratio, margin } = player;
  const box = canvas.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  if (name === "middle") {
    for (const grid of layout.middle.grids) {
      const j = Math.floor((x - grid.x) / grid.cellWidth);
      const i = Math.floor((y - grid.y) / grid.cellHeight);
      if (i >= 0 && j >= 0 && i < data.shape.kernel[0] && j < data.shape.kernel[1])
        return { panel: name, i, j };
    }
    return null;
  }
  const [rows, columns] = name === "input" ? data.shape.padded : data.shape.output;
  const row = Math.floor((y * ratio - margin) / player.cell[name]);
  const col = Math.floor((x * ratio - margin) / player.cell[name]);
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
  const { bar, stage, panels, others, sums } = player;
  for (const name of Object.keys(panels)) point(player, name, panels[name].canvas);
  point(player, "result", others.root);
  sums.onclick = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    player.channel = [...sums.children].indexOf(button);
    arrange(player);
  };
  bar.back.onclick = () => act(player, { kind: "step", by: -1 });
  bar.forward.onclick = () => act(player, { kind: "step", by: 1 });
  bar.play.onclick = () => play(player, !player.playing);
  bar.scrub.oninput = () => act(player, { kind: "scrub", to: Number(bar.scrub.value) });
  bar.speed.onchange = () => {
    player.speed = Number(bar.speed.value);
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
