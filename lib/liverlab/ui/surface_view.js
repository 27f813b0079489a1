// The liver in 3-D: a button, then plotly's Mesh3d with switches, views and keys. Turning it never asks the kernel.

const GROUPS = [
  ["lesions", "Lesions"],
  ["portal", "Portal vein"],
  ["hepatic", "Hepatic veins"],
];
const LIVER = [
  ["see-through", "see-through"],
  ["solid", "solid"],
  ["hidden", "hidden"],
];
// Where the eye stands, in the patient's frame: x to the patient's left, y to the back, z to the head.
const VIEWS = [
  ["front", "Front", [0, -1, 0.07]],
  ["right", "Right side", [-1, 0, 0.07]],
  ["below", "From below", [0, -0.35, -1]],
  ["back", "Back", [0, 1, 0.07]],
];
const DISTANCE = 2;
const SEE_THROUGH = 0.35;
const TURN = Math.PI / 18;
const ZOOM = 1.15;
const KEYS = "Arrow keys turn, plus and minus zoom, Home shows the front again.";

function eyeOf(direction, distance) {
  const length = Math.hypot(...direction);
  const [x, y, z] = direction.map((part) => (distance * part) / length);
  return { x, y, z };
}

// The eye moved on its sphere: to the side about the body's long axis, up and down short of the poles.
function turned(eye, aside, up) {
  const around = Math.atan2(eye.y, eye.x) + aside;
  const height = Math.min(Math.max(Math.atan2(eye.z, Math.hypot(eye.x, eye.y)) + up, -1.5), 1.5);
  return eyeOf([Math.cos(around) * Math.cos(height), Math.sin(around) * Math.cos(height), Math.sin(height)], DISTANCE);
}

// Words that stand right before or behind the liver would only cover it.
function inTheWay(axis, eye) {
  return Math.abs(eye[axis]) > 0.85 * Math.hypot(eye.x, eye.y, eye.z);
}

function moveOf(event) {
  const moves = {
    ArrowLeft: { turn: [-TURN, 0] }, ArrowRight: { turn: [TURN, 0] }, ArrowUp: { turn: [0, TURN] }, ArrowDown: { turn: [0, -TURN] },
    "+": { zoom: ZOOM }, "=": { zoom: ZOOM }, "-": { zoom: 1 / ZOOM }, Home: { home: true },
  };
  return event.ctrlKey || event.metaKey || event.altKey ? null : moves[event.key] || null;
}

function canDrawInSpace() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") || canvas.getContext("webgl"));
}

export const pure = { eyeOf, turned, moveOf, inTheWay };

export default {
  render({ model, el }) {
    const closing = new AbortController();
    const listeners = new Set();
    const store = { listen: (listener) => (listeners.add(listener), () => listeners.delete(listener)) };
    const shown = { liver: "see-through", lesions: true, portal: true, hepatic: true };
    let Plotly = null;
    let figure = null;
    let theme = null;
    let outdated = false;
    let seen = false;
    let heard = false;

    const button = (text, attributes, clicked) => {
      const made = make("button", { type: "button", class: "jupyter-button widget-button", ...attributes }, text);
      made.addEventListener("click", clicked, { signal: closing.signal });
      return made;
    };
    const toggles = (label, options, clicked) => {
      const group = make("div", { class: "ll-space-group", role: "group", "aria-label": label }, make("span", { class: "lp-label" }, label));
      group.append(...options.map(([id, text]) => button(text, { "data-choice": id }, () => clicked(id))));
      return group;
    };

    const start = button("Show in 3-D", { "data-liverlab-surface": "show" }, ask);
    const says = make("p", { class: "ll-space-says", role: "status" });
    const plot = make("div", { class: "ll-space-plot", tabindex: "0", role: "application", "aria-roledescription": "3-D picture" });
    const switches = make("div", { class: "ll-space-group", role: "group", "aria-label": "Shown" }, make("span", { class: "lp-label" }, "Shown"));
    for (const [id, text] of GROUPS) {
      const key = make("span", { class: `ll-space-key ll-space-${id}`, "aria-hidden": "true" });
      const one = button("", { "data-switch": id }, () => ((shown[id] = !shown[id]), applySwitches()));
      one.append(key, text);
      switches.append(one);
    }
    const liver = toggles("Liver", LIVER, (id) => ((shown.liver = id), applySwitches()));
    const views = toggles("View", VIEWS, (id) => look(eyeOf(VIEWS.find(([name]) => name === id)[2], DISTANCE)));
    const caption = make("p", { class: "ll-space-caption" });
    const table = makeDataTable(() => stage, closing.signal);
    const stage = make("div", { class: "ll-space-stage", hidden: true }, make("div", { class: "ll-space-bar" }, switches, liver, views), plot, caption, table.button, table.region);
    const root = make("div", { class: "liverlab ll-viewer ll-space" }, start, says, stage);
    el.append(root);

    function ask() {
      if (!canDrawInSpace()) return setText(says, "This browser cannot draw in 3-D: WebGL is switched off.");
      setText(says, "Building the surfaces…");
      start.disabled = true;
      outdated = false;
      model.send({ type: "show" });
    }

    async function receive(content, buffers) {
      if (content.type === "plotly") listeners.forEach((listener) => listener("plotly", { buffers }));
      if (content.type === "failed") {
        setText(says, content.text);
        start.disabled = false;
      }
      if (content.type === "outdated") {
        outdated = true;
        refresh();
      }
      if (content.type !== "surface") return;
      unpackFigures(content.figure, buffers);
      // Colours that mean something are not mixed with what shines through, unless somebody wants it.
      if (!figure && content.figure.data.some((trace) => trace.intensity)) shown.liver = "solid";
      figure = content.figure;
      try {
        Plotly = Plotly || (await loadPlotly(model, store));
        if (closing.signal.aborted) return;
        stage.hidden = false;
        start.hidden = true;
        await draw();
        setText(says, "");
      } catch (error) {
        start.disabled = false;
        setText(says, `The 3-D picture could not be drawn: ${error.message}`);
      }
    }

    const refresh = () => {
      if (outdated && seen && figure) ask();
    };

    async function draw() {
      if (!figure || !Plotly || plot.clientWidth === 0) return;
      theme = themeOf(root);
      const paper = theme.dark ? "rgba(20, 20, 20, 0.7)" : "rgba(255, 255, 255, 0.75)";
      // Whoever has turned the liver keeps the view when the patient changes.
      const camera = plot.layout ? plot.layout.scene.camera : figure.layout.scene.camera;
      const annotations = figure.layout.scene.annotations.map((word) => ({ ...word, font: { size: theme.scale * word.font.size }, visible: wordShown(word, camera.eye), ...(word.name === "lesion" && { bgcolor: paper }) }));
      const layout = themedLayout({ ...figure.layout, font: { size: theme.scale * figure.layout.font.size }, scene: { ...figure.layout.scene, annotations, camera } }, theme, plot.clientWidth, plot.clientHeight);
      const data = figure.data.map((trace) => ({ ...trace, ...traceShown(trace) }));
      plot.setAttribute("aria-label", `${figure.alt} ${KEYS}`);
      table.show(figure);
      setText(caption, `${figure.alt} ${model.get("note")} ${KEYS}`);
      await Plotly.react(plot, data, layout, { displayModeBar: false, responsive: false, scrollZoom: false });
      if (!heard) plot.on("plotly_relayout", clearTheView);
      heard = true;
      markSwitches();
      root.setAttribute("data-drawn", String(Number(root.dataset.drawn || 0) + 1));
    }

    const traceShown = (trace) =>
      trace.meta === "liver" ? { visible: shown.liver !== "hidden", opacity: shown.liver === "solid" ? 1 : SEE_THROUGH } : { visible: shown[trace.meta] };
    const wordShown = (word, eye) => (word.name === "lesion" ? shown.lesions && shown.liver !== "solid" : !inTheWay(word.name, eye));
    const eye = () => plot.layout.scene.camera.eye;

    function markSwitches() {
      for (const one of switches.querySelectorAll("button")) one.setAttribute("aria-pressed", String(shown[one.dataset.switch]));
      for (const one of liver.querySelectorAll("button")) one.setAttribute("aria-pressed", String(one.dataset.choice === shown.liver));
      for (const one of root.querySelectorAll("[aria-pressed]")) one.classList.toggle("mod-active", one.getAttribute("aria-pressed") === "true");
    }

    async function applySwitches() {
      markSwitches();
      if (!plot.data) return;
      const wanted = plot.data.map(traceShown);
      await Plotly.restyle(plot, { visible: wanted.map((one) => one.visible), opacity: wanted.map((one) => one.opacity ?? 1) });
      await clearTheView();
    }

    async function clearTheView() {
      const changes = {};
      plot.layout.scene.annotations.forEach((word, at) => {
        const visible = wordShown(word, eye());
        if (word.visible !== visible) changes[`scene.annotations[${at}].visible`] = visible;
      });
      if (Object.keys(changes).length > 0) await Plotly.relayout(plot, changes);
    }

    function look(to) {
      if (plot.data) Plotly.relayout(plot, { "scene.camera.eye": to, "scene.camera.up": { x: 0, y: 0, z: 1 }, "scene.camera.center": { x: 0, y: 0, z: 0 } });
    }

    function home() {
      if (plot.data) Plotly.relayout(plot, { "scene.aspectratio": figure.layout.scene.aspectratio });
      look(eyeOf(VIEWS[0][2], DISTANCE));
    }

    function zoom(factor) {
      const ratio = Object.entries(plot.layout.scene.aspectratio);
      if (ratio.every(([, size]) => size * factor > 0.3 && size * factor < 9)) {
        Plotly.relayout(plot, { "scene.aspectratio": Object.fromEntries(ratio.map(([axis, size]) => [axis, size * factor])) });
      }
    }

    plot.addEventListener(
      "keydown",
      (event) => {
        const move = moveOf(event);
        if (!plot.data || !move) return;
        // JupyterLab would take the arrow keys for itself.
        event.preventDefault();
        event.stopPropagation();
        if (move.home) home();
        else if (move.zoom) zoom(move.zoom);
        else look(turned(eye(), ...move.turn));
      },
      { signal: closing.signal },
    );

    const sizes = new ResizeObserver(() => plot.data && plot.clientWidth > 0 && plot._fullLayout.width !== plot.clientWidth && draw());
    sizes.observe(plot);
    const themes = new MutationObserver(() => setTimeout(() => theme && themeOf(root).dark !== theme.dark && draw(), 400));
    themes.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-name", "data-jp-theme-light"] });
    const watch = new IntersectionObserver((entries) => {
      seen = entries[entries.length - 1].isIntersecting;
      refresh();
    });
    watch.observe(root);
    model.on("msg:custom", receive);
    return () => {
      listeners.forEach((listener) => listener("closed", {}));
      closing.abort();
      for (const observer of [sizes, themes, watch]) observer.disconnect();
      model.off("msg:custom", receive);
      if (Plotly) Plotly.purge(plot);
    };
  },
};
