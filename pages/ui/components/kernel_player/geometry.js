// Which cells belong together, and how large they are drawn. Pure functions of plain numbers.
// Rows and columns of the input are counted in the padded input; (0, 0) is the padding's upper left corner.

/** The padded pixel that place (i, j) of the kernel reads for output cell (row, col). */
function pixelOf(shape, row, col, i, j) {
  return [row * shape.stride[0] + i * shape.dilation[0], col * shape.stride[1] + j * shape.dilation[1]];
}

/** The window of output cell (row, col): its first padded pixel and how many it spans. */
function windowOf(shape, row, col) {
  const [top, left] = pixelOf(shape, row, col, 0, 0);
  const span = (axis) => shape.dilation[axis] * (shape.kernel[axis] - 1) + 1;
  return { top, left, rows: span(0), columns: span(1) };
}

/** Every output cell whose window reads padded pixel (y, x), with the place of the kernel that meets it. */
function readersOf(shape, y, x) {
  const along = (axis, at) => {
    const met = [];
    for (let tap = 0; tap < shape.kernel[axis]; tap += 1) {
      const start = at - tap * shape.dilation[axis];
      const cell = start / shape.stride[axis];
      if (Number.isInteger(cell) && cell >= 0 && cell < shape.output[axis]) met.push([cell, tap]);
    }
    return met;
  };
  const columns = along(1, x);
  return along(0, y).flatMap(([row, i]) => columns.map(([col, j]) => ({ row, col, i, j })));
}

/** The output cell whose window has padded pixel (y, x) nearest to its middle. */
function cellAround(shape, y, x) {
  const along = (axis, at) => {
    const middle = (shape.dilation[axis] * (shape.kernel[axis] - 1)) / 2;
    return clamp(Math.round((at - middle) / shape.stride[axis]), 0, shape.output[axis] - 1);
  };
  return [along(0, y), along(1, x)];
}

/** The padded pixels that place (i, j) of the kernel visits while the window slides over everything. */
function reachOf(shape, i, j) {
  const [top, left] = pixelOf(shape, 0, 0, i, j);
  const [bottom, right] = pixelOf(shape, shape.output[0] - 1, shape.output[1] - 1, i, j);
  return { top, left, rows: bottom - top + 1, columns: right - left + 1 };
}

/** Whether padded pixel (y, x) is a pixel of the image, not of its padding. */
function isPixel(shape, y, x) {
  return (
    y >= shape.offset[0] &&
    y < shape.offset[0] + shape.image[0] &&
    x >= shape.offset[1] &&
    x < shape.offset[1] + shape.image[1]
  );
}

function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

/** The part that two rectangles {x, y, w, h} share, or null. */
function intersection(a, b) {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const w = Math.min(a.x + a.w, b.x + b.w) - x;
  const h = Math.min(a.y + a.h, b.y + b.h) - y;
  return w > 0 && h > 0 ? { x, y, w, h } : null;
}

const GAP = 20; // between panels
const NARROW_GAP = 16; // between more than three of them
const TITLE = 20; // over a grid of the middle panel
const MIDDLE_WIDTH = 236; // of the middle panel at least: its sum has to fit one line
const NUMBER_WIDTH = 36; // a cell that holds "−0.12" at 14 px
const NUMBER_HEIGHT = 16;

/**
 * Sizes in CSS pixels: the cell of the input, the cell of the output, and the grids of the middle panel.
 * `width` is what there is; `height` is what the panels may take unless they are stacked (`narrow`); `outputs` stand
 * side by side.
 */
function layoutOf(shape, grids, width, height, ratio, outputs = 1) {
  const narrow = width < 640;
  const [rows, columns] = shape.padded;
  const [outRows, outColumns] = shape.output;
  const whole = (size) => Math.max(1, Math.floor(size * ratio)) / ratio; // whole device pixels
  if (narrow) {
    const wide = outputs > 1 ? (width - 32) / 2 : Math.max(160, (width * outColumns) / columns); // two fit side by side
    return {
      narrow,
      input: whole(Math.min(width - 8, 480) / Math.max(columns, 4)),
      output: whole(Math.min(width - 8, 480, wide) / Math.max(outColumns, 4)),
      middle: middleOf(shape.kernel, grids, Math.min(width - 4, 420), 0, 420, Math.min(width - 4, 420)),
    };
  }
  const across = columns + outputs * outColumns;
  const between = (1 + outputs) * ((outputs > 1 ? NARROW_GAP : GAP) + 8);
  const crisp = 2 * across + between; // the images at two pixels a cell
  const tall = whole(Math.min(height / Math.max(rows, outRows), 72)) * across + between;
  const middle = middleOf(
    shape.kernel,
    grids,
    width - crisp,
    height,
    Math.max(190, width * 0.34),
    width - tall,
    outputs > 1 ? 150 : MIDDLE_WIDTH,
  );
  const room = width - middle.width - between;
  const input = whole(Math.min(room / across, height / Math.max(rows, outRows), 72));
  // The same scale on both sides shows how the size changes, unless the output would be too small to see.
  const least = Math.min(150, (room - input * columns) / outputs);
  const output = Math.max(input, whole(Math.min(least / outColumns, height / outRows, 72)));
  return { narrow, input, output, middle };
}

/**
 * The middle panel: its grids stacked where their numbers stay readable in `height`, else side by side where they do
 * in `beside`, else the first two side by side without numbers and the products below; on a phone (`height` 0) side by
 * side or stacked. It is `least` px wide or more. Each grid: {x, y, cellWidth, cellHeight, numbers}.
 */
function middleOf(kernel, grids, room, height, most, beside, least = MIDDLE_WIDTH) {
  const [rows, columns] = kernel;
  const wide = Math.floor((beside - 12 * (grids - 1)) / grids / columns);
  const stacked = height ? Math.floor((height - grids * (TITLE + 2)) / (grids * rows)) : 30;
  if (
    wide >= NUMBER_WIDTH &&
    (!height || (stacked < NUMBER_HEIGHT && height >= TITLE + rows * NUMBER_HEIGHT))
  ) {
    const cellWidth = Math.min(wide, 60);
    const cellHeight = height ? clamp(Math.floor((height - TITLE) / rows), NUMBER_HEIGHT, 34) : 34;
    const x = (k) => k * (columns * cellWidth + 12);
    return sized(
      Array.from({ length: grids }, (_, k) => ({ x: x(k), y: TITLE, cellWidth, cellHeight, numbers: true })),
      kernel,
      least,
    );
  }
  const width = clamp(most, Math.min(150, room), Math.max(room, 150));
  const cellWidth = clamp(Math.floor(width / columns), 8, 60);
  if (grids === 1 || stacked >= NUMBER_HEIGHT) {
    const cellHeight = clamp(stacked, NUMBER_HEIGHT, Math.min(44, Math.max(28, cellWidth)));
    const made = Array.from({ length: grids }, (_, k) => ({
      x: 0,
      y: TITLE + k * (rows * cellHeight + TITLE + 2),
      cellWidth,
      cellHeight,
      numbers: cellWidth >= NUMBER_WIDTH,
    }));
    return sized(made, kernel, least);
  }
  const half = clamp(Math.floor((columns * cellWidth - 28) / 2 / columns), 5, 40);
  const upper = clamp(Math.floor((height - 2 * TITLE - 8 - rows * NUMBER_HEIGHT) / rows), 6, half);
  const lower = clamp(Math.floor((height - 2 * TITLE - 8 - rows * upper) / rows), NUMBER_HEIGHT, 28);
  const small = { y: TITLE, cellWidth: half, cellHeight: upper, numbers: false };
  return sized(
    [
      { ...small, x: 0 },
      { ...small, x: columns * half + 28 },
      {
        x: 0,
        y: 2 * TITLE + 8 + rows * upper,
        cellWidth,
        cellHeight: lower,
        numbers: cellWidth >= NUMBER_WIDTH,
      },
    ],
    kernel,
    least,
  );
}

/** The grids with the width and height that hold them. */
function sized(grids, [rows, columns], least) {
  return {
    grids,
    width: Math.max(least, ...grids.map((grid) => grid.x + columns * grid.cellWidth)) + 4,
    height: Math.max(...grids.map((grid) => grid.y + rows * grid.cellHeight)) + 4,
  };
}
