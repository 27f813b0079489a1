// Measurements and notes the learner makes: items, draft, choice, undo; and what Python is told about them.

const ITEM_WORDS = { ruler: "Ruler", ellipse: "Ellipse", note: "Note" };

function attachTools(self) {
  Object.assign(self, { items: [], draft: null, chosen: null, cursor: null, past: [], nextId: 1 });
  let reportTimer = 0;
  let reported = null;

  self.describe = (item) => {
    const about = { visit: self.looks[item.series].visit, version: self.store.frame ? self.store.frame.version : null };
    const picture = item.tool === "ellipse" ? self.pictureOf(item.series, item.plane, item.slice) : null;
    return describeItem(item, picture, self.planes[item.plane], self.config.series[item.series], about);
  };
  const sentence = (item) => itemSentence(self.describe(item), self.config.series[item.series].digits);

  self.remember = () => {
    self.past.push(self.items.map((item) => ({ ...item })));
    if (self.past.length > 50) self.past.shift();
  };

  const tellPython = (trait, value) => {
    if (JSON.stringify(value) === JSON.stringify(self.model.get(trait))) return;
    self.model.set(trait, value);
    self.model.save_changes();
  };
  // Only finished numbers travel; while a picture is being replaced the ellipse waits for the next one.
  self.report = () => {
    clearTimeout(reportTimer);
    reportTimer = 0;
    const item = self.items.find((one) => one.id === reported && one.tool !== "note");
    tellPython("measurement", item ? self.describe(item) : {});
    tellPython("notes", self.items.filter((one) => one.tool === "note").map(noteRecord(self)));
  };
  self.reportSoon = () => {
    // Not pushed back by every prefetched picture that arrives.
    if (reported !== null && reportTimer === 0) reportTimer = setTimeout(self.report, 200);
  };

  self.startItem = (tool, pane, point) => {
    self.active = pane;
    self.pauseMotion();
    self.draft = { id: `m${self.nextId}`, tool, series: self.shown(pane), plane: self.states[pane].plane, slice: self.indexOf(pane), a: point, b: point };
    if (tool === "note") self.draft.text = "";
    self.paint();
  };
  self.stretchItem = (point) => {
    if (!self.draft || self.draft.typing) return;
    self.draft = { ...self.draft, b: point };
    self.paint();
  };
  self.finishItem = () => {
    const draft = self.draft;
    if (draft && draft.typing) return;
    self.draft = null;
    if (draft && draft.tool === "note") {
      // A click without a drag points at a place: the text stands beside it.
      if (distanceMm(draft.a, draft.b) < 4) draft.b = { u: draft.a.u + 14, v: draft.a.v - 14 };
      self.typeNote(draft, true);
    } else if (draft && distanceMm(draft.a, draft.b) >= 1) self.keepItem(draft);
    self.paint();
  };
  self.keepItem = (item) => {
    self.remember();
    self.nextId++;
    self.items.push(item);
    self.choose(item.id);
    self.report();
    self.say(sentence(item));
  };
  self.choose = (id) => {
    self.chosen = id;
    if (!self.items.some((item) => item.id === id && item.tool === "note")) reported = id;
    self.paint();
  };
  self.chooseNext = () => {
    if (self.items.length === 0) return self.say("No measurement or note yet.");
    const index = self.items.findIndex((item) => item.id === self.chosen);
    const item = self.items[(index + 1) % self.items.length];
    self.choose(item.id);
    self.goToItem(item);
    self.report();
    self.say(sentence(item));
  };
  self.goToItem = (item) => {
    const pane = self.panes.find(({ name }) => self.config.stacks[name].includes(item.series)).name;
    self.setActive(pane);
    self.states[pane].series = item.series;
    if (self.states[pane].plane !== item.plane) self.setPlane(pane, item.plane);
    self.setSlice(pane, item.slice);
  };
  self.itemsIn = (pane) => self.items.filter((item) =>
    item.series === self.shown(pane) && item.plane === self.states[pane].plane && item.slice === self.indexOf(pane));
  self.grab = (pane, px, py, reach) => {
    const near = (item) =>
      handlesOf(item).find((handle) => {
        const at = toScreen(self.geometryOf(pane.name), pane.box, self.viewOf(pane.name), handle.u, handle.v);
        return Math.hypot(at.px - px, at.py - py) <= reach;
      });
    for (const item of self.itemsIn(pane.name).reverse()) {
      const handle = near(item);
      if (handle) {
        self.choose(item.id);
        return { id: item.id, part: handle.part, moved: false };
      }
    }
    return null;
  };
  self.dragGrip = (grip, point) => {
    if (!grip.moved) self.remember();
    grip.moved = true;
    self.items = self.items.map((item) => (item.id === grip.id ? dragHandle(item, grip.part, point) : item));
    self.paint();
  };
  self.dropGrip = (grip) => {
    self.report();
    self.say(sentence(self.items.find((item) => item.id === grip.id)));
  };
  self.deleteItem = () => {
    const item = self.items.find((one) => one.id === self.chosen) || self.items[self.items.length - 1];
    if (!item) return self.say("Nothing to delete.");
    self.remember();
    self.items = self.items.filter((one) => one !== item);
    self.choose(null);
    self.report();
    self.say(`${ITEM_WORDS[item.tool]} deleted.`);
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

  // Keyboard cross: it also drives the probe.
  self.moveCursor = (dx, dy, coarse) => {
    const pane = self.active;
    const [geometry, view] = [self.geometryOf(pane), self.viewOf(pane)];
    if (!self.cursor || self.cursor.pane !== pane) self.cursor = { pane, u: view.u, v: view.v };
    const step = (coarse ? 10 : 1) / Math.sqrt(view.zoom);
    self.cursor.u = clamp(self.cursor.u + dx * step, geometry.left, geometry.right);
    self.cursor.v = clamp(self.cursor.v + dy * step, geometry.top, geometry.bottom);
    self.probe = { u: self.cursor.u, v: self.cursor.v };
    self.hovered = pane;
    if (self.draft) self.stretchItem({ u: self.cursor.u, v: self.cursor.v });
    self.paint();
    if (dx || dy) self.say(self.probeSentence());
  };
  self.placePoint = () => {
    self.moveCursor(0, 0, false);
    const point = { u: self.cursor.u, v: self.cursor.v };
    if (self.tool === "probe") {
      self.crossAt(self.active, point);
      return self.say(self.probeSentence());
    }
    if (self.draft) {
      self.stretchItem(point);
      self.finishItem();
    } else {
      self.startItem(self.tool, self.active, point);
      self.say({
        ruler: "First end set. Move and press Enter for the second.", ellipse: "Centre set. Move and press Enter for the corner.",
        note: "Tip set. Move and press Enter where the text should stand.",
      }[self.tool]);
    }
  };
  // The value under the probe in a pane, as text with its unit; null where there is none.
  self.probeText = (pane) => {
    const [picture, series] = [self.pictureOf(self.shown(pane), self.states[pane].plane, self.indexOf(pane)), self.seriesOf(pane)];
    const count = picture && self.probe ? countAt(picture, self.probe.u, self.probe.v) : null;
    return count === null ? null : `${signed(count * series.scale, series.digits)} ${series.unit}`;
  };
  self.probeSentence = () => {
    if (!self.probe) return "";
    const same = self.panes.filter(({ name }) => self.states[name].plane === self.states[self.active].plane);
    const parts = same.map(({ name }) => `${name} ${self.probeText(name) ?? "no picture"}`);
    const geometry = self.geometryOf(self.active);
    const { x_mm, y_mm } = planeToPatient(geometry, self.probe.u, self.probe.v, geometry.positions_mm[self.indexOf(self.active)]);
    return `${parts.join(", ")} at ${Math.abs(x_mm).toFixed(0)} mm ${x_mm < 0 ? "right" : "left"}, ${Math.abs(y_mm).toFixed(0)} mm ${y_mm < 0 ? "anterior" : "posterior"}.`;
  };
}
