// What keys, buttons and gestures do to the view. Linked panes move together.

const TOOL_WORDS = {
  scroll: "Scroll tool.", window: "Window tool: left and right change the width, up and down the level.",
  pan: "Pan tool: arrows move the picture.", ruler: "Ruler: arrows move the cross, Enter sets each end.",
  ellipse: "Ellipse: arrows move the cross, Enter sets centre and corner.", probe: "HU probe: arrows move the cross.",
};

function attachActions(self) {
  const { states, config, geometry } = self;
  const last = config.z_mm.length - 1;
  const group = (pane) => (self.linked ? self.panes.map((one) => one.name) : [pane]);

  self.paneOf = (name) => self.panes.find((pane) => pane.name === name);
  self.setActive = (name) => {
    if (self.active === name) return;
    self.active = name;
    self.paint();
  };
  self.setSlice = (pane, slice) => self.moveSlice(pane, slice - states[pane].slice);
  self.moveSlice = (pane, by) => {
    let moved = false;
    for (const name of group(pane)) {
      const slice = clamp(states[name].slice + by, 0, last);
      moved = moved || slice !== states[name].slice;
      states[name].slice = slice;
    }
    if (!moved) return;
    self.scrolled(Math.sign(by));
    self.paint();
    self.say(self.sliceSentence(pane));
  };
  // A window of the learner's own becomes the last preset, so that its key brings it back.
  self.setWindow = (pane, { window_hu, level_hu }, preset = self.presets.length - 1) => {
    self.presets[preset] = { ...self.presets[preset], window_hu, level_hu };
    for (const name of group(pane)) Object.assign(states[name], { window_hu, level_hu, preset });
    self.paint();
    self.reportPosition();
  };
  self.setView = (pane, view) => {
    for (const name of group(pane)) states[name].view = view;
    self.paint();
    self.reportPosition();
  };
  self.zoom = (pane, factor, point) => {
    const { box } = self.paneOf(pane);
    const at = point || { px: box.width / 2, py: box.height / 2 };
    self.setView(pane, zoomAt(geometry, box, states[pane].view, factor, at.px, at.py));
    self.say(`Zoom ${states[pane].view.zoom.toFixed(1)}.`);
  };
  self.setTool = (tool) => {
    self.tool = tool;
    self.draft = null;
    self.cursor = null;
    self.root.dataset.tool = tool;
    // Only the keyboard needs the cross; a mouse has its pointer.
    if (CURSOR_TOOLS.includes(tool) && self.paneOf(self.active).element.matches(":focus")) self.moveCursor(0, 0, false);
    self.say(TOOL_WORDS[tool]);
    self.paint();
  };
  self.setTruth = (on) => {
    self.truthOn = on;
    if (self.model.get("truth") !== on) {
      self.model.set("truth", on);
      self.model.save_changes();
    }
    self.paint();
  };
  self.truthShown = () => self.truthOn && Boolean(self.store.frame && self.store.frame.overlays);

  const acts = {
    slice: ({ by, to }) => (to ? self.setSlice(self.active, to === "first" ? 0 : last) : self.moveSlice(self.active, by)),
    window: ({ key, coarse }) => {
      self.setWindow(self.active, keyWindow(states[self.active], key, coarse));
      self.say(self.windowSentence(self.active));
    },
    pan: ({ dx, dy, coarse }) => {
      const step = coarse ? 60 : 15;
      self.setView(self.active, panBy(geometry, self.paneOf(self.active).box, states[self.active].view, -dx * step, -dy * step));
    },
    cursor: ({ dx, dy, coarse }) => self.moveCursor(dx, dy, coarse),
    place: () => self.placePoint(),
    preset: ({ index }) => {
      const preset = self.presets[index];
      if (!preset) return;
      self.setWindow(self.active, preset, index);
      self.say(`${preset.name}. ${self.windowSentence(self.active)}`);
    },
    zoom: ({ factor }) => self.zoom(self.active, factor),
    fit: () => {
      self.setView(self.active, fitView(geometry));
      self.say("Fitted.");
    },
    tool: ({ tool }) => self.setTool(tool),
    invert: () => {
      const invert = !states[self.active].invert;
      for (const name of group(self.active)) states[name].invert = invert;
      self.say(invert ? "Inverted." : "Not inverted.");
      self.paint();
    },
    link: () => {
      self.linked = !self.linked;
      if (self.linked) {
        const { slice, window_hu, level_hu, preset, invert, view } = states[self.active];
        for (const pane of self.panes) Object.assign(states[pane.name], { slice, window_hu, level_hu, preset, invert, view });
        self.scrolled(0);
      }
      self.say(self.linked ? "Panes linked." : "Panes not linked.");
      self.paint();
    },
    truth: () => {
      if (!self.store.frame || !self.store.frame.overlays || !config.truth_button) return self.say("No outlines to show.");
      self.setTruth(!self.truthOn);
      self.say(self.truthOn ? self.truthSentence() : "Outlines hidden.");
    },
    next: () => self.chooseNext(),
    delete: () => self.deleteItem(),
    undo: () => self.undo(),
    help: () => self.help.toggle(),
    escape: () => {
      if (self.draft) {
        self.draft = null;
        self.paint();
      } else if (self.tool !== "scroll") self.setTool("scroll");
      else self.paneOf(self.active).element.blur();
    },
  };
  self.act = (action) => acts[action.action](action);

  self.hover = (pane, point) => {
    self.probe = point;
    self.hovered = point ? pane : null;
    self.paint();
  };

  self.sliceSentence = (pane) => `Slice ${states[pane].slice + 1} of ${last + 1}, ${signed(config.z_mm[states[pane].slice])} millimetres.`;
  self.windowSentence = (pane) => `Window ${states[pane].window_hu}, level ${signed(states[pane].level_hu)}.`;
  self.truthSentence = () => {
    const parts = self.panes.map((pane) => {
      const names = visibleOutlines(self, pane.name).map((outline) => outline.label);
      return `${pane.name}: ${names.length === 0 ? "none on this slice" : names.join(", ")}`;
    });
    return `Outlines shown. ${parts.join("; ")}.`;
  };
}
