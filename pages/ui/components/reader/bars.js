// The network's answer: a bar a class, its number beside it, and the largest in words above them.

import { printed } from "../base/numbers.js";

const NO_BREAK = "\u00a0";
const BELOW_ONE = 1 - 1e-7; // a softmax is never 1, however float32 rounds it

/**
 * A share in 0..1 as words.probability of Python spells it: a softmax's is never 100 %.
 * @param {number} share
 * @returns {string}
 */
export function percent(share) {
  if (share >= 0.9995) return `>99.9${NO_BREAK}%`;
  return `${printed(100 * share, 1)}${NO_BREAK}%`;
}

/**
 * The index of the largest number.
 * @param {ArrayLike<number>} values
 * @returns {number}
 */
export function largest(values) {
  let best = 0;
  for (let k = 1; k < values.length; k += 1) if (values[k] > values[best]) best = k;
  return best;
}

/** The element of all bars, and how it shows an answer. */
export function bars() {
  const root = document.createElement("div");
  root.className = "answer";
  const headline = document.createElement("p");
  headline.className = "headline";
  const list = document.createElement("div");
  list.className = "bars";
  root.append(headline, list);
  let rows = [];

  function name(classes) {
    rows = classes.map((label) => {
      const row = document.createElement("div");
      row.className = "bar";
      const [text, track, number] = ["span", "span", "span"].map((tag) => document.createElement(tag));
      text.textContent = label;
      text.title = label;
      text.className = "class";
      track.className = "track";
      track.append(document.createElement("i"));
      number.className = "number";
      row.append(text, track, number);
      return row;
    });
    list.replaceChildren(...rows);
  }

  /** Probabilities (K), or null where there is nothing to read. */
  function show(probabilities, classes) {
    const best = probabilities ? largest(probabilities) : -1;
    rows.forEach((row, k) => {
      const share = probabilities ? probabilities[k] : 0;
      row.classList.toggle("best", k === best);
      row.querySelector("i").style.transform = `scaleX(${share})`;
      row.lastChild.textContent = probabilities ? percent(Math.min(share, BELOW_ONE)) : "";
    });
    if (!probabilities) {
      headline.replaceChildren("It reads …");
      return "";
    }
    const [name, share] = ["b", "small"].map((tag) => document.createElement(tag));
    name.textContent = classes[best];
    share.textContent = percent(Math.min(probabilities[best], BELOW_ONE));
    headline.replaceChildren("It reads ", name, " ", share);
    return headline.textContent;
  }

  return { root, name, show };
}
