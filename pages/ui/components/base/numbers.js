// Numbers as they are printed, the same in every component: a true minus, no "−0.00", half to even.

/**
 * `value`, or the nearer limit where it lies outside.
 * @param {number} value
 * @param {number} least
 * @param {number} most
 * @returns {number}
 */
export function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

/**
 * The fewest decimals, two or more, in which numbers up to `limit` show two digits; fewer for large numbers.
 * @param {number} limit
 * @returns {number}
 */
export function decimalsFor(limit) {
  if (!(limit > 0) || limit < 1e-6) return 2;
  if (limit >= 1000) return 0;
  return clamp(1 - Math.floor(Math.log10(limit)), limit >= 100 ? 1 : 2, 6);
}

/**
 * As few decimals as print all of `values` exactly, else as many as `decimalsFor` says.
 * @param {ArrayLike<number> & {every: Function}} values
 * @param {number} limit the largest magnitude among them
 * @returns {number}
 */
export function exactDecimals(values, limit) {
  const most = decimalsFor(limit);
  const slack = Math.max(1e-7, 1e-6 * limit); // a float32 sum of short numbers is off by so much
  for (let decimals = 0; decimals < most; decimals += 1) {
    if (values.every((value) => Math.abs(value - units(value, decimals) / 10 ** decimals) < slack))
      return decimals;
  }
  return most;
}

/**
 * `value` as a whole number of its last printed digit; half goes to even.
 * @param {number} value
 * @param {number} decimals
 * @returns {number}
 */
export function units(value, decimals) {
  const scaled = Math.abs(value) * 10 ** decimals;
  let whole = Math.floor(scaled);
  const rest = scaled - whole;
  if (rest > 0.5 || (rest === 0.5 && whole % 2 === 1)) whole += 1;
  return value < 0 && whole ? -whole : whole;
}

/**
 * A whole number of last digits as text: −1234 with 2 decimals is "−12.34".
 * @param {number} whole
 * @param {number} decimals
 * @returns {string}
 */
export function unitsText(whole, decimals) {
  const digits = String(Math.abs(whole)).padStart(decimals + 1, "0");
  const cut = digits.length - decimals;
  const fraction = decimals ? `.${digits.slice(cut)}` : "";
  return (whole < 0 ? "−" : "") + digits.slice(0, cut) + fraction;
}

/**
 * What a number that is not finite is called; "" for every other.
 * @param {number} value
 * @returns {string}
 */
function unfinite(value) {
  if (Number.isFinite(value)) return "";
  return Number.isNaN(value) ? "NaN" : value < 0 ? "−∞" : "∞";
}

/**
 * `value` with `decimals` decimals.
 * @param {number} value
 * @param {number} decimals
 * @returns {string}
 */
export function printed(value, decimals) {
  return unfinite(value) || unitsText(units(value, decimals), decimals);
}

/**
 * `value` to so many significant digits without trailing zeros: the whole of a float32 where there are seven.
 * @param {number} value
 * @param {number} digits
 * @returns {string}
 */
export function significant(value, digits = 7) {
  return unfinite(value) || String(Number(value.toPrecision(digits))).replaceAll("-", "−");
}
