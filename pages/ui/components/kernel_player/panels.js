// What is drawn in each panel when the window has moved: only what has changed.

/** Copy a rectangle of the input's layer over its marks. */
function restore(context, layer, rect) {
  if (!rect) return;
  context.clearRect(rect.x, rect.y, rect.w, rect.h);
  context.drawImage(layer, rect.x, rect.y, rect.w, rect.h, rect.x, rect.y, rect.w, rect.h);
}

/** The whole-pixel rectangle that holds all of `rects` with their strokes, inside the canvas. */
function around(rects, canvas, stroke) {
  if (!rects.length) return null;
  const x = Math.floor(Math.min(...rects.map((rect) => rect.x)) - stroke);
  const y = Math.floor(Math.min(...rects.map((rect) => rect.y)) - stroke);
  const right = Math.ceil(Math.max(...rects.map((rect) => rect.x + rect.w)) + stroke);
  const bottom = Math.ceil(Math.max(...rects.map((rect) => rect.y + rect.h)) + stroke);
  return intersection(
    { x, y, w: right - x, h: bottom - y },
    { x: 0, y: 0, w: canvas.width, h: canvas.height },
  );
}

function drawInput(player, row, col) {
  const { data, cell, margin, ratio, palette, focus } = player;
  const { context, canvas } = player.panels.input;
  const size = cell.input;
  const rectOf = (y, x, h = 1, w = 1) => ({
    x: margin + x * size,
    y: margin + y * size,
    w: w * size,
    h: h * size,
  });
  const at = player.drawn.at;
  const key = [at.row, at.col, row, col, player.channel, JSON.stringify(focus), player.playing].join();
  if (player.drawn.input === key) return;
  if (player.drawn.input === undefined)
    restore(context, player.layers.input, { x: 0, y: 0, w: canvas.width, h: canvas.height });
  else restore(context, player.layers.input, player.dirty.input);
  player.drawn.input = key;
  const accent = css(palette.accent);
  const halo = css(palette.background, 0.9);
  const rects = [];
  const mark = (rect, thickness, dash) => {
    drawFrame(context, rect, accent, halo, thickness * ratio, dash);
    rects.push(rect);
  };
  if (focus?.panel === "middle") {
    const reach = reachOf(data.shape, focus.i, focus.j);
    const rect = rectOf(reach.top, reach.left, reach.rows, reach.columns);
    context.fillStyle = css(palette.accent, 0.22);
    context.fillRect(rect.x, rect.y, rect.w, rect.h);
    rects.push(rect);
  }
  const [kh, kw] = data.shape.kernel;
  const span = windowOf(data.shape, 0, 0);
  const gaps = data.shape.dilation[0] > 1 || data.shape.dilation[1] > 1;
  const [sy, sx] = [at.row * data.shape.stride[0], at.col * data.shape.stride[1]];
  if (
    !player.playing &&
    !player.slide &&
    col + 1 < data.shape.output[1] &&
    data.shape.stride[1] * size >= 3 * ratio
  ) {
    const next = windowOf(data.shape, row, col + 1);
    mark(rectOf(next.top, next.left, next.rows, next.columns), 1, [3 * ratio, 3 * ratio]);
  }
  if (gaps || size >= 16 * ratio) {
    for (let i = 0; i < kh; i += 1) {
      for (let j = 0; j < kw; j += 1) {
        const rect = rectOf(sy + i * data.shape.dilation[0], sx + j * data.shape.dilation[1]);
        if (size < 6 * ratio) {
          context.fillStyle = css(palette.accent, 0.85);
          context.fillRect(rect.x, rect.y, rect.w, rect.h);
        } else drawFrame(context, rect, accent, css(palette.background, 0.4), Math.max(1, ratio));
      }
    }
  }
  mark(rectOf(sy, sx, span.rows, span.columns), size >= 5 * ratio ? 3 : 2);
  const winner = data.mode === "max" ? winnerOf(data, row, col) : null;
  if (winner && !player.slide && !isAsked(data, row, col)) {
    const [y, x] = pixelOf(data.shape, row, col, ...winner);
    context.fillStyle = css(palette.accent, 0.55);
    const rect = rectOf(y, x);
    context.fillRect(rect.x, rect.y, rect.w, rect.h);
  }
  if (focus?.panel === "input") mark(rectOf(focus.y, focus.x), 3);
  if (focus?.panel === "middle") mark(rectOf(...pixelOf(data.shape, row, col, focus.i, focus.j)), 3);
  player.dirty.input = around(rects, canvas, 4 * ratio);
}

/** Copy a rectangle of the output: computed cells from one layer, the others from the empty one. */
function restoreResult(player, rect) {
  if (!rect) return;
  copyComputed(player, player.panels.result.context, player.layers, rect);
}

/** The same from any pair of layers of the output's size. */
function copyComputed(player, context, layers, rect) {
  const { canvas } = player.panels.result;
  const { margin, frontier } = player;
  const size = player.cell.result;
  const columns = player.data.shape.output[1];
  const split = margin + Math.floor(frontier / columns) * size;
  const across = margin + (frontier % columns) * size;
  const all = { x: 0, y: 0, w: canvas.width, h: canvas.height };
  const parts = [
    [layers.full, { ...all, h: split }],
    [layers.full, { ...all, y: split, h: size, w: across }],
    [layers.empty, { x: across, y: split, w: canvas.width - across, h: size }],
    [layers.empty, { ...all, y: split + size, h: canvas.height - split - size }],
  ];
  if (frontier >= player.cells) parts.splice(0, 4, [layers.full, all]);
  context.clearRect(rect.x, rect.y, rect.w, rect.h);
  for (const [layer, part] of parts) {
    const shared = part.w > 0 && part.h > 0 ? intersection(rect, part) : null;
    if (shared)
      context.drawImage(
        layer,
        shared.x,
        shared.y,
        shared.w,
        shared.h,
        shared.x,
        shared.y,
        shared.w,
        shared.h,
      );
  }
}

function drawResult(player, row, col) {
  const { data, cell, margin, ratio, palette, focus } = player;
  const { context, canvas } = player.panels.result;
  const size = cell.result;
  const columns = data.shape.output[1];
  const rectOf = (r, c, h = 1, w = 1) => ({
    x: margin + c * size,
    y: margin + r * size,
    w: w * size,
    h: h * size,
  });
  const key = [
    player.frontier,
    row,
    col,
    JSON.stringify(focus),
    player.pinned,
    JSON.stringify(data.question),
  ].join();
  if (player.drawn.result === key) return;
  const before = player.drawn.frontier;
  if (player.drawn.result === undefined || before > player.frontier) {
    restoreResult(player, { x: 0, y: 0, w: canvas.width, h: canvas.height });
  } else {
    restoreResult(player, player.dirty.result);
    if (before < player.frontier) {
      const [first, last] = [Math.floor(before / columns), Math.floor((player.frontier - 1) / columns)];
      const grown =
        first === last
          ? rectOf(first, before % columns, 1, player.frontier - before)
          : rectOf(first, 0, last - first + 1, columns);
      restoreResult(player, around([grown], canvas, 0));
    }
  }
  player.drawn.result = key;
  player.drawn.frontier = player.frontier;
  const rects = [];
  const accent = css(palette.accent);
  const halo = css(palette.background, 0.9);
  if (data.question) {
    const rect = rectOf(...data.question);
    context.fillStyle = css(palette.surface);
    context.fillRect(rect.x, rect.y, rect.w, rect.h);
    if (size >= 12 * ratio)
      drawNumber(context, "?", rect.x, rect.y, size, size, css(palette.text), 14 * ratio, palette.font);
    rects.push(rect);
  }
  if (focus?.panel === "input") {
    for (const reader of readersOf(data.shape, focus.y, focus.x)) {
      if (reader.row * columns + reader.col >= player.frontier) continue;
      const rect = rectOf(reader.row, reader.col);
      drawFrame(context, rect, accent, css(palette.background, 0.5), Math.max(1, ratio));
      rects.push(rect);
    }
  }
  const rect = rectOf(row, col);
  const grow = size < 7 * ratio ? 2 * ratio : 0; // a frame that is seen around a tiny cell
  drawFrame(
    context,
    { x: rect.x - grow, y: rect.y - grow, w: rect.w + 2 * grow, h: rect.h + 2 * grow },
    accent,
    halo,
    (player.pinned ? 3 : 2) * ratio,
  );
  rects.push(rect);
  if (focus?.panel === "result" && (focus.row !== row || focus.col !== col)) {
    const other = rectOf(focus.row, focus.col);
    drawFrame(context, other, css(palette.text), halo, ratio);
    rects.push(other);
  }
  player.dirty.result = around(rects, canvas, 6 * ratio);
}

function drawMiddle(player, row, col) {
  const { data, ratio, palette, layout, focus, channel } = player;
  const { context, canvas } = player.panels.middle;
  const [kh, kw] = data.shape.kernel;
  const terms = termsOf(data, row, col, channel);
  const asked = isAsked(data, row, col);
  const winner = winnerOf(data, row, col);
  const inputColour = (value) =>
    data.scales.input.kind === "gray"
      ? grayColour(value, data.scales.input.limits)
      : signedColour(value, data.scales.input.limits[1], palette.background);
  const signed = (limit) => (value) => signedColour(value, limit, palette.background);
  const looks = {
    window: { values: terms.pixels, colour: inputColour, places: data.places.pixel },
    kernel: { values: terms.weights, colour: signed(data.scales.kernel), places: data.places.weight },
    products: {
      values: terms.products,
      colour: signed(data.scales.products),
      places: productPlaces(data, terms.products),
    },
  };
  context.clearRect(0, 0, canvas.width, canvas.height);
  const partner = focusedTap(player, row, col);
  data.grids.forEach(({ name, title }, at) => {
    const grid = layout.middle.grids[at];
    const { values, colour, places } = looks[name];
    const [x0, y0] = [grid.x * ratio, grid.y * ratio];
    const [w, h] = [grid.cellWidth * ratio, grid.cellHeight * ratio];
    context.font = `600 ${15 * ratio}px ${palette.font}`;
    context.fillStyle = css(palette.text);
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    context.fillText(title, x0 + 1, y0 - 6 * ratio);
    const hidden = asked && name === "products";
    for (let k = 0; k < kh * kw; k += 1) {
      const [x, y] = [x0 + (k % kw) * w + 1, y0 + Math.floor(k / kw) * h + 1];
      const fill = hidden ? palette.surface : colour(values[k]);
      context.fillStyle = css(fill);
      context.fillRect(x, y, w, h);
      context.strokeStyle = css(palette.text, 0.28);
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, y + 0.5, w, h);
      if (grid.numbers)
        drawNumber(
          context,
          hidden ? "?" : printed(values[k], places),
          x,
          y,
          w,
          h,
          inkOn(fill),
          clamp(grid.cellWidth * 0.3, 14, 16) * ratio,
          palette.font,
        );
    }
    const accented = (i, j, thickness) =>
      drawFrame(
        context,
        { x: x0 + j * w + 1, y: y0 + i * h + 1, w, h },
        css(palette.accent),
        css(palette.background, 0.9),
        thickness * ratio,
      );
    if (winner && name === "window" && !asked) accented(winner[0], winner[1], 3);
    if (partner) accented(partner[0], partner[1], 2.5);
  });
}

/** The place of the kernel that the pointer is on, or that meets the pixel it is on; null elsewhere. */
function focusedTap(player, row, col) {
  const { focus, data } = player;
  if (focus?.panel === "middle") return [focus.i, focus.j];
  if (focus?.panel !== "input") return null;
  const met = readersOf(data.shape, focus.y, focus.x).find(
    (reader) => reader.row === row && reader.col === col,
  );
  return met ? [met.i, met.j] : null;
}
