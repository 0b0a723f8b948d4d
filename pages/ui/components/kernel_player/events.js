// What happens to the player: buttons, keys, pointers.

/** Where a step, a scrub or the clock leads: {cursor, frontier}; cells before the frontier have been computed. */
function moved({ cursor, frontier }, action, cells, columns) {
  const whole = frontier === cells;
  const to = (target) => {
    const at = clamp(target, 0, cells - 1);
    return { cursor: at, frontier: whole ? cells : at + 1 };
  };
  switch (action.kind) {
    case "step":
      return to(cursor + action.by);
    case "row":
      return cursor + action.by * columns < 0 || cursor + action.by * columns >= cells
        ? to(cursor)
        : to(cursor + action.by * columns);
    case "home":
      return { cursor: 0, frontier: 1 };
    case "end":
      return { cursor: cells - 1, frontier: cells };
    case "scrub":
      return { cursor: clamp(action.to, 0, cells - 1), frontier: clamp(action.to, 0, cells - 1) + 1 };
    case "look":
      return to(action.to);
    default:
      throw new Error(`no such action: ${action.kind}`);
  }
}

function play(player, on) {
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
  player.bar.play.innerHTML = on ? ICONS.pause : ICONS.play;
  player.bar.play.setAttribute("aria-label", on ? "Pause" : "Play");
  player.root.dataset.playing = on;
  request(player);
}

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

/** What a pointer is on in a panel, or null. */
function focusAt(player, name, event) {
  const { data, layout, ratio, margin } = player;
  const box = player.panels[name].canvas.getBoundingClientRect();
  const [x, y] = [(event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio];
  if (name === "middle") {
    for (const grid of layout.middle.grids) {
      const j = Math.floor((x / ratio - grid.x) / grid.cellWidth);
      const i = Math.floor((y / ratio - grid.y) / grid.cellHeight);
      if (i >= 0 && j >= 0 && i < data.shape.kernel[0] && j < data.shape.kernel[1])
        return { panel: name, i, j };
    }
    return null;
  }
  const [rows, columns] = name === "input" ? data.shape.padded : data.shape.output;
  const row = Math.floor((y - margin) / player.cell[name]);
  const col = Math.floor((x - margin) / player.cell[name]);
  if (row < 0 || col < 0 || row >= rows || col >= columns) return null;
  return name === "input" ? { panel: name, y: row, x: col } : { panel: name, row, col };
}

/** Every listener, once; handlers are properties, so that none can pile up. */
function listen(player) {
  const { bar, stage, panels } = player;
  const focusOn = (focus) => {
    if (player.playing || JSON.stringify(focus) === JSON.stringify(player.focus)) return;
    player.focus = focus;
    request(player);
  };
  for (const name of Object.keys(panels)) {
    const { canvas } = panels[name];
    canvas.onpointermove = (event) => focusOn(focusAt(player, name, event));
    canvas.onpointerdown = (event) => focusOn(focusAt(player, name, event));
    canvas.onpointerleave = () => focusOn(null);
    canvas.onclick = (event) => {
      const focus = focusAt(player, name, event);
      if (!focus) return;
      if (name === "result") pin(player, focus.row, focus.col);
      else if (name === "input") pin(player, ...cellAround(player.data.shape, focus.y, focus.x));
      else pin(player, ...shownCell(player));
    };
  }
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
