// Hyperbolic tangent.

export function Tanh() {
  return (input) => input.map(Math.tanh);
}
