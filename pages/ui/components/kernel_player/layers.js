// The pictures that do not change while the window slides: drawn once, copied from in every frame.

import { drawFrame, drawNumber } from "../base/canvas.js";
import { colourOf, css, inkOn, mixed } from "../base/colours.js";
import { clamp, printed } from "../base/numbers.js";
import { intersection } from "./geometry.js";
import { NUMBER_WIDTH } from "./layout.js";
import { cellLayer, drawLines, hatch } from "./painting.js";
import { channelPlane } from "./scene.js";

/** A pixel's colour; where a window hangs over the edge of a max pooling it finds −∞, which is nothing to see. */
export function pixelColour({ data, palette }, value) {
  return colourOf(value === Number.NEGATIVE_INFINITY ? Number.NaN : value, data.scales.input, palette);
}

/** Everything that does not change while the window slides. */
export function layersOf(player) {
  const { data, palette, cell, margin, ratio, channel } = player;
  const [rows, columns] = data.shape.padded;
  const plane = rows * columns;
  const at = channelPlane(data, channel);
  const [low, high] = data.scales.input.limits;
  const colour = (k) => Math.round(clamp((k - low) / (high - low || 1), 0, 1) * 255);
  const input = cellLayer(rows, columns, cell.input, margin, (k) =>
    data.colour
      ? [0, 1, 2].map((c) => colour(data.padded[c * plane + k]))
      : pixelColour(player, data.padded[at + k]),
  );
  const context = input.getContext("2d");
  if (cell.input >= 9 * ratio) drawLines(context, rows, columns, cell.input, margin, css(palette.text, 0.22));
  const [top, left] = data.shape.offset;
  const field = { x: margin, y: margin, w: columns * cell.input, h: rows * cell.input };
  const image = {
    x: margin + left * cell.input,
    y: margin + top * cell.input,
    w: data.shape.image[1] * cell.input,
    h: data.shape.image[0] * cell.input,
  };
  // A transposed convolution's padding may cut pixels off: the image then begins before the field.
  const shown = intersection(image, field) ?? { x: margin, y: margin, w: 0, h: 0 };
  if (field.w > shown.w || field.h > shown.h) {
    context.save();
    context.beginPath();
    context.rect(field.x, field.y, field.w, field.h);
    context.rect(shown.x, shown.y, shown.w, shown.h);
    context.clip("evenodd");
    context.fillStyle = css(mixed(palette.positive, [255, 255, 255], 0.3), 0.4);
    context.fillRect(0, 0, input.width, input.height);
    context.restore();
    drawFrame(context, shown, css(palette.text, 0.9), css(palette.background, 0.9), Math.max(1, ratio), [
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
        {
          x: margin + (k % columns) * cell.input,
          y: margin + Math.floor(k / columns) * cell.input,
          w: cell.input,
          h: cell.input,
        },
        inkOn(pixelColour(player, value)),
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
export function resultLayers(player, values, scale) {
  const { data, palette, cell, margin, ratio } = player;
  const [outRows, outColumns] = data.shape.output;
  const outColour = (k) => colourOf(values[k], scale, palette);
  const full = cellLayer(outRows, outColumns, cell.result, margin, outColour);
  const fullContext = full.getContext("2d");
  const lines = cell.result >= 9 * ratio;
  if (lines) drawLines(fullContext, outRows, outColumns, cell.result, margin, css(palette.text, 0.22));
  if (cell.result >= (NUMBER_WIDTH - 3) * ratio) {
    for (let k = 0; k < outRows * outColumns; k += 1) {
      drawNumber(
        fullContext,
        printed(values[k], data.places.value),
        {
          x: margin + (k % outColumns) * cell.result,
          y: margin + Math.floor(k / outColumns) * cell.result,
          w: cell.result,
          h: cell.result,
        },
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
