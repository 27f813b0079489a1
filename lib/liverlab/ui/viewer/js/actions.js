// What keys, buttons and gestures do to the view. Linked panes move together.

const TOOL_WORDS = {
  scroll: "Scroll tool.", window: "Window tool: left and right change the width, up and down the level.",
  pan: "Pan tool: arrows move the picture.", ruler: "Ruler: arrows move the cross, Enter sets each end.",
  ellipse: "Ellipse: arrows move the cross, Enter sets centre and corner.", probe: "Probe: arrows move the cross.",
  note: "Note: arrows move the cross, Enter sets the arrow's tip, then the place of its text.",
};

function attachActions(self) {
  const { states, looks, config, planes } = self;
  const group = (pane) => (self.linked ? self.panes.map((one) => one.name) : [pane]);
  self.group = group;

  self.paneOf = (name) => self.panes.find((pane) => pane.name === name);
  self.setActive = (name) => {
    if (self.active === name) return;
    self.active = name;
    self.paint();
  };
  self.setSlice = (pane, index) => self.moveSlice(pane, index - self.indexOf(pane));
  // `by` index steps of the pane's plane; the places of the reformats are shared by all panes.
  self.moveSlice = (pane, by) => {
    const { plane } = states[pane];
    const last = planes[plane].positions_mm.length - 1;
    let moved = false;
    if (plane === "axial") {
      for (const name of group(pane)) {
        const slice = clamp(states[name].slice + by, 0, last);
        moved = moved || slice !== states[name].slice;
        states[name].slice = slice;
      }
    } else {
      const index = clamp(self.at[plane] + by, 0, last);
      moved = index !== self.at[plane];
      self.at[plane] = index;
    }
    if (!moved) return;
    self.scrolled(Math.sign(by));
    self.paint();
    if (!self.cine.on) self.say(self.sliceSentence(pane));
  };
  // A window of the learner's own becomes the last preset, so that its key brings it back.
  self.setWindow = (pane, { window_hu, level_hu }, preset = self.seriesOf(pane).presets.length - 1) => {
    for (const name of self.kin(pane)) {
      looks[name].presets[preset] = { ...looks[name].presets[preset], window_hu, level_hu };
      Object.assign(looks[name], { window_hu, level_hu, preset });
    }
    self.paint();
    self.reportPosition();
  };
  self.setView = (pane, view) => {
    for (const name of group(pane)) states[name].views[states[pane].plane] = view;
    self.paint();
    self.reportPosition();
  };
  self.zoom = (pane, factor, point) => {
    const { box } = self.paneOf(pane);
    const at = point || { px: box.width / 2, py: box.height / 2 };
    self.setView(pane, zoomAt(self.geometryOf(pane), box, self.viewOf(pane), factor, at.px, at.py));
    self.say(`Zoom ${self.viewOf(pane).zoom.toFixed(1)}.`);
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

  // Another plane through the place that was clicked last.
  self.setPlane = (pane, plane) => {
    if (config.z_mm.length < 3) return self.say("One slice has no other planes.");
    for (const name of group(pane)) states[name].plane = plane;
    self.cursor = self.draft = self.probe = null;
    self.paint();
    self.fillVolume();
    self.scrolled(0);
    self.say(`${plane[0].toUpperCase()}${plane.slice(1)} plane. ${self.sliceSentence(pane)}`);
  };
  // The crossing of the planes moves to a point of a pane; axial panes follow to its slice.
  self.crossAt = (pane, { u, v }) => {
    const geometry = self.geometryOf(pane);
    const place = planeToPatient(geometry, u, v, geometry.positions_mm[self.indexOf(pane)]);
    for (const plane of ["coronal", "sagittal"]) self.at[plane] = nearestIndex(planes[plane].positions_mm, place[`${planes[plane].depth}_mm`]);
    if (geometry.plane !== "axial") {
      const slice = nearestIndex(config.z_mm, place.z_mm);
      for (const { name } of self.panes) states[name].slice = slice;
      self.scrolled(0);
    }
    self.paint();
  };
  // Another series of the same pane; linked panes that hold as many turn with it.
  self.turnStack = (by) => {
    const own = config.stacks[self.active];
    if (own.length < 2) return self.say("This pane holds one series.");
    const turned = (own.indexOf(states[self.active].series) + by + own.length) % own.length;
    for (const name of group(self.active)) {
      if (config.stacks[name].length === own.length) states[name].series = config.stacks[name][turned];
    }
    self.stopFlicker();
    self.scrolled(0);
    self.paint();
    self.say(`${own[turned]}. ${self.windowSentence(self.active)}`);
  };

  const acts = {
    slice: ({ up, to }) => {
      self.stopCine();
      const geometry = self.geometryOf(self.active);
      if (to) self.setSlice(self.active, to === "first" ? 0 : geometry.positions_mm.length - 1);
      else self.moveSlice(self.active, up * geometry.up);
    },
    window: ({ key, coarse }) => {
      self.setWindow(self.active, keyWindow(self.lookOf(self.active), key, coarse, self.seriesOf(self.active)));
      self.say(self.windowSentence(self.active));
    },
    pan: ({ dx, dy, coarse }) => {
      const step = coarse ? 60 : 15;
      const pane = self.paneOf(self.active);
      self.setView(pane.name, panBy(self.geometryOf(pane.name), pane.box, self.viewOf(pane.name), -dx * step, -dy * step));
    },
    cursor: ({ dx, dy, coarse }) => self.moveCursor(dx, dy, coarse),
    place: () => (CURSOR_TOOLS.includes(self.tool) ? self.placePoint() : self.editNote()),
    preset: ({ index }) => {
      const preset = self.lookOf(self.active).presets[index];
      if (!preset) return;
      self.setWindow(self.active, preset, index);
      self.say(`${preset.name}. ${self.windowSentence(self.active)}`);
    },
    zoom: ({ factor }) => self.zoom(self.active, factor),
    fit: () => {
      self.setView(self.active, fitView(self.geometryOf(self.active)));
      self.say("Fitted.");
    },
    tool: ({ tool }) => self.setTool(tool),
    invert: () => {
      const invert = !self.lookOf(self.active).invert;
      for (const name of self.kin(self.active)) looks[name].invert = invert;
      self.say(invert ? "Inverted." : "Not inverted.");
      self.paint();
    },
    link: () => {
      self.linked = !self.linked;
      if (self.linked) {
        const { slice, plane, views } = states[self.active];
        for (const { name } of self.panes) Object.assign(states[name], { slice, plane, views: { ...views } });
        const { window_hu, level_hu, preset, invert } = self.lookOf(self.active);
        for (const name of self.kin(self.active)) Object.assign(looks[name], { window_hu, level_hu, preset, invert });
        self.scrolled(0);
        self.fillVolume();
      }
      self.say(self.linked ? "Panes linked." : "Panes not linked.");
      self.paint();
    },
    truth: () => {
      if (!self.store.frame || !self.store.frame.overlays || !config.truth_button) return self.say("No outlines to show.");
      self.setTruth(!self.truthOn);
      self.say(self.truthOn ? self.truthSentence("overlays") : "Outlines hidden.");
    },
    marks: () => {
      if (!config.marks_button) return self.say("No lesion marks on this page.");
      self.marksOn = !self.marksOn;
      self.say(self.marksOn ? self.truthSentence("marks") : "Lesion marks hidden.");
      self.paint();
    },
    plane: ({ plane }) => self.setPlane(self.active, plane || PLANE_NAMES[(PLANE_NAMES.indexOf(states[self.active].plane) + 1) % 3]),
    stack: ({ by }) => self.turnStack(by),
    cine: () => self.toggleCine(),
    flicker: () => self.toggleFlicker(),
    swap: () => self.swap(),
    speed: ({ by }) => self.changeSpeed(by),
    next: () => self.chooseNext(),
    delete: () => self.deleteItem(),
    undo: () => self.undo(),
    full: () => self.toggleFull(),
    save: () => self.savePicture(),
    help: () => self.help.toggle(),
    escape: () => {
      if (self.draft) {
        self.draft = null;
        self.paint();
      } else if (self.cine.on || self.flicker) {
        self.stopCine();
        self.stopFlicker();
      } else if (self.tool !== "scroll") self.setTool("scroll");
      else if (self.full) self.toggleFull();
      else self.paneOf(self.active).element.blur();
    },
  };
  self.act = (action) => acts[action.action](action);

  self.hover = (pane, point) => {
    self.probe = point;
    self.hovered = point ? pane : null;
    self.paint();
  };

  self.sliceSentence = (pane) => {
    const geometry = self.geometryOf(pane);
    const index = self.indexOf(pane);
    if (geometry.plane !== "axial") return `${depthWords(geometry, index)}.`;
    return `Slice ${index + 1} of ${config.z_mm.length}, ${signed(config.z_mm[index])} millimetres.`;
  };
  self.windowSentence = (pane) => {
    const [look, { digits, unit }] = [self.lookOf(pane), self.seriesOf(pane)];
    return `Window ${look.window_hu.toFixed(digits)}, level ${signed(look.level_hu, digits)}${unit === "HU" ? "" : ` ${unit}`}.`;
  };
  self.truthSentence = (layer) => {
    const parts = self.panes.map((pane) => {
      const names = visibleOutlines(self, pane.name, layer).map((outline) => outline.label);
      return `${pane.name}: ${names.length === 0 ? "none on this slice" : names.join(", ")}`;
    });
    return `${layer === "marks" ? "Lesion marks" : "Outlines"} shown. ${parts.join("; ")}.`;
  };
}
