// What every component is to Streamlit: called again with each change of data or theme, taken down at the end.

import { themeOf } from "./colours.js";

/**
 * The function that a component's module exports.
 *
 * Streamlit calls it for an element again and again. `create` makes the component once, inside the element; `update`
 * gives it each call's data; `destroy` ends what would outlive its elements (observers, frames, listeners elsewhere).
 * Before each update the root's `data-theme` says what it stands on, which the roles of its colours depend on.
 * Where two updates overlap, Streamlit 1.67 runs the cleanup of the older call after the newer call: only the newest
 * call's cleanup takes the component down.
 *
 * @template {{root: Element}} State
 * @param {() => State} create makes `root`, which is put into the parent and removed at the end
 * @param {(state: State, data: any, tell: {setStateValue: Function, setTriggerValue: Function}) => void} update
 * @param {(state: State) => void} destroy
 * @returns {(call: {parentElement: Element, data: any}) => () => void}
 */
export function component(create, update, destroy) {
  const living = new WeakMap(); // the parent element -> its component and the newest call
  return ({ parentElement, data, ...tell }) => {
    let here = living.get(parentElement);
    if (!here) {
      here = { state: create() };
      parentElement.append(here.state.root);
      living.set(parentElement, here);
    }
    const call = {};
    here.call = call;
    here.state.root.dataset.theme = themeOf(here.state.root);
    update(here.state, data, tell);
    return () => {
      if (living.get(parentElement)?.call !== call) return;
      living.delete(parentElement);
      destroy(here.state);
      here.state.root.remove();
    };
  };
}
