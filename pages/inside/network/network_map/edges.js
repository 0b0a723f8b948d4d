// The edges from a unit to those that it is made of. Pure functions.

import { isSeen, rectOf } from "./layout.js";

const MOST = 48; // edges: of a vector's hundreds only the strongest, so that each is seen

/**
 * The edges of the unit that is looked at, to those of its sources that are shown; the strongest last, on top.
 * @param {import("./layout.js").Plan} plan
 * @param {number[]} firsts
 * @param {number} scrolled
 * @param {{at: number, unit: number}} to its column and number
 * @param {import("./views.js").Source[]} sources
 * @returns {{from: {x: number, y: number}, to: {x: number, y: number}, share: number, sign: number, toBars: boolean}[]}
 */
export function edgesOf(plan, firsts, scrolled, to, sources) {
  const before = to.at - 1;
  const end = rectOf(plan, to.at, to.unit, firsts[to.at], scrolled);
  if (before < 0 || !end || !isSeen(plan, before, scrolled)) return [];
  const most = Math.max(...sources.map(({ size }) => size), 0);
  const strongest = sources
    .filter(({ size }) => size > 0)
    .toSorted((one, other) => other.size - one.size)
    .slice(0, Math.max(MOST, plan.columns[before].kind === "maps" ? sources.length : 0));
  const target = { x: end.x - 2, y: end.y + end.h / 2 };
  return strongest.toReversed().flatMap(({ unit, size, sign }) => {
    const rect = rectOf(plan, before, unit, firsts[before], scrolled);
    if (!rect) return [];
    const from = { x: rect.x + rect.w + 1, y: rect.y + rect.h / 2 };
    return [
      {
        from,
        to: target,
        share: most > 0 ? size / most : 0,
        sign,
        toBars: plan.columns[to.at].kind === "bars",
      },
    ];
  });
}
