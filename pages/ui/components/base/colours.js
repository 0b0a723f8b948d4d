// Colours by their roles, as [red, green, blue] in 0..255: the theme's and those that `component` declares in Python.

import { clamp } from "./numbers.js";

/** @typedef {[number, number, number]} Colour */
/**
 * @typedef {{background: Colour, surface: Colour, text: Colour, border: Colour, positive: Colour, negative: Colour,
 *   accent: Colour, font: string}} Palette
 */
/** @typedef {{kind: "gray" | "signed", limits: [number, number]}} Scale how values become colours */

const GRAY = [128, 128, 128];

/**
 * The colours that an element has from its theme and its component.
 * @param {Element} element
 * @returns {Palette}
 */
export function paletteOf(element) {
  const style = getComputedStyle(element);
  const read = (name) => rgbOf(style.getPropertyValue(name).trim());
  return {
    background: read("--st-background-color"),
    surface: read("--st-secondary-background-color"),
    text: read("--st-text-color"),
    border: read("--st-border-color"),
    positive: read("--positive"),
    negative: read("--negative"),
    accent: read("--accent"),
    font: style.fontFamily,
  };
}

/**
 * Whether an element stands on a light or a dark page.
 * @param {Element} element
 * @returns {"light" | "dark"}
 */
export function themeOf(element) {
  const background = getComputedStyle(element).getPropertyValue("--st-background-color").trim();
  const [r, g, b] = rgbOf(background);
  return background && r + g + b < 384 ? "dark" : "light";
}

/**
 * Any CSS colour: the canvas knows how to read them all.
 * @param {string} colour
 * @returns {Colour}
 */
export function rgbOf(colour) {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

/**
 * @param {Colour} colour
 * @param {number} alpha
 * @returns {string} as CSS writes it
 */
export function css([r, g, b], alpha = 1) {
  return `rgba(${r}, ${g}, ${b}, ${alpha})`;
}

/**
 * @param {Colour} from
 * @param {Colour} to
 * @param {number} share how far from the first to the second, 0..1
 * @returns {Colour}
 */
export function mixed(from, to, share) {
  return from.map((part, k) => Math.round(part + (to[k] - part) * share));
}

/**
 * Black or white, whichever is read on `colour`.
 * @param {Colour} colour
 * @returns {string}
 */
export function inkOn([r, g, b]) {
  return 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#10151c" : "#ffffff";
}

/**
 * The colour of a value on a scale. Signed: the background at 0, blue above, vermilion below, full at the upper limit
 * and beyond; no number is half gray. Gray: black and white at the limits.
 * @param {number} value
 * @param {Scale} scale
 * @param {Palette} palette
 * @returns {Colour}
 */
export function colourOf(value, { kind, limits: [low, high] }, palette) {
  if (Number.isNaN(value)) return mixed(palette.background, GRAY, 0.5);
  if (kind === "gray") {
    const level = Math.round(255 * (high > low ? clamp((value - low) / (high - low), 0, 1) : 0));
    return [level, level, level];
  }
  const share = high > 0 ? clamp(value / high, -1, 1) : 0;
  return mixed(palette.background, share < 0 ? palette.negative : palette.positive, Math.abs(share));
}

/**
 * The whole scale from its lower to its upper limit, as a CSS background.
 * @param {Scale} scale
 * @param {Palette} palette
 * @returns {string}
 */
export function ramp({ kind, limits: [low] }, palette) {
  const { background, positive, negative } = palette;
  const signed = low < 0 ? [negative, background, positive] : [background, positive];
  const colours = kind === "gray" ? ["#000", "#fff"] : signed.map((colour) => css(colour));
  return `linear-gradient(to right, ${colours.join(", ")})`;
}
