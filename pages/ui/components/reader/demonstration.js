// A pen that draws by itself, at an even pace, until somebody takes it. Points of strokes lie at equal distances.

/** @typedef {{kind: string, width: number, points: number[]}} Stroke */

const POINTS_A_SECOND = 60;
const BETWEEN_STROKES = 0.3; // seconds with the pen lifted
const AT_REST = 1.8; // seconds in which a finished drawing is seen

/**
 * What is drawn so many seconds after a drawing was begun.
 * @param {Stroke[]} drawing
 * @param {number} seconds
 * @returns {{strokes: Stroke[], down: number, over: boolean}} `down` counts the strokes that are finished
 */
export function drawnAt(drawing, seconds) {
  const strokes = [];
  let left = seconds;
  for (const stroke of drawing) {
    const all = stroke.points.length / 2;
    const count = Math.min(all, Math.max(0, Math.floor(left * POINTS_A_SECOND)));
    if (count > 0) strokes.push({ ...stroke, points: stroke.points.slice(0, 2 * count) });
    left -= all / POINTS_A_SECOND + BETWEEN_STROKES;
    if (count < all) return { strokes, down: strokes.length - (count > 0 ? 1 : 0), over: false };
  }
  return { strokes, down: strokes.length, over: left >= AT_REST - BETWEEN_STROKES };
}

/**
 * Play the drawings one after the other, then rest on the last.
 * @param {Stroke[][]} drawings
 * @param {(strokes: Stroke[], finished: boolean) => void} show `finished` where a stroke has just ended
 * @param {() => void} ended
 * @returns {() => void} ends it at once
 */
export function play(drawings, show, ended) {
  let [frame, at, began, seen, down] = [0, 0, null, "", 0];
  const step = (now) => {
    began ??= now;
    const { strokes, down: finished, over } = drawnAt(drawings[at], (now - began) / 1000);
    const mark = `${at} ${strokes.map(({ points }) => points.length).join()}`;
    if (mark !== seen || finished !== down) show(strokes, finished > down);
    [seen, down] = [mark, finished];
    if (over) {
      if (at === drawings.length - 1) {
        ended();
        return;
      }
      [at, began, down] = [at + 1, now, 0];
    }
    frame = requestAnimationFrame(step);
  };
  frame = requestAnimationFrame(step);
  return () => cancelAnimationFrame(frame);
}
