// One entry of the browser's history is one visit to a page, and it holds the page as it was left.
//
// Streamlit 1.67 tells the address of a running page by `pushState`, so that an undo or a preset is an entry of its
// own. On the way to another page it first takes the parameters of the page that is left out of the address, and may
// put those of the next page into it, while the address still is that of the page that is left.
// It runs before Streamlit does: a click may come before the first component is there.

(({ history, location, addEventListener }) => {
  const push = history.pushState.bind(history);
  const replace = history.replaceState.bind(history);
  let asLeft = null; // the address of this page when a link to another was followed first

  const followed = (event) => {
    const link = event.target.closest?.("a[href]");
    if (link?.origin === location.origin && link.pathname !== location.pathname) asLeft ??= location.href;
  };
  addEventListener("click", followed, { capture: true });
  addEventListener("popstate", () => {
    asLeft = null;
  });

  history.pushState = (state, unused, address) => {
    const next = new URL(address ?? location.href, location.href);
    if (next.pathname === location.pathname) return replace(state, unused, address);
    if (asLeft !== null) replace(state, unused, asLeft);
    asLeft = null;
    return push(state, unused, address);
  };
})(window);
