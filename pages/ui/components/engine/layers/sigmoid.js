// `1 / (1 + exp(−x))`.

export function Sigmoid() {
  return (input) => input.map((value) => 1 / (1 + Math.exp(-value)));
}
