// One rendering of the viewer: builds the page elements, keeps what the learner sees (slice, window, zoom), paints.

function makeView(model, store, host) {
  const config = model.get("config");
  const geometry = { fov_mm: config.fov_mm, centre_mm: config.centre_mm, crop: config.crop };
  const life = new AbortController();
  const root = make("div", { class: "liverlab liverlab-viewer", role: "region", "aria-label": config.title, "data-tool": "scroll" });
  const status = makeStatus(life.signal);
  const panes = config.panes.map((name) => makePane(name));
  const first = config.presets[0];
  const states = {};
  for (const { name } of panes) {
    states[name] = { slice: model.get("position").slice ?? config.slice, window_hu: first.window_hu, level_hu: first.level_hu, preset: 0, invert: false, view: fitView(geometry), visit: 0 };
  }
  const self = {
    model, store, config, geometry, root, panes, states, presets: config.presets.map((preset) => ({ ...preset })), active: panes[panes.length - 1].name,
    tool: "scroll", linked: true, probe: null, hovered: null, truthOn: false, say: status.say,
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
  attachActions(self);
  attachTools(self);
  const toolbar = makeToolbar(self, life.signal);
  self.help = makeHelp(self, life.signal);
  const figures = makeFigures(self, life.signal);
  const text = make("p", { class: "ll-text" });
  self.showText = (words) => {
    setText(text, words);
    // Room once needed is kept, so that the page below does not jump while a slider moves.
    const height = text.scrollHeight;
    if (height > (self.textHeight || 0)) text.style.minHeight = `${(self.textHeight = height)}px`;
  };
  const stage = make("div", { class: "ll-stage" }, ...panes.map((pane) => pane.element), ...status.elements);
  root.style.setProperty("--ll-aspect", String(1 / (config.crop[1] - config.crop[0])));
  root.style.setProperty("--ll-max-width", `${config.max_width_px}px`);
  root.style.setProperty("--ll-figure-height", `${config.figure_height_px}px`);
  root.style.setProperty("--ll-text-lines", String(config.text_lines));
  root.classList.toggle("ll-single", panes.length === 1);
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

  function burntWords(pane, state, info, stale) {
    const z = config.z_mm[state.slice];
    const thickness = info.slice_mm ? ` \u00b7 ${info.slice_mm} mm` : "";
    let probe = "";
    if (self.probe && (self.linked || self.hovered === pane.name || (self.cursor && self.cursor.pane === pane.name)) && !stale) {
      const hu = pane.picture ? huAt(pane.picture, geometry.fov_mm, self.probe.u, self.probe.v) : null;
      if (hu !== null) probe = `${signed(hu)} HU`;
    }
    return {
      label: info.label || pane.name, phase: info.phase || "", probe,
      slice: `${state.slice + 1}/${config.z_mm.length} \u00b7 z ${signed(z)} mm${thickness}${stale ? " \u2026" : ""}`,
      window: `${windowText(state)}  ${self.presets[state.preset].name}`,
    };
  }

  function paintNow() {
    const frame = store.frame;
    if (!frame || life.signal.aborted) return;
    const started = performance.now();
    for (const pane of panes) {
      const state = states[pane.name];
      const held = store.best(pane.name, state.visit, state.slice);
      // Until the asked picture is here the last one stays: never a black flash.
      const picture = held || pane.picture;
      pane.draw(geometry, state, picture);
      const scrubbed = state.visit !== frame.panes[pane.name].visit;
      const info = scrubbed ? { ...frame.panes[pane.name], label: `Visit ${state.visit + 1}`, ...(frame.visits || [])[state.visit] } : frame.panes[pane.name];
      const words = burntWords(pane, state, info, !held);
      pane.burn(geometry, state, words);
      const spoken = `${pane.name}: ${words.label}, ${words.phase}, slice ${state.slice + 1} of ${config.z_mm.length}, ${words.window}, zoom ${state.view.zoom.toFixed(1)}`;
      setAttributes(pane.element, { "aria-label": spoken, "data-visit": state.visit, "data-slice": picture ? picture.slice : null, "data-matrix": picture ? picture.matrix : null });
      pane.element.classList.toggle("ll-active", pane.name === self.active && panes.length > 1);
      drawLayer(pane, self);
    }
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
  const stopListening = store.listen(self.guarded(self.onStore));
  const resizer = new ResizeObserver(self.guarded(() => {
    if (panes.map((pane) => pane.resize()).some(Boolean)) {
      for (const pane of panes) states[pane.name].view = clampView(geometry, pane.box, states[pane.name].view);
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
