// One pane: the picture on a canvas, burnt-in text in its corners, an SVG layer for everything drawn over it.

const NOTICE = "SIMULATED \u2013 for teaching, not for clinical use";
const SIDES = ["left", "right", "top", "bottom"];

// A picture of any series in its grey or colours, one canvas pixel per stored pixel; kept until something changes.
function makePaint() {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  let [image, words, table, tableKey, shown] = [null, null, null, "", null];
  return (picture, look, series) => {
    const wanted = `${look.window_hu}/${look.level_hu}/${look.invert}/${series.name}`;
    if (wanted === tableKey && shown === picture) return canvas;
    if (wanted !== tableKey) table = paintTable(look, series);
    if (canvas.width !== picture.columns || canvas.height !== picture.rows || !image) {
      canvas.width = picture.columns;
      canvas.height = picture.rows;
      image = context.createImageData(picture.columns, picture.rows);
      words = new Uint32Array(image.data.buffer);
    }
    applyTable(picture.counts, table, words);
    context.putImageData(image, 0, 0);
    tableKey = wanted;
    shown = picture;
    return canvas;
  };
}

function makePane(name) {
  const canvas = make("canvas", { class: "ll-canvas", "aria-hidden": "true" });
  const layer = makeSvg("svg", { class: "ll-layer", "aria-hidden": "true" });
  const corner = {};
  for (const place of ["tl", "tr", "bl", "br"]) corner[place] = make("div", { class: `ll-corner ll-${place}` });
  const letters = SIDES.map((side) => make("div", { class: `ll-letter ll-letter-${side}` }));
  const lines = {
    label: make("div", { class: "ll-strong" }), phase: make("div"), probe: make("div", { class: "ll-probe" }),
    unit: make("div"), slice: make("div"), window: make("div", { class: "ll-window" }), zoom: make("div"),
  };
  const bar = make("div", { class: "ll-bar" });
  const barText = make("div", { class: "ll-bar-text" });
  const scale = { high: make("div"), ramp: make("div", { class: "ll-ramp" }), low: make("div") };
  const scaleBox = make("div", { class: "ll-scale", hidden: true }, ...Object.values(scale));
  corner.tl.append(lines.label, lines.phase);
  corner.tr.append(lines.probe);
  corner.bl.append(lines.unit, lines.slice, lines.window);
  corner.br.append(lines.zoom, barText, bar);
  const burnt = make("div", { class: "ll-burnt", "aria-hidden": "true" }, ...Object.values(corner), scaleBox, ...letters, make("div", { class: "ll-notice" }, NOTICE));
  const empty = make("div", { class: "ll-empty" }, "Waiting for the picture\u2026");
  const element = make("div", { class: "ll-pane", tabindex: "0", role: "application", "aria-roledescription": "image", "data-pane": name }, canvas, layer, burnt, empty);
  const pane = { name, element, canvas, layer, burnt, lines, box: { width: 0, height: 0, text_px: 11 }, picture: null };

  const context = canvas.getContext("2d", { alpha: false });
  const paints = [makePaint(), makePaint()];

  pane.resize = () => {
    const ratio = window.devicePixelRatio || 1;
    pane.box = { width: element.clientWidth, height: element.clientHeight, text_px: parseFloat(getComputedStyle(element).fontSize) };
    const [width, height] = [Math.round(pane.box.width * ratio), Math.round(pane.box.height * ratio)];
    if (width > 0 && (canvas.width !== width || canvas.height !== height)) {
      canvas.width = width;
      canvas.height = height;
      return true;
    }
    return false;
  };

  // Draws pictures one over the other, the lowest first; pictures of any matrix cover the same millimetres, so a sharper
  // one never jumps. sheets: [{ picture, look, series }]; ratio: canvas pixels per CSS pixel.
  pane.drawOn = (target, ratio, geometry, view, sheets) => {
    const scale = viewScale(geometry, pane.box, view) * ratio;
    target.imageSmoothingEnabled = true;
    target.imageSmoothingQuality = "high";
    target.fillStyle = sheets[0].look.invert && !sheets[0].series.colours ? "#fff" : "#000";
    target.fillRect(0, 0, pane.box.width * ratio + 1, pane.box.height * ratio + 1);
    sheets.forEach(({ picture, look, series }, i) => {
      const origin = toScreen(geometry, pane.box, view, picture.u0, picture.v0);
      const size = [picture.columns * picture.du * scale, picture.rows * picture.dv * scale];
      target.drawImage(paints[i](picture, look, series), origin.px * ratio, origin.py * ratio, ...size);
    });
  };
  pane.draw = (geometry, view, sheets) => {
    empty.hidden = sheets.length > 0;
    // What is shown is known even where nothing can be drawn yet: in a cell out of sight the pane has no size.
    if (sheets.length) pane.picture = sheets.at(-1).picture;
    if (canvas.width === 0 || pane.box.width === 0) return;
    if (sheets.length === 0) return void context.fillRect(0, 0, canvas.width, canvas.height);
    pane.drawOn(context, canvas.width / pane.box.width, geometry, view, sheets);
  };

  pane.burn = (geometry, view, look, series, words) => {
    for (const [line, text] of Object.entries(words)) setText(lines[line], text);
    const pixels = viewScale(geometry, pane.box, view);
    const bar_mm = scaleBarMm(pixels, pane.box.width);
    bar.style.width = `${(bar_mm * pixels).toFixed(1)}px`;
    setText(barText, bar_mm >= 10 ? `${bar_mm / 10} cm` : `${bar_mm} mm`);
    setText(lines.zoom, `\u00d7${view.zoom.toFixed(1)}`);
    letters.forEach((element, i) => setText(element, geometry.letters[i]));
    scaleBox.hidden = !series.colours;
    if (series.colours) {
      setText(scale.high, `${signed(look.level_hu + look.window_hu / 2, series.digits)} ${series.unit}`);
      setText(scale.low, signed(look.level_hu - look.window_hu / 2, series.digits));
      if (scale.ramp.dataset.series !== series.name) setAttributes(scale.ramp, { "data-series": series.name, style: `background: ${rampCss(series.colours)}` });
    }
    element.classList.toggle("ll-inverted", Boolean(look.invert) && !series.colours);
  };
  return pane;
}
