// The sentences of the player: the arithmetic of a cell, and what the pointer is on. Nothing here touches the page.

import { printed, units, unitsText } from "../base/numbers.js";
import { joined, maxLine, meanLine, productLine, sumLine } from "./arithmetic.js";
import { isPixel, readersOf } from "./geometry.js";
import { CALM_SPEED } from "./position.js";
import { channelPlane, isAsked, sumsOf, termsOf } from "./scene.js";

/** The arithmetic of an output cell in one line, or two where channels are summed. */
export function linesOf(data, row, col, channel, value, index, shown) {
  const { pixels, weights } = termsOf(data, row, col, channel);
  const { places } = data;
  if (data.mode === "max") return [maxLine(pixels, value, places.pixel)];
  if (data.mode === "avg") return [meanLine(pixels, data.divisors[index], value, places.pixel)];
  const bias = data.bias === null ? [] : [{ value: data.bias, label: "bias" }];
  if (data.channels.length === 1) return [productLine(pixels, weights, bias, value, places, shown)];
  const sums = sumsOf(data, row, col);
  return [
    `${data.channels[channel]}: ${productLine(pixels, weights, [], sums[channel].value, places, shown)}`,
    `All channels: ${sumLine([...sums, ...bias], value, places.value)}`,
  ];
}

/** What the others make of the same window, in one line; an empty list where there are none. */
export function othersLine(data, index) {
  if (!data.others.length) return [];
  const words = data.others.map(
    ({ title }, at) => `${title.toLowerCase()} ${printed(data[`other${at}`][index], data.places.value)}`,
  );
  return [`On the same window: ${words.join(", ")}`];
}

/**
 * The cell's value as the sum it is, "Sum = 0.84" or "Sum 0.74 + 0.10 (bias) = 0.84". What rounding took or gave stands
 * in the line of arithmetic alone: two remainders of one sum, by products and by factors, would puzzle.
 */
export function sumText(data, value) {
  const places = data.places.value;
  const [total, bias] = [value, data.bias ?? 0].map((number) => units(number, places));
  if (!bias) return `Sum = ${unitsText(total, places)}`;
  const terms = [
    { sign: total - bias, text: unitsText(Math.abs(total - bias), places) },
    { sign: bias, text: `${unitsText(Math.abs(bias), places)} (bias)` },
  ];
  return `Sum ${joined(terms)} = ${unitsText(total, places)}`;
}

/** A sentence on what the pointer is on. */
export function noteOf(player, row, col) {
  const { data, focus } = player;
  if (player.playing)
    return player.calm.matches && player.speed > CALM_SPEED
      ? `Your system asks for reduced motion: ${CALM_SPEED} cells a second at most.`
      : "";
  if (focus?.panel === "input") {
    const value = printed(
      data.padded[channelPlane(data, player.channel) + focus.y * data.shape.padded[1] + focus.x],
      Math.max(4, data.places.pixel),
    );
    const readers = readersOf(data.shape, focus.y, focus.x).length;
    const [y, x] = [focus.y, focus.x].map((at, axis) => printed(at - data.shape.offset[axis], 0));
    const what = isPixel(data.shape, focus.y, focus.x)
      ? `Pixel row ${y}, column ${x}`
      : `Padding row ${y}, column ${x}`;
    return `${what} = ${value}: ${readers === 0 ? "no window reads it" : readers === 1 ? "one window reads it" : `${readers} windows read it`}.`;
  }
  if (focus?.panel === "middle") {
    const { pixels, weights, products } = termsOf(data, row, col, player.channel);
    const k = focus.i * data.shape.kernel[1] + focus.j;
    if (!data.weight) return `Window row ${focus.i}, column ${focus.j} = ${printed(pixels[k], 4)}.`;
    return `${printed(pixels[k], 4)} × ${printed(weights[k], 4)} = ${isAsked(data, row, col) ? "?" : printed(products[k], 4)}. Each of the ${player.cells} windows uses this same weight; shaded: the pixels it meets.`;
  }
  if (focus?.panel === "result") {
    const index = focus.row * data.shape.output[1] + focus.col;
    const hidden = isAsked(data, focus.row, focus.col) || index >= player.frontier;
    return `Output row ${focus.row}, column ${focus.col} = ${hidden ? "?" : printed(data.output[index], Math.max(4, data.places.value))}. ${player.pinned ? "Escape unpins." : "Click to pin it."}`;
  }
  if (player.layout.narrow)
    return player.pinned ? "Pinned. Tap again to unpin." : "Tap a cell to see and pin its partners.";
  return player.pinned
    ? "Pinned. Escape or a second click unpins."
    : "Point at any cell to see its partners; click to pin. Keys: space, arrows, Home, End, Enter.";
}
