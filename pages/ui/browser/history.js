// One entry of the browser's history is one visit to a page, and it holds the page as it was left.
//
// Streamlit 1.67 tells the address of a running page by `pushState`, so that an undo or a preset is an entry of its
// own. On the way to another page it first takes the parameters of the page that is left out of the address, and may
// put those of the next page into it, while the address still is that of the page that is left. On Back and Forward
// it takes out of the address what both pages have, a network being built, say.
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
  let restored = false; // Back or Forward led here, and nothing was touched since
  addEventListener("popstate", () => {
    asLeft = null;
    restored = true;
  });
  for (const touch of ["pointerdown", "keydown"]) {
    addEventListener(
      touch,
      () => {
        restored = false;
      },
      { capture: true },
    );
  }
  const isHere = (next) => next.pathname === location.pathname;
  const takesOut = (next) => {
    const now = new URLSearchParams(location.search);
    return (
      isHere(next) &&
      next.searchParams.size < now.size &&
      [...next.searchParams].every(([name, value]) => now.getAll(name).includes(value))
    );
  };

  history.replaceState = (state, unused, address) => {
    const next = new URL(address ?? location.href, location.href);
    if (!(restored && takesOut(next))) replace(state, unused, address);
  };
  history.pushState = (state, unused, address) => {
    const next = new URL(address ?? location.href, location.href);
    if (isHere(next)) return history.replaceState(state, unused, address);
    if (asLeft !== null) replace(state, unused, asLeft);
    asLeft = null;
    return push(state, unused, address);
  };
})(window);
