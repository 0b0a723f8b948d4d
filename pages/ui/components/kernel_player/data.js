// What came from Python, and the numbers of one output cell in it.

/** The message from Python: a length, JSON of that length, then the arrays that the JSON lists. */
function unpack(bytes) {
  const own = bytes.slice(); // its own buffer, aligned
  const length = new DataView(own.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(own.subarray(4, 4 + length)));
  const arrays = {};
  for (const { name, kind, count, at } of header.arrays) {
    const Kind = { f4: Float32Array, i4: Int32Array, u1: Uint8Array }[kind];
    arrays[name] = new Kind(own.buffer, 4 + length + at, count);
  }
  const places = {
    pixel: exactDecimals(arrays.padded.filter(Number.isFinite), header.largest.pixel),
    value: exactDecimals(arrays.output.filter(Number.isFinite), header.largest.value),
  };
  if (arrays.weight) places.weight = exactDecimals(arrays.weight, header.scales.kernel);
  return { ...header, places, ...arrays };
}

/** Where the shown channel's plane begins in the padded input. */
function channelPlane(data, channel) {
  return channel * data.shape.padded[0] * data.shape.padded[1];
}

/** The decimals in which products are printed: the output's, or more where the output happens to be round. */
function productPlaces(data, products) {
  return Math.max(data.places.value, exactDecimals(products, data.scales.products));
}

/** The numbers of one output cell in one channel: {pixels, weights, products}, row by row. */
function termsOf(data, row, col, channel) {
  const [kh, kw] = data.shape.kernel;
  const plane = channelPlane(data, channel);
  const pixels = [];
  const weights = [];
  const products = [];
  for (let i = 0; i < kh; i += 1) {
    for (let j = 0; j < kw; j += 1) {
      const [y, x] = pixelOf(data.shape, row, col, i, j);
      const pixel = data.padded[plane + y * data.shape.padded[1] + x];
      pixels.push(pixel);
      if (data.weight) {
        const weight = data.weight[channel * kh * kw + i * kw + j];
        weights.push(weight);
        products.push(pixel * weight);
      }
    }
  }
  return { pixels, weights, products };
}

/** The place of the window that won this cell of a max pooling, or null. */
function winnerOf(data, row, col) {
  if (!data.winners) return null;
  const at = 2 * (row * data.shape.output[1] + col);
  const y = data.winners[at] + data.shape.offset[0];
  const x = data.winners[at + 1] + data.shape.offset[1];
  if (data.winners[at] < 0) return null;
  const [top, left] = pixelOf(data.shape, row, col, 0, 0);
  return [(y - top) / data.shape.dilation[0], (x - left) / data.shape.dilation[1]];
}
