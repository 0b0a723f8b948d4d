// The player itself: what is looked at (state), what happens to it (events), and what is drawn of it (frames).

const PLAYERS = new WeakMap(); // the parent element -> its player; Streamlit calls again on every change of data
const SPEEDS = [1, 2, 5, 15, 60, 240, 1000];
const SUMS_HEIGHT = 54; // px that the sums of several channels take more than one sum does
const CALM_SPEED = 2; // cells a second where the system asks for reduced motion
const TEXT_EVERY = 100; // milliseconds between texts while playing
const ICONS = {
  back: '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 5h3v14H6zM20 5v14L10 12z"/></svg>',
  play: '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M7 4v16l13-8z"/></svg>',
  pause: '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 4h4v16H6zM14 4h4v16h-4z"/></svg>',
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
    <button type="button" class="play" aria-label="Play" title="Play or pause (space)">${ICONS.play}</button>
    <button type="button" class="forward" aria-label="Step forward" title="Step forward (right arrow)">${ICONS.forward}</button>
    <input class="scrub" type="range" min="0" step="1" aria-label="Position in the output">
    <span class="where"></span>
    <label>Speed <select class="speed" aria-label="Speed in cells a second"></select></label>
  </div>
  </div>`;

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

/** A player inside `parent`, with everything that belongs to it. */
function createPlayer(parent) {
  const root = document.createElement("div");
  root.className = "player";
  root.setAttribute("role", "group");
  root.innerHTML = MARKUP;
  parent.appendChild(root);
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
function update(player, bytes, setStateValue) {
  const before = player.data;
  player.setStateValue = setStateValue;
  const data = unpack(bytes);
  player.data = data;
  const cells = data.shape.output[0] * data.shape.output[1];
  player.cells = cells;
  player.channel = clamp(player.channel, 0, data.channels.length - 1);
  if (!before || before.digest !== data.digest) {
    const whole = !before || player.frontier >= before.shape.output[0] * before.shape.output[1];
    if (before && before.shape.output.join() !== data.shape.output.join()) play(player, false);
    player.cursor = before ? Math.min(player.cursor, cells - 1) : strongest(data);
    player.frontier = whole ? cells : clamp(player.frontier, player.cursor + 1, cells);
    player.focus = null;
    if (player.speed === null) player.speed = cells < 400 ? 15 : cells < 2500 ? 60 : 240;
  }
  const asked = JSON.stringify([data.cell, data.question]);
  if (asked !== player.asked) {
    player.asked = asked;
    const cell = data.question || data.cell;
    if (cell) {
      player.cursor = clamp(cell[0] * data.shape.output[1] + cell[1], 0, cells - 1);
      player.frontier = cells;
      player.pinned = true;
      play(player, false);
    }
  }
  player.stage.setAttribute("aria-label", data.label);
  player.root.setAttribute("aria-label", data.label);
  player.bar.scrub.max = cells - 1;
  player.bar.speed.value = player.speed;
  const [r, g, b] = paletteOf(player.root).background;
  player.root.dataset.theme = r + g + b < 384 ? "dark" : "light";
  player.palette = paletteOf(player.root);
  arrange(player);
}

/** Sizes, layers and captions for the room there is; then the first frame. */
function arrange(player) {
  const { data, root, panels } = player;
  player.width = root.clientWidth;
  if (!player.width) return;
  const ratio = window.devicePixelRatio || 1;
  const height = clamp(window.innerHeight - data.reserve, 200, 600);
  const layout = layoutOf(
    data.shape,
    data.grids.length,
    player.width,
    height - (data.channels.length > 1 ? SUMS_HEIGHT : 0),
    ratio,
    1 + data.others.length,
  );
  player.layout = layout;
  root.dataset.narrow = layout.narrow;
  root.dataset.hidden = data.hideOutput;
  root.dataset.others = data.others.length ? "many" : "none";
  root.dataset.channels = data.channels.length > 1 ? "many" : "one";
  player.ratio = ratio;
  player.margin = Math.round(4 * ratio);
  player.cell = { input: Math.round(layout.input * ratio), result: Math.round(layout.output * ratio) };
  const [rows, columns] = data.shape.padded;
  const [outRows, outColumns] = data.shape.output;
  setSize(
    panels.input.canvas,
    columns * player.cell.input + 2 * player.margin,
    rows * player.cell.input + 2 * player.margin,
    ratio,
  );
  setSize(
    panels.result.canvas,
    outColumns * player.cell.result + 2 * player.margin,
    outRows * player.cell.result + 2 * player.margin,
    ratio,
  );
  setSize(
    panels.middle.canvas,
    Math.round(layout.middle.width * ratio),
    Math.round(layout.middle.height * ratio),
    ratio,
  );
  root.style.setProperty("--middle", `${layout.middle.width}px`);
  player.layers = layersOf(player);
  arrangeOthers(player);
  player.dirty = {};
  player.drawn = {};
  describe(player);
  request(player);
}

function setSize(canvas, width, height, ratio) {
  canvas.width = width;
  canvas.height = height;
  canvas.style.width = `${width / ratio}px`;
  canvas.style.height = `${height / ratio}px`;
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
  player.setStateValue("pinned", again ? null : [row, col]);
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

/** Take the player down: no frame, observer or element is left. */
function destroy(parent, player) {
  cancelAnimationFrame(player.request);
  player.observer.disconnect();
  player.root.remove();
  PLAYERS.delete(parent);
}

export default function ({ parentElement, data, setStateValue }) {
  let player = PLAYERS.get(parentElement);
  if (!player) {
    player = createPlayer(parentElement);
    PLAYERS.set(parentElement, player);
  }
  const call = {};
  player.call = call; // only the newest call's cleanup takes the player down
  update(player, data, setStateValue);
  return () => {
    if (player.call === call) destroy(parentElement, player);
  };
}
