// Every output is a weighted sum of every input, plus a bias; weights `(outputs, inputs)`.

export function Linear({ inputShape: [inputs], outputShape: [outputs], tensors: { weight, bias } }) {
  return (input) => {
    const output = new Float32Array(outputs);
    for (let unit = 0, at = 0; unit < outputs; unit++) {
      let sum = bias ? bias[unit] : 0;
      for (let i = 0; i < inputs; i++, at++) sum += input[i] * weight[at];
      output[unit] = sum;
    }
    return output;
  };
}
