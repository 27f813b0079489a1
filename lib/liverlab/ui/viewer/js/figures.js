// Live curves: plotly.js arrives once per page, through the kernel; each figure is redrawn after the picture.

const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#b5588c", "#b87e00", "#3a96cf", "#767676"];
const COLOURS_DARK = ["#56b4e9", "#ff9f5a", "#2fc79b", "#e6a5cb", "#f0c94a", "#8fd0f5", "#b5b5b5"];

// Colour-blind safe colours (Okabe and Ito) are made for white paper: on dark paper each gives way to its lighter kin.
const LIGHTER = { "#0072b2": "#56b4e9", "#d55e00": "#ff9f5a", "#009e73": "#2fc79b", "#b5588c": "#e6a5cb", "#b87e00": "#f0c94a", "#3a96cf": "#8fd0f5", "#767676": "#b5b5b5" };

function lightened(node) {
  if (typeof node === "string") return node[0] === "#" && LIGHTER[node.slice(0, 7).toLowerCase()] ? LIGHTER[node.slice(0, 7).toLowerCase()] + node.slice(7) : node;
  if (node === null || typeof node !== "object" || ArrayBuffer.isView(node)) return node;
  if (Array.isArray(node)) return typeof node[0] === "number" ? node : node.map(lightened);
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, lightened(value)]));
}

// One promise per page, whoever asks first.
function loadPlotly(model, store) {
  if (!window.__liverlabPlotly) {
    window.__liverlabPlotly = new Promise((resolve, reject) => {
      if (window.Plotly && window.Plotly.react) return resolve(window.Plotly);
      const stop = store.listen((what, detail) => {
        if (what === "closed") {
          // The widget went away while the file was on its way: the next one asks again.
          delete window.__liverlabPlotly;
          reject(new Error("the viewer was closed while plotly.js was loading"));
        }
        if (what !== "plotly") return;
        stop();
        unzip(detail.buffers[0]).then(runScript).then(resolve, reject);
      });
      model.send({ type: "plotly" });
    });
  }
  return window.__liverlabPlotly;
}

async function unzip(view) {
  const stream = new Blob([view]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).blob();
}

function runScript(blob) {
  return new Promise((resolve, reject) => {
    const url = URL.createObjectURL(new Blob([blob], { type: "text/javascript" }));
    const script = make("script", { src: url });
    script.onload = () => {
      URL.revokeObjectURL(url);
      if (window.Plotly) resolve(window.Plotly);
      else reject(new Error("plotly.js did not start"));
    };
    script.onerror = () => reject(new Error("plotly.js could not be loaded"));
    document.head.append(script);
  });
}

function themeOf(element) {
  const style = getComputedStyle(element);
  const read = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const dark = document.body.dataset.jpThemeLight === "false";
  return {
    dark,
    ink: read("--jp-ui-font-color1", dark ? "#eeeeee" : "#212121"),
    line: dark ? "#5a5a5a" : "#d0d0d0",
    scale: Number(read("--lp-scale", 1)),
  };
}

// The figure's own layout wins over ours, axis by axis.
function themedLayout(layout, theme, width, height) {
  const axis = { gridcolor: theme.line, zerolinecolor: theme.line, linecolor: theme.ink, tickcolor: theme.line, automargin: true, ticks: "outside", ticklen: 3, title: { standoff: 4 } };
  const merged = {
    width, height, autosize: false, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", colorway: theme.dark ? COLOURS_DARK : COLOURS,
    margin: { l: 44, r: 10, t: 6, b: 34 },
    legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0, font: { size: 10 }, bgcolor: "rgba(0,0,0,0)" },
    hovermode: "closest", showlegend: layout.showlegend, uirevision: "kept", ...layout,
  };
  for (const name of new Set(["xaxis", "yaxis", ...Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key))])) {
    const own = layout[name] || {};
    const title = typeof own.title === "string" ? { text: own.title } : own.title;
    merged[name] = { ...axis, ...own, title: { ...axis.title, ...title } };
  }
  merged.font = { family: "sans-serif", size: 11, color: theme.ink, ...layout.font };
  return merged;
}

function makeFigures(self, signal) {
  const row = make("div", { class: "ll-figures" });
  const boxes = new Map();
  let Plotly = null;
  let theme = null;
  for (let i = 0; i < self.config.figures; i++) row.append(make("div", { class: "ll-figure ll-reserved" }));
  // JupyterLab names the theme before its style sheet is there: draw again when it surely is.
  const themeWatch = new MutationObserver(() => [0, 400, 1500].forEach((wait_ms) => setTimeout(retheme, wait_ms)));
  function retheme() {
    if (signal.aborted) return;
    const now = themeOf(self.root);
    if (theme && now.ink === theme.ink && now.dark === theme.dark) return;
    theme = now;
    boxes.forEach((box) => (box.drawn = null));
    draw();
  }
  themeWatch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-name", "data-jp-theme-light"] });
  // A figure in a tab that opens, or whose column changes width, is drawn again.
  const sizeWatch = new ResizeObserver((entries) => {
    for (const entry of entries) {
      const box = [...boxes.values()].find((one) => one.plot === entry.target);
      if (box && box.plot.clientWidth > 0 && box.width !== box.plot.clientWidth) box.drawn = null;
    }
    requestAnimationFrame(() => draw());
  });

  function boxOf(figure) {
    let box = boxes.get(figure.id);
    if (!box) {
      const title = make("div", { class: "ll-figure-title" });
      const plot = make("div", { class: "ll-plot", role: "img" });
      const table = makeDataTable(() => box.element, signal);
      const head = make("div", { class: "ll-figure-head" }, title, table.button);
      box = { title, plot, table, element: make("div", { class: "ll-figure", "data-figure": figure.id }, head, make("div", { class: "ll-plot-room" }, plot), table.region), drawn: null, width: 0 };
      boxes.set(figure.id, box);
      sizeWatch.observe(plot);
    }
    // A page may offer another place for a figure, for example inside a tab.
    const slot = document.querySelector(`[data-liverlab-figure="${CSS.escape(figure.id)}"]`) || row;
    if (box.element.parentNode !== slot) {
      row.querySelector(".ll-reserved")?.remove();
      slot.append(box.element);
    }
    setText(box.title, figure.title || "");
    box.plot.setAttribute("aria-label", figure.alt || figure.title || figure.id);
    box.table.show(figure);
    return box;
  }

  // One drawing after the other: plotly never answers for a drawing that a second one has overtaken.
  let queue = Promise.resolve(0);
  function draw() {
    queue = queue.then(drawNow);
    return queue;
  }

  function drawNow() {
    const frame = self.store.frame;
    if (!frame || !Plotly || signal.aborted) return 0;
    let count = 0;
    const waits = [];
    for (const figure of frame.figures || []) {
      const box = boxOf(figure);
      // A figure that says the same as the one on the page costs nothing.
      const words = JSON.stringify(figure);
      if (box.drawn === words || box.plot.clientWidth === 0) continue;
      theme = theme || themeOf(self.root);
      box.width = box.plot.clientWidth;
      const shown = theme.dark ? lightened({ data: figure.data, layout: figure.layout || {} }) : figure;
      const layout = themedLayout(shown.layout || {}, theme, box.width, box.plot.clientHeight);
      waits.push(Plotly.react(box.plot, shown.data, layout, { displayModeBar: false, responsive: false, doubleClick: false }));
      box.drawn = words;
      count++;
    }
    return Promise.all(waits).then(() => count);
  }

  return {
    element: row,
    // Called after the picture of a frame is on the screen.
    async afterPicture() {
      const frame = self.store.frame;
      if ((frame.figures || []).length === 0) return 0;
      for (const figure of frame.figures) boxOf(figure);
      if (!Plotly) Plotly = await loadPlotly(self.model, self.store);
      if (signal.aborted) return 0;
      return draw();
    },
    close() {
      themeWatch.disconnect();
      sizeWatch.disconnect();
      if (Plotly) boxes.forEach((box) => Plotly.purge(box.plot));
      boxes.forEach((box) => box.element.remove());
    },
  };
}
