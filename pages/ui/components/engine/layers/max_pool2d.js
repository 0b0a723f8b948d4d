// The largest value of each window, and no number where one of them is none; what lies in the padding is never it.

export function MaxPool2d({ settings, inputShape, outputShape }) {
  const [channels, height, width] = inputShape;
  const [, rows, columns] = outputShape;
  const { kernel_size: size, padding } = settings;
  const stride = settings.stride ?? size;
  return (input) => {
    const output = new Float32Array(channels * rows * columns);
    for (let channel = 0, at = 0; channel < channels; channel++) {
      for (let row = 0; row < rows; row++) {
        const top = row * stride - padding;
        for (let column = 0; column < columns; column++, at++) {
          const left = column * stride - padding;
          let largest = -Infinity;
          for (let y = Math.max(top, 0); y < Math.min(top + size, height); y++) {
            const from = (channel * height + y) * width;
            for (let x = Math.max(left, 0); x < Math.min(left + size, width); x++) {
              const value = input[from + x];
              if (value > largest || Number.isNaN(value)) largest = value;
            }
          }
          output[at] = largest;
        }
      }
    }
    return output;
  };
}
