// What the kernel has sent and what it still owes: frames, held pictures, controls that wait for an answer.
// One store per widget model, shared by all its views.

const REST_AFTER_MS = 300; // longer than the pause between two key presses of a hand that goes on
const CALM_AFTER_MS = 200; // after the rest: first the sharp picture, then what is read afterwards

function bufferToCounts(view) {
  const offset = view.byteOffset || 0;
  const bytes = view.buffer ? view.buffer : view;
  // An Int16Array must start on an even byte; a comm message does not promise that.
  if (offset % 2 === 0) return new Int16Array(bytes, offset, view.byteLength >> 1);
  return new Int16Array(bytes.slice(offset, offset + view.byteLength));
}

function makeStore(model) {
  const store = { frame: null, held: {}, versions: {}, stamps: {}, wanted: new Map(), exhausted: false, asked: 0, answerMs: 0, arrived: 0, arrivedAny: 0 };
  const listeners = new Set();
  let restTimer = 0;
  let calmTimer = 0;

  store.listen = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const tell = (what, detail) => listeners.forEach((listener) => listener(what, detail));

  const key = (visit, slice, matrix) => `${visit}/${slice}/${matrix}`;

  store.best = (pane, visit, slice) => {
    const held = store.held[pane];
    if (!held) return null;
    for (const matrix of store.matrices()) {
      const picture = held.get(key(visit, slice, matrix));
      if (picture) return picture;
    }
    return null;
  };
  store.holds = ({ pane, visit, slice, matrix }) => Boolean(store.held[pane] && store.held[pane].has(key(visit, slice, matrix)));
  store.matrices = () => {
    const config = model.get("config");
    return [config.rest_matrix, config.drag_matrix];
  };

  // Every slice there is of one series and visit, null where none is; `stamps` tells whether anything has changed.
  store.slices = (pane, visit) => model.get("config").z_mm.map((_, slice) => store.best(pane, visit, slice));

  function hold(records, buffers) {
    const { fov_mm } = model.get("config");
    for (const record of records) {
      if (record.version !== undefined && record.version !== store.versions[record.pane]) continue;
      const picture = axialPicture(record, bufferToCounts(buffers[record.buffer]), fov_mm);
      store.held[record.pane].set(key(record.visit, record.slice, record.matrix), picture);
      store.stamps[record.pane]++;
      store.wanted.delete(`${record.pane}/${key(record.visit, record.slice, record.matrix)}`);
    }
  }

  store.receive = (content, buffers) => {
    if (content.type === "frame") {
      const frame = content.frame;
      // A frame may come twice: as state and as the answer to "ready".
      if (store.frame && frame.number <= store.frame.number) return;
      for (const [pane, info] of Object.entries(frame.panes)) {
        if (store.versions[pane] === info.version && store.held[pane]) continue;
        store.versions[pane] = info.version;
        store.stamps[pane] = (store.stamps[pane] || 0) + 1;
        store.held[pane] = new Map();
      }
      const before = store.frame;
      store.frame = frame;
      store.exhausted = false;
      store.arrived = performance.now();
      store.wanted.clear(); // the kernel drops wishes that name an older frame
      hold(content.pictures, buffers);
      unpackFigures(frame.figures || [], buffers);
      tell("frame", { frame, before });
    } else if (content.type === "later") {
      if (!store.frame || content.number !== store.frame.number) return;
      const { figures = store.frame.figures, text = store.frame.text } = content;
      unpackFigures(figures, buffers);
      Object.assign(store.frame, { figures, text, later: [] });
      tell("later");
    } else if (content.type === "pictures") {
      store.arrivedAny = performance.now();
      store.answerMs = store.arrivedAny - store.asked;
      if (content.exhausted) store.exhausted = true;
      for (const name of content.refused || []) store.wanted.delete(name);
      hold(content.pictures, buffers);
      tell("pictures", content);
    } else {
      // The answer to some wish failed: any of them may be asked for again.
      if (content.type === "error") store.wanted.clear();
      tell(content.type, { ...content, buffers });
    }
  };

  // Ask for pictures that are neither held nor on their way. `auto`: the browser's own idea, within the byte budget.
  store.want = (wishes, auto) => {
    const open = wishes.filter((wish) => {
      const name = `${wish.pane}/${key(wish.visit, wish.slice, wish.matrix)}`;
      return store.held[wish.pane] && !store.holds(wish) && !store.wanted.has(name);
    });
    if (open.length === 0 || (auto && store.exhausted)) return 0;
    for (const wish of open) store.wanted.set(`${wish.pane}/${key(wish.visit, wish.slice, wish.matrix)}`, performance.now());
    store.asked = performance.now();
    model.send({ type: "need", auto: Boolean(auto), version: store.frame.version, wishes: open });
    return open.length;
  };

  store.restSoon = () => {
    clearTimeout(restTimer);
    clearTimeout(calmTimer);
    restTimer = setTimeout(() => {
      restTimer = 0;
      tell("rest");
    }, REST_AFTER_MS);
  };
  store.restLater = () => {
    clearTimeout(calmTimer);
    if (restTimer) store.restSoon();
  };
  // First the sharper pictures; what the page has put off until nobody moves anything (`on_rest`) only when calm.
  store.sendRest = (wishes) => {
    const version = store.frame.version;
    model.send({ type: "rest", version, wishes, calm: false });
    clearTimeout(calmTimer);
    calmTimer = setTimeout(() => model.send({ type: "rest", version, wishes: [], calm: true }), CALM_AFTER_MS);
  };

  const receive = (content, buffers) => {
    try {
      store.receive(content, buffers);
    } catch (error) {
      tell("error", { text: String(error && error.message ? error.message : error) });
      console.error(error);
    }
  };
  model.on("msg:custom", receive);
  const receiveInitial = () => {
    const first = model.get("_initial");
    if (first && first.content && !(store.frame && store.frame.number >= first.content.frame.number)) receive(first.content, first.buffers);
  };
  model.on("change:_initial", receiveInitial);
  receiveInitial();
  // The first frame may have left before this listener existed: say what we have, get what is newer.
  model.send({ type: "ready", number: store.frame ? store.frame.number : -1 });
  store.close = () => {
    clearTimeout(restTimer);
    clearTimeout(calmTimer);
    model.off("msg:custom", receive);
    model.off("change:_initial", receiveInitial);
    tell("closed");
  };
  return store;
}

// Long arrays of a figure travel as raw buffers: {"$buffer": index, "dtype": "f8"}.
function unpackFigures(node, buffers) {
  for (const [name, value] of Object.entries(node)) {
    if (value === null || typeof value !== "object") continue;
    if ("$buffer" in value) {
      const view = buffers[value.$buffer];
      const type = { f8: Float64Array, f4: Float32Array, i2: Int16Array, i4: Int32Array, u1: Uint8Array }[value.dtype];
      const offset = view.byteOffset || 0;
      node[name] = new type((view.buffer || view).slice(offset, offset + view.byteLength));
    } else unpackFigures(value, buffers);
  }
}
