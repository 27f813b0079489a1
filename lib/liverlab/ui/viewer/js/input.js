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
        self.stopCine();
        self.moveSlice(pane.name, -clamp(steps, -3, 3) * self.geometryOf(pane.name).up);
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
      if (action.action === "none") return;
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
  const pictureAt = (point) => toPicture(self.geometryOf(pane.name), pane.box, self.viewOf(pane.name), point.px, point.py);
  const now = () => {
    const { window_hu, level_hu } = self.lookOf(pane.name);
    return { window_hu, level_hu, slice: self.indexOf(pane.name), view: self.viewOf(pane.name) };
  };
  const drag = (start, dx, dy) => self.setWindow(pane.name, dragWindow(start, dx, dy, self.seriesOf(pane.name)));

  function begin(event) {
    const point = offset(pane, event);
    const start = { ...point, ...now() };
    const touch = event.pointerType === "touch";
    let mode = self.tool;
    if (event.button === 2 || (event.button === 0 && event.shiftKey)) mode = "window";
    else if (event.button === 1 || (event.button === 0 && event.ctrlKey)) mode = "pan";
    else {
      const grip = self.grab(pane, point.px, point.py, touch ? 16 : 7);
      if (grip) return { mode: "grip", grip, start };
    }
    if (DRAWING_TOOLS.includes(mode)) self.startItem(mode, pane.name, pictureAt(point));
    return { mode, start };
  }

  function move(point) {
    const { mode, start } = gesture;
    const [dx, dy] = [point.px - start.px, point.py - start.py];
    if (mode === "scroll") {
      const { positions_mm, up } = self.geometryOf(pane.name);
      const perSlice = Math.max(2, pane.box.height / (1.2 * positions_mm.length));
      self.setSlice(pane.name, start.slice - up * Math.round(dy / perSlice));
    } else if (mode === "window") drag(start, dx, dy);
    else if (mode === "pan") self.setView(pane.name, panBy(self.geometryOf(pane.name), pane.box, start.view, dx, dy));
    else if (mode === "grip") self.dragGrip(gesture.grip, pictureAt(point));
    else if (DRAWING_TOOLS.includes(mode)) self.stretchItem(pictureAt(point));
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
    self.stopCine();
    if (self.cursor) self.cursor = null;
    if (fingers.size === 2) {
      self.draft = null;
      gesture = { mode: "two", decided: null, start: { ...two(), ...now() } };
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
    const fingersNow = two();
    const { start } = gesture;
    const [dx, dy] = [fingersNow.px - start.px, fingersNow.py - start.py];
    const stretch = Math.abs(fingersNow.distance - start.distance);
    const shift = Math.hypot(dx, dy);
    // Two fingers mean either zoom or window: the first clear movement decides, for the whole gesture.
    if (!gesture.decided && Math.max(stretch, shift) > 12) gesture.decided = stretch > shift ? "pinch" : "window";
    if (gesture.decided === "pinch") {
      const geometry = self.geometryOf(pane.name);
      const moved = panBy(geometry, pane.box, start.view, dx, dy);
      self.setView(pane.name, zoomAt(geometry, pane.box, moved, fingersNow.distance / start.distance, fingersNow.px, fingersNow.py));
    } else if (gesture.decided === "window") drag(start, dx, dy);
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
    else if (DRAWING_TOOLS.includes(mode)) {
      if (cancelled) self.draft = null;
      self.finishItem();
    } else if (!cancelled) {
      const point = offset(pane, event);
      const still = Math.hypot(point.px - start.px, point.py - start.py) < 5;
      // A tap wakes the pane: from then on a finger scrolls slices and no longer the page.
      if (event.pointerType === "touch") {
        pane.element.focus({ preventScroll: true });
        if (still) self.hover(pane.name, pictureAt(start));
      }
      if (still && mode === "scroll") self.crossAt(pane.name, pictureAt(start));
    }
    if (mode === "window" && !cancelled) self.say(self.windowSentence(pane.name));
  };
  on("dblclick", (event) => {
    const point = offset(pane, event);
    if (self.grab(pane, point.px, point.py, 9)) self.editNote();
  });
  on("pointerup", end);
  on("pointercancel", end);
  on("pointerleave", (event) => {
    if (!gesture && event.pointerType === "mouse") self.hover(pane.name, null);
  });
  on("pointerenter", () => self.expectScroll());
}
