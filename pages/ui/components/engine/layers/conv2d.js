// Convolution: every output cell is the weighted sum of a window over all maps of its group, plus a bias.

/**
 * Weights `(filters, channels / groups, k, k)`; padding with zeros, "same" as torch has it: what is odd goes below.
 *
 * Row by row of the output: the windows of a row are laid out one after the other, as the weights are, then four
 * filters at two columns are summed in one pass, in double precision.
 */
export function Conv2d({ settings, inputShape, outputShape, tensors: { weight, bias } }) {
  const [channels, height, width] = inputShape;
  const [filters, rows, columns] = outputShape;
  const { kernel_size: size, stride, padding, dilation = 1, groups = 1 } = settings;
  const before = padding === "same" ? Math.floor((dilation * (size - 1)) / 2) : padding;
  const [depth, share] = [channels / groups, filters / groups];
  const length = depth * size * size;
  const cells = rows * columns;
  const windows = new Float32Array((columns + 1) * length); // one more: columns are summed in pairs

  /** Write the windows of an output row, the cells of each in the order of the weights. */
  function lay(input, row, group) {
    let at = 0;
    for (let channel = group * depth; channel < (group + 1) * depth; channel++) {
      for (let i = 0; i < size; i++) {
        const y = row * stride - before + i * dilation;
        for (let j = 0; j < size; j++, at++) {
          const left = j * dilation - before;
          const inside = y >= 0 && y < height;
          const from = (channel * height + y) * width;
          for (let column = 0, to = at; column < columns; column++, to += length) {
            const x = column * stride + left;
            windows[to] = inside && x >= 0 && x < width ? input[from + x] : 0;
          }
        }
      }
    }
  }

  function fourFilters(output, row, filter) {
    const [one, two, three] = [filter * length + length, (filter + 2) * length, (filter + 3) * length];
    const zero = filter * length;
    for (let column = 0; column < columns; column += 2) {
      let a0 = bias ? bias[filter] : 0;
      let a1 = bias ? bias[filter + 1] : 0;
      let a2 = bias ? bias[filter + 2] : 0;
      let a3 = bias ? bias[filter + 3] : 0;
      let [b0, b1, b2, b3] = [a0, a1, a2, a3];
      const left = column * length;
      const right = left + length;
      for (let i = 0; i < length; i++) {
        const [u, v] = [windows[left + i], windows[right + i]];
        let w = weight[zero + i];
        a0 += u * w;
        b0 += v * w;
        w = weight[one + i];
        a1 += u * w;
        b1 += v * w;
        w = weight[two + i];
        a2 += u * w;
        b2 += v * w;
        w = weight[three + i];
        a3 += u * w;
        b3 += v * w;
      }
      const at = (filter * rows + row) * columns + column;
      output[at] = a0;
      output[at + cells] = a1;
      output[at + 2 * cells] = a2;
      output[at + 3 * cells] = a3;
      if (column + 1 < columns) {
        output[at + 1] = b0;
        output[at + cells + 1] = b1;
        output[at + 2 * cells + 1] = b2;
        output[at + 3 * cells + 1] = b3;
      }
    }
  }

  function oneFilter(output, row, filter) {
    for (let column = 0; column < columns; column++) {
      let sum = bias ? bias[filter] : 0;
      for (let i = 0; i < length; i++) sum += windows[column * length + i] * weight[filter * length + i];
      output[(filter * rows + row) * columns + column] = sum;
    }
  }

  return (input) => {
    const output = new Float32Array(filters * cells);
    for (let group = 0; group < groups; group++) {
      const end = (group + 1) * share;
      for (let row = 0; row < rows; row++) {
        lay(input, row, group);
        let filter = group * share;
        for (; filter + 4 <= end; filter += 4) fourFilters(output, row, filter);
        for (; filter < end; filter++) oneFilter(output, row, filter);
      }
    }
    return output;
  };
}
