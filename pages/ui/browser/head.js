// Runs before Streamlit does.

(() => {
  const PAGES = []; // pages/ui/head.py writes their names here, as in their addresses

  // Streamlit looks for its server below a page's own address first, and finds no such thing there.
  const base = location.pathname.replace(new RegExp(`/(${PAGES.join("|")})$`), "/");
  window.__streamlit = { ...window.__streamlit, BACKEND_BASE_URL: location.origin + base };

  // It keeps the theme that is chosen by hand for each address alone; here one is for all pages.
  const KEPT = "convlens.theme";
  const here = `stActiveTheme-${location.pathname}-v2`;
  try {
    const { setItem } = Storage.prototype;
    const theme = localStorage.getItem(KEPT);
    if (theme !== null) setItem.call(localStorage, here, theme);
    Storage.prototype.setItem = function (name, value) {
      setItem.call(this, name, value);
      if (name === here) setItem.call(this, KEPT, value);
    };
  } catch {
    // A browser that keeps nothing: each page then has the system's theme.
  }
})();
