// What was done on a pad, one step a stroke: pure functions over {done, undone}, oldest first.
//
// A drawing that was moved, turned or scaled is drawn anew: a "clear", whose `width` says how many strokes after it are
// that drawing, and these. All of it is one step.

// What all strokes together may have, as cnn_core/data/strokes.py takes them.
const MOST = { strokes: 400, points: 4000, length: 60000 };

/** @typedef {import("./raster.js").Stroke} Stroke */
/** @typedef {{done: Stroke[], undone: Stroke[][]}} History `undone` has the strokes of each step */

/** How much there is of strokes: their number, points, and length in units. */
function amount(strokes) {
  let [points, length] = [0, 0];
  for (const { points: at } of strokes) {
    points += at.length / 2;
    for (let k = 2; k < at.length; k += 2) length += Math.hypot(at[k] - at[k - 2], at[k + 1] - at[k - 1]);
  }
  return { strokes: strokes.length, points, length };
}

const exceeds = (found, share) => Object.keys(MOST).some((what) => found[what] > share * MOST[what]);

/**
 * One more stroke. What lies before a "clear" is forgotten, the oldest first, where there would be too much of it.
 * @param {History} history
 * @param {Stroke} stroke
 * @returns {History}
 */
export function after({ done }, stroke) {
  return within([...done, stroke]);
}

function within(strokes) {
  let kept = strokes;
  while (exceeds(amount(kept), 1)) {
    const clear = kept.findIndex(({ kind }, at) => kind === "clear" && at < kept.length - 1);
    if (clear < 0) break;
    kept = kept.slice(clear + 1);
  }
  return { done: kept, undone: [] };
}

/**
 * Whether nothing more can be drawn before something is cleared or undone.
 * @param {History} history
 * @returns {boolean}
 */
export function isFull({ done }) {
  return exceeds(amount(onPaper({ done })), 0.97);
}

/** Where the last step begins. */
function lastOf(done) {
  const at = done.findLastIndex(({ kind }) => kind === "clear");
  const isDrawnAnew = at >= 0 && done[at].width > 0 && done[at].width === done.length - 1 - at;
  return isDrawnAnew ? at : done.length - 1;
}

/**
 * What is on the paper: the strokes since it was last cleared.
 * @param {History} history
 * @returns {Stroke[]}
 */
export function onPaper({ done }) {
  return done.slice(done.findLastIndex(({ kind }) => kind === "clear") + 1);
}

/**
 * The drawing replaced by the same, moved or turned. Several such changes, one after the other, are one step.
 * @param {History} history
 * @param {Stroke[]} strokes
 * @returns {History}
 */
export function replaced({ done }, strokes) {
  const last = lastOf(done);
  const before = done[last]?.kind === "clear" && done[last].width > 0 ? done.slice(0, last) : done;
  return within([...before, { kind: "clear", width: strokes.length, points: [] }, ...strokes]);
}

/**
 * One step back.
 * @param {History} history
 * @returns {History}
 */
export function undone({ done, undone: later }) {
  if (!done.length) return { done, undone: later };
  const last = lastOf(done);
  return { done: done.slice(0, last), undone: [...later, done.slice(last)] };
}

/**
 * One step forward again.
 * @param {History} history
 * @returns {History}
 */
export function redone({ done, undone: later }) {
  return later.length
    ? { done: [...done, ...later.at(-1)], undone: later.slice(0, -1) }
    : { done, undone: later };
}

/**
 * Whether strokes leave nothing on the paper that could be cleared.
 * @param {Stroke[]} strokes
 * @returns {boolean}
 */
export function isCleared(strokes) {
  return strokes.length === 0 || strokes.at(-1).kind === "clear";
}
