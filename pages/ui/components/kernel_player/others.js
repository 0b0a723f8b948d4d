// The other operations over the same windows: their outputs stand beside the player's own and grow in step with it.

/** One panel for each of them, made anew only where their number changed; sizes and layers for the room there is. */
function arrangeOthers(player) {
  const { data, others, cell, margin, ratio } = player;
  const [rows, columns] = data.shape.output;
  while (others.panels.length > data.others.length) others.panels.pop().figure.remove();
  while (others.panels.length < data.others.length) others.panels.push(otherPanel(player));
  others.root.hidden = !data.others.length;
  others.panels.forEach((panel, at) => {
    const { title, scale } = data.others[at];
    setSize(panel.canvas, columns * cell.result + 2 * margin, rows * cell.result + 2 * margin, ratio);
    panel.layers = resultLayers(player, data[`other${at}`], scale);
    panel.drawn = null;
    panel.caption.textContent = `${title} `;
    const small = document.createElement("small");
    small.textContent = data.hideOutput ? "? × ?" : `${rows} × ${columns}`;
    panel.caption.append(small);
    legend(panel.legend, scale, player.palette, data.places.value);
  });
}

/** A panel whose cells are partners of the output's: pointing at one points at that cell, a click pins it. */
function otherPanel(player) {
  const figure = document.createElement("figure");
  figure.className = "panel result";
  figure.innerHTML = '<figcaption></figcaption><canvas></canvas><div class="legend"></div>';
  player.others.root.append(figure);
  const canvas = figure.querySelector("canvas");
  const look = (event) => {
    const focus = event && resultCell(player, canvas, event);
    if (player.playing || JSON.stringify(focus) === JSON.stringify(player.focus)) return;
    player.focus = focus;
    request(player);
  };
  canvas.onpointermove = look;
  canvas.onpointerdown = look;
  canvas.onpointerleave = () => look(null);
  canvas.onclick = (event) => {
    const focus = resultCell(player, canvas, event);
    if (focus) pin(player, focus.row, focus.col);
  };
  return {
    figure,
    canvas,
    context: canvas.getContext("2d"),
    caption: figure.querySelector("figcaption"),
    legend: figure.querySelector(".legend"),
  };
}

/** The output cell under the pointer, or null. */
function resultCell(player, canvas, event) {
  const box = canvas.getBoundingClientRect();
  const [rows, columns] = player.data.shape.output;
  const row = Math.floor(((event.clientY - box.top) * player.ratio - player.margin) / player.cell.result);
  const col = Math.floor(((event.clientX - box.left) * player.ratio - player.margin) / player.cell.result);
  return row >= 0 && col >= 0 && row < rows && col < columns ? { panel: "result", row, col } : null;
}

/** Draw each of them as far as the player has come, with its cell framed. */
function drawOthers(player, row, col) {
  const { frontier, pinned, ratio, palette, cell, margin } = player;
  const key = [frontier, row, col, pinned].join();
  const rect = {
    x: margin + col * cell.result,
    y: margin + row * cell.result,
    w: cell.result,
    h: cell.result,
  };
  for (const panel of player.others.panels) {
    if (panel.drawn === key) continue;
    panel.drawn = key;
    copyComputed(player, panel.context, panel.layers, {
      x: 0,
      y: 0,
      w: panel.canvas.width,
      h: panel.canvas.height,
    });
    drawFrame(
      panel.context,
      rect,
      css(palette.accent),
      css(palette.background, 0.9),
      (pinned ? 3 : 2) * ratio,
    );
  }
}

/** What the others make of the same window, in one line; an empty list where there are none. */
function othersLine(data, index) {
  if (!data.others.length) return [];
  const words = data.others.map(
    ({ title }, at) => `${title.toLowerCase()} ${printed(data[`other${at}`][index], data.places.value)}`,
  );
  return [`On the same window: ${words.join(", ")}`];
}
