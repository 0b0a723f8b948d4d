// The mean of each map.

export function GlobalAvgPool({ inputShape: [channels, height, width] }) {
  const cells = height * width;
  return (input) => {
    const output = new Float32Array(channels);
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0;
      for (let at = channel * cells; at < (channel + 1) * cells; at++) sum += input[at];
      output[channel] = sum / cells;
    }
    return output;
  };
}
