// Cine (slices in a row) and flicker (two series in turn in one pane), and the strip that steers them.

const CINE_RATES = [1, 2, 4, 8, 12, 16, 24]; // slices per second
// Changes per second. Three flashes a second are the most that is safe (WCAG 2.3.1); a flash is two changes, and every
// rate here stays below even three changes.
const FLICKER_RATES = [0.5, 1, 1.5, 2, 3];
const SWAP_PAUSE_MS = 1000 / 6;

// The slice after this one; cine turns round at both ends, so that it never jumps from the pelvis to the dome.
function nextCine(slice, direction, count) {
  if (count < 2) return { slice, direction };
  const turned = slice + direction < 0 || slice + direction >= count ? -direction : direction;
  return { slice: slice + turned, direction: turned };
}

function rateText(rate, what) {
  return `${rate} ${what}${rate === 1 ? "" : "s"}`;
}

function nextRate(rates, rate, by) {
  return rates[clamp(rates.indexOf(rate) + by, 0, rates.length - 1)];
}

function attachMotion(self, signal) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  Object.assign(self, { cine: { on: false, rate: calm.matches ? 1 : 8, direction: 1 }, flicker: null });
  let flickerRate = 1;
  let due = 0;
  let running = false;
  let swapped = -Infinity;

  const words = make("span", { class: "ll-rate" });
  const button = (name, face, action) => {
    const made = make("button", { type: "button", class: "ll-button", title: name, "aria-label": name.replace(/ \(.*\)$/, "") }, face);
    made.addEventListener("click", self.guarded(action), { signal });
    return made;
  };
  const hold = button("Pause or go on", icon("pause"), () => {
    if (self.flicker) self.setFlickerAuto(!self.flicker.auto);
    else self.toggleCine();
  });
  const other = button("Show the other one (M)", icon("swap"), () => self.swap());
  const strip = make("div", { class: "ll-strip", role: "group", "aria-label": "Cine and flicker", hidden: true },
    hold, button("Slower (,)", "\u2212", () => self.changeSpeed(-1)), words, button("Faster (.)", "+", () => self.changeSpeed(1)), other,
    button("Stop (Esc)", "\u00d7", () => {
      self.stopCine();
      self.stopFlicker();
    }));
  self.strip = strip;
  self.refreshStrip = () => {
    strip.hidden = !self.cine.on && !self.flicker;
    if (strip.hidden) return;
    other.hidden = !self.flicker;
    const moving = self.flicker ? self.flicker.auto : self.cine.on;
    hold.replaceChildren(icon(moving ? "pause" : "cine"));
    setText(words, self.flicker ? (self.flicker.auto ? `${rateText(flickerRate, "change")}/s` : "by hand") : `${rateText(self.cine.rate, "slice")}/s`);
  };

  const moving = () => self.cine.on || (self.flicker && self.flicker.auto);
  function run() {
    if (running) return;
    running = true;
    due = performance.now() + period();
    requestAnimationFrame(step);
  }
  const period = () => 1000 / (self.cine.on ? self.cine.rate : flickerRate);
  const step = self.guarded((now) => {
    running = !signal.aborted && Boolean(moving());
    if (!running) return;
    requestAnimationFrame(step);
    if (now < due) return;
    if (self.cine.on) cineStep();
    else self.swap(true);
    // A page that was busy does not catch up by hurrying.
    due = self.cine.on ? Math.max(due + period(), now + period() / 2) : now + period();
  });
  function cineStep() {
    const pane = self.active;
    const { slice, direction } = nextCine(self.indexOf(pane), self.cine.direction, self.geometryOf(pane).positions_mm.length);
    const axial = self.states[pane].plane === "axial";
    // A slice that is not here yet is waited for; it is on its way.
    if (axial && self.group(pane).some((name) => self.needed(name).some((series) => !self.pictureOf(series, "axial", slice)))) return;
    self.cine.direction = direction;
    self.setSlice(pane, slice);
  }

  self.toggleCine = () => {
    if (self.cine.on) return self.stopCine();
    if (self.geometryOf(self.active).positions_mm.length < 2) return self.say("One slice cannot be played.");
    self.stopFlicker();
    self.cine.on = true;
    self.fillVolume();
    run();
    self.paint();
    self.say(`Cine, ${rateText(self.cine.rate, "slice")} a second. Comma slower, full stop faster, C stops.`);
  };
  self.stopCine = () => {
    if (!self.cine.on) return;
    self.cine.on = false;
    self.scrolled(0);
    self.paint();
    self.say(`Cine stopped. ${self.sliceSentence(self.active)}`);
  };

  // The first pane's series and that of the active pane, in turn, in the active pane (or the last one).
  const pair = () => {
    const first = self.panes[0].name;
    const pane = self.active === first ? self.panes.at(-1).name : self.active;
    const own = self.config.stacks[pane];
    const partner = self.panes.length > 1 ? self.states[first].series : own[(own.indexOf(self.states[pane].series) + 1) % own.length];
    return { pane, series: [partner, self.states[pane].series] };
  };
  self.toggleFlicker = () => {
    if (self.flicker) return self.stopFlicker();
    startFlicker(!calm.matches);
  };
  function startFlicker(auto) {
    const { pane, series } = pair();
    if (series[0] === series[1]) return self.say("There is nothing to compare with.");
    self.stopCine();
    self.flicker = { pane, series, turn: 1, auto };
    self.setActive(pane);
    self.scrolled(0);
    if (self.states[pane].plane !== "axial") self.fillVolume();
    if (auto) run();
    self.paint();
    self.say(auto ? `Flicker, ${rateText(flickerRate, "change")} a second. M changes by hand, B ends.` : "Flicker by hand: M shows the other one, B ends.");
  }
  self.stopFlicker = () => {
    if (!self.flicker) return;
    self.flicker = null;
    self.paint();
    self.say("Flicker ended.");
  };
  self.setFlickerAuto = (auto) => {
    self.flicker.auto = auto;
    if (auto) run();
    self.paint();
    self.say(auto ? `${rateText(flickerRate, "change")} a second.` : "By hand.");
  };
  // The other series, never faster than three flashes a second, and never through a pane without a picture.
  self.swap = (byClock = false) => {
    if (!self.flicker) startFlicker(false);
    if (!self.flicker) return;
    const now = performance.now();
    if (now - swapped < SWAP_PAUSE_MS) return;
    if (!byClock) self.flicker.auto = false;
    const { pane, series, turn } = self.flicker;
    if (!self.pictureOf(series[1 - turn], self.states[pane].plane, self.indexOf(pane))) return;
    swapped = now;
    self.flicker.turn = 1 - turn;
    self.paint();
    if (!byClock) self.say(`${self.shown(pane)}.`);
  };
  self.changeSpeed = (by) => {
    if (self.flicker) {
      flickerRate = nextRate(FLICKER_RATES, flickerRate, by);
      self.say(`${rateText(flickerRate, "change")} a second.`);
    } else {
      self.cine.rate = nextRate(CINE_RATES, self.cine.rate, by);
      self.say(`${rateText(self.cine.rate, "slice")} a second.`);
    }
    self.paint();
  };
  // Whoever takes hold of the picture wants it to stand still.
  self.pauseMotion = () => {
    self.stopCine();
    if (self.flicker && self.flicker.auto) self.setFlickerAuto(false);
  };
  document.addEventListener("visibilitychange", self.guarded(() => {
    if (document.hidden) self.pauseMotion();
  }), { signal });
}
