// Tiles on one canvas. Layout is arithmetic without a canvas; drawing reads a state and keeps none of its own.

const states = new WeakMap();

function unpack(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  return { ...header, values: new Float32Array(bytes.slice(4 + length).buffer) };
}

// Tiles in a table keep their columns; others flow, in groups that stay together and stand a gap apart.
// Both take the largest whole cell that fits the space.
function layout(
  { shape: [count, tileRows, tileColumns], columnNames, group, largestCell, height, gap },
  available,
) {
  const apart = group > 1 ? 2 * gap : 0;
  const at = (cell, columns) => ({
    cell,
    columns,
    group,
    apart,
    width: columns * (tileColumns * cell + gap) + gap + (Math.ceil(columns / group) - 1) * apart,
    height: Math.ceil(count / columns) * (tileRows * cell + gap) + gap,
  });
  const smallest = columnNames.length ? 2 : Math.max(1, Math.ceil(24 / tileColumns));
  for (let cell = largestCell; ; cell -= 1) {
    const groups = Math.floor((available - gap + apart) / (group * (tileColumns * cell + gap) + apart));
    const plan = at(cell, columnNames.length || Math.min(count, group * Math.max(1, groups)));
    if (cell <= Math.min(smallest, largestCell)) {
      // Nothing fits both ways: a flowing mosaic may grow down, but a tile is never wider than the page.
      const widest = Math.max(1, Math.floor((available - 2 * gap) / tileColumns));
      return columnNames.length || cell <= widest ? plan : at(widest, 1);
    }
    if (plan.width <= available && plan.height <= height) return plan;
  }
}

const tileOrigin = (plan, [, tileRows, tileColumns], gap, index) => ({
  x:
    gap +
    (index % plan.columns) * (tileColumns * plan.cell + gap) +
    Math.floor((index % plan.columns) / plan.group) * plan.apart,
  y: gap + Math.floor(index / plan.columns) * (tileRows * plan.cell + gap),
});

function cellAt(plan, { shape, gap }, x, y) {
  const [count, tileRows, tileColumns] = shape;
  const groupWidth = plan.group * (tileColumns * plan.cell + gap) + plan.apart;
  const first = Math.floor((x - gap) / groupWidth);
  const column =
    first * plan.group + Math.floor((x - gap - first * groupWidth) / (tileColumns * plan.cell + gap));
  const row = Math.floor((y - gap) / (tileRows * plan.cell + gap));
  const tile = row * plan.columns + column;
  if (column < 0 || column >= plan.columns || row < 0 || tile >= count) return null;
  const origin = tileOrigin(plan, shape, gap, tile);
  // A pointer in the narrow gap after a tile means the tile's nearest cell.
  const cell = [Math.floor((y - origin.y) / plan.cell), Math.floor((x - origin.x) / plan.cell)];
  return { tile, row: Math.min(tileRows - 1, cell[0]), column: Math.min(tileColumns - 1, cell[1]) };
}

const tileName = ({ names, columnNames }, tile) =>
  columnNames.length
    ? `${names[Math.floor(tile / columnNames.length)]}, ${columnNames[tile % columnNames.length]}`
    : names[tile];

const number = (value, digits) => {
  if (Number.isNaN(value)) return "NaN";
  const text = digits === undefined ? String(Number(value.toPrecision(7))) : value.toFixed(digits);
  return text.replace("-", "−");
};

const valueOf = ({ shape: [, rows, columns], values }, { tile, row, column }) =>
  values[(tile * rows + row) * columns + column];

function colourOf({ scale, limit, colours }, value) {
  if (Number.isNaN(value)) return [128, 128, 128, 128];
  const strength = Math.round(255 * Math.min(1, Math.abs(value) / limit));
  if (scale === "pixels")
    return [
      Math.max(0, value) && strength,
      Math.max(0, value) && strength,
      Math.max(0, value) && strength,
      255,
    ];
  return [...(value < 0 ? colours[1] : colours[0]), strength];
}

// Every tile at one pixel a cell, in a grid, so that drawing is one enlarged copy a tile.
function makeAtlas(content) {
  const [count, rows, columns] = content.shape;
  const across = Math.ceil(Math.sqrt(count));
  const atlas = document.createElement("canvas");
  atlas.width = across * columns;
  atlas.height = Math.ceil(count / across) * rows;
  const context = atlas.getContext("2d");
  const image = context.createImageData(atlas.width, atlas.height);
  content.values.forEach((value, index) => {
    const tile = Math.floor(index / (rows * columns));
    const within = index % (rows * columns);
    const y = Math.floor(tile / across) * rows + Math.floor(within / columns);
    const x = (tile % across) * columns + (within % columns);
    image.data.set(colourOf(content, value), 4 * (y * atlas.width + x));
  });
  context.putImageData(image, 0, 0);
  return { canvas: atlas, across };
}

function rgb(context, css) {
  context.fillStyle = "#000";
  context.fillStyle = css.trim();
  const hex = context.fillStyle;
  return hex.startsWith("#") ? [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)) : [255, 255, 255];
}

function writeNumbers(context, content, plan, origin, tile, background) {
  const [, rows, columns] = content.shape;
  context.font = `${Math.min(20, Math.max(14, Math.floor(plan.cell / 4)))}px ${content.font}`;
  const digits = content.limit < 0.01 ? 4 : content.limit < 0.1 ? 3 : 2;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const value = valueOf(content, { tile, row, column });
      const [r, g, b, a] = colourOf(content, value);
      const shown = [r, g, b].map((c, i) => (c * a + background[i] * (255 - a)) / 255);
      const bright = 0.299 * shown[0] + 0.587 * shown[1] + 0.114 * shown[2] > 140;
      context.fillStyle = bright ? "#10151c" : "#ffffff";
      context.fillText(
        number(value, digits),
        origin.x + (column + 0.5) * plan.cell,
        origin.y + (row + 0.5) * plan.cell,
      );
    }
  }
}

// All that the pointer does not change, drawn once for a size and theme and kept in state.base.
function paint(state) {
  const { root, content } = state;
  const { shape, gap } = content;
  const [count, rows, columns] = shape;
  const plan = layout(content, root.clientWidth);
  state.plan = plan;
  state.width = root.clientWidth;
  state.ratio = window.devicePixelRatio || 1;
  state.base = document.createElement("canvas");
  state.base.width = Math.round(plan.width * state.ratio);
  state.base.height = Math.round(plan.height * state.ratio);
  const context = state.base.getContext("2d");
  context.scale(state.ratio, state.ratio);
  const style = getComputedStyle(root);
  content.font = style.fontFamily || "sans-serif";
  const background = rgb(context, style.getPropertyValue("--st-background-color"));
  const border = style.getPropertyValue("--st-border-color");
  const size = [columns * plan.cell, rows * plan.cell];
  context.imageSmoothingEnabled = false;
  for (let tile = 0; tile < count; tile += 1) {
    const { x, y } = tileOrigin(plan, shape, gap, tile);
    const source = [(tile % state.atlas.across) * columns, Math.floor(tile / state.atlas.across) * rows];
    context.drawImage(state.atlas.canvas, ...source, columns, rows, x, y, ...size);
    context.strokeStyle = border;
    context.lineWidth = 1;
    if (gap > 2 || count === 1) context.strokeRect(x - 0.5, y - 0.5, size[0] + 1, size[1] + 1);
    if (plan.cell >= 40) writeNumbers(context, content, plan, { x, y }, tile, background);
  }
}

function draw({ canvas, base, ratio, plan, content, hover }) {
  const { shape, gap, selected, colours } = content;
  const [count, rows, columns] = shape;
  const size = [columns * plan.cell, rows * plan.cell];
  canvas.width = base.width;
  canvas.height = base.height;
  canvas.style.width = `${plan.width}px`;
  canvas.style.height = `${plan.height}px`;
  const context = canvas.getContext("2d");
  context.drawImage(base, 0, 0);
  context.scale(ratio, ratio);
  context.strokeStyle = `rgb(${colours[2].join(",")})`;
  const frame = (tile, width) => {
    const { x, y } = tileOrigin(plan, shape, gap, tile);
    context.lineWidth = width;
    context.strokeRect(x - width / 2, y - width / 2, size[0] + width, size[1] + width);
  };
  if (selected !== null && selected >= 0 && selected < count) frame(selected, Math.max(2, Math.min(4, gap)));
  if (hover) {
    const { x, y } = tileOrigin(plan, shape, gap, hover.tile);
    if (count > 1) frame(hover.tile, 2);
    context.lineWidth = 2;
    context.strokeRect(x + hover.column * plan.cell, y + hover.row * plan.cell, plan.cell, plan.cell);
  }
}

function writeScale(root, { scale, limit, scope, colours }) {
  const css = (colour) => `rgb(${colour.join(",")})`;
  const end = String(Number(limit.toPrecision(3)));
  const ends = {
    signed: [`−${end}`, end, `${css(colours[1])}, transparent, ${css(colours[0])}`],
    positive: ["0", end, `transparent, ${css(colours[0])}`],
    pixels: ["0", end, "#000, #fff"],
  }[scale];
  root.querySelector(".low").textContent = ends[0];
  root.querySelector(".high").textContent = ends[1];
  root.querySelector(".bar").style.background = `linear-gradient(to right, ${ends[2]})`;
  root.querySelector(".scope").textContent = scope && `scale of ${scope}`;
}

function readout({ content, hover }) {
  if (!hover)
    return content.pickable
      ? "Point at a tile to read it; click to enlarge it."
      : "Point at a cell to read its value.";
  const [, rows, columns] = content.shape;
  const place = rows * columns > 1 ? ` · row ${hover.row}, column ${hover.column}` : "";
  return `${tileName(content, hover.tile)}${place}: ${number(valueOf(content, hover))}`;
}

function refresh(state) {
  draw(state);
  state.root.querySelector(".readout").textContent = readout(state);
}

// Arrows walk over tiles where there are several, over cells where there is one.
function step({ content, plan, hover }, key) {
  const [count, rows, columns] = content.shape;
  const now = hover ?? { tile: Math.max(0, content.selected ?? 0), row: 0, column: 0 };
  const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[key];
  if (!move) return null;
  if (!hover) return now;
  if (count > 1) {
    const tile = now.tile + move[0] * plan.columns + move[1];
    return tile >= 0 && tile < count ? { tile, row: 0, column: 0 } : now;
  }
  const clamp = (value, size) => Math.min(size - 1, Math.max(0, value));
  return { tile: 0, row: clamp(now.row + move[0], rows), column: clamp(now.column + move[1], columns) };
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".tiles");
  const canvas = root.querySelector("canvas");
  let state = states.get(parentElement);
  if (!state) {
    state = { root, canvas, hover: null };
    states.set(parentElement, state);
    state.observer = new ResizeObserver(() => {
      if (!state.content || root.clientWidth === state.width) return;
      paint(state);
      draw(state);
    });
    state.observer.observe(root);
  }
  state.content = unpack(data);
  state.atlas = makeAtlas(state.content);
  const [count, rows, columns] = state.content.shape;
  if (state.hover && (state.hover.tile >= count || state.hover.row >= rows || state.hover.column >= columns))
    state.hover = null;
  canvas.setAttribute(
    "aria-label",
    `${count} ${count === 1 ? "map" : "maps"} of ${rows} by ${columns} values`,
  );
  canvas.style.cursor = state.content.pickable ? "pointer" : "crosshair";

  const point = (event) => {
    const box = canvas.getBoundingClientRect();
    return cellAt(state.plan, state.content, event.clientX - box.left, event.clientY - box.top);
  };
  const pick = (tile) => {
    if (!state.content.pickable) return;
    state.content.selected = tile;
    refresh(state);
    setTriggerValue("picked", tile);
  };
  canvas.onpointermove = (event) => {
    state.hover = point(event);
    refresh(state);
  };
  canvas.onpointerleave = () => {
    state.hover = null;
    refresh(state);
  };
  canvas.onclick = (event) => {
    state.hover = point(event);
    refresh(state);
    if (state.hover) pick(state.hover.tile);
  };
  canvas.onkeydown = (event) => {
    if ((event.key === "Enter" || event.key === " ") && state.hover) {
      event.preventDefault();
      pick(state.hover.tile);
    }
    const next = step(state, event.key);
    if (!next) return;
    event.preventDefault();
    state.hover = next;
    refresh(state);
  };
  writeScale(root, state.content);
  paint(state);
  refresh(state);
  return () => {
    state.observer.disconnect();
    states.delete(parentElement);
  };
}
