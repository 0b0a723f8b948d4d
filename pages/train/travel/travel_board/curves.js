// Accuracy and loss over the axis of time, and the marker of the moment that is looked at.

import { css } from "../../../ui/components/base/colours.js";
import { significant } from "../../../ui/components/base/numbers.js";
import { placeOf } from "./axis.js";

export const LEFT = 52; // px for the numbers of the axes
export const RIGHT = 56; // px for the button beside the slider
const BELOW = 40; // px for the moments' names, in two lines
const BOTH = 100; // px of height from which loss has room beside accuracy
const TOP = 9;

/**
 * @param {CanvasRenderingContext2D} context scaled to CSS pixels
 * @param {object} content what Python sent
 * @param {{width: number, height: number, index: number, palette: import("../../../ui/components/base/colours.js").Palette,
 *   size: number}} look `size` is the letters', px
 */
export function drawCurves(context, content, { width, height, index, palette, size }) {
  const count = content.at.length;
  const x = (place) => LEFT + (count > 1 ? place / (count - 1) : 0.5) * (width - LEFT - RIGHT);
  const bottom = height - BELOW;
  context.clearRect(0, 0, width, height);
  context.font = `${size}px ${palette.font}`;
  const quantities = bottom - TOP >= BOTH ? ["Accuracy", "Loss"] : ["Accuracy"];
  const each = (bottom - TOP) / quantities.length;
  quantities.forEach((quantity, k) => {
    const box = { top: TOP + k * each + (k ? 12 : 0), bottom: TOP + (k + 1) * each };
    drawQuantity(context, content, quantity, { ...box, x, width, index, palette });
  });
  context.strokeStyle = css(palette.accent);
  context.lineWidth = 2;
  line(context, x(index), TOP - 6, x(index), bottom + 6);
  drawMoments(context, content, { x, bottom, index, palette, size });
}

function drawQuantity(context, content, quantity, { top, bottom, x, width, index, palette }) {
  const most = quantity === "Accuracy" ? 1 : topOf(content);
  const y = (value) => bottom - (Math.min(value, most) / most) * (bottom - top);
  context.strokeStyle = css(palette.border);
  context.lineWidth = 1;
  context.fillStyle = css(palette.text);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const share of [0, 1]) {
    const value = share * most;
    line(context, LEFT, y(value), width - RIGHT, y(value));
    const percent = quantity === "Accuracy" ? `${100 * share} %` : significant(value, 2);
    context.fillText(percent, LEFT - 6, y(value));
  }
  const points = (name) => {
    const values = content[`${name}${quantity}`];
    return [...content[`${name}At`]]
      .map((batches, k) => [placeOf(content.at, batches), values[k]])
      .filter((one) => one.every(Number.isFinite))
      .map(([place, value]) => [x(place), y(value)]);
  };
  path(context, points("training"), content.trainingColour, 2);
  path(context, points("validation"), content.validationColour, 2);
  for (const [a, b] of points("validation")) dot(context, a, b, 3, content.validationColour);
  const tested = points("tested");
  path(context, tested, css(palette.text, 0.45), 1);
  tested.forEach(([a, b], k) => {
    if (k !== index) dot(context, a, b, 3, css(palette.text));
  });
  if (tested[index]) dot(context, ...tested[index], 6, css(palette.accent));
  context.fillStyle = css(palette.text);
  context.textAlign = "left";
  context.fillText(quantity, LEFT + 6, (top + bottom) / 2);
}

/** The highest loss that is shown: of the first moments' tests, or of whatever is lower where it explodes later. */
function topOf(content) {
  const values = [...content.testedLoss, ...content.trainingLoss].filter(Number.isFinite);
  const guessing = Math.log(content.classes.length);
  return Math.min(Math.max(...values, 0.1), 1.5 * guessing);
}

function drawMoments(context, { at, places, first }, { x, bottom, index, palette, size }) {
  context.textAlign = "center";
  context.textBaseline = "top";
  let free = 0;
  const name = (k) => String(places[k][0] || places[k][1]);
  const half = (k) => context.measureText(name(k)).width / 2 + 4;
  const here = [x(index) - half(index), x(index) + half(index)];
  for (let k = 0; k < at.length; k += 1) {
    const [from, to] = [x(k) - half(k), x(k) + half(k)];
    context.strokeStyle = css(palette.border);
    line(context, x(k), bottom, x(k), bottom + 4);
    const covered = k !== index && from < here[1] && to > here[0];
    if (covered || from < free) continue;
    context.fillStyle = k === index ? css(palette.text) : css(palette.text, 0.75);
    context.font = `${k === index ? 700 : 400} ${size}px ${palette.font}`;
    context.fillText(name(k), x(k), bottom + 6);
    free = to;
  }
  context.font = `${size}px ${palette.font}`;
  context.fillStyle = css(palette.text, 0.75);
  const second = bottom + 8 + size;
  const groups = [
    ["batches of epoch 1", 0, first - 1],
    ["epochs", first, at.length - 1],
  ].filter(([, from, to]) => from <= to);
  let edge = 0;
  for (const [words, from, to] of groups) {
    const wide = context.measureText(words).width;
    const place = Math.max((x(from) + x(to)) / 2, edge + wide / 2, wide / 2);
    context.fillText(words, Math.min(place, x(at.length - 1) + RIGHT - wide / 2), second);
    edge = place + wide / 2 + 10;
  }
}

function line(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

function path(context, points, colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  points.forEach(([x, y], k) => {
    if (k) context.lineTo(x, y);
    else context.moveTo(x, y);
  });
  context.stroke();
}

function dot(context, x, y, radius, colour) {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
