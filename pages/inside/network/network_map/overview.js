// The map as one sees and walks it: the canvas, its scrolling, the pointer and the keys.

import { paletteOf } from "../../../ui/components/base/colours.js";
import { clamp } from "../../../ui/components/base/numbers.js";
import { percent } from "../../../ui/components/reader/bars.js";
import { edgesOf } from "./edges.js";
import { besides, firstFor, hitAt, planOf, scrolledFor } from "./layout.js";
import { largestOf, paintMap, tableOf } from "./painting.js";
import { contentsOf, madeOf, shapeOf, stopName } from "./sentences.js";
import { sidesOf } from "./shapes.js";
import { viewOf } from "./views.js";

const KEYS = "Arrow keys move between layers and maps, Enter goes deeper, Escape goes back.";
const BARS = [120, 240]; // px of the column of probabilities

/**
 * @param {{onOpen: (at: {layer: number, unit: number, row: number, column: number}, byKey: boolean) => void,
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
  let look = null; // palette, tables of colours and font, by the theme
  let limits = [];
  let frame = 0;

  const shapes = () => [model.inputShape, ...model.layers.map(({ outputShape }) => outputShape)];

  function dress() {
    const palette = paletteOf(root);
    const size = Math.max(14, Number.parseFloat(getComputedStyle(root).fontSize));
    const tables = { signed: tableOf("signed", palette), gray: tableOf("gray", palette) };
    look = { palette, tables, font: { size, family: palette.font } };
  }

  /** The values in the first and the last colour, of a unit's picture. */
  function limitsOf(column, unit) {
    if (column === 0) return [0, 1];
    const [, rows, columns] = sidesOf(shapes()[column]);
    const cells = rows * columns;
    const isVector = shapes()[column].length === 1;
    if (scope === "map" && !isVector) {
      const most = largestOf(values[column], unit * cells, (unit + 1) * cells) || 1;
      return [-most, most];
    }
    const own = () => {
      limits[column] ??= largestOf(values[column]) || 1;
      return limits[column];
    };
    if (scope !== "network") return [-own(), own()];
    limits.all ??= Math.max(...values.slice(1, -1).map((layer) => largestOf(layer))) || 1;
    return [-limits.all, limits.all];
  }

  function lay() {
    if (!model || !root.clientWidth) return;
    dress();
    const ratio = window.devicePixelRatio || 1;
    const room = { width: root.clientWidth, height: root.clientHeight };
    const { size, family } = look.font;
    context.font = `700 ${size}px ${family}`;
    const wide = (text) => context.measureText(text).width + 2;
    const labels = Math.max(...model.classes.map(wide));
    const bars = clamp(Math.max(room.width * 0.17, wide("probabilities") + 4, 0.6 * labels + 90), ...BARS);
    const names = [...model.names.keys()].map((k) => Math.max(wide(model.names[k]), wide(model.sizes[k])));
    const answers = Math.min(bars, room.width / 2.4);
    plan = planOf(shapes(), names, room, answers, ratio);
    root.querySelector(".whole").style.width = `${plan.width + room.width - plan.view}px`;
    // Where they scroll, the bar for it takes some of the height.
    room.height = scroller.clientHeight;
    plan = planOf(shapes(), names, room, answers, ratio);
    plan.labelWidth = labels;
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
    if (!plan) return;
    const ratio = window.devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const scrolled = Math.min(scroller.scrollLeft, Math.max(0, plan.width - plan.view));
    const layer = at && at.at > 0 ? model.layers[at.at - 1] : null;
    const sources = layer ? viewOf(layer).sources(layer, at.unit) : [];
    const edges = layer ? edgesOf(plan, firsts, scrolled, at, sources) : [];
    const { names, sizes, classes: labels } = model;
    const scene = { plan, firsts, scrolled, values, limitsOf, at, edges, names, sizes, labels, percent };
    paintMap(context, { ...scene, ...look, labelWidth: plan.labelWidth });
    root.dataset.painted = String(Number(root.dataset.painted ?? 0) + 1);
  }

  const soon = () => {
    frame ||= requestAnimationFrame(paint);
  };

  function lookAt(next, byKey) {
    if (next?.at === at?.at && next?.unit === at?.unit) return;
    at = next;
    onLook(at && { layer: at.at - 1, unit: at.unit }, byKey);
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
    } else if (hit) onOpen({ layer: hit.at - 1, unit: hit.unit, row: hit.row, column: hit.column }, false);
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
    const here = at ?? { at: last, unit: values ? values[last].indexOf(Math.max(...values[last])) : 0 };
    const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const down = {
      ArrowUp: -1,
      ArrowDown: 1,
      PageUp: -plan.columns[here.at].shown,
      PageDown: plan.columns[here.at].shown,
    }[event.key];
    const ends = { Home: 0, End: last }[event.key];
    if (event.key === "Enter" || event.key === " ") onOpen({ layer: here.at - 1, unit: here.unit }, true);
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
    /** In another theme. */
    redress() {
      if (!plan) return;
      dress();
      paint();
    },
    /** Another network. */
    open(next) {
      [model, values, at, firsts, limits] = [next, null, null, [], []];
      scroller.scrollLeft = 0;
      lay();
    },
    /** What all columns hold now, the input first; null where there is none. */
    show(next) {
      [values, limits] = [next, []];
      paint();
    },
    setScope(next) {
      if (scope === next) return;
      [scope, limits] = [next, []];
      if (plan) paint();
    },
    /** The limits of a unit's colours: those of what is looked at, by the scope that is chosen. */
    limits: (layer, unit) => (values ? limitsOf(layer + 1, unit) : [0, 1]),
    /** Look at a unit, as the keys do. */
    go: ({ layer, unit }) => plan && go({ at: layer + 1, unit }),
    /** What is said of a unit. */
    words(layer, unit) {
      const name = stopName(model, { layer, unit, row: null });
      const held = values ? ` ${contentsOf(model, layer, unit, values[layer + 1])}` : "";
      return { name, held: held.trim(), made: madeOf(model, layer, unit), shape: shapeOf(model, layer) };
    },
    destroy: () => cancelAnimationFrame(frame),
  };
}
