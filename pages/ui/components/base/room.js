// The room that a component has on the screen: as wide as its place, as high as what is left below its upper edge.

/** @typedef {{width: number, height: number}} Room in CSS pixels */

/**
 * The room of an element where the page is not scrolled, `reserve` pixels of the height left for what stands below it.
 * @param {Element} element
 * @param {number} reserve
 * @returns {Room} the height may be 0 or less, where the element begins below the screen
 */
export function roomFor(element, reserve) {
  const scrolled = above(element).reduce((sum, ancestor) => sum + ancestor.scrollTop, 0);
  const top = element.getBoundingClientRect().top + scrolled;
  return { width: element.clientWidth, height: window.innerHeight - top - reserve };
}

/**
 * Call `callback` whenever the room of an element has changed: its width, the screen's height, or what stands above it.
 * @param {Element} element stands in the page already
 * @param {() => void} callback
 * @returns {() => void} ends it
 */
export function watchRoom(element, callback) {
  let room = roomFor(element, 0);
  let frame = 0;
  const look = () => {
    frame = 0;
    const now = roomFor(element, 0);
    const same = Math.abs(now.width - room.width) <= 0.5 && Math.abs(now.height - room.height) <= 0.5;
    room = now;
    if (!same) callback();
  };
  // In the next frame: the callback changes sizes, and those that are just being told must not change meanwhile.
  const soon = () => {
    if (!frame) frame = requestAnimationFrame(look);
  };
  const observer = new ResizeObserver(soon);
  // What grows above the element grows one of its ancestors.
  for (const observed of [element, ...above(element)]) observer.observe(observed);
  window.addEventListener("resize", soon);
  return () => {
    observer.disconnect();
    window.removeEventListener("resize", soon);
    cancelAnimationFrame(frame);
  };
}

/** The element's ancestors, through shadow roots. */
function above(element) {
  const found = [];
  for (let node = element; node; ) {
    node = node.parentElement ?? node.getRootNode().host;
    if (node) found.push(node);
  }
  return found;
}
