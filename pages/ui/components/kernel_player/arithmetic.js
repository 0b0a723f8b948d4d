// The numbers as they are printed. Sums are formed of the printed digits as whole numbers, so that a printed line
// adds up exactly; what rounding took or gave is a term of its own.

/** The fewest decimals, two or more, in which numbers up to `limit` show two digits; fewer for large numbers. */
function decimalsFor(limit) {
  if (!(limit > 0) || limit < 1e-6) return 2;
  if (limit >= 1000) return 0;
  return clamp(1 - Math.floor(Math.log10(limit)), limit >= 100 ? 1 : 2, 6);
}

/** The decimals for weights: as few as print all of them exactly, else as many as `decimalsFor` says. */
function exactDecimals(values, limit) {
  const most = decimalsFor(limit);
  for (let decimals = 0; decimals < most; decimals += 1) {
    if (values.every((value) => Math.abs(value - units(value, decimals) / 10 ** decimals) < 1e-7))
      return decimals;
  }
  return most;
}

/** `value` as a whole number of its last printed digit; half goes to even. */
function units(value, decimals) {
  const scaled = Math.abs(value) * 10 ** decimals;
  let whole = Math.floor(scaled);
  const rest = scaled - whole;
  if (rest > 0.5 || (rest === 0.5 && whole % 2 === 1)) whole += 1;
  return value < 0 && whole ? -whole : whole;
}

/** A whole number of last digits as text: −1234 with 2 decimals is "−12.34". */
function unitsText(whole, decimals) {
  const digits = String(Math.abs(whole)).padStart(decimals + 1, "0");
  const cut = digits.length - decimals;
  return (whole < 0 ? "−" : "") + digits.slice(0, cut) + (decimals ? "." + digits.slice(cut) : "");
}

/** `value` with `decimals` decimals, a true minus, no "−0.00". */
function printed(value, decimals) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value < 0 ? "−∞" : "∞";
  return unitsText(units(value, decimals), decimals);
}

/** Terms [{whole, text}] joined by + and −; the sign of a term stands before its text. */
function joined(terms) {
  return terms
    .map(({ sign, text }, at) => (at ? (sign < 0 ? " − " : " + ") : sign < 0 ? "−" : "") + text)
    .join("");
}

/** The rounding term, in parentheses, of `whole` last digits; an empty list where there was none. */
function rounding(whole, decimals) {
  return whole ? [{ sign: whole, text: `${unitsText(Math.abs(whole), decimals)} (rounding)` }] : [];
}

/**
 * A sum of products, as printed: "0.12 × −1 + 0.50 × 2 + … = 0.88". `extra` are terms [{value, label}] behind the
 * products (the bias). At most `shown` products stand one by one, the others as their printed sum.
 */
function productLine(pixels, weights, extra, value, places, shown) {
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

/** A sum of labelled numbers, as printed: "0.20 (red) + 0.13 (green) + 0.10 (bias) = 0.43". */
function sumLine(parts, value, decimals) {
  const terms = parts.map(({ value: amount, label }) => {
    const whole = units(amount, decimals);
    return { sign: whole, whole, text: unitsText(Math.abs(whole), decimals) + (label ? ` (${label})` : "") };
  });
  const end = units(value, decimals);
  const missing = end - terms.reduce((sum, term) => sum + term.whole, 0);
  return `${joined([...terms, ...rounding(missing, decimals)])} = ${unitsText(end, decimals)}`;
}

/** The largest of some numbers, as printed: "max(0.12, 0.50, 0.91) = 0.91". */
function maxLine(values, value, decimals) {
  return `max(${values.map((number) => printed(number, decimals)).join(", ")}) = ${printed(value, decimals)}`;
}

/** A mean, as printed: "(0.12 + 0.50 + 0.91 + 0.33) ÷ 4 = 0.46", the rounding before the division. */
function meanLine(values, divisor, value, decimals) {
  const terms = values.map((number) => {
    const whole = units(number, decimals);
    return { sign: whole, whole, text: unitsText(Math.abs(whole), decimals) };
  });
  const end = units(value, decimals);
  const missing = end * divisor - terms.reduce((sum, term) => sum + term.whole, 0);
  return `(${joined([...terms, ...rounding(missing, decimals)])}) ÷ ${divisor} = ${unitsText(end, decimals)}`;
}
