// One pane: the picture on a canvas, burnt-in text in its corners, an SVG layer for everything drawn over it.

const NOTICE = "SIMULATED \u2013 for teaching, not for clinical use";

function makePane(name) {
  const canvas = make("canvas", { class: "ll-canvas", "aria-hidden": "true" });
  const layer = makeSvg("svg", { class: "ll-layer", "aria-hidden": "true" });
  const corner = {};
  for (const place of ["tl", "tr", "bl", "br"]) corner[place] = make("div", { class: `ll-corner ll-${place}` });
  const letters = { R: "left", L: "right", A: "top", P: "bottom" };
  const marks = Object.entries(letters).map(([letter, side]) => make("div", { class: `ll-letter ll-letter-${side}` }, letter));
  const lines = {
    label: make("div", { class: "ll-strong" }), phase: make("div"), probe: make("div", { class: "ll-probe" }),
    slice: make("div"), window: make("div", { class: "ll-window" }), zoom: make("div"),
  };
  const bar = make("div", { class: "ll-bar" });
  const barText = make("div", { class: "ll-bar-text" });
  corner.tl.append(lines.label, lines.phase);
  corner.tr.append(lines.probe);
  corner.bl.append(lines.slice, lines.window);
  corner.br.append(lines.zoom, barText, bar);
  const burnt = make("div", { class: "ll-burnt", "aria-hidden": "true" }, ...Object.values(corner), ...marks, make("div", { class: "ll-notice" }, NOTICE));
  const empty = make("div", { class: "ll-empty" }, "Waiting for the first picture\u2026");
  const element = make("div", { class: "ll-pane", tabindex: "0", role: "application", "aria-roledescription": "CT image", "data-pane": name }, canvas, layer, burnt, empty);
  const pane = { name, element, canvas, layer, lines, box: { width: 0, height: 0 }, picture: null };

  const context = canvas.getContext("2d", { alpha: false });
  const source = document.createElement("canvas");
  const sourceContext = source.getContext("2d", { alpha: false });
  let image = null;
  let words = null;
  let table = null;
  let tableKey = "";
  let drawnKey = "";

  pane.resize = () => {
    const ratio = window.devicePixelRatio || 1;
    pane.box = { width: element.clientWidth, height: element.clientHeight };
    const [width, height] = [Math.round(pane.box.width * ratio), Math.round(pane.box.height * ratio)];
    if (width > 0 && (canvas.width !== width || canvas.height !== height)) {
      canvas.width = width;
      canvas.height = height;
      return true;
    }
    return false;
  };

  function fillSource(picture, state) {
    const wantedTable = `${state.window_hu}/${state.level_hu}/${state.invert}`;
    if (wantedTable !== tableKey) {
      table = greyTable(state.window_hu, state.level_hu, state.invert);
      tableKey = wantedTable;
      drawnKey = "";
    }
    const key = `${picture.version}/${picture.visit}/${picture.slice}/${picture.matrix}`;
    if (drawnKey === key) return;
    if (source.width !== picture.matrix || source.height !== picture.rows) {
      source.width = picture.matrix;
      source.height = picture.rows;
      image = sourceContext.createImageData(picture.matrix, picture.rows);
      words = new Uint32Array(image.data.buffer);
    }
    applyGreyTable(picture.hu, table, words);
    sourceContext.putImageData(image, 0, 0);
    drawnKey = key;
  }

  // Draws the held picture; pictures of any matrix cover the same millimetres, so a sharper one never jumps.
  pane.draw = (geometry, state, picture) => {
    if (!picture || canvas.width === 0) return;
    pane.picture = picture;
    empty.hidden = true;
    fillSource(picture, state);
    const ratio = canvas.width / pane.box.width;
    const scale = viewScale(geometry, pane.box, state.view) * ratio;
    const pixel_mm = geometry.fov_mm / picture.matrix;
    const origin = toScreen(geometry, pane.box, state.view, 0, picture.row0 * pixel_mm);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.fillStyle = state.invert ? "#fff" : "#000";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(source, origin.px * ratio, origin.py * ratio, geometry.fov_mm * scale, picture.rows * pixel_mm * scale);
  };

  pane.burn = (geometry, state, words) => {
    for (const [line, text] of Object.entries(words)) setText(lines[line], text);
    const scale = viewScale(geometry, pane.box, state.view);
    const bar_mm = scaleBarMm(scale, pane.box.width);
    bar.style.width = `${(bar_mm * scale).toFixed(1)}px`;
    setText(barText, bar_mm >= 10 ? `${bar_mm / 10} cm` : `${bar_mm} mm`);
    setText(lines.zoom, `\u00d7${state.view.zoom.toFixed(1)}`);
    element.classList.toggle("ll-inverted", Boolean(state.invert));
  };
  return pane;
}
