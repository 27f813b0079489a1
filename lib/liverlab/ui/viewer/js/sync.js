// Between view and kernel: frames and pictures in; position, rest and wishes out; the visit cursor; prefetching.

const POSITION_AFTER_MS = 60;
const SCROLL_REST_MS = 150;

function attachSync(self, waiting) {
  const { store, model, states, looks, config } = self;
  const visitSeries = config.stacks[self.panes[self.panes.length - 1].name];
  let positionTimer = 0;
  let scrollTimer = 0;
  let pumpTimer = 0;
  let visitControl = null;
  let scrub = null;
  let reportedSlices = [];
  let said = "";
  let heading = 1;

  const wish = (series, slice, matrix) => ({ pane: series, visit: looks[series].visit, slice, matrix });
  const lacking = (one) => one.slice >= 0 && one.slice < config.z_mm.length && !store.best(one.pane, one.visit, one.slice);
  const axialPanes = () => self.panes.map(({ name }) => name).filter((name) => states[name].plane === "axial");
  const visible = (matrix) => axialPanes().flatMap((name) => self.needed(name).map((series) => wish(series, states[name].slice, matrix)));

  self.reportPosition = () => {
    clearTimeout(positionTimer);
    positionTimer = setTimeout(() => {
      const state = states[self.active];
      const look = self.lookOf(self.active);
      const now = performance.now();
      reportedSlices = [...reportedSlices.filter((one) => now - one.at < 2000), { slice: state.slice, at: now }];
      model.set("position", {
        slice: state.slice, pane: self.active, series: state.series, plane: state.plane, window_hu: look.window_hu, level_hu: look.level_hu,
        zoom: Math.round(self.viewOf(self.active).zoom * 100) / 100, linked: self.linked,
      });
      model.save_changes();
    }, POSITION_AFTER_MS);
  };

  // The learner scrolled: ask for what is not held, sharpen and look ahead when the hand rests.
  self.scrolled = (direction) => {
    if (!store.frame) return;
    heading = direction || heading;
    // Cine fetches for itself, and neither the kernel nor a sharper picture is needed before it stops.
    if (self.cine.on) return;
    store.want(visible(config.drag_matrix).filter(lacking), false);
    self.reportPosition();
    pumpSoon(30);
    clearTimeout(scrollTimer);
    scrollTimer = setTimeout(() => store.want(visible(config.rest_matrix), false), SCROLL_REST_MS);
  };

  const pumpSoon = (wait_ms = 40) => {
    clearTimeout(pumpTimer);
    pumpTimer = setTimeout(pump, wait_ms);
  };
  // What the browser would like to have before it is asked for: one slice or visit at a time, and only while nobody
  // waits for the kernel. A slice that is new to the kernel may cost it 200 ms; then the pause grows with the cost, so
  // that a slider is never kept waiting behind a queue of guesses.
  function pump() {
    if (!store.frame || waiting.busy || document.hidden || self.cine.on) return;
    // The kernel owes the page its curves first.
    if (store.wanted.size > 0 || self.drawing) return pumpSoon(50);
    const pause = store.answerMs > 60 ? store.answerMs : 0;
    const since = performance.now() - store.arrivedAny;
    if (since < pause) return pumpSoon(pause - since);
    const names = axialPanes();
    // The other series of a pane, so that they turn in one frame.
    const others = names.flatMap((name) => config.stacks[name].map((series) => wish(series, states[name].slice, config.drag_matrix))).filter(lacking);
    if (others.length > 0 && !store.exhausted) return void store.want(others.slice(0, 2), true);
    const last = self.panes.at(-1).name;
    const shown = states[last].series;
    const visits = (store.frame.visits || []).map((_, visit) => ({ ...wish(shown, states[last].slice, config.drag_matrix), visit })).filter(lacking)
      .sort((a, b) => Math.abs(a.visit - looks[shown].visit) - Math.abs(b.visit - looks[shown].visit));
    // Somebody whose pointer or focus is on a pane is about to scroll: that is asked for, not guessed.
    const eager = self.panes.some((pane) => pane.element.matches(":hover, :focus"));
    if (visits.length > 0 && names.includes(last) && !store.exhausted) return void store.want(visits.slice(0, 2), true);
    const here = states[self.active].slice;
    for (const away of eager ? [1, 2, 3, -1, 4, 5, -2, 6, -3] : [1, -1]) {
      const ahead = names.flatMap((name) => self.needed(name).map((series) => wish(series, here + away * heading, config.drag_matrix))).filter(lacking);
      if (ahead.length > 0) return void store.want(ahead, !eager);
    }
  }
  self.expectScroll = () => pumpSoon(150);

  function onFrame({ frame, before }) {
    waiting.stop();
    self.root.dataset.version = String(frame.version);
    const ahead = (visit) => scrub !== null && scrub !== visit && visitControl && (visitControl._pending_msgs ?? 0) > 0;
    for (const [series, { visit }] of Object.entries(frame.panes)) {
      if (!(visitSeries.includes(series) && ahead(visit))) looks[series].visit = visit;
    }
    if (!ahead(frame.panes[visitSeries[0]].visit)) scrub = null;
    self.pauseVolume();
    // A slice the kernel chose itself is followed; an echo of where the learner has been is not.
    const echo = reportedSlices.some((one) => one.slice === frame.slice);
    // (At the first frame `position.pane` tells whether a learner has been here: then a reload keeps the place.)
    const chosen = before === null ? model.get("position").pane === undefined : frame.slice !== before.slice && !echo;
    if (chosen) for (const pane of self.panes) states[pane.name].slice = frame.slice;
    if (frame.truth !== undefined && frame.truth !== (before ? before.truth : undefined)) self.truthOn = Boolean(frame.truth);
    store.want(visible(config.drag_matrix).filter(lacking), false);
    if (!frame.later.includes("text")) self.showText(frame.text || "");
    self.paint();
    store.restSoon();
  }

  function onRest() {
    if (waiting.busy) return store.restSoon();
    store.sendRest(visible(config.rest_matrix).filter((one) => !store.holds(one)));
    // What the learner asked for before the patient changed: the volume of a reformat, the slices of cine.
    if (self.reformatted() || self.cine.on) self.fillVolume();
    const text = store.frame.text || "";
    if (text !== said) {
      said = text;
      self.tell(text);
    }
    self.reportSoon();
    pumpSoon(200);
  }

  self.onStore = (what, detail) => {
    if (what === "frame") onFrame(detail);
    else if (what === "rest") onRest();
    else if (what === "pictures") {
      self.paint();
      self.reportSoon();
      self.moreVolume();
      pumpSoon();
    } else if (what === "goto") {
      reportedSlices = [];
      for (const pane of self.panes) states[pane.name].slice = clamp(detail.slice, 0, config.z_mm.length - 1);
      self.scrolled(0);
      self.paint();
    } else if (what === "later") {
      self.showText(store.frame.text || "");
      self.drawCurves(store.frame);
    } else if (what === "ack") waiting.stop();
    else if (what === "error") {
      self.pauseVolume();
      self.fail(detail.text);
    }
  };

  // The visit cursor is the page's own slider: its held pictures are painted before the kernel has heard of it.
  function onVisit() {
    if (!changedHere(visitControl) || !store.frame) return;
    const value = Math.round(Number(visitControl.get("index") ?? visitControl.get("value")));
    if (!Number.isFinite(value)) return;
    scrub = value;
    const last = self.panes.at(-1).name;
    if (!store.best(states[last].series, value, states[last].slice)) return;
    for (const series of visitSeries) looks[series].visit = value;
    self.paint();
  }

  const watched = [];
  const listen = (control, events, handler) => {
    control.on(events, handler);
    watched.push([control, events, handler]);
  };
  async function watchControls() {
    const begin = (control) => () => {
      if (!changedHere(control)) return;
      store.restLater();
      waiting.begin();
    };
    const references = [...(model.get("controls") || []), model.get("visit_control")];
    for (const [i, reference] of references.entries()) {
      const control = await resolveModel(model, reference);
      if (!control) continue;
      waiting.watch(control);
      listen(control, "change:value change:index", begin(control));
      if (i === references.length - 1) {
        visitControl = control;
        listen(control, "change:value change:index", self.guarded(onVisit));
      }
    }
  }
  const unwatch = () => watched.splice(0).forEach(([control, events, handler]) => control.off(events, handler));
  const rewatch = () => {
    unwatch();
    watchControls().catch((error) => self.fail(error.message));
  };
  const onTruth = () => {
    self.truthOn = Boolean(model.get("truth"));
    self.paint();
  };
  model.on("change:controls", rewatch);
  model.on("change:visit_control", rewatch);
  model.on("change:truth", onTruth);
  self.truthOn = Boolean(model.get("truth"));
  rewatch();
  return () => {
    [positionTimer, scrollTimer, pumpTimer].forEach(clearTimeout);
    waiting.stop();
    unwatch();
    model.off("change:controls", rewatch);
    model.off("change:visit_control", rewatch);
    model.off("change:truth", onTruth);
  };
}
