// The whole stack of slices, for reformats and cine: asked for because the learner did, a few slices at a time, with a
// line that says how far it is. A slider that moves comes first; when the hand rests the rest follows.

const FEW_SLICES = 4; // per series and message
const SLOW_ANSWER_MS = 250;
const BUSY_PAUSE_MS = 100;

function attachVolume(self, waiting) {
  const { store, config, states, looks } = self;
  const bar = make("progress", { class: "ll-volume-bar", "aria-hidden": "true" });
  const words = make("span");
  const line = make("div", { class: "ll-volume", hidden: true }, words, bar);
  self.volumeLine = line;
  let filling = false;
  let lacking = Infinity;

  const panes = () => self.panes.filter(({ name }) => states[name].plane !== "axial" || (self.cine.on && self.group(self.active).includes(name)));
  const series = () => [...new Set(panes().flatMap(({ name }) => self.needed(name)))];
  // Cine needs the next slices first, a reformat a rough picture of everything.
  const order = () => {
    const count = config.z_mm.length;
    if (self.reformatted()) return coarseToFine(count);
    const { slice } = states[self.active];
    const onward = Array.from({ length: count }, (_, k) => slice + k * self.cine.direction);
    const back = Array.from({ length: count }, (_, k) => slice - k * self.cine.direction);
    return [...onward, ...back].filter((k) => k >= 0 && k < count);
  };

  self.fillVolume = () => {
    filling = true;
    lacking = Infinity;
    more();
  };
  self.pauseVolume = () => {
    filling = false;
    line.hidden = true;
  };
  self.moreVolume = () => more();

  function more() {
    if (!filling || !store.frame) return;
    const names = series();
    const lackingOf = (name) => order().filter((slice) => !store.best(name, looks[name].visit, slice));
    const open = names.map((name) => [name, lackingOf(name)]);
    const left = open.reduce((sum, [, slices]) => sum + slices.length, 0);
    if (left === 0) {
      if (!line.hidden && self.reformatted()) self.say("All slices are here.");
      return self.pauseVolume();
    }
    const all = names.length * config.z_mm.length;
    setText(words, `${self.reformatted() ? "Building the other plane" : "Fetching slices for cine"}: ${all - left} of ${all}`);
    setAttributes(bar, { max: all, value: all - left });
    line.hidden = false;
    if (store.wanted.size > 0) return; // an answer is on its way and calls again
    if (waiting.busy) return void setTimeout(more, BUSY_PAUSE_MS);
    // An answer that brought nothing would ask for ever.
    if (left >= lacking) {
      self.pauseVolume();
      return self.fail("the kernel did not send the slices");
    }
    lacking = left;
    const few = store.answerMs > SLOW_ANSWER_MS ? 1 : FEW_SLICES;
    store.want(open.flatMap(([pane, slices]) => slices.slice(0, few).map((slice) => ({ pane, visit: looks[pane].visit, slice, matrix: config.drag_matrix }))), false);
  }
}
