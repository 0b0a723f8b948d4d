// A pad's buttons: pen widths, eraser, undo, redo, clear. Always there and always in their places.

const SVG = "http://www.w3.org/2000/svg";
const PENS = [
  ["Thin pen", 10],
  ["Pen", 20],
  ["Thick pen", 32],
];
const ERASER = 36; // units wide
const CHANGES = [
  ["Move the drawing: drag, or the arrow keys", "move"],
  ["Turn the drawing: drag to the side", "turn"],
  ["Make the drawing larger or smaller: drag up or down", "scale"],
  ["Make the drawing thicker or thinner: drag up or down", "thicken"],
];
// Outlines of Material Design Icons (Apache 2.0), on 24 × 24.
const PATHS = {
  eraser:
    "M16.24 3.56l4.95 4.94c.78.79.78 2.05 0 2.84L12 20.53a4.008 4.008 0 0 1-5.66 0L2.81 17c-.78-.79-.78-2.05 0-2.84l10.6-10.6c.79-.78 2.05-.78 2.83 0M4.22 15.58l3.54 3.53c.78.79 2.04.79 2.83 0l3.53-3.53-4.95-4.95-4.95 4.95z",
  undo: "M12.5 8c-2.65 0-5.05.99-6.9 2.6L2 7v9h9l-3.62-3.62c1.39-1.16 3.16-1.88 5.12-1.88 3.54 0 6.55 2.31 7.6 5.5l2.37-.78C21.08 11.03 17.15 8 12.5 8z",
  redo: "M18.4 10.6C16.55 8.99 14.15 8 11.5 8c-4.65 0-8.58 3.03-9.96 7.22L3.9 16c1.05-3.19 4.05-5.5 7.6-5.5 1.95 0 3.73.72 5.12 1.88L13 16h9V7l-3.6 3.6z",
  move: "M13 6v5h5V7.75L22.25 12 18 16.25V13h-5v5h3.25L12 22.25 7.75 18H11v-5H6v3.25L1.75 12 6 7.75V11h5V6H7.75L12 1.75 16.25 6H13z",
  turn: "M12 5V1l5 5-5 5V7c-3.31 0-6 2.69-6 6s2.69 6 6 6 6-2.69 6-6h2c0 4.42-3.58 8-8 8s-8-3.58-8-8 3.58-8 8-8z",
  scale:
    "M9.5 13.09l1.41 1.41-4.5 4.5H10v2H3v-7h2v3.59l4.5-4.5M10.91 9.5L9.5 10.91 5 6.41V10H3V3h7v2H6.41l4.5 4.5m3.59 3.59l4.5 4.5V14h2v7h-7v-2h3.59l-4.5-4.5 1.41-1.41M13.09 9.5l4.5-4.5H14V3h7v7h-2V6.41l-4.5 4.5-1.41-1.41z",
  thicken: "M3 5h18v1.5H3V5m0 5h18v3H3v-3m0 6h18v5H3v-5z",
  clear: "M6 19c0 1.1.9 2 2 2h8c1.1 0 2-.9 2-2V7H6v12zM19 4h-3.5l-1-1h-5l-1 1H5v2h14V4z",
};

function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const outline = document.createElementNS(SVG, "path");
  outline.setAttribute("d", path);
  svg.append(outline);
  return svg;
}

const dot = (width) => {
  const radius = width / 4;
  return icon(
    `M${12 - radius} 12a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`,
  );
};

function button(title, drawing, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.title = title;
  made.setAttribute("aria-label", title);
  made.append(drawing);
  made.onclick = act;
  return made;
}

/**
 * The buttons for a surface. Style sheets find them by the class `tools`; call `refresh` after each stroke.
 * @param {ReturnType<typeof import("./surface.js").surface>} paper
 * @param {boolean} changes whether there are also tools that move, turn and scale the drawing as a whole
 * @returns {{root: HTMLElement, refresh: () => void}}
 */
export function tools(paper, changes = false) {
  const root = document.createElement("div");
  root.className = "tools";
  root.setAttribute("role", "toolbar");
  root.setAttribute("aria-label", "Drawing tools");
  const kinds = [
    ...PENS.map(([title, width]) => [title, { kind: "pen", width }]),
    ["Eraser", { kind: "eraser", width: ERASER }],
    ...(changes ? CHANGES : []).map(([title, kind]) => [title, { kind, width: 0 }]),
  ];
  const choices = kinds.map(([title, tool]) => {
    const drawing = tool.kind === "pen" ? dot(tool.width) : icon(PATHS[tool.kind]);
    const made = button(title, drawing, () => {
      paper.setTool(tool);
      refresh();
    });
    return { made, tool };
  });
  const acts = ["undo", "redo", "clear"].map((act) => ({
    act,
    made: button(act[0].toUpperCase() + act.slice(1), icon(PATHS[act]), () => {
      paper[act]();
      refresh();
    }),
  }));

  function refresh() {
    const { kind, width } = paper.tool();
    for (const { made, tool } of choices)
      made.setAttribute("aria-pressed", String(tool.kind === kind && tool.width === width));
    const can = paper.can();
    // Not `disabled`: the button that was just pressed would lose the focus to nothing.
    for (const { act, made } of acts) made.setAttribute("aria-disabled", String(!can[act]));
  }

  root.append(...choices.map(({ made }) => made), ...acts.map(({ made }) => made));
  refresh();
  return { root, refresh };
}
