// `x · sigmoid(x)`.

export function SiLU() {
  return (input) => input.map((value) => value / (1 + Math.exp(-value)));
}
