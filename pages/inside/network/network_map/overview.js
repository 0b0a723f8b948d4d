// The map as one sees and walks it: the canvas, its scrolling, the pointer and the keys.

import { clamp } from "../../../ui/components/base/numbers.js";
import { largest, percent } from "../../../ui/components/reader/bars.js";
import { everyLayer, inBlocks } from "./columns.js";
import { edgesOf } from "./edges.js";
import { besides, firstFor, hitAt, planOf, scrolledFor } from "./layout.js";
import { largestOf, paintMap, tableOf } from "./painting.js";
import { contentsOf, madeOf, shapeOf, stopName } from "./sentences.js";
import { sidesOf } from "./shapes.js";
import { viewOf } from "./views.js";

const KEYS = "Arrow keys move between layers and maps, Enter goes deeper, Escape goes back.";
const BARS = [120, 240]; // px of the column of probabilities

/**
 * @param {{onOpen: (at: {layer: number, unit: number}, byKey: boolean) => void,
 *   onLook: (at: {layer: number, unit: number} | null, byKey: boolean) => void}} wishes
 */
export function overview({ onOpen, onLook }) {
  const root = document.createElement("div");
  root.className = "overview";
  root.innerHTML = `<div class="scroller"><canvas tabindex="0" role="application"></canvas><div class="whole"></div></div>`;
  const [scroller, canvas] = [root.firstElementChild, root.querySelector("canvas")];
  canvas.setAttribute("aria-label", `The network, layer by layer. ${KEYS}`);
  const context = canvas.getContext("2d");
  let [model, values, plan, firsts, at, scope] = [null, null, null, [], null, "map"];
  let [columns, folds] = [[], true]; // which layers they are, and whether they may stand together
  let look = null; // palette, tables of colours and font, by the theme
  let limits = [];
  let frame = 0;
  const pictures = new Map(); // of each column, as painted last

  const shapeAt = (column) => shapeOf(model, columns[column].layer);
  const columnOf = (layer) => columns.findIndex(({ first, layer: last }) => first <= layer && layer <= last);

  function dress(palette) {
    const size = Math.max(14, Number.parseFloat(getComputedStyle(root).fontSize));
    const tables = { signed: tableOf("signed", palette), gray: tableOf("gray", palette) };
    look = { palette, tables, font: { size, family: palette.font } };
  }

  /** The values in the first and the last colour, of a unit's picture. */
  function limitsOf(layer, unit) {
    if (layer < 0) return [0, 1];
    const [, rows, columns] = sidesOf(shapeOf(model, layer));
    const cells = rows * columns;
    if (scope === "map" && cells > 1) {
      const most = largestOf(values[layer + 1], unit * cells, (unit + 1) * cells) || 1;
      return [-most, most];
    }
    if (scope === "network") {
      limits.all ??= Math.max(...values.slice(1, -1).map((own) => largestOf(own))) || 1;
      return [-limits.all, limits.all];
    }
    limits[layer] ??= largestOf(values[layer + 1]) || 1;
    return [-limits[layer], limits[layer]];
  }

  function lay() {
    if (!model || !root.clientWidth) return;
    const ratio = window.devicePixelRatio || 1;
    const room = { width: root.clientWidth, height: root.clientHeight };
    const { size, family } = look.font;
    context.font = `700 ${size}px ${family}`;
    const wide = (text) => context.measureText(text).width + 2;
    const labels = Math.max(...model.classes.map(wide));
    const bars = clamp(Math.max(room.width * 0.17, wide("probabilities") + 4, 0.6 * labels + 90), ...BARS);
    const answers = Math.min(bars, room.width / 2.4);
    const planned = (shown) => {
      columns = shown;
      const names = columns.map(({ name, also, size: words }) => Math.max(...[name, also, words].map(wide)));
      const shapes = columns.map((_, k) => shapeAt(k));
      const head = columns.some(({ also }) => also) ? 3 : 2;
      return planOf(shapes, names, room, answers, ratio, head * 1.3 * size + 4);
    };
    const fitted = () => {
      const every = planned(everyLayer(model));
      return folds && every.width > every.view ? planned(inBlocks(model)) : every;
    };
    const seen = at && columns[at.at] ? { layer: columns[at.at].layer, unit: at.unit } : null;
    plan = fitted();
    root.querySelector(".whole").style.width = `${plan.width + room.width - plan.view}px`;
    // Where they scroll, the bar for it takes some of the height.
    if (scroller.clientHeight < room.height) {
      room.height = scroller.clientHeight;
      plan = fitted();
    }
    at = seen && { at: columnOf(seen.layer), unit: seen.unit };
    plan.labelWidth = labels;
    pictures.clear();
    firsts = plan.columns.map((column, k) =>
      firstFor(column, firsts[k] ?? 0, clamp(firsts[k] ?? 0, 0, column.count - 1)),
    );
    const fits = [Math.round(room.width * ratio), Math.round(room.height * ratio)];
    if (canvas.width !== fits[0] || canvas.height !== fits[1]) {
      [canvas.width, canvas.height] = fits;
      canvas.style.width = `${room.width}px`;
      canvas.style.height = `${room.height}px`;
    }
    paint();
  }

  function paint() {
    cancelAnimationFrame(frame);
    frame = 0;
    if (!plan || !root.clientWidth) return; // within a unit nothing of it is seen
    const ratio = window.devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const scrolled = Math.min(scroller.scrollLeft, Math.max(0, plan.width - plan.view));
    const made = at && columns[at.at].first >= 0 ? model.layers[columns[at.at].first] : null;
    const edges = made ? edgesOf(plan, firsts, scrolled, at, viewOf(made).sources(made, at.unit)) : [];
    const held = values && columns.map(({ layer }) => values[layer + 1]);
    const scene = { plan, columns, firsts, scrolled, values: held, at, edges, percent, pictures, ...look };
    const limitsAt = (column, unit) => limitsOf(columns[column].layer, unit);
    paintMap(context, { ...scene, limitsOf: limitsAt, labels: model.classes, labelWidth: plan.labelWidth });
    root.dataset.painted = String(Number(root.dataset.painted ?? 0) + 1);
  }

  const soon = () => {
    frame ||= requestAnimationFrame(paint);
  };

  function lookAt(next, byKey) {
    if (next?.at === at?.at && next?.unit === at?.unit) return;
    at = next;
    onLook(at && { layer: columns[at.at].layer, unit: at.unit }, byKey);
    soon();
  }

  function found(event) {
    if (!plan) return null;
    const box = canvas.getBoundingClientRect();
    return hitAt(plan, firsts, scroller.scrollLeft, event.clientX - box.left, event.clientY - box.top);
  }

  /** Show further maps of a column. */
  function turn(column, by) {
    const { count, shown } = plan.columns[column];
    const next = clamp(firsts[column] + by, 0, count - shown);
    const moved = next !== firsts[column];
    firsts[column] = next;
    soon();
    return moved;
  }

  canvas.onpointermove = (event) => {
    const hit = found(event);
    canvas.style.cursor = hit ? "pointer" : "";
    lookAt(hit && !hit.foot ? hit : null, false);
  };
  canvas.onpointerleave = () => {
    if (root.getRootNode().activeElement !== canvas) lookAt(null, false);
  };
  canvas.onclick = (event) => {
    const hit = found(event);
    if (hit?.foot) {
      const { shown } = plan.columns[hit.at];
      if (!turn(hit.at, shown)) turn(hit.at, -1e6);
    } else if (hit) onOpen({ layer: columns[hit.at].layer, unit: hit.unit }, false);
  };
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!plan || Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey || event.ctrlKey) return;
      const hit = found(event);
      if (hit && turn(hit.at, Math.sign(event.deltaY))) event.preventDefault();
    },
    { passive: false },
  );
  canvas.onkeydown = (event) => {
    if (!plan || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = plan.columns.length - 1;
    const answers = values?.at(-1);
    const here = at ?? { at: last, unit: answers ? largest(answers) : 0 };
    const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const down = {
      ArrowUp: -1,
      ArrowDown: 1,
      PageUp: -plan.columns[here.at].shown,
      PageDown: plan.columns[here.at].shown,
    }[event.key];
    const ends = { Home: 0, End: last }[event.key];
    if (event.key === "Enter" || event.key === " ")
      onOpen({ layer: columns[here.at].layer, unit: here.unit }, true);
    else if (!at && (across || down)) go(here);
    else if (across || ends !== undefined) {
      const to = clamp(ends ?? here.at + across, 0, last);
      go({ at: to, unit: to === here.at ? here.unit : besides(plan, firsts, here, to) });
    } else if (down) go({ at: here.at, unit: clamp(here.unit + down, 0, plan.columns[here.at].count - 1) });
    else if (event.key === "Escape" && at) lookAt(null, true);
    else return;
    event.preventDefault();
  };

  function go(to) {
    firsts[to.at] = firstFor(plan.columns[to.at], firsts[to.at], to.unit);
    scroller.scrollLeft = scrolledFor(plan, to.at, scroller.scrollLeft);
    lookAt(to, true);
  }

  scroller.onscroll = soon;
  canvas.onblur = () => lookAt(null, false);

  return {
    root,
    canvas,
    lay,
    /** In a theme's colours, before anything else. */
    dress(palette) {
      dress(palette);
      pictures.clear();
      if (plan) paint();
    },
    /** Another network. */
    open(next) {
      [model, values, at, plan, firsts, limits] = [next, null, null, null, [], []];
      pictures.clear();
      scroller.scrollLeft = 0;
      lay();
    },
    /** What all columns hold now, the input first; null where there is none. */
    show(next) {
      [values, limits] = [next, []];
      pictures.clear();
      paint();
    },
    /** Whether layers may share a column where there is no room for each. */
    setFolds(next) {
      if (folds === next) return;
      folds = next;
      lay();
    },
    setScope(next) {
      if (scope === next) return;
      [scope, limits] = [next, []];
      pictures.clear();
      if (plan) paint();
    },
    /** The limits of a unit's colours: those of what is looked at, by the scope that is chosen. */
    limits: (layer, unit) => (values ? limitsOf(layer, unit) : [0, 1]),
    /** Look at a unit, as the keys do. */
    go({ layer, unit }) {
      const column = plan ? columnOf(layer) : -1;
      // Within a block a unit keeps its number.
      if (column >= 0) go({ at: column, unit });
    },
    /** What is said of a unit. */
    words(layer, unit) {
      const name = stopName(model, { layer, unit, row: null });
      const held = values ? ` ${contentsOf(model, layer, unit, values[layer + 1])}` : "";
      return { name, held: held.trim(), made: madeOf(model, layer, unit), shape: shapeOf(model, layer) };
    },
    destroy: () => cancelAnimationFrame(frame),
  };
}
