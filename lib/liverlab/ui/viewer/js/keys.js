// Keyboard: one table drives the key handler and the help overlay. Pure.

const KEY_TABLE = [
  { keys: ["ArrowUp", "ArrowDown"], show: "\u2191 \u2193", does: "one slice up, down (scroll tool); otherwise moves what the tool moves" },
  { keys: ["PageUp", "PageDown"], show: "Page Up, Page Down", does: "five slices up, down, with any tool" },
  { keys: ["Home", "End"], show: "Home, End", does: "first, last slice" },
  { keys: ["1", "2", "3", "4", "5"], show: "1 \u2013 5", does: "window presets" },
  { keys: ["w"], show: "W", does: "window tool: \u2190 \u2192 width, \u2191 \u2193 level" },
  { keys: ["p"], show: "P", does: "pan tool: arrows move the picture" },
  { keys: ["r"], show: "R", does: "ruler: arrows move the cross, Enter sets each end" },
  { keys: ["e"], show: "E", does: "ellipse: arrows move the cross, Enter sets centre and corner" },
  { keys: ["h"], show: "H", does: "probe: arrows move the cross, Enter lets the other planes cut there" },
  { keys: ["a"], show: "A", does: "arrow with a note: Enter sets tip and text" },
  { keys: ["s"], show: "S", does: "scroll tool" },
  { keys: ["+", "-", "f"], show: "+  \u2212  F", does: "zoom in, out, fit" },
  { keys: ["i"], show: "I", does: "invert grey" },
  { keys: ["l"], show: "L", does: "link or unlink the panes" },
  { keys: ["v"], show: "V", does: "axial, coronal, sagittal through the place chosen last" },
  { keys: ["[", "]"], show: "[  ]", does: "other series of the pane, where it has several" },
  { keys: ["c"], show: "C", does: "cine: play, pause" },
  { keys: ["b"], show: "B", does: "flicker: prior and current in turn in one pane" },
  { keys: ["m"], show: "M", does: "flicker by hand: show the other one" },
  { keys: [",", "."], show: ",  .", does: "cine or flicker slower, faster" },
  { keys: ["t"], show: "T", does: "truth outlines on or off" },
  { keys: ["k"], show: "K", does: "lesion marks on or off, where the page has them" },
  { keys: ["Delete", "Backspace"], show: "Delete", does: "delete the chosen or last measurement or note" },
  { keys: ["n"], show: "N", does: "choose the next measurement or note; Enter edits a note" },
  { keys: ["z"], show: "Z", does: "undo" },
  { keys: ["x"], show: "X", does: "full screen" },
  { keys: ["d"], show: "D", does: "download the present view as a picture" },
  { keys: ["?"], show: "?", does: "this help" },
  { keys: ["Escape"], show: "Esc", does: "stop, drop what is unfinished, back to the scroll tool, leave full screen" },
];

const TOOL_KEYS = { s: "scroll", w: "window", p: "pan", r: "ruler", e: "ellipse", h: "probe", a: "note" };
const DRAWING_TOOLS = ["ruler", "ellipse", "note"];
const CURSOR_TOOLS = [...DRAWING_TOOLS, "probe"];
const SIMPLE_KEYS = {
  f: "fit", i: "invert", l: "link", t: "truth", k: "marks", n: "next", z: "undo", v: "plane", c: "cine", b: "flicker", m: "swap", x: "full", d: "save",
  Delete: "delete", Backspace: "delete", "?": "help", Escape: "escape",
};
// A key held down repeats thirty times a second: only what moves by steps may follow, nothing that would flash.
const REPEATING = ["slice", "window", "pan", "cursor", "zoom"];

// event: { key, shiftKey, ctrlKey, metaKey, altKey, repeat }. Returns { action, ... }, { action: "none" } for a key that
// is ours but does nothing now, or null: the key is not ours.
function keyAction(event, tool) {
  const found = keyMeaning(event, tool);
  return found && event.repeat && !REPEATING.includes(found.action) ? { action: "none" } : found;
}

function keyMeaning(event, tool) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // Brackets and the like need AltGr on many keyboards, which browsers report as Ctrl + Alt.
  if (key === "[" || key === "]") return { action: "stack", by: key === "[" ? -1 : 1 };
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey) return key === "z" ? { action: "undo" } : null;
  if (key === "PageUp" || key === "PageDown") return { action: "slice", up: key === "PageUp" ? 5 : -5 };
  if (key === "Home" || key === "End") return { action: "slice", to: key === "Home" ? "first" : "last" };
  if (key.startsWith("Arrow")) {
    const coarse = Boolean(event.shiftKey);
    const dx = key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0;
    const dy = key === "ArrowUp" ? -1 : key === "ArrowDown" ? 1 : 0;
    if (tool === "window") return { action: "window", key, coarse };
    if (tool === "pan") return { action: "pan", dx, dy, coarse };
    if (CURSOR_TOOLS.includes(tool)) return { action: "cursor", dx, dy, coarse };
    return dy === 0 ? null : { action: "slice", up: -dy };
  }
  if (/^[1-5]$/.test(key)) return { action: "preset", index: Number(key) - 1 };
  if (key === "+" || key === "=") return { action: "zoom", factor: 1.25 };
  if (key === "-" || key === "_") return { action: "zoom", factor: 0.8 };
  if (key === "," || key === ".") return { action: "speed", by: key === "," ? -1 : 1 };
  if (key in TOOL_KEYS) return { action: "tool", tool: TOOL_KEYS[key] };
  if (key === "Enter" || (key === " " && CURSOR_TOOLS.includes(tool))) return { action: "place" };
  return key in SIMPLE_KEYS ? { action: SIMPLE_KEYS[key] } : null;
}
