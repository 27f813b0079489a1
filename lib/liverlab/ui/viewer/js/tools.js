// Measurements the learner makes: items, draft, choice, undo; and what Python is told about them.

function attachTools(self) {
  Object.assign(self, { items: [], draft: null, chosen: null, cursor: null, past: [], nextId: 1 });
  let reportTimer = 0;
  let reported = null;

  self.pictureOf = (paneName, slice) => {
    const state = self.states[paneName];
    return self.store.best(paneName, state.visit, slice);
  };
  self.describe = (item) => {
    const state = self.states[item.pane];
    const about = { visit: state.visit, z_mm: self.config.z_mm[item.slice], version: self.store.frame ? self.store.frame.version : null };
    return describeItem(item, self.pictureOf(item.pane, item.slice), self.geometry, about);
  };

  const remember = () => {
    self.past.push(self.items.map((item) => ({ ...item })));
    if (self.past.length > 50) self.past.shift();
  };

  // Only finished numbers travel; while a picture is being replaced the ellipse waits for the next one.
  self.report = () => {
    clearTimeout(reportTimer);
    reportTimer = 0;
    const item = self.items.find((one) => one.id === reported);
    const value = item ? self.describe(item) : {};
    if (JSON.stringify(value) === JSON.stringify(self.model.get("measurement"))) return;
    self.model.set("measurement", value);
    self.model.save_changes();
  };
  self.reportSoon = () => {
    // Not pushed back by every prefetched picture that arrives.
    if (reported !== null && reportTimer === 0) reportTimer = setTimeout(self.report, 200);
  };

  self.startItem = (tool, pane, point) => {
    self.active = pane;
    self.draft = { id: `m${self.nextId}`, tool, pane, slice: self.states[pane].slice, a: point, b: point };
    self.paint();
  };
  self.stretchItem = (point) => {
    if (!self.draft) return;
    self.draft = { ...self.draft, b: point };
    self.paint();
  };
  self.finishItem = () => {
    const draft = self.draft;
    self.draft = null;
    if (draft && distanceMm(draft.a, draft.b) >= 1) {
      remember();
      self.nextId++;
      self.items.push(draft);
      self.choose(draft.id);
      self.report();
      self.say(itemSentence(self.describe(draft)));
    }
    self.paint();
  };
  self.choose = (id) => {
    self.chosen = id;
    reported = id;
    self.paint();
  };
  self.chooseNext = () => {
    if (self.items.length === 0) return self.say("No measurement yet.");
    const index = self.items.findIndex((item) => item.id === self.chosen);
    const item = self.items[(index + 1) % self.items.length];
    self.choose(item.id);
    self.setSlice(item.pane, item.slice);
    self.report();
    self.say(itemSentence(self.describe(item)));
  };
  self.grab = (pane, px, py, reach) => {
    const state = self.states[pane.name];
    const near = (item) =>
      handlesOf(item).find((handle) => {
        const at = toScreen(self.geometry, pane.box, state.view, handle.u, handle.v);
        return Math.hypot(at.px - px, at.py - py) <= reach;
      });
    for (const item of [...self.items].reverse()) {
      if (item.pane !== pane.name || item.slice !== state.slice) continue;
      const handle = near(item);
      if (handle) {
        remember();
        self.choose(item.id);
        return { id: item.id, part: handle.part };
      }
    }
    return null;
  };
  self.dragGrip = (grip, point) => {
    self.items = self.items.map((item) => (item.id === grip.id ? dragHandle(item, grip.part, point) : item));
    self.paint();
  };
  self.dropGrip = (grip) => {
    self.report();
    self.say(itemSentence(self.describe(self.items.find((item) => item.id === grip.id))));
  };
  self.deleteItem = () => {
    const item = self.items.find((one) => one.id === self.chosen) || self.items[self.items.length - 1];
    if (!item) return self.say("Nothing to delete.");
    remember();
    self.items = self.items.filter((one) => one !== item);
    self.choose(null);
    self.report();
    self.say(`${item.tool === "ruler" ? "Ruler" : "Ellipse"} deleted.`);
  };
  self.undo = () => {
    if (self.draft) {
      self.draft = null;
      return self.paint();
    }
    const before = self.past.pop();
    if (!before) return self.say("Nothing to undo.");
    self.items = before;
    self.choose(self.items.some((item) => item.id === self.chosen) ? self.chosen : (self.items.at(-1)?.id ?? null));
    self.report();
    self.say("Undone.");
  };

  // Keyboard cross: it also drives the HU probe.
  self.moveCursor = (dx, dy, coarse) => {
    const pane = self.paneOf(self.active);
    const state = self.states[pane.name];
    if (!self.cursor || self.cursor.pane !== pane.name) self.cursor = { pane: pane.name, u: state.view.u, v: state.view.v };
    const step = (coarse ? 10 : 1) / Math.sqrt(state.view.zoom);
    const [top, bottom] = self.geometry.crop.map((fraction) => fraction * self.geometry.fov_mm);
    self.cursor.u = clamp(self.cursor.u + dx * step, 0, self.geometry.fov_mm);
    self.cursor.v = clamp(self.cursor.v + dy * step, top, bottom);
    self.probe = { u: self.cursor.u, v: self.cursor.v };
    if (self.draft) self.stretchItem({ u: self.cursor.u, v: self.cursor.v });
    self.paint();
    if (dx || dy) self.say(self.probeSentence());
  };
  self.placePoint = () => {
    self.moveCursor(0, 0, false);
    const point = { u: self.cursor.u, v: self.cursor.v };
    if (self.tool === "probe") return self.say(self.probeSentence());
    if (self.draft) {
      self.stretchItem(point);
      self.finishItem();
    } else {
      self.startItem(self.tool, self.active, point);
      self.say(self.tool === "ruler" ? "First end set. Move and press Enter for the second." : "Centre set. Move and press Enter for the corner.");
    }
  };
  self.probeSentence = () => {
    if (!self.probe) return "";
    const parts = self.panes.map((pane) => {
      const picture = self.pictureOf(pane.name, self.states[pane.name].slice);
      const hu = picture ? huAt(picture, self.geometry.fov_mm, self.probe.u, self.probe.v) : null;
      return hu === null ? `${pane.name} no picture` : `${pane.name} ${signed(hu)} HU`;
    });
    const { x_mm, y_mm } = pictureToPatient(self.geometry, self.probe.u, self.probe.v);
    return `${parts.join(", ")} at ${Math.abs(x_mm).toFixed(0)} mm ${x_mm < 0 ? "right" : "left"}, ${Math.abs(y_mm).toFixed(0)} mm ${y_mm < 0 ? "anterior" : "posterior"}.`;
  };
}
