// Paper to draw on with mouse, pen, finger and keys: black, with white ink, as the images that the networks know.

import { clamp } from "../base/numbers.js";
import { CHANGES, changed } from "./changes.js";
import { after, isCleared, isFull, onPaper, redone, replaced, undone } from "./history.js";
import { add, eighths, inkOf } from "./raster.js";

/** @typedef {import("./raster.js").Stroke} Stroke */
/** @typedef {{kind: "pen" | "eraser" | "move" | "turn" | "scale" | "thicken", width: number}} Tool */

const CELLS = 28; // a side, of the grid that the arrow keys move on: the network's pixels
const KEY_STEP = 10; // units that an arrow key drags the drawing
const NEAREST = 1; // units between two points of a stroke
const ERASER_BUTTON = 32; // of `buttons`: a pen turned round
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const HIDDEN = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)";
const KEYS = "Arrow keys move the pen, the space bar puts it down and lifts it.";

function element(name, style, attributes = {}) {
  const made = document.createElement(name);
  made.style.cssText = style;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** The paper as it is seen: strokes as lines in device pixels, sharp at any size. */
function drawStroke(context, scale, { kind, width, points }, from = 0) {
  if (kind === "clear") {
    context.fillStyle = "black";
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
    return;
  }
  context.strokeStyle = kind === "eraser" ? "black" : "white";
  context.lineWidth = width * scale;
  context.lineCap = "round";
  context.lineJoin = "round";
  const start = Math.max(0, from - 1);
  context.beginPath();
  if (points.length === 2) {
    // A line without length is not drawn.
    context.arc(points[0] * scale, points[1] * scale, (width / 2) * scale, 0, 2 * Math.PI);
    context.fillStyle = context.strokeStyle;
    context.fill();
    return;
  }
  context.moveTo(points[2 * start] * scale, points[2 * start + 1] * scale);
  for (let k = start; k < points.length / 2; k += 1)
    context.lineTo(points[2 * k] * scale, points[2 * k + 1] * scale);
  context.stroke();
}

/** The cell of the grid that the keys are on, as a frame with a dot where the pen is down. */
function drawCursor(context, scale, side, { row, column, isDown }, accent) {
  const cell = (side / CELLS) * scale;
  context.lineWidth = Math.max(2, cell / 5);
  context.strokeStyle = accent;
  context.strokeRect(column * cell, row * cell, cell, cell);
  if (!isDown) return;
  context.fillStyle = accent;
  context.beginPath();
  context.arc((column + 0.5) * cell, (row + 0.5) * cell, cell / 4, 0, 2 * Math.PI);
  context.fill();
}

/**
 * A square to draw on, as wide as its container.
 *
 * @param {{side: number, onStroke?: (strokes: Stroke[]) => void, onInk?: () => void}} wishes `side` is the width of the
 *   paper in units; `onStroke` hears all strokes after each that ends, is undone, redone or cleared, at once; `onInk`
 *   hears of every change of the ink while one is drawn
 */
export function surface({ side, onStroke = () => {}, onInk = () => {} }) {
  const root = element("div", "position:relative;width:100%;aspect-ratio:1");
  const canvas = element(
    "canvas",
    "display:block;width:100%;height:100%;touch-action:none;cursor:crosshair;background:black;border-radius:6px",
    { tabindex: "0", role: "application", "aria-label": `Paper to draw on. ${KEYS}` },
  );
  const ring = element(
    "div",
    "position:absolute;left:0;top:0;border:2px solid gray;border-radius:50%;pointer-events:none;box-sizing:border-box",
    { hidden: "", "aria-hidden": "true" },
  );
  const said = element("span", HIDDEN, { role: "status" });
  said.textContent = "Draw with the mouse, a pen, a finger or the keys.";
  root.append(canvas, ring, said);
  const context = canvas.getContext("2d");
  let history = { done: [], undone: [] };
  let ink = new Float32Array(side * side);
  let tool = { kind: "pen", width: side / 14 };
  let stroke = null; // the one that is being drawn
  let pointer = null; // the id of the finger, pen or mouse that draws it
  const cursor = { row: CELLS / 2, column: CELLS / 2, isDown: false };

  const scale = () => canvas.width / side;
  let drag = null; // while the drawing is moved or turned: where that began, its strokes then, and now
  const all = () => (drag ? drag.now : stroke ? [...history.done, stroke] : history.done);
  const isChange = () => CHANGES.includes(tool.kind);

  function repaint() {
    drawStroke(context, scale(), { kind: "clear" });
    for (const one of all()) drawStroke(context, scale(), one);
    if (root.getRootNode().activeElement === canvas && canvas.matches(":focus-visible"))
      drawCursor(
        context,
        scale(),
        side,
        cursor,
        getComputedStyle(root).getPropertyValue("--accent") || "gray",
      );
  }

  function anew() {
    ink = inkOf(all(), side);
    repaint();
  }

  function placeOf(event) {
    const box = canvas.getBoundingClientRect();
    const along = (at, start, length) => eighths(clamp(((at - start) / length) * side, -side, 2 * side));
    return [along(event.clientX, box.left, box.width), along(event.clientY, box.top, box.height)];
  }

  function begin(kind, [x, y]) {
    if (isFull(history)) {
      said.textContent = "The paper is full. Clear it, or undo something.";
      return;
    }
    stroke = { kind, width: tool.width || side / 8, points: [x, y] }; // a pen turned round erases with any tool
    add(ink, side, stroke);
    drawStroke(context, scale(), stroke);
    onInk();
  }

  function extend(places, least) {
    const from = stroke.points.length / 2;
    for (const [x, y] of places) {
      const [lastX, lastY] = stroke.points.slice(-2);
      if (Math.hypot(x - lastX, y - lastY) < least) continue;
      if (isFull({ done: all() })) break;
      stroke.points.push(x, y);
    }
    if (stroke.points.length / 2 === from) return;
    add(ink, side, stroke, from);
    drawStroke(context, scale(), stroke, from);
    onInk();
  }

  function change([x, y]) {
    drag.now = changed(drag.strokes, tool.kind, [x - drag.start[0], y - drag.start[1]], side) ?? drag.now;
    anew();
    onInk();
  }

  function grasp(place) {
    const strokes = onPaper(history);
    drag = { start: place, strokes, now: strokes };
  }

  function letGo() {
    const { strokes, now } = drag;
    drag = null;
    if (now === strokes) return;
    history = replaced(history, now);
    onStroke(history.done);
  }

  function end() {
    if (drag) letGo();
    if (!stroke) return;
    history = after(history, stroke);
    stroke = null;
    pointer = null;
    repaint(); // in one line: drawn piece by piece, its edge has a notch where two pieces meet
    onStroke(history.done);
  }

  function step(next) {
    end();
    if (next(history).done === history.done) return;
    history = next(history);
    anew();
    onInk();
    onStroke(history.done);
  }

  function showRing(event) {
    const box = canvas.getBoundingClientRect();
    const width = (tool.width / side) * box.width;
    ring.hidden = event.pointerType === "touch" || isChange();
    ring.style.width = ring.style.height = `${width}px`;
    ring.style.transform = `translate(${event.clientX - box.left - width / 2}px, ${event.clientY - box.top - width / 2}px)`;
  }

  canvas.onpointerdown = (event) => {
    const erases = Boolean(event.buttons & ERASER_BUTTON);
    if (pointer !== null || (event.button > 0 && !erases)) return;
    if (cursor.isDown) lift();
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    if (isChange() && !erases) grasp(placeOf(event));
    else begin(erases ? "eraser" : tool.kind, placeOf(event));
  };
  canvas.onpointermove = (event) => {
    showRing(event);
    if (event.pointerId === pointer && drag) change(placeOf(event));
    if (event.pointerId !== pointer || !stroke) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    extend((passed.length ? passed : [event]).map(placeOf), NEAREST);
  };
  canvas.onpointerleave = () => {
    ring.hidden = true;
  };
  canvas.onlostpointercapture = (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    end();
  };
  canvas.onpointerup = canvas.onlostpointercapture;
  canvas.onpointercancel = canvas.onlostpointercapture;

  const middle = () => [(cursor.column + 0.5) * (side / CELLS), (cursor.row + 0.5) * (side / CELLS)];

  function lift() {
    cursor.isDown = false;
    end();
  }

  function say() {
    said.textContent = `Row ${cursor.row}, column ${cursor.column}, pen ${cursor.isDown ? "down" : "up"}`;
  }

  canvas.onkeydown = (event) => {
    const arrow = ARROWS[event.key];
    if (arrow && isChange()) {
      grasp([0, 0]);
      change([arrow[1] * KEY_STEP, arrow[0] * KEY_STEP]);
      letGo();
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey) {
      const back = event.key.toLowerCase() === "z" && !event.shiftKey;
      const forward = event.key.toLowerCase() === "y" || (event.key.toLowerCase() === "z" && event.shiftKey);
      if (!back && !forward) return;
      step(back ? undone : redone);
    } else if ((event.key === " " || event.key === "Enter") && !isChange()) {
      if (cursor.isDown) lift();
      else if (pointer === null) {
        begin(tool.kind, middle());
        cursor.isDown = stroke !== null;
        if (stroke) onStroke(all());
      }
      say();
    } else if (arrow) {
      cursor.row = clamp(cursor.row + arrow[0], 0, CELLS - 1);
      cursor.column = clamp(cursor.column + arrow[1], 0, CELLS - 1);
      if (cursor.isDown && stroke) {
        extend([middle()], NEAREST);
        onStroke(all());
      }
      say();
    } else return;
    event.preventDefault();
    repaint();
  };
  canvas.onfocus = repaint;
  canvas.onblur = () => {
    if (cursor.isDown) lift();
    repaint();
  };

  const observer = new ResizeObserver(() => {
    const size = Math.round(root.clientWidth * (window.devicePixelRatio || 1));
    if (size === 0 || size === canvas.width) return;
    canvas.width = canvas.height = size;
    repaint();
  });
  observer.observe(root);
  repaint();

  return {
    root,
    /** @returns {Stroke[]} what was drawn, undone strokes left out */
    strokes: () => history.done,
    /** Show these strokes in place of all that is there; nobody is told. */
    setStrokes(strokes) {
      [stroke, drag, pointer, cursor.isDown] = [null, null, null, false];
      history = { done: strokes.slice(), undone: [] };
      anew();
    },
    undo: () => step(undone),
    redo: () => step(redone),
    clear: () =>
      step((now) => (isCleared(now.done) ? now : after(now, { kind: "clear", width: 0, points: [] }))),
    /** @returns {{undo: boolean, redo: boolean, clear: boolean}} which of the three would do something */
    can: () => ({
      undo: history.done.length > 0,
      redo: history.undone.length > 0,
      clear: !isCleared(history.done),
    }),
    /** @param {Tool} chosen from the next stroke on */
    setTool(chosen) {
      tool = chosen;
      canvas.style.cursor = isChange() ? "move" : "crosshair";
    },
    tool: () => tool,
    /** @returns {Float32Array} `side` × `side` pixels in 0..1, the stroke being drawn among them; not to be changed */
    ink: () => ink,
    destroy: () => observer.disconnect(),
  };
}
