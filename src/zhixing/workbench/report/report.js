"use strict";
(() => {
  const root = document.documentElement;
  const plots = [...document.querySelectorAll(".plot")];
  const drawn = new Set();

  const colours = () => {
    const css = getComputedStyle(root);
    const found = {};
    for (const name of ["paper", "wash", "ink", "soft", "faint", "line", "accent", "second"])
      found["@" + name] = css.getPropertyValue("--" + name).trim();
    return found;
  };

  // Words like "@accent" become colours everywhere but in the data.
  const paint = (node, palette) => {
    if (typeof node === "string") return palette[node] ?? node;
    if (Array.isArray(node)) return node.map((item) => paint(item, palette));
    if (node === null || typeof node !== "object") return node;
    const out = {};
    for (const [key, value] of Object.entries(node))
      out[key] = key === "data" ? value : paint(value, palette);
    return out;
  };

  const config = (c) => ({
    background: "transparent",
    font: "system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, Noto Sans CJK SC, sans-serif",
    view: { stroke: null },
    axis: {
      labelColor: c["@soft"], titleColor: c["@soft"], titleFontWeight: 400, titleFontSize: 12,
      labelFontSize: 12, gridColor: c["@line"], domainColor: c["@line"], tickColor: c["@line"],
      titlePadding: 8, labelPadding: 5,
    },
    axisQuantitative: { tickCount: 6 },
    legend: { labelColor: c["@soft"], labelFontSize: 12, titleColor: c["@soft"], labelLimit: 200 },
    range: { category: [c["@accent"], c["@second"], "#5b7fb5", "#9a6fb0", "#b59b3b", "#6f8f4e", "#a3586d", c["@faint"]] },
    text: { color: c["@ink"] },
  });

  const draw = async (element) => {
    const palette = colours();
    const spec = JSON.parse(document.getElementById(element.dataset.spec).textContent);
    drawn.add(element);
    try {
      await vegaEmbed(element, paint(spec, palette), {
        actions: false, renderer: "svg", config: config(palette), tooltip: { theme: "custom" },
      });
    } catch (error) {
      element.textContent = "This plot could not be drawn: " + error.message;
    }
  };

  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries)
      if (entry.isIntersecting) {
        watch.unobserve(entry.target);
        draw(entry.target);
      }
  }, { rootMargin: "600px" });
  plots.forEach((plot) => watch.observe(plot));
  addEventListener("beforeprint", () => plots.filter((p) => !drawn.has(p)).forEach(draw));

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const redraw = () => drawn.forEach(draw);
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
  const button = document.getElementById("theme");
  const label = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    label();
    redraw();
  });
  dark.addEventListener("change", () => { label(); redraw(); });
  label();

  // A table whose headings carry data-sort can be sorted by them.
  for (const heading of document.querySelectorAll("th[data-sort]")) {
    const sort = () => {
      const row = heading.parentElement;
      const index = [...row.children].indexOf(heading);
      const up = heading.getAttribute("aria-sort") !== "ascending";
      for (const other of row.children) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", up ? "ascending" : "descending");
      const key = (tr) => {
        const text = tr.children[index].dataset.value ?? tr.children[index].textContent.trim();
        const value = Number(text);
        return text !== "" && !Number.isNaN(value) ? value : text;
      };
      const body = row.closest("table").tBodies[0];
      const order = (a, b) => {
        const x = key(a), y = key(b);
        const less = typeof x === typeof y ? (x < y ? -1 : x > y ? 1 : 0) : typeof x === "number" ? -1 : 1;
        return up ? less : -less;
      };
      body.append(...[...body.rows].sort(order));
    };
    heading.tabIndex = 0;
    heading.addEventListener("click", sort);
    heading.addEventListener("keydown", (event) => { if (event.key === "Enter") sort(); });
  }
})();
