// The pictures that do not change while the window slides: drawn once, copied from in every frame.

/** Everything that does not change while the window slides. */
function layersOf(player) {
  const { data, palette, cell, margin, ratio, channel } = player;
  const [rows, columns] = data.shape.padded;
  const plane = rows * columns;
  const at = channelPlane(data, channel);
  const pixelColour = (value) =>
    data.scales.input.kind === "gray"
      ? grayColour(value, data.scales.input.limits)
      : signedColour(value, data.scales.input.limits[1], palette.background);
  const [low, high] = data.scales.input.limits;
  const colour = (k) => Math.round(clamp((k - low) / (high - low || 1), 0, 1) * 255);
  const input = cellLayer(rows, columns, cell.input, margin, (k) =>
    data.colour ? [0, 1, 2].map((c) => colour(data.padded[c * plane + k])) : pixelColour(data.padded[at + k]),
  );
  const context = input.getContext("2d");
  if (cell.input >= 9 * ratio) drawLines(context, rows, columns, cell.input, margin, css(palette.text, 0.22));
  const [top, left] = data.shape.offset;
  const image = {
    x: margin + left * cell.input,
    y: margin + top * cell.input,
    w: data.shape.image[1] * cell.input,
    h: data.shape.image[0] * cell.input,
  };
  if (rows > data.shape.image[0] || columns > data.shape.image[1]) {
    context.save();
    context.beginPath();
    context.rect(margin, margin, columns * cell.input, rows * cell.input);
    context.rect(image.x, image.y, image.w, image.h);
    context.clip("evenodd");
    context.fillStyle = css(mixed(BLUE, [255, 255, 255], 0.3), 0.4);
    context.fillRect(0, 0, input.width, input.height);
    context.restore();
    drawFrame(context, image, css(palette.text, 0.9), css(palette.background, 0.9), Math.max(1, ratio), [
      4 * ratio,
      3 * ratio,
    ]);
  }
  if (data.unread) {
    context.fillStyle = hatch(context, ratio);
    data.unread.forEach((flag, k) => {
      if (flag)
        context.fillRect(
          image.x + (k % data.shape.image[1]) * cell.input,
          image.y + Math.floor(k / data.shape.image[1]) * cell.input,
          cell.input,
          cell.input,
        );
    });
  }
  if (cell.input >= (NUMBER_WIDTH - 3) * ratio) {
    for (let k = 0; k < plane; k += 1) {
      const value = data.padded[at + k];
      drawNumber(
        context,
        printed(value, data.places.pixel),
        margin + (k % columns) * cell.input,
        margin + Math.floor(k / columns) * cell.input,
        cell.input,
        cell.input,
        inkOn(pixelColour(value)),
        14 * ratio,
        palette.font,
      );
    }
  }
  if (data.winners && !data.hideOutput && cell.input >= 5 * ratio) drawWinners(player, context, image);
  return { input, ...resultLayers(player, data.output, data.scales.output) };
}

/** A dot in every pixel that wins a window. */
function drawWinners({ data, cell, palette, ratio }, context, image) {
  const side = Math.max(2 * ratio, Math.round(cell.input * 0.4));
  const inset = Math.floor((cell.input - side) / 2);
  for (let k = 0; k < data.winners.length; k += 2) {
    if (data.winners[k] < 0) continue;
    context.fillStyle = css(palette.accent);
    context.fillRect(
      image.x + data.winners[k + 1] * cell.input + inset,
      image.y + data.winners[k] * cell.input + inset,
      side,
      side,
    );
  }
}

/** An output with all its cells, and one with none computed yet. */
function resultLayers(player, values, scale) {
  const { data, palette, cell, margin, ratio } = player;
  const [outRows, outColumns] = data.shape.output;
  const outColour = (k) =>
    scale.kind === "gray"
      ? grayColour(values[k], scale.limits)
      : signedColour(values[k], scale.limits[1], palette.background);
  const full = cellLayer(outRows, outColumns, cell.result, margin, outColour);
  const fullContext = full.getContext("2d");
  const lines = cell.result >= 9 * ratio;
  if (lines) drawLines(fullContext, outRows, outColumns, cell.result, margin, css(palette.text, 0.22));
  if (cell.result >= (NUMBER_WIDTH - 3) * ratio) {
    for (let k = 0; k < outRows * outColumns; k += 1) {
      drawNumber(
        fullContext,
        printed(values[k], data.places.value),
        margin + (k % outColumns) * cell.result,
        margin + Math.floor(k / outColumns) * cell.result,
        cell.result,
        cell.result,
        inkOn(outColour(k)),
        14 * ratio,
        palette.font,
      );
    }
  }
  const empty = cellLayer(outRows, outColumns, cell.result, margin, () => palette.surface);
  if (lines)
    drawLines(empty.getContext("2d"), outRows, outColumns, cell.result, margin, css(palette.text, 0.12));
  for (const layer of [full, empty]) {
    const brush = layer.getContext("2d");
    brush.strokeStyle = css(palette.text, 0.4);
    brush.lineWidth = 1;
    brush.strokeRect(margin - 0.5, margin - 0.5, outColumns * cell.result + 1, outRows * cell.result + 1);
  }
  return { full, empty };
}
