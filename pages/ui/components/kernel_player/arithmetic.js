// Lines of arithmetic as they are printed. Sums are formed of the printed digits as whole numbers, so that a printed line
// adds up exactly; what rounding took or gave is a term of its own.

import { printed, units, unitsText } from "../base/numbers.js";

/** @typedef {{sign: number, text: string}} Term the sign of `sign` stands before `text` */
/** @typedef {{value: number, label?: string}} Part */

/**
 * Terms joined by + and −.
 * @param {Term[]} terms
 * @returns {string}
 */
export function joined(terms) {
  return terms
    .map(({ sign, text }, at) => (at ? (sign < 0 ? " − " : " + ") : sign < 0 ? "−" : "") + text)
    .join("");
}

/**
 * The rounding term, in parentheses, of `whole` last digits; an empty list where there was none.
 * @param {number} whole
 * @param {number} decimals
 * @returns {Term[]}
 */
export function rounding(whole, decimals) {
  return whole ? [{ sign: whole, text: `${unitsText(Math.abs(whole), decimals)} (rounding)` }] : [];
}

/**
 * A sum of products, as printed: "0.12 × −1 + 0.50 × 2 + … = 0.88". At most `shown` products stand one by one, the
 * others as their printed sum.
 * @param {number[]} pixels
 * @param {number[]} weights
 * @param {Part[]} extra terms behind the products (the bias)
 * @param {number} value
 * @param {{pixel: number, weight: number, value: number}} places decimals of each
 * @param {number} shown
 * @returns {string}
 */
export function productLine(pixels, weights, extra, value, places, shown) {
  const fine = places.pixel + places.weight;
  const scale = 10 ** fine;
  const kept = [];
  let rest = 0;
  let left = 0;
  let total = 0;
  const quiet = weights.length > 9; // a large kernel's zeros say nothing
  for (let k = 0; k < weights.length; k += 1) {
    const pixel = units(pixels[k], places.pixel);
    const weight = units(weights[k], places.weight);
    total += pixel * weight;
    if (quiet && weights[k] === 0) continue;
    if (kept.length < shown) {
      const text = `${unitsText(Math.abs(pixel), places.pixel)} × ${unitsText(weight, places.weight)}`;
      kept.push({ sign: pixel, text });
    } else {
      rest += pixel * weight;
      left += 1;
    }
  }
  if (left) kept.push({ sign: rest, text: `${unitsText(Math.abs(rest), fine)} (${left} more)` });
  for (const { value: amount, label } of extra) {
    const whole = units(amount, places.value);
    total += whole * 10 ** (fine - places.value);
    kept.push({ sign: whole, text: `${unitsText(Math.abs(whole), places.value)} (${label})` });
  }
  const end = units(value, places.value);
  const missing = Math.round(end * (scale / 10 ** places.value)) - total;
  if (!kept.length) kept.push({ sign: 1, text: "0" });
  return `${joined([...kept, ...rounding(missing, fine)])} = ${unitsText(end, places.value)}`;
}

/**
 * A sum of labelled numbers, as printed: "0.20 (red) + 0.13 (green) + 0.10 (bias) = 0.43".
 * @param {Part[]} parts
 * @param {number} value
 * @param {number} decimals
 * @returns {string}
 */
export function sumLine(parts, value, decimals) {
  const terms = parts.map(({ value: amount, label }) => {
    const whole = units(amount, decimals);
    return { sign: whole, whole, text: unitsText(Math.abs(whole), decimals) + (label ? ` (${label})` : "") };
  });
  const end = units(value, decimals);
  const missing = end - terms.reduce((sum, term) => sum + term.whole, 0);
  return `${joined([...terms, ...rounding(missing, decimals)])} = ${unitsText(end, decimals)}`;
}

/**
 * The largest of some numbers, as printed: "max(0.12, 0.50, 0.91) = 0.91".
 * @param {number[]} values
 * @param {number} value
 * @param {number} decimals
 * @returns {string}
 */
export function maxLine(values, value, decimals) {
  return `max(${values.map((number) => printed(number, decimals)).join(", ")}) = ${printed(value, decimals)}`;
}

/**
 * A mean, as printed: "(0.12 + 0.50 + 0.91 + 0.33) ÷ 4 = 0.46", the rounding before the division.
 * @param {number[]} values
 * @param {number} divisor
 * @param {number} value
 * @param {number} decimals
 * @returns {string}
 */
export function meanLine(values, divisor, value, decimals) {
  const terms = values.map((number) => {
    const whole = units(number, decimals);
    return { sign: whole, whole, text: unitsText(Math.abs(whole), decimals) };
  });
  const end = units(value, decimals);
  const missing = end * divisor - terms.reduce((sum, term) => sum + term.whole, 0);
  return `(${joined([...terms, ...rounding(missing, decimals)])}) ÷ ${divisor} = ${unitsText(end, decimals)}`;
}
