// One rendering of the viewer: builds the page elements, keeps what the learner sees (slice, window, zoom), paints.

function makeView(model, store, element) {
  const config = model.get("config");
  const geometry = { fov_mm: config.fov_mm, centre_mm: config.centre_mm, crop: config.crop };
  const root = make("div", { class: "liverlab liverlab-viewer", role: "region", "aria-label": config.title, "data-lm-suppress-shortcuts": "true" });
  const panes = config.panes.map((name, i) => makePane(name, i));
  const stage = make("div", { class: "ll-stage" }, ...panes.map((pane) => pane.element));
  root.style.setProperty("--ll-aspect", String(1 / (config.crop[1] - config.crop[0])));
  root.style.setProperty("--ll-max-width", `${config.max_width_px}px`);
  root.append(stage);
  element.append(root);

  const first = config.presets[0];
  const states = {};
  for (const pane of panes) {
    states[pane.name] = { slice: config.slice, window_hu: first.window_hu, level_hu: first.level_hu, preset: 0, invert: false, view: fitView(geometry), visit: 0 };
  }
  const self = { model, store, config, geometry, root, stage, panes, states, active: panes[panes.length - 1].name, tool: "scroll", linked: true };

  const visitOf = (pane) => states[pane].visit;
  let scheduled = false;

  self.paint = () => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      paintNow();
    });
  };

  function paintNow() {
    const frame = store.frame;
    if (!frame) return;
    const started = performance.now();
    for (const pane of panes) {
      const state = states[pane.name];
      const picture = store.best(pane.name, visitOf(pane.name), state.slice) || pane.picture;
      pane.draw(geometry, state, picture);
      pane.burn(geometry, state, { label: frame.panes[pane.name].label, window: windowText(state) });
    }
    const ms = performance.now() - started;
    if (frame.version !== self.paintedVersion) {
      self.paintedVersion = frame.version;
      afterPaint(() => {
        root.dataset.painted = String(frame.version);
        root.dispatchEvent(new CustomEvent("liverlab-painted", { bubbles: true, detail: { version: frame.version, ms } }));
      });
    }
  }

  function onStore(what, detail) {
    if (what === "frame") {
      root.dataset.version = String(detail.frame.version);
      for (const pane of panes) states[pane.name].visit = detail.frame.panes[pane.name].visit;
      self.paint();
      store.restSoon();
    } else if (what === "rest") store.sendRest();
    else if (what === "pictures") self.paint();
  }

  const stopListening = store.listen(onStore);
  const observer = new ResizeObserver(() => {
    if (panes.map((pane) => pane.resize()).some(Boolean)) self.paint();
  });
  panes.forEach((pane) => observer.observe(pane.element));
  if (store.frame) onStore("frame", { frame: store.frame, before: null });
  return () => {
    stopListening();
    observer.disconnect();
  };
}
