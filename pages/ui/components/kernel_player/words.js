// What is written around the pictures: captions, legends, the line of arithmetic, notes.

import { ramp } from "../base/colours.js";
import { printed, units, unitsText } from "../base/numbers.js";
import { isAsked, sumsOf } from "./scene.js";
import { linesOf, noteOf, othersLine, sumText } from "./sentences.js";

/** Captions and legends, which change with the data only. */
export function describe(player) {
  const { data, panels, others, palette } = player;
  const { image, padded, output } = data.shape;
  const made = padded.some((cells, axis) => cells < image[axis]) ? "cut to" : "padded";
  const size = padded.join() === image.join() ? "" : `, ${made} ${padded.join(" × ")}`;
  const result = data.hideOutput ? "? × ?" : output.join(" × ");
  const channel = data.channels.length > 1 ? data.channels[player.channel] : "";
  caption(panels.input, data.titles.input, `${image.join(" × ")}${size}`);
  caption(panels.middle, data.titles.middle, channel);
  caption(panels.result, data.titles.output, result);
  const remark = data.unread?.some(Boolean) ? "hatched: never read" : "";
  legend(panels.input.legend, data.scales.input, palette, data.places.pixel, remark);
  legend(panels.result.legend, data.scales.output, palette, data.places.value);
  others.panels.forEach((panel, at) => {
    caption(panel, data.others[at].title, player.layout.tight ? "" : result);
    legend(panel.legend, data.others[at].scale, palette, data.places.value);
  });
}

function caption(panel, name, detail) {
  panel.caption.textContent = `${name} `;
  const small = document.createElement("small");
  small.textContent = detail;
  panel.caption.append(small);
}

/** The scale as a ramp between its limits. */
function legend(element, scale, palette, places, remark) {
  const colours = document.createElement("i");
  colours.style.background = ramp(scale, palette);
  const [low, high, last] = [...scale.limits.map((limit) => printed(limit, places)), remark || ""].map(
    (text) => {
      const span = document.createElement("span");
      span.textContent = text;
      return span;
    },
  );
  element.replaceChildren(low, colours, high, last);
}

/** The sums under the grids, the line of arithmetic, the note on what the pointer is on, and the position. */
export function write(player, row, col) {
  const { data, channel, bar } = player;
  const index = row * data.shape.output[1] + col;
  const value = data.output[index];
  const asked = isAsked(data, row, col);
  const { narrow, short } = player.layout;
  const shown = player.pinned ? 1000 : short ? 3 : player.playing || narrow ? 4 : 9; // terms written one by one
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
  writeSums(player, row, col, value, asked);
  const note = noteOf(player, row, col);
  if (player.note.textContent !== note) player.note.textContent = note;
  // On a short screen the note takes the line's place, where it says more.
  player.root.dataset.noted = ["input", "middle"].includes(player.focus?.panel);
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

/** Under the grids: the sum, or one button for each channel with its own. */
function writeSums(player, row, col, value, asked) {
  const { data, sums } = player;
  const text = asked ? "?" : printed(value, data.places.value);
  if (data.mode === "conv" && data.channels.length === 1) {
    sums.replaceChildren(...sentence(asked ? "Their sum = ?" : sumText(data, value)));
    return;
  }
  if (data.mode !== "conv") {
    sums.replaceChildren(
      data.mode === "max" ? "Largest " : `Sum ÷ ${data.divisors[row * data.shape.output[1] + col]} = `,
      bold(text),
    );
    return;
  }
  if (sums.querySelectorAll("button").length !== data.channels.length) {
    sums.replaceChildren(
      ...data.channels.map(channelButton),
      document.createElement("span"),
      document.createElement("b"),
    );
    sums.setAttribute("aria-label", "Input channel shown");
  }
  sumsOf(data, row, col).forEach(({ value: amount, label }, c) => {
    const button = sums.children[c];
    button.textContent = `${label} ${asked ? "?" : printed(amount, data.places.value)}`;
    button.setAttribute("aria-checked", c === player.channel);
  });
  const places = data.places.value;
  const bias = units(data.bias ?? 0, places);
  const added = `${bias < 0 ? "−" : "+"} ${unitsText(Math.abs(bias), places)} (bias) =`;
  sums.children[data.channels.length].textContent = asked || !bias ? "=" : added;
  sums.lastChild.textContent = text;
}

function bold(text) {
  const made = document.createElement("b");
  made.textContent = text;
  return made;
}

function channelButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("role", "radio");
  return button;
}
