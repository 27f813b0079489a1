// One rendering of the viewer: builds the page elements, keeps what the learner sees (slice, window, zoom), paints.

function makeView(model, store, host) {
  const given = model.get("config");
  const config = { ...given, series: Object.fromEntries(Object.entries(given.series).map(([name, series]) => [name, { ...series, name }])) };
  const planes = makePlanes(config);
  const life = new AbortController();
  const root = make("div", { class: "liverlab liverlab-viewer", role: "region", "aria-label": config.title, "data-tool": "scroll" });
  const status = makeStatus(life.signal);
  const panes = config.panes.map((name) => makePane(name));
  // What a pane shows and where; how a series looks; where the reformats lie, shared by all panes.
  const states = {};
  for (const { name } of panes) {
    const views = Object.fromEntries(PLANE_NAMES.map((plane) => [plane, fitView(planes[plane])]));
    states[name] = { series: config.stacks[name][0], plane: "axial", slice: model.get("position").slice ?? config.slice, views };
  }
  const looks = {};
  for (const [name, { presets }] of Object.entries(config.series)) {
    const { window_hu, level_hu } = presets[0];
    looks[name] = { window_hu, level_hu, preset: 0, invert: false, visit: 0, presets: presets.map((preset) => ({ ...preset })) };
  }
  const middle = (plane) => Math.floor(planes[plane].positions_mm.length / 2);
  const self = {
    model, store, config, planes, root, panes, states, looks, at: { coronal: middle("coronal"), sagittal: middle("sagittal") }, active: panes[panes.length - 1].name,
    tool: "scroll", linked: true, probe: null, hovered: null, truthOn: false, marksOn: false, say: status.say, tell: status.tell,
  };
  self.fail = (text) => status.fail(`The viewer met an error: ${text}`);
  self.guarded = (action) => (...given) => {
    try {
      return action(...given);
    } catch (error) {
      self.fail(error && error.message ? error.message : String(error));
      console.error(error);
    }
  };

  const waiting = makeWaiting(status);
  attachContent(self);
  attachActions(self);
  attachTools(self);
  attachMotion(self, life.signal);
  attachVolume(self, waiting);
  attachFullscreen(self, life.signal);
  attachExport(self);
  const toolbar = makeToolbar(self, life.signal);
  self.help = makeHelp(self, life.signal);
  const figures = makeFigures(self, life.signal);
  const text = make("p", { class: "ll-text", id: `ll-text-${Math.random().toString(36).slice(2)}` });
  panes.forEach((pane) => pane.element.setAttribute("aria-describedby", text.id));
  self.showText = (words) => {
    setText(text, words);
    // Room once needed is kept, so that the page below does not jump while a slider moves.
    const { height } = text.getBoundingClientRect(); // not scrollHeight: whole pixels would let it jump by a part of one
    if (height > (self.textHeight || 0)) text.style.minHeight = `${(self.textHeight = height)}px`;
  };
  const stage = make("div", { class: "ll-stage" }, ...panes.map((pane) => pane.element), self.strip, self.volumeLine, ...status.elements);
  root.style.setProperty("--ll-aspect", String(1 / (config.crop[1] - config.crop[0])));
  root.style.setProperty("--ll-max-width", `${config.max_width_px}px`);
  root.style.setProperty("--ll-figure-height", `calc(${config.figure_height_px} * var(--lp-px))`);
  root.style.setProperty("--ll-text-lines", String(config.text_lines));
  const columns = { 4: 2 }[panes.length] ?? panes.length;
  root.style.setProperty("--ll-columns", String(columns));
  root.style.setProperty("--ll-rows", String(panes.length / columns));
  const frameBox = make("div", { class: "ll-frame" }, toolbar.element, stage, figures.element, text, self.help.element);
  root.append(frameBox);
  host.append(root);

  let scheduled = false;
  self.paint = () => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(self.guarded(() => {
      scheduled = false;
      paintNow();
    }));
  };

  function burntWords(pane, info, stale) {
    const { name } = pane;
    const [state, look, series, geometry, index] = [states[name], self.lookOf(name), self.seriesOf(name), self.geometryOf(name), self.indexOf(name)];
    const thickness = info.slice_mm && state.plane === "axial" ? ` \u00b7 ${info.slice_mm} mm` : "";
    const where = state.plane === "axial" ? `${index + 1}/${config.z_mm.length}` : state.plane;
    const probed = self.probe && !stale && states[self.hovered]?.plane === state.plane && (self.linked || self.hovered === name);
    const several = config.stacks[name].length > 1 || (self.flicker && self.flicker.pane === name);
    return {
      label: `${several ? `${series.name}: ` : ""}${info.label || series.name}`, phase: info.phase || "", probe: (probed && self.probeText(name)) || "",
      slice: `${where} \u00b7 ${depthText(geometry, index)}${thickness}${stale ? " \u2026" : ""}`,
      window: `${windowText(look, series.digits)}  ${look.presets[look.preset].name}`, unit: series.unit === "HU" ? "" : series.unit,
    };
  }

  function paintPane(pane, frame) {
    const { name } = pane;
    const [state, look, series, geometry, view] = [states[name], self.lookOf(name), self.seriesOf(name), self.geometryOf(name), self.viewOf(name)];
    const sheets = self.sheetsOf(name).filter((sheet) => sheet.picture);
    const held = sheets.length > 0 && sheets.at(-1).series === series;
    if (held) pane.sheets = sheets;
    // Until the asked picture is here the last one of this series and plane stays: never a black flash.
    const kept = pane.sheets && pane.sheets.at(-1).series === series && pane.sheets.at(-1).picture.plane === state.plane;
    if (!kept) pane.sheets = null;
    pane.draw(geometry, view, (pane.sheets || []).map((sheet) => ({ ...sheet, look: looks[sheet.series.name] })));
    const scrubbed = look.visit !== frame.panes[series.name].visit;
    const info = scrubbed ? { ...frame.panes[series.name], label: `Visit ${look.visit + 1}`, ...(frame.visits || [])[look.visit] } : frame.panes[series.name];
    const words = burntWords(pane, info, !held || pane.picture.whole === false);
    pane.burn(geometry, view, look, series, words);
    const place = state.plane === "axial" ? `slice ${state.slice + 1} of ${config.z_mm.length}` : `${state.plane} plane, ${depthWords(geometry, self.indexOf(name))}`;
    setAttributes(pane.element, {
      "aria-label": `${name}: ${words.label}, ${words.phase}, ${place}, ${words.window} ${words.unit}, zoom ${view.zoom.toFixed(1)}`,
      "data-visit": look.visit, "data-series": series.name, "data-plane": state.plane, "data-slice": pane.sheets && pane.picture.slice, "data-matrix": pane.sheets && pane.picture.matrix,
    });
    pane.element.classList.toggle("ll-active", name === self.active && panes.length > 1);
    drawLayer(pane, self);
  }

  function paintNow() {
    const frame = store.frame;
    if (!frame || life.signal.aborted) return;
    const started = performance.now();
    for (const pane of panes) paintPane(pane, frame);
    root.classList.toggle("ll-flickering", Boolean(self.flicker));
    toolbar.refresh();
    const ms = performance.now() - started;
    root.dataset.paintMs = ms.toFixed(2);
    afterFrame(() => root.dispatchEvent(new CustomEvent("liverlab-drawn", { bubbles: true, detail: { ms } })));
    if (frame.number !== self.paintedNumber) {
      self.paintedNumber = frame.number;
      afterFrame(() => announce(frame, ms));
    }
  }

  function announce(frame, ms) {
    root.dataset.painted = String(frame.version);
    root.dispatchEvent(new CustomEvent("liverlab-painted", { bubbles: true, detail: { version: frame.version, ms } }));
    frame.pictured = true;
    self.drawCurves(frame);
  }

  // Curves wait for the picture of their frame, and for the kernel if it sends them later.
  self.drawCurves = (frame) => {
    if (frame !== store.frame || !frame.pictured || frame.later.length > 0) return;
    self.drawing = true;
    figures.afterPicture().finally(() => (self.drawing = false)).then(() => {
      if (frame !== store.frame || life.signal.aborted) return;
      afterPaint(() => {
        root.dataset.settled = String(frame.version);
        root.dispatchEvent(new CustomEvent("liverlab-settled", { bubbles: true, detail: { version: frame.version, ms: performance.now() - store.arrived } }));
      });
    }).catch((error) => self.fail(error.message));
  };

  const closeSync = attachSync(self, waiting);
  attachInput(self, life.signal);
  attachNotes(self, life.signal);
  const stopListening = store.listen(self.guarded(self.onStore));
  const resizer = new ResizeObserver(self.guarded(() => {
    if (panes.map((pane) => pane.resize()).some(Boolean)) {
      text.style.minHeight = ""; // other lines than before
      self.textHeight = 0;
      for (const pane of panes.filter(({ box }) => box.width > 0)) {
        const { views } = states[pane.name];
        for (const plane of PLANE_NAMES) views[plane] = clampView(planes[plane], pane.box, views[plane]);
      }
      self.paint();
    }
  }));
  panes.forEach((pane) => resizer.observe(pane.element));
  keepSlidersNamed();
  if (store.frame) self.guarded(self.onStore)("frame", { frame: store.frame, before: null });
  return () => {
    life.abort();
    stopListening();
    closeSync();
    resizer.disconnect();
    figures.close();
    root.remove();
  };
}
