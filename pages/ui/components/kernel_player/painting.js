// How cells become pixels. Nothing here knows what is being looked at: colours, layers, grids and marks only.
// All sizes are device pixels; a layer is drawn once and copied from, piece by piece, frame after frame.

const BLUE = [0, 114, 178];
const VERMILION = [213, 94, 0];

/** The theme's colours, read from its CSS variables, as [r, g, b]. */
function paletteOf(element) {
  const style = getComputedStyle(element);
  const read = (name, otherwise) => rgbOf(style.getPropertyValue(name).trim() || otherwise);
  return {
    background: read("--st-background-color", "#ffffff"),
    surface: read("--st-secondary-background-color", "#f1f4f8"),
    text: read("--st-text-color", "#17212e"),
    border: read("--st-border-color", "#d5dce5"),
    accent: read("--player-accent", "#b0457f"),
    font: style.fontFamily,
  };
}

/** Any CSS colour as [r, g, b]: the canvas knows how to read them all. */
function rgbOf(colour) {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

function css([r, g, b], alpha = 1) {
  return `rgba(${r}, ${g}, ${b}, ${alpha})`;
}

function mixed(from, to, share) {
  return from.map((part, k) => Math.round(part + (to[k] - part) * share));
}

/** A signed value in the colours of its scale: the background at 0, blue above, vermilion below. */
function signedColour(value, limit, background) {
  if (!Number.isFinite(value)) return value > 0 ? BLUE : mixed(background, [128, 128, 128], 0.25);
  const share = limit > 0 ? clamp(value / limit, -1, 1) : 0;
  return mixed(background, share < 0 ? VERMILION : BLUE, Math.abs(share));
}

/** A pixel's gray between the limits. */
function grayColour(value, [low, high]) {
  const share = high > low ? clamp((value - low) / (high - low), 0, 1) : 0;
  const level = Number.isFinite(value) ? Math.round(share * 255) : 0;
  return [level, level, level];
}

/** Black or white, whichever is read on `colour`. */
function inkOn([r, g, b]) {
  return 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#10151c" : "#ffffff";
}

/** A layer of rows × columns cells, each in the colour that `colourAt(index)` says, `margin` around them. */
function cellLayer(rows, columns, cell, margin, colourAt) {
  const small = new OffscreenCanvas(columns, rows);
  const image = new ImageData(columns, rows);
  for (let k = 0; k < rows * columns; k += 1) {
    const [r, g, b] = colourAt(k);
    image.data.set([r, g, b, 255], 4 * k);
  }
  small.getContext("2d").putImageData(image, 0, 0);
  const layer = new OffscreenCanvas(columns * cell + 2 * margin, rows * cell + 2 * margin);
  const context = layer.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(small, margin, margin, columns * cell, rows * cell);
  return layer;
}

/** Thin lines between the cells of a layer. */
function drawLines(context, rows, columns, cell, margin, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (let row = 0; row <= rows; row += 1) {
    context.moveTo(margin, margin + row * cell + 0.5);
    context.lineTo(margin + columns * cell, margin + row * cell + 0.5);
  }
  for (let column = 0; column <= columns; column += 1) {
    context.moveTo(margin + column * cell + 0.5, margin);
    context.lineTo(margin + column * cell + 0.5, margin + rows * cell);
  }
  context.stroke();
}

/** A number in the middle of a cell, `size` px high, or a little less where it is long. */
function drawNumber(context, text, x, y, width, height, ink, size, family) {
  const room = (1.86 * (width - 2)) / Math.max(text.length, 1);
  context.font = `${Math.min(size, Math.max(room, size * 0.86))}px ${family}`;
  context.fillStyle = ink;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x + width / 2, y + height / 2 + 1);
}

/** A diagonal hatch, dark on light, that is seen on every gray. */
function hatch(context, ratio) {
  const side = Math.round(7 * ratio);
  const tile = new OffscreenCanvas(side, side);
  const brush = tile.getContext("2d");
  for (const [colour, shift] of [
    ["rgba(255, 255, 255, 0.9)", 0],
    ["rgba(16, 21, 28, 0.9)", 1.4 * ratio],
  ]) {
    brush.strokeStyle = colour;
    brush.lineWidth = 1.4 * ratio;
    brush.beginPath();
    for (const start of [-side, 0, side]) {
      brush.moveTo(start + shift, side);
      brush.lineTo(start + shift + side, 0);
    }
    brush.stroke();
  }
  return context.createPattern(tile, "repeat");
}

/** A frame around a rectangle of device pixels, with a halo so that it is seen on every colour. */
function drawFrame(context, { x, y, w, h }, colour, halo, thickness, dash = []) {
  context.setLineDash(dash);
  context.strokeStyle = halo;
  context.lineWidth = thickness + 2;
  context.strokeRect(x, y, w, h);
  context.strokeStyle = colour;
  context.lineWidth = thickness;
  context.strokeRect(x, y, w, h);
  context.setLineDash([]);
}
