// Mouse, wheel, touch and keyboard on a pane, turned into the actions of the view.

const WHEEL_PAUSE_MS = 300;

function attachInput(self, signal) {
  let lastForeignWheel = -Infinity;
  // A page scroll that happens to pass over a picture goes on scrolling the page.
  document.addEventListener(
    "wheel",
    (event) => {
      if (!event.target.closest || !event.target.closest(".ll-pane")) lastForeignWheel = event.timeStamp;
    },
    { capture: true, passive: true, signal },
  );
  for (const pane of self.panes) {
    attachPointer(self, pane, signal);
    const on = (type, listener, options = {}) => pane.element.addEventListener(type, self.guarded(listener), { signal, ...options });
    let wheelSum = 0;
    on("wheel", (event) => {
      if (event.timeStamp - lastForeignWheel < WHEEL_PAUSE_MS) {
        lastForeignWheel = event.timeStamp;
        return;
      }
      event.preventDefault();
      const point = offset(pane, event);
      if (event.ctrlKey) return self.zoom(pane.name, Math.exp(-event.deltaY / 200), point);
      wheelSum += event.deltaMode === 1 ? event.deltaY * 33 : event.deltaY;
      const steps = Math.trunc(wheelSum / 60);
      if (steps !== 0) {
        wheelSum = 0;
        self.active = pane.name;
        self.moveSlice(pane.name, -clamp(steps, -3, 3));
      }
    }, { passive: false });
    on("contextmenu", (event) => {
      event.preventDefault();
      event.stopPropagation();
    });
    on("focus", () => {
      self.setActive(pane.name);
      self.expectScroll();
    });
    on("keydown", (event) => {
      const action = keyAction(event, self.tool);
      if (!action) return;
      event.preventDefault();
      event.stopPropagation();
      self.setActive(pane.name);
      self.act(action);
    });
  }
}

function offset(pane, event) {
  const rect = pane.element.getBoundingClientRect();
  return { px: event.clientX - rect.left - pane.element.clientLeft, py: event.clientY - rect.top - pane.element.clientTop };
}

function attachPointer(self, pane, signal) {
  const fingers = new Map();
  let gesture = null;
  const on = (type, listener) => pane.element.addEventListener(type, self.guarded(listener), { signal });
  const pictureAt = (point) => toPicture(self.geometry, pane.box, self.states[pane.name].view, point.px, point.py);

  function begin(event) {
    const point = offset(pane, event);
    const state = self.states[pane.name];
    const start = { ...point, slice: state.slice, window_hu: state.window_hu, level_hu: state.level_hu, view: state.view };
    const touch = event.pointerType === "touch";
    let mode = self.tool;
    if (event.button === 2 || (event.button === 0 && event.shiftKey)) mode = "window";
    else if (event.button === 1 || (event.button === 0 && event.ctrlKey)) mode = "pan";
    else {
      const grip = self.grab(pane, point.px, point.py, touch ? 16 : 7);
      if (grip) return { mode: "grip", grip, start };
    }
    if (mode === "ruler" || mode === "ellipse") self.startItem(mode, pane.name, pictureAt(point));
    return { mode, start };
  }

  function move(point) {
    const { mode, start } = gesture;
    const [dx, dy] = [point.px - start.px, point.py - start.py];
    if (mode === "scroll") {
      const perSlice = Math.max(3, pane.box.height / (1.2 * self.config.z_mm.length));
      self.setSlice(pane.name, start.slice - Math.round(dy / perSlice));
    } else if (mode === "window") self.setWindow(pane.name, dragWindow(start, dx, dy));
    else if (mode === "pan") self.setView(pane.name, panBy(self.geometry, pane.box, start.view, dx, dy));
    else if (mode === "grip") self.dragGrip(gesture.grip, pictureAt(point));
    else if (mode === "ruler" || mode === "ellipse") self.stretchItem(pictureAt(point));
  }

  function two() {
    const [a, b] = [...fingers.values()];
    return { distance: Math.hypot(a.px - b.px, a.py - b.py), px: (a.px + b.px) / 2, py: (a.py + b.py) / 2 };
  }

  on("pointerdown", (event) => {
    if (event.pointerType === "mouse") pane.element.focus({ preventScroll: true });
    self.setActive(pane.name);
    pane.element.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, offset(pane, event));
    if (self.cursor) self.cursor = null;
    if (fingers.size === 2) {
      self.draft = null;
      const state = self.states[pane.name];
      gesture = { mode: "two", decided: null, start: { ...two(), window_hu: state.window_hu, level_hu: state.level_hu, view: state.view } };
    } else if (fingers.size === 1) gesture = begin(event);
  });
  on("pointermove", (event) => {
    const point = offset(pane, event);
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, point);
    if (!gesture) {
      if (event.pointerType === "mouse") self.hover(pane.name, pictureAt(point));
      return;
    }
    if (gesture.mode !== "two") {
      self.hover(pane.name, pictureAt(point));
      return move(point);
    }
    if (fingers.size < 2) return;
    const now = two();
    const { start } = gesture;
    const stretch = Math.abs(now.distance - start.distance);
    const shift = Math.hypot(now.px - start.px, now.py - start.py);
    // Two fingers mean either zoom or window: the first clear movement decides, for the whole gesture.
    if (!gesture.decided && Math.max(stretch, shift) > 12) gesture.decided = stretch > shift ? "pinch" : "window";
    if (gesture.decided === "pinch") {
      const moved = panBy(self.geometry, pane.box, start.view, now.px - start.px, now.py - start.py);
      self.setView(pane.name, zoomAt(self.geometry, pane.box, moved, now.distance / start.distance, now.px, now.py));
    } else if (gesture.decided === "window") self.setWindow(pane.name, dragWindow(start, now.px - start.px, now.py - start.py));
  });
  const end = (event) => {
    if (!fingers.delete(event.pointerId) || !gesture) return;
    const { mode, grip, start } = gesture;
    const cancelled = event.type === "pointercancel";
    if (mode === "two") {
      if (fingers.size === 0) gesture = null;
      return;
    }
    gesture = null;
    if (mode === "grip") self.dropGrip(grip);
    else if (mode === "ruler" || mode === "ellipse") {
      if (cancelled) self.draft = null;
      self.finishItem();
    } else if (event.pointerType === "touch" && !cancelled) {
      // A tap wakes the pane: from then on a finger scrolls slices and no longer the page.
      pane.element.focus({ preventScroll: true });
      if (Math.abs(offset(pane, event).py - start.py) < 6) self.hover(pane.name, pictureAt(start));
    }
    if (mode === "window" && !cancelled) self.say(self.windowSentence(pane.name));
  };
  on("pointerup", end);
  on("pointercancel", end);
  on("pointerleave", (event) => {
    if (!gesture && event.pointerType === "mouse") self.hover(pane.name, null);
  });
  on("pointerenter", () => self.expectScroll());
}
