// What each pane shows: which series, in which plane, where; and the picture that goes with it.

function attachContent(self) {
  const { store, config, states, looks, planes } = self;
  const reformats = new Map(); // one picture per series and plane

  // The series of a pane; in flicker mode two take turns.
  self.shown = (pane) => (self.flicker && self.flicker.pane === pane ? self.flicker.series[self.flicker.turn] : states[pane].series);
  self.lookOf = (pane) => looks[self.shown(pane)];
  self.seriesOf = (pane) => config.series[self.shown(pane)];
  self.geometryOf = (pane) => planes[states[pane].plane];
  self.viewOf = (pane) => states[pane].views[states[pane].plane];
  self.indexOf = (pane) => (states[pane].plane === "axial" ? states[pane].slice : self.at[states[pane].plane]);

  // Every series a pane needs to be painted: both that flicker, and what lies under a fused one.
  self.needed = (pane) => {
    const own = self.flicker && self.flicker.pane === pane ? self.flicker.series : [states[pane].series];
    return [...new Set(own.flatMap((name) => [config.series[name].over, name]).filter(Boolean))];
  };

  self.pictureOf = (series, plane, index) => {
    const { visit } = looks[series];
    if (plane === "axial") return store.best(series, visit, index);
    const key = `${store.stamps[series]}/${visit}/${index}`;
    const kept = reformats.get(`${series}/${plane}`);
    if (kept && kept.key === key) return kept.picture;
    const slices = store.slices(series, visit);
    const enough = enoughSlices(slices);
    // Until the new volume is good enough the old picture stays, marked as such.
    const picture = enough ? { ...reformat(slices, config.z_mm, planes[plane], index), whole: slices.every(Boolean) } : null;
    if (picture) reformats.set(`${series}/${plane}`, { key, picture });
    return picture;
  };

  // [{ picture, look, series }] from the bottom up, or [] while the topmost is missing.
  self.sheetsOf = (pane) => {
    const top = self.shown(pane);
    const { plane } = states[pane];
    return [config.series[top].over, top].filter(Boolean).map((name) => (
      { picture: self.pictureOf(name, plane, self.indexOf(pane)), look: looks[name], series: config.series[name] }
    ));
  };

  // Series whose window moves together with this one: when linked, all of the same unit and presets.
  self.kin = (pane) => {
    const own = self.shown(pane);
    if (!self.linked) return [own];
    const kind = (name) => JSON.stringify([config.series[name].unit, config.series[name].presets.map((preset) => preset.name)]);
    return Object.keys(looks).filter((name) => kind(name) === kind(own));
  };

  // Where the planes cross, in the patient: the axial slice of a pane, and the shared places of the reformats.
  self.crossing = (pane) => ({
    x_mm: planes.sagittal.positions_mm[self.at.sagittal], y_mm: planes.coronal.positions_mm[self.at.coronal], z_mm: config.z_mm[states[pane].slice],
  });
  self.reformatted = () => self.panes.some(({ name }) => states[name].plane !== "axial");
}
