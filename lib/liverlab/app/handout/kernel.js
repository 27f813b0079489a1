// Stands in for the kernel: answers the viewer from what was recorded when this file was made.

function storedBytes(id) {
  const text = atob(document.getElementById(id).textContent);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

async function inflated(bytes) {
  if (!("DecompressionStream" in window)) throw new Error("this browser is too old to unpack the pictures");
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// What stands behind the script in the file may not have been read yet.
function whenRead(id) {
  if (document.getElementById(id) || document.readyState !== "loading") return Promise.resolve();
  return new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));
}

// One slice of every state, as `pictures.py` packs it; a picture is unpacked when it is first asked for.
function makeSlice(bytes, refs, { matrix, rows, step_hu }) {
  const size = matrix * rows;
  const made = new Map();
  return function hu(n) {
    if (made.has(n)) return made.get(n);
    const own = new Int16Array(size);
    const before = refs[n] < 0 ? null : hu(refs[n]);
    const [low, high] = [n * size, (refs.length + n) * size];
    const step = (i) => {
      const packed = bytes[low + i] | (bytes[high + i] << 8);
      return ((packed >>> 1) ^ -(packed & 1)) * step_hu;
    };
    if (before) for (let i = 0; i < size; i++) own[i] = before[i] + step(i);
    else {
      for (let row = 0; row < size; row += matrix) {
        let left = 0;
        for (let i = row; i < row + matrix; i++) own[i] = left += step(i);
      }
    }
    made.set(n, own);
    return own;
  };
}

// `first`: slices whose first pictures stand in a place of their own, so that the page opens sooner.
function makePictures(form, first = {}) {
  const asked = new Map();
  const ready = new Map();
  async function read(slice) {
    const id = first[slice] ?? `lh-slice-${slice}`;
    await whenRead(id);
    const refs = JSON.parse(document.getElementById(id).dataset.refs);
    ready.set(slice, makeSlice(await inflated(storedBytes(id)), refs, form));
  }
  return {
    ready: (slice) => ready.get(slice),
    load(slice) {
      if (!asked.has(slice)) asked.set(slice, read(slice));
      return asked.get(slice);
    },
  };
}

// Figures and texts of a recording by number; long lists are shared between them.
function makeLibrary(recording) {
  const drawn = new Map();
  const whole = (node) => {
    if (node === null || typeof node !== "object") return node;
    if (Array.isArray(node)) return node.map(whole);
    if ("$list" in node) return recording.lists[node.$list];
    return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, whole(value)]));
  };
  return {
    shared: (number) => recording.shared[number],
    figures: (numbers) => numbers.map((number) => {
      if (!drawn.has(number)) drawn.set(number, whole(recording.figures[number]));
      return drawn.get(number);
    }),
  };
}

function answerPlotly(emit) {
  whenRead("lh-plotly").then(() => emit("msg:custom", { type: "plotly" }, [storedBytes("lh-plotly")]));
}

function makeEvents() {
  const listeners = new Map();
  const each = (events, action) => events.split(" ").forEach(action);
  return {
    on: (events, listener) => each(events, (event) => listeners.set(event, [...(listeners.get(event) || []), listener])),
    off: (events, listener) => each(events, (event) => listeners.set(event, (listeners.get(event) || []).filter((one) => one !== listener))),
    emit: (event, ...details) => (listeners.get(event) || []).forEach((listener) => listener(...details)),
  };
}

// The model that the viewer talks to, and the states it can be shown.
function makePlayer(recording, pictures, library) {
  const { config, states, start } = recording;
  const { matrix, row0, rows } = recording.form;
  const { on, off, emit } = makeEvents();
  const values = { config, controls: [], visit_control: null, measurement: {}, notes: [], position: { slice: config.slice }, truth: false, _initial: {} };
  let at = start;
  let number = -1;

  // The number of a picture in its slice, or undefined where none was recorded.
  const pictureAt = (pane, visit, slice) => recording.stacks[states[at].panes[pane].held].find(([recorded]) => recorded === visit)?.[1][slice];
  function answer(wishes) {
    const [records, buffers, refused] = [[], [], []];
    for (const { pane, visit, slice } of wishes) {
      const which = pictureAt(pane, visit, slice);
      if (which === undefined) refused.push(`${pane}/${visit}/${slice}/${matrix}`);
      else {
        records.push({ pane, visit, slice, matrix, row0, rows, version: states[at].panes[pane].held, buffer: buffers.length });
        buffers.push(pictures.ready(slice)(which));
      }
    }
    return { records, buffers, refused };
  }
  function newest() {
    const state = states[at];
    const { truth } = values;
    const slice = values.position.slice;
    const panes = Object.fromEntries(Object.entries(state.panes).map(([pane, { held, ...info }]) => [pane, { ...info, version: held }]));
    const wishes = pictures.ready(slice) ? Object.entries(panes).map(([pane, { visit }]) => ({ pane, visit, slice })) : [];
    const { records, buffers } = answer(wishes);
    const frame = {
      number, version: number, slice, visit: state.visit, visits: state.visits, panes, text: state.text, truth, later: [],
      figures: library.figures(truth ? state.truth_figures : state.figures), overlays: truth ? library.shared(state.overlays) : {}, marks: library.shared(state.marks),
    };
    return [{ type: "frame", frame, pictures: records }, buffers];
  }
  async function bring(wishes) {
    const asked = number;
    await Promise.all([...new Set(wishes.map(({ slice }) => slice))].map(pictures.load));
    if (asked !== number) return;
    const { records, buffers, refused } = answer(wishes);
    emit("msg:custom", { type: "pictures", pictures: records, exhausted: refused.length > 0, refused }, buffers);
  }

  const model = {
    on, off,
    get: (key) => values[key],
    set(key, value) {
      const before = values[key];
      values[key] = value;
      if (key === "truth" && value !== before) show(at);
      emit(`change:${key}`);
    },
    save_changes() {},
    send(content) {
      if (content.type === "plotly") answerPlotly(emit);
      else if ((content.type === "need" || content.type === "rest") && content.wishes.length > 0) {
        bring(content.wishes).catch((error) => emit("msg:custom", { type: "error", text: error.message }, []));
      }
    },
  };
  function show(state) {
    at = state;
    number += 1;
    emit("msg:custom", ...newest());
  }
  return {
    show,
    state: () => states[at],
    async mount(host) {
      await pictures.load(config.slice);
      number += 1;
      const [content, buffers] = newest();
      values._initial = { content, buffers };
      makeView(model, makeStore(model), host);
    },
  };
}
