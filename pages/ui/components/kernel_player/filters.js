// The maps of all filters, small, beside the one that is looked at: a click brings another one to work.

import { cells } from "../base/canvas.js";
import { colourOf } from "../base/colours.js";

/** A button with a small map for each filter, and one that adds a filter; made anew only where their number changed. */
export function arrangeFilters(player) {
  const { data, palette, filters } = player;
  const count = data.filters.length;
  filters.hidden = !count || data.hideOutput;
  const wanted = filters.hidden ? 0 : count + (count < data.mostFilters ? 1 : 0);
  while (filters.children.length > wanted) filters.lastChild.remove();
  while (filters.children.length < wanted) filters.append(button());
  [...filters.children].forEach((element, number) => {
    const filter = data.filters[number];
    element.setAttribute("aria-checked", number === data.filter);
    element.title = filter ? `Filter ${number}` : "Add a filter";
    element.setAttribute("aria-label", element.title);
    element.tabIndex = number === data.filter || !filter ? 0 : -1;
    element.querySelector("span").textContent = filter ? number : "+";
    const canvas = element.querySelector("canvas");
    canvas.hidden = !filter;
    if (!filter) return;
    const [rows, columns] = data.shape.output;
    canvas.width = columns;
    canvas.height = rows;
    const asked = data.question && number === data.filter;
    const colour = (k) =>
      asked ? palette.surface : colourOf(filter.output[k], filter.scales.output, palette);
    canvas.getContext("2d").drawImage(cells(rows, columns, colour), 0, 0);
  });
}

function button() {
  const made = document.createElement("button");
  made.type = "button";
  made.setAttribute("role", "radio");
  made.append(document.createElement("canvas"), document.createElement("span"));
  return made;
}
