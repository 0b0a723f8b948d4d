// A cell opened: the window of every map times its weights, their sums, and the line of arithmetic that makes its value.

import { css } from "../../../ui/components/base/colours.js";
import { printed } from "../../../ui/components/base/numbers.js";
import { maxLine, meanLine, productLine, sumLine } from "../../../ui/components/kernel_player/arithmetic.js";
import { button, decimalsIn, grid, made } from "./elements.js";
import { frameCells, paintUnit } from "./lens.js";
import { layerName, shapeOf, stopName, unitName } from "./sentences.js";
import { limitsOf } from "./unit_view.js";
import { viewOf } from "./views.js";

const CELL = 26; // px of a cell's height
const WRITTEN = 9; // numbers of a line that are written one by one

const largest = (numbers) => numbers.reduce((most, number) => Math.max(most, Math.abs(number)), 0) || 1;
const signed = (numbers) => ({ kind: "signed", limits: [-largest(numbers), largest(numbers)] });

/**
 * The arithmetic of a cell in one line; its printed numbers add up.
 * @param {import("./views.js").Trace} trace
 * @param {import("./views.js").Group[]} shown those of its groups that are written one by one
 * @param {(group: import("./views.js").Group) => string} nameOf
 * @returns {string}
 */
export function lineOf(trace, shown, nameOf) {
  const { how, groups, bias, value } = trace;
  if (trace.line) return trace.line;
  const [only] = groups;
  const factors = only?.factors ?? [];
  const numbers = factors.filter(({ inside }) => inside || how === "mean").map((factor) => factor.value);
  if (how === "largest") return maxLine(numbers, value, decimalsIn(largest(numbers)));
  if (how === "mean") {
    if (numbers.length <= WRITTEN) return meanLine(numbers, trace.divisor, value, 2);
    return `${printed(only.sum, 2)} ÷ ${trace.divisor} = ${printed(value, 3)}`;
  }
  if (how !== "sum") return `${printed(value, 2)}`;
  const extra = bias === null ? [] : [{ value: bias, label: "bias" }];
  if (groups.length === 1 && only.scale === null && factors.length <= WRITTEN) {
    const weights = factors.map(({ weight }) => weight);
    return productLine(
      factors.map((factor) => factor.value),
      weights,
      extra,
      value,
      { pixel: 2, weight: 2, value: 2 },
      WRITTEN,
    );
  }
  const parts = shown.map((group) => ({ value: group.sum, label: nameOf(group) }));
  const rest = groups.length - shown.length;
  const others = value - (bias ?? 0) - shown.reduce((sum, group) => sum + group.sum, 0);
  const more = rest > 0 ? [{ value: others, label: `${rest} more` }] : [];
  return sumLine([...parts, ...more, ...extra], value, decimalsIn(largest(parts.map((part) => part.value))));
}

/** What a cell of a window is more than that: the largest, the logit of the class itself, padding. */
function markOf({ how }, stop, { unit, inside }, isLargest) {
  if (!inside) return "padding";
  const isOwn = how === "share" && unit === stop.unit;
  return isOwn || (how === "largest" && isLargest) ? "winner" : "";
}

/** One unit's window, its weights, their products, and what they add. */
function groupOf(scene, trace, group, most) {
  const { model, stop, values, palette, onStop } = scene;
  const before = stop.layer - 1;
  const name = unitName(model, before, group.unit);
  const [low, high] = limitsOf(values[before + 1], shapeOf(model, before), group.unit, before < 0);
  const isGray = before < 0;
  const isVector = shapeOf(model, before).length === 1;
  const scale = isVector ? scene.scale : { kind: isGray ? "gray" : "signed", limits: [low, high] };
  const [best] = group.factors
    .filter(({ inside }) => inside)
    .toSorted((one, other) => other.value - one.value);
  const window = group.factors.map(({ unit, row, column, inside, value }) => ({
    value,
    label: inside ? stopName(model, { layer: before, unit, row, column }) : "padding",
    key: `cell ${before} ${unit} ${row} ${column}`,
    act: inside ? () => onStop({ layer: before, unit, row, column }) : undefined,
    mark: markOf(trace, stop, { unit, inside }, row === best?.row && column === best.column),
  }));
  const parts = [grid(window, group.across, scale, palette)];
  const weights = group.factors.map(({ weight }) => weight);
  if (weights[0] !== null) {
    const products = group.factors.map(({ value, weight }) => value * weight);
    parts.push(
      made("b", "", "×"),
      grid(
        weights.map((value) => ({ value, label: "weight" })),
        group.across,
        scene.weights,
        palette,
      ),
      made("b", "", "="),
      grid(
        products.map((value) => ({ value, label: "product" })),
        group.across,
        scene.products,
        palette,
      ),
    );
    if (group.scale !== null) parts.push(made("b", "", `× ${printed(group.scale, 2)}`));
  }
  const from = button(
    "from",
    `from ${group.unit}`,
    stopName(model, { layer: before, unit: group.unit, row: null }),
    () =>
      onStop(
        isVector
          ? { layer: before, unit: group.unit, row: 0, column: 0 }
          : { layer: before, unit: group.unit, row: null, column: null },
      ),
  );
  if (group.label) from.style.width = "auto";
  from.textContent = group.label ? `${group.label}: ${name}` : `${layerName(model, before)}, ${name}`;
  const line = made("div", "group", from, ...parts);
  if (trace.how === "sum" || trace.how === "share" || group.label) {
    const bar = made("i");
    bar.style.width = `${(100 * Math.abs(group.sum)) / most}%`;
    bar.style.background = css(group.sum < 0 ? palette.negative : palette.positive);
    const share = trace.how === "share" ? "share " : "";
    line.append(
      made(
        "span",
        "sum",
        `${share}${printed(group.sum, trace.how === "share" ? 3 : 2)}`,
        made("span", "track", bar),
      ),
    );
  }
  return line;
}

/** Where the window lies in its map, and the cell in its own; null where there are no maps, or no room for them. */
function whereOf({ model, stop, values, palette, room }, { unit, factors }) {
  const side = Math.min(room.height - 250, 0.4 * room.width, 260);
  const shapes = [stop.layer - 1, stop.layer].map((layer) => shapeOf(model, layer));
  if (side < 90 || shapes.some((shape) => shape.length === 1)) return null;
  const framed = (layer, of, box) => {
    const canvas = made("canvas");
    canvas.setAttribute("aria-hidden", "true");
    const shape = shapeOf(model, layer);
    const look = {
      limits: limitsOf(values[layer + 1], shape, of, layer < 0),
      gray: layer < 0,
      room: side,
      palette,
    };
    frameCells(canvas, paintUnit(canvas, values[layer + 1], shape, of, look), box, palette);
    return made(
      "figure",
      "",
      canvas,
      made("figcaption", "", stopName(model, { layer, unit: of, row: null })),
    );
  };
  const inside = factors.filter((factor) => factor.inside);
  const [rows, columns] = ["row", "column"].map((along) => inside.map((factor) => factor[along]));
  const window = {
    ...{ top: Math.min(...rows), bottom: Math.max(...rows) },
    ...{ left: Math.min(...columns), right: Math.max(...columns) },
  };
  const own = { top: stop.row, bottom: stop.row, left: stop.column, right: stop.column };
  return made(
    "div",
    "where",
    framed(stop.layer - 1, unit, window),
    made("b", "", "→"),
    framed(stop.layer, stop.unit, own),
  );
}

/** How many of the groups are shown, so many as fit. */
function mostOf(groups, room) {
  const lines = Math.max(1, Math.ceil(groups[0].factors.length / groups[0].across));
  const tall = lines > 9 ? 200 : Math.max(33, lines * (groups[0].across > 5 ? 16 : CELL) + 10);
  return Math.max(2, Math.floor((room.height - 105) / tall));
}

/**
 * The body of an opened cell.
 * @param {Object} scene as `unitView` takes it
 * @returns {{body: HTMLElement, value: number | null}}
 */
export function cellView(scene) {
  const { model, values, stop, palette, room, memory, onMore } = scene;
  const described = model.layers[stop.layer];
  const trace = viewOf(described).trace(described, stop, values[stop.layer], values[stop.layer + 1]);
  const { groups, value } = trace;
  if (groups.length === 0) return { body: made("div", "body"), value };
  const count = memory.all ? groups.length : Math.min(groups.length, mostOf(groups, room));
  if (memory.order?.length !== groups.length) {
    const order = [...groups.keys()];
    const size = (k) => (trace.how === "share" && k === stop.unit ? 2 : Math.abs(groups[k].sum));
    // Classes keep their order, and so do the two ways through a block, where all are seen.
    const isKept = (trace.how === "share" && count === groups.length) || groups[0].label;
    memory.order = isKept ? order : order.toSorted((one, other) => size(other) - size(one));
  }
  const shown = memory.order.slice(0, count).map((k) => groups[k]);
  const factors = shown.flatMap((group) => group.factors);
  const all = {
    ...scene,
    scale: signed(factors.map((factor) => factor.value)),
    weights: signed(factors.map(({ weight }) => weight ?? 0)),
    products: signed(factors.map((factor) => factor.value * (factor.weight ?? 0))),
  };
  const most = largest((trace.how === "share" ? groups : shown).map((group) => group.sum));
  const list = made(
    "div",
    groups[0].factors.length === 1 ? "groups close" : "groups",
    ...shown.map((group) => groupOf(all, trace, group, most)),
  );
  if (count < groups.length) {
    const more = button("more", "more", `Show all ${groups.length}`, onMore);
    more.textContent = `and ${groups.length - count} more: show all`;
    list.append(more);
  }
  const nameOf = (group) => unitName(model, stop.layer - 1, group.unit);
  const line = made("p", "line", lineOf(trace, shown.slice(0, WRITTEN), nameOf));
  line.style.setProperty("--edge", css(palette.accent));
  const where = groups.length === 1 && groups[0].factors.length < 50 ? whereOf(scene, groups[0]) : null;
  return { body: made("div", "body cells", list, line, where), value };
}
