// Canvases sharp on every screen, cells of one colour, numbers and frames on them. All sizes are device pixels.

/** @typedef {import("./colours.js").Colour} Colour */
/** @typedef {{x: number, y: number, w: number, h: number}} Rect */

/**
 * Make a canvas so large in device pixels, and as large on the page as the screen's `ratio` says.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @param {number} ratio device pixels a CSS pixel
 */
export function setSize(canvas, width, height, ratio) {
  canvas.width = width;
  canvas.height = height;
  canvas.style.width = `${width / ratio}px`;
  canvas.style.height = `${height / ratio}px`;
}

/**
 * Rows × columns cells of one pixel each, in the colour that `colourAt(index)` says.
 * @param {number} rows
 * @param {number} columns
 * @param {(index: number) => Colour} colourAt
 * @returns {OffscreenCanvas}
 */
export function cells(rows, columns, colourAt) {
  const canvas = new OffscreenCanvas(columns, rows);
  const image = new ImageData(columns, rows);
  for (let k = 0; k < rows * columns; k += 1) {
    const [r, g, b] = colourAt(k);
    image.data.set([r, g, b, 255], 4 * k);
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/**
 * A number in the middle of a cell, `size` px high, or a little less where it is long.
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {Rect} cell
 * @param {string} ink
 * @param {number} size
 * @param {string} family
 */
export function drawNumber(context, text, { x, y, w, h }, ink, size, family) {
  const room = (1.86 * (w - 2)) / Math.max(text.length, 1);
  context.font = `${Math.min(size, Math.max(room, size * 0.86))}px ${family}`;
  context.fillStyle = ink;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x + w / 2, y + h / 2 + 1);
}

/**
 * A frame around a rectangle, with a halo so that it is seen on every colour.
 * @param {CanvasRenderingContext2D} context
 * @param {Rect} rect
 * @param {string} colour
 * @param {string} halo
 * @param {number} thickness
 * @param {number[]} dash
 */
export function drawFrame(context, { x, y, w, h }, colour, halo, thickness, dash = []) {
  context.setLineDash(dash);
  context.strokeStyle = halo;
  context.lineWidth = thickness + 2;
  context.strokeRect(x, y, w, h);
  context.strokeStyle = colour;
  context.lineWidth = thickness;
  context.strokeRect(x, y, w, h);
  context.setLineDash([]);
}
