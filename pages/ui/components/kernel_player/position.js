// Where the player is, and where a step, a scrub or the clock leads.

import { clamp } from "../base/numbers.js";

export const CALM_SPEED = 2; // cells a second where the system asks for reduced motion

/** @typedef {{cursor: number, frontier: number}} Position cells before the frontier have been computed */

/**
 * Where an action leads.
 * @param {Position} position
 * @param {{kind: "step" | "row" | "home" | "end" | "scrub" | "look", by?: number, to?: number}} action
 * @param {number} cells
 * @param {number} columns
 * @returns {Position}
 */
export function moved({ cursor, frontier }, action, cells, columns) {
  const whole = frontier === cells;
  const to = (target) => {
    const at = clamp(target, 0, cells - 1);
    return { cursor: at, frontier: whole ? cells : at + 1 };
  };
  switch (action.kind) {
    case "step":
      return to(cursor + action.by);
    case "row":
      return cursor + action.by * columns < 0 || cursor + action.by * columns >= cells
        ? to(cursor)
        : to(cursor + action.by * columns);
    case "home":
      return { cursor: 0, frontier: 1 };
    case "end":
      return { cursor: cells - 1, frontier: cells };
    case "scrub":
      return { cursor: clamp(action.to, 0, cells - 1), frontier: clamp(action.to, 0, cells - 1) + 1 };
    case "look":
      return to(action.to);
    default:
      throw new Error(`no such action: ${action.kind}`);
  }
}

/** The cell whose arithmetic is shown: the one under the pointer, unless one is pinned. */
export function shownCell(player) {
  const columns = player.data.shape.output[1];
  if (!player.pinned && !player.playing && player.focus?.panel === "result")
    return [player.focus.row, player.focus.col];
  return [Math.floor(player.cursor / columns), player.cursor % columns];
}
