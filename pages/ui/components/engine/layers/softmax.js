// Probabilities: over a vector's features, and of maps over the channels at each place.

export function Softmax({ outputShape }) {
  const cells = outputShape.slice(1).reduce((product, side) => product * side, 1);
  return (input) => {
    const output = new Float32Array(input.length);
    for (let cell = 0; cell < cells; cell++) {
      let largest = -Infinity;
      for (let at = cell; at < input.length; at += cells) largest = Math.max(largest, input[at]);
      let sum = 0;
      for (let at = cell; at < input.length; at += cells) sum += Math.exp(input[at] - largest);
      for (let at = cell; at < input.length; at += cells) output[at] = Math.exp(input[at] - largest) / sum;
    }
    return output;
  };
}
