// Test images with what they are and what they are read as; the one that is looked at stands large above them.

import { enlargement } from "./sizes.js";

const LARGEST = 224; // px
const LOW = 320; // px of height below which less is told of one image, so that others are seen
const SHORT = 2; // letters of a class's name, with which one line under an image holds two of them
const BARS = { low: 3, high: 5 };

/** The images anew. `pick(place)` is called with an image's place among them, `turn(page)` with a page's number. */
export function fillSamples(pane, content, size, { pick, turn }) {
  const { samples, title, page, pages, waiting } = content;
  pane.querySelector(".title").textContent = title;
  const turns = pane.querySelector(".turns");
  turns.hidden = pages < 2;
  turns.querySelector(".where").textContent = `${page} of ${pages}`;
  for (const [name, to] of [
    [".earlier", page - 1],
    [".later", page + 1],
  ]) {
    const button = turns.querySelector(name);
    button.disabled = to < 1 || to > pages;
    button.onclick = () => turn(to);
  }
  const progress = pane.querySelector("progress");
  progress.hidden = !waiting;
  if (waiting) progress.value = content.done;
  const thumbs = pane.querySelector(".thumbs");
  const tiles = samples.map((sample, at) => thumb(sample, at, content, size));
  const focused = thumbs.querySelector(":focus")?.dataset.at;
  thumbs.replaceChildren(...tiles);
  thumbs.onclick = (event) => {
    const button = event.target.closest("button");
    if (button) pick(Number(button.dataset.at));
  };
  thumbs.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns(tiles), ArrowUp: -columns(tiles) }[
      event.key
    ];
    const here = event.target.closest("button");
    if (!step || !here) return;
    event.preventDefault();
    tiles[Number(here.dataset.at) + step]?.focus();
  };
  if (focused !== undefined) tiles[Math.min(focused, tiles.length - 1)]?.focus();
  markSample(pane, content);
  wholeRows(thumbs, tiles);
}

/** Where not all rows have room, as many as are seen whole; the others are scrolled to. */
function wholeRows(thumbs, tiles) {
  thumbs.style.maxHeight = "";
  const second = tiles[columns(tiles)];
  if (!second || thumbs.scrollHeight <= thumbs.clientHeight) return;
  const pitch = second.offsetTop - tiles[0].offsetTop;
  thumbs.style.maxHeight = `${Math.max(1, Math.floor((thumbs.clientHeight - 2) / pitch)) * pitch + 2}px`;
}

function columns(tiles) {
  const first = tiles.findIndex((tile) => tile.offsetTop > tiles[0].offsetTop);
  return first < 0 ? tiles.length : first;
}

/** Frame the image that is looked at, and show it with the network's answer. */
export function markSample(pane, { samples, classes, selected, imageShape, named }) {
  pane.querySelectorAll(".thumbs button").forEach((button, at) => {
    button.setAttribute("aria-pressed", String(at === selected));
    button.tabIndex = at === selected ? 0 : -1;
  });
  const detail = pane.querySelector(".detail");
  const sample = samples[selected];
  detail.hidden = !sample;
  if (!sample) return;
  const low = pane.clientHeight < LOW;
  const large = Math.min(
    LARGEST,
    0.45 * pane.clientWidth,
    Math.max(low ? 84 : 112, 0.22 * pane.clientHeight),
  );
  const factor = Math.max(1, Math.floor(large / Math.max(imageShape[0], imageShape[1])));
  const words = document.createElement("div");
  words.className = "answers";
  const order = [...sample.probabilities.keys()].sort(
    (a, b) => sample.probabilities[b] - sample.probabilities[a],
  );
  const heading = line("number", `${named} ${sample.index}: ${classes[sample.truth]}`);
  words.append(heading, ...order.slice(0, low ? BARS.low : BARS.high).map((k) => bar(sample, k, classes)));
  detail.replaceChildren(picture(sample, imageShape, factor), words);
}

function bar({ probabilities, truth, answer }, k, classes) {
  const row = line("bar", "");
  const full = line("full", "");
  full.style.width = `${100 * probabilities[k]}%`;
  row.classList.toggle("true", k === truth);
  row.classList.toggle("false", k === answer && k !== truth);
  row.append(full, line("name", classes[k]), line("share", percent(probabilities[k])));
  return row;
}

/** A share as Python's pages write it: never 100.00 % for less. */
function percent(share) {
  if (share < 1 && share >= 0.99995) return ">99.99 %";
  return `${(100 * share).toFixed(2)} %`;
}

function thumb(sample, at, { classes, imageShape, named }, { width, height, count }) {
  const button = document.createElement("button");
  const side = Math.max(imageShape[0], imageShape[1]);
  const short = classes.every((name) => name.length <= SHORT);
  const factor = enlargement({ width, height, count, side, lines: short ? 1 : 2 });
  const right = sample.truth === sample.answer;
  button.type = "button";
  button.dataset.at = at;
  button.className = right ? "thumb good" : "thumb bad";
  button.style.width = `${Math.max(side * factor, short ? 60 : 64) + 8}px`; // with its padding
  button.title = `${named} ${sample.index}: ${classes[sample.truth]}, read as ${classes[sample.answer]}`;
  button.setAttribute("aria-label", button.title);
  button.append(
    picture(sample, imageShape, factor),
    line("answer", `${right ? "✓" : "✗"} ${classes[sample.answer]}`),
    line("truth", `is ${classes[sample.truth]}`),
  );
  button.classList.toggle("short", short);
  return button;
}

function picture({ pixels }, [height, width, channels], factor) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.style.width = `${width * factor}px`;
  canvas.style.height = `${height * factor}px`;
  canvas.setAttribute("aria-hidden", "true");
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  for (let cell = 0; cell < width * height; cell += 1) {
    for (let part = 0; part < 3; part += 1) {
      image.data[4 * cell + part] = pixels[cell * channels + (channels === 3 ? part : 0)];
    }
    image.data[4 * cell + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

function line(className, text) {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}
