// What is written around the pictures: captions, legends, the line of arithmetic, notes.

/** Captions and legends, which change with the data only. */
function describe(player) {
  const { data, panels, palette } = player;
  const caption = (panel, name, detail) => {
    panel.caption.textContent = `${name} `;
    const small = document.createElement("small");
    small.textContent = detail;
    panel.caption.append(small);
  };
  const many = data.channels.length > 1;
  caption(
    panels.input,
    data.titles.input,
    `${data.shape.image.join(" × ")}${data.shape.padded.join() === data.shape.image.join() ? "" : `, padded ${data.shape.padded.join(" × ")}`}`,
  );
  caption(panels.middle, data.titles.middle, many ? data.channels[player.channel] : "");
  caption(panels.result, data.titles.output, data.hideOutput ? "? × ?" : data.shape.output.join(" × "));
  legend(
    panels.input.legend,
    data.scales.input,
    palette,
    data.places.pixel,
    data.unread?.some(Boolean) ? "hatched: never read" : "",
  );
  legend(panels.result.legend, data.scales.output, palette, data.places.value, data.scales.note);
}

/** A ramp with its limits: black to white, or vermilion through the background to blue. */
function legend(element, scale, palette, places, remark) {
  const [low, high] = scale.limits;
  const colours =
    scale.kind === "gray"
      ? [
          [0, 0, 0],
          [255, 255, 255],
        ]
      : low < 0
        ? [VERMILION, palette.background, BLUE]
        : [palette.background, BLUE];
  const ramp = document.createElement("i");
  ramp.style.background = `linear-gradient(to right, ${colours.map((colour) => css(colour)).join(", ")})`;
  const words = [printed(low, places), printed(high, places), remark || ""].map((text) => {
    const span = document.createElement("span");
    span.textContent = text;
    return span;
  });
  element.replaceChildren(words[0], ramp, words[1], words[2]);
}

/** The sums under the grids, the line of arithmetic, the note on what the pointer is on, and the position. */
function write(player, row, col) {
  const { data, channel, bar } = player;
  const index = row * data.shape.output[1] + col;
  const value = data.output[index];
  const asked = isAsked(data, row, col);
  const shown = player.pinned ? 1000 : player.playing || player.layout.narrow ? 4 : 9; // terms written one by one
  const answer = (line) =>
    asked ? line.replace(/ = [^=]*$/, " = ?").replace(/ [+−] [\d.]+ \(rounding\)/, "") : line;
  const known = [...linesOf(data, row, col, channel, value, index, shown), ...othersLine(data, index)];
  const lines = asked ? [answer(known[0])] : known;
  const where = `Row ${row}, column ${col}`;
  const text = lines.map((line, at) => (at ? line : `${where}: ${line}`)).join("\n");
  if (player.line.dataset.text !== text) {
    player.line.dataset.text = text;
    player.line.replaceChildren(
      ...lines.flatMap((line, at) => sentence(at ? line : `${where}: ${line}`, at > 0)),
    );
  }
  player.line.setAttribute("aria-live", player.playing ? "off" : "polite");
  writeSums(player, index, value, asked);
  const note = noteOf(player, row, col);
  if (player.note.textContent !== note) player.note.textContent = note;
  bar.where.textContent = data.hideOutput
    ? ""
    : `${player.pinned ? "Pinned, cell" : "Cell"} ${player.cursor + 1} of ${player.cells}`;
  bar.where.classList.toggle("pinned", player.pinned);
  if (Number(bar.scrub.value) !== player.cursor) bar.scrub.value = player.cursor;
  const [r, c] = [Math.floor(player.cursor / data.shape.output[1]), player.cursor % data.shape.output[1]];
  bar.scrub.setAttribute("aria-valuetext", `row ${r}, column ${c}`);
}

/** A line with its last "= value" set off. */
function sentence(line, broken = false) {
  const cut = line.lastIndexOf("= ");
  if (cut < 0) return [...(broken ? [document.createElement("br")] : []), line];
  const result = document.createElement("b");
  result.textContent = line.slice(cut);
  return [...(broken ? [document.createElement("br")] : []), line.slice(0, cut), result];
}

/** The arithmetic of an output cell in one line, or two where channels are summed. */
function linesOf(data, row, col, channel, value, index, shown) {
  const { pixels, weights } = termsOf(data, row, col, channel);
  const { places } = data;
  if (data.mode === "max") return [maxLine(pixels, value, places.pixel)];
  if (data.mode === "avg") return [meanLine(pixels, data.divisors[index], value, places.pixel)];
  const bias = data.bias === null ? [] : [{ value: data.bias, label: "bias" }];
  if (data.channels.length === 1) return [productLine(pixels, weights, bias, value, places, shown)];
  const sums = sumsOf(data, index);
  return [
    `${data.channels[channel]}: ${productLine(pixels, weights, [], sums[channel].value, places, shown)}`,
    `All channels: ${sumLine([...sums, ...bias], value, places.value)}`,
  ];
}

/** The sum of each channel at an output cell: [{value, label}]. */
function sumsOf(data, index) {
  const cells = data.shape.output[0] * data.shape.output[1];
  return data.channels.map((label, c) => ({ value: data.sums[c * cells + index], label }));
}

/** Under the grids: the sum, or one button for each channel with its own. */
function writeSums(player, index, value, asked) {
  const { data, sums } = player;
  const text = asked ? "?" : printed(value, data.places.value);
  if (data.mode === "conv" && data.channels.length === 1) {
    sums.replaceChildren(...sentence(asked ? "Their sum = ?" : sumText(data, index, value)));
    return;
  }
  if (data.mode !== "conv") {
    sums.replaceChildren(data.mode === "max" ? "Largest " : `Sum ÷ ${data.divisors[index]} = `, bold(text));
    return;
  }
  if (sums.querySelectorAll("button").length !== data.channels.length) {
    sums.replaceChildren(
      ...data.channels.map((_, c) => channelButton(player, c)),
      document.createElement("span"),
      document.createElement("b"),
    );
    sums.setAttribute("aria-label", "Input channel shown");
  }
  sumsOf(data, index).forEach(({ value: amount, label }, c) => {
    const button = sums.children[c];
    button.textContent = `${label} ${asked ? "?" : printed(amount, data.places.value)}`;
    button.setAttribute("aria-checked", c === player.channel);
  });
  const places = data.places.value;
  const parts = [...sumsOf(data, index).map((part) => part.value), data.bias ?? 0].map((part) =>
    units(part, places),
  );
  const missing = units(value, places) - parts.reduce((sum, part) => sum + part, 0);
  const rest = [
    ...(data.bias ? [{ sign: data.bias, text: `${unitsText(Math.abs(parts.at(-1)), places)} (bias)` }] : []),
    ...rounding(missing, places),
  ];
  sums.children[data.channels.length].textContent = asked
    ? "="
    : `${rest.map(({ sign, text: term }) => `${sign < 0 ? "−" : "+"} ${term} `).join("")}=`;
  sums.lastChild.textContent = text;
}

/** The products as the grid prints them, added up: "0.74 + 0.10 (bias) = 0.84". */
function sumText(data, index, value) {
  const { products } = termsOf(
    data,
    Math.floor(index / data.shape.output[1]),
    index % data.shape.output[1],
    0,
  );
  const places = productPlaces(data, products);
  const total = products.reduce((sum, product) => sum + units(product, places), 0) / 10 ** places;
  const bias = data.bias === null ? [] : [{ value: data.bias, label: "bias" }];
  return `Sum ${sumLine([{ value: total }, ...bias], value, places)}`.replace(/^Sum (\S+) = \1$/, "Sum = $1");
}

function bold(text) {
  const made = document.createElement("b");
  made.textContent = text;
  return made;
}

function channelButton(player, c) {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("role", "radio");
  button.onclick = () => {
    player.channel = c;
    arrange(player);
  };
  return button;
}

/** A sentence on what the pointer is on. */
function noteOf(player, row, col) {
  const { data, focus } = player;
  if (player.playing)
    return player.calm.matches && player.speed > CALM_SPEED
      ? `Your system asks for reduced motion: ${CALM_SPEED} cells a second at most.`
      : "";
  if (focus?.panel === "input") {
    const value = printed(
      data.padded[channelPlane(data, player.channel) + focus.y * data.shape.padded[1] + focus.x],
      Math.max(4, data.places.pixel),
    );
    const readers = readersOf(data.shape, focus.y, focus.x).length;
    const [y, x] = [focus.y, focus.x].map((at, axis) => printed(at - data.shape.offset[axis], 0));
    const what = isPixel(data.shape, focus.y, focus.x)
      ? `Pixel row ${y}, column ${x}`
      : `Padding row ${y}, column ${x}`;
    return `${what} = ${value}: ${readers === 0 ? "no window reads it" : readers === 1 ? "one window reads it" : `${readers} windows read it`}.`;
  }
  if (focus?.panel === "middle") {
    const { pixels, weights, products } = termsOf(data, row, col, player.channel);
    const k = focus.i * data.shape.kernel[1] + focus.j;
    if (!data.weight) return `Window row ${focus.i}, column ${focus.j} = ${printed(pixels[k], 4)}.`;
    return `${printed(pixels[k], 4)} × ${printed(weights[k], 4)} = ${isAsked(data, row, col) ? "?" : printed(products[k], 4)}. Each of the ${player.cells} windows uses this same weight; shaded: the pixels it meets.`;
  }
  if (focus?.panel === "result") {
    const index = focus.row * data.shape.output[1] + focus.col;
    const hidden = isAsked(data, focus.row, focus.col) || index >= player.frontier;
    return `Output row ${focus.row}, column ${focus.col} = ${hidden ? "?" : printed(data.output[index], Math.max(4, data.places.value))}. ${player.pinned ? "Escape unpins." : "Click to pin it."}`;
  }
  if (player.layout.narrow)
    return player.pinned ? "Pinned. Tap again to unpin." : "Tap a cell to see and pin its partners.";
  return player.pinned
    ? "Pinned. Escape or a second click unpins."
    : "Point at any cell to see its partners; click to pin. Keys: space, arrows, Home, End, Enter.";
}
