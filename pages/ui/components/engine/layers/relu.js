// `max(0, x)`.

export function ReLU() {
  return (input) => input.map((value) => Math.max(value, 0));
}
