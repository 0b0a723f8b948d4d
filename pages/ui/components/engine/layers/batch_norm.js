// Batch normalization as a trained network has it: with the mean and the variance that training kept of each channel.

export const EPSILON = 1e-5; // torch's

export function BatchNorm({ outputShape, tensors: { weight, bias, running_mean, running_var } }) {
  const cells = outputShape.slice(1).reduce((product, side) => product * side, 1);
  return (input) => {
    const output = new Float32Array(input.length);
    for (let channel = 0, at = 0; channel < outputShape[0]; channel++) {
      const scale = weight[channel] / Math.sqrt(running_var[channel] + EPSILON);
      const shift = bias[channel] - running_mean[channel] * scale;
      for (const end = at + cells; at < end; at++) output[at] = input[at] * scale + shift;
    }
    return output;
  };
}
