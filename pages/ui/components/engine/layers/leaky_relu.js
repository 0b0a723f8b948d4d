// `x` where positive, else a slope times `x`.

export function LeakyReLU({ settings: { negative_slope: slope } }) {
  return (input) => input.map((value) => (value < 0 ? slope * value : value));
}
