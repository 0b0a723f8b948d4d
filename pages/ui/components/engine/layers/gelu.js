// `x · Φ(x)`, Φ the normal distribution function.

// 1 − erf(x) for x >= 0, within 1.2e-7 of itself: Press and others, Numerical Recipes, 2nd edition, section 6.2.
const TERMS = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
];

function complement(x) {
  const t = 1 / (1 + x / 2);
  return t * Math.exp(-x * x + TERMS.reduceRight((sum, term) => sum * t + term, 0));
}

export function gelu(value) {
  const tail = complement(Math.abs(value) / Math.SQRT2) / 2;
  return value * (value < 0 ? tail : 1 - tail);
}

export function GELU() {
  return (input) => input.map(gelu);
}
