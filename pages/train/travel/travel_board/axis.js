// The axis of time: each moment is as far from the next, so that the first epoch has room. Pure functions.

/**
 * Where `batches` done lie between the moments: 1.5 is half way from the second moment to the third. NaN outside.
 * @param {ArrayLike<number>} at the batches done at each moment, rising
 * @param {number} batches
 * @returns {number}
 */
export function placeOf(at, batches) {
  const last = at.length - 1;
  if (batches < at[0] || batches > at[last]) return Number.NaN;
  if (last === 0) return 0;
  let low = 0;
  while (low < last - 1 && at[low + 1] <= batches) low += 1;
  return low + (batches - at[low]) / (at[low + 1] - at[low]);
}

/**
 * The moment to stand at when the moments become others: the same, or the nearest; the newest, where it was before.
 * @param {ArrayLike<number>} before the batches done at each moment
 * @param {ArrayLike<number>} after
 * @param {number} index
 * @returns {number}
 */
export function carried(before, after, index) {
  if (index === before.length - 1) return after.length - 1;
  let best = 0;
  for (let k = 1; k < after.length; k += 1) {
    if (Math.abs(after[k] - before[index]) < Math.abs(after[best] - before[index])) best = k;
  }
  return best;
}

/**
 * Where a key leads, null for one that leads nowhere.
 * @param {string} key
 * @param {number} index
 * @param {number} count
 * @returns {number | null}
 */
export function stepped(key, index, count) {
  const to = {
    ArrowLeft: index - 1,
    ArrowDown: index - 1,
    ArrowRight: index + 1,
    ArrowUp: index + 1,
    Home: 0,
    End: count - 1,
  }[key];
  return to === undefined ? null : Math.min(Math.max(to, 0), count - 1);
}

/**
 * The cell and columns with which `count` tiles of h × w are largest in a box, `gap` apart, groups whole in a row.
 * @param {{width: number, height: number, shape: [number, number, number], group: number, gap: number, most: number}} box
 * @returns {{cell: number, columns: number}}
 */
export function fitted({ width, height, shape: [count, h, w], group, gap, most }) {
  let best = { cell: 0, columns: group };
  for (let columns = group; columns < count + group; columns += group) {
    const rows = Math.ceil(count / columns);
    const cell = Math.min((width - gap) / columns / w - gap / w, (height - gap) / rows / h - gap / h, most);
    if (cell > best.cell) best = { cell, columns };
  }
  return { cell: best.cell >= 2 ? Math.floor(best.cell) : Math.max(best.cell, 0.2), columns: best.columns };
}
