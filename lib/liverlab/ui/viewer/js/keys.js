// Keyboard: one table drives the key handler and the help overlay. Pure.

const KEY_TABLE = [
  { keys: ["ArrowUp", "ArrowDown"], show: "\u2191 \u2193", does: "one slice up, down (scroll tool); otherwise moves what the tool moves" },
  { keys: ["PageUp", "PageDown"], show: "Page Up, Page Down", does: "five slices up, down, with any tool" },
  { keys: ["Home", "End"], show: "Home, End", does: "lowest, highest slice" },
  { keys: ["1", "2", "3", "4", "5"], show: "1 \u2013 5", does: "window presets" },
  { keys: ["w"], show: "W", does: "window tool: \u2190 \u2192 width, \u2191 \u2193 level" },
  { keys: ["p"], show: "P", does: "pan tool: arrows move the picture" },
  { keys: ["r"], show: "R", does: "ruler: arrows move the cross, Enter sets each end" },
  { keys: ["e"], show: "E", does: "ellipse: arrows move the cross, Enter sets centre and corner" },
  { keys: ["h"], show: "H", does: "HU probe: arrows move the cross" },
  { keys: ["s"], show: "S", does: "scroll tool" },
  { keys: ["+", "-", "f"], show: "+  \u2212  F", does: "zoom in, out, fit" },
  { keys: ["i"], show: "I", does: "invert grey" },
  { keys: ["l"], show: "L", does: "link or unlink the panes" },
  { keys: ["t"], show: "T", does: "truth outlines on or off" },
  { keys: ["Delete", "Backspace"], show: "Delete", does: "delete the chosen or last measurement" },
  { keys: ["n"], show: "N", does: "choose the next measurement" },
  { keys: ["z"], show: "Z", does: "undo" },
  { keys: ["?"], show: "?", does: "this help" },
  { keys: ["Escape"], show: "Esc", does: "leave help, drop an unfinished measurement, back to the scroll tool" },
];

const TOOL_KEYS = { s: "scroll", w: "window", p: "pan", r: "ruler", e: "ellipse", h: "probe" };
const CURSOR_TOOLS = ["ruler", "ellipse", "probe"];

// event: { key, shiftKey, ctrlKey, metaKey, altKey }. Returns { action, ... } or null: the key is not ours.
function keyAction(event, tool) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey) return key === "z" ? { action: "undo" } : null;
  if (key === "PageUp" || key === "PageDown") return { action: "slice", by: key === "PageUp" ? 5 : -5 };
  if (key === "Home" || key === "End") return { action: "slice", to: key === "Home" ? "first" : "last" };
  if (key.startsWith("Arrow")) {
    const coarse = Boolean(event.shiftKey);
    const dx = key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0;
    const dy = key === "ArrowUp" ? -1 : key === "ArrowDown" ? 1 : 0;
    if (tool === "window") return { action: "window", key, coarse };
    if (tool === "pan") return { action: "pan", dx, dy, coarse };
    if (CURSOR_TOOLS.includes(tool)) return { action: "cursor", dx, dy, coarse };
    return dy === 0 ? null : { action: "slice", by: -dy };
  }
  if (/^[1-5]$/.test(key)) return { action: "preset", index: Number(key) - 1 };
  if (key === "+" || key === "=") return { action: "zoom", factor: 1.25 };
  if (key === "-" || key === "_") return { action: "zoom", factor: 0.8 };
  if (key in TOOL_KEYS) return { action: "tool", tool: TOOL_KEYS[key] };
  if (key === "Enter" || key === " ") return CURSOR_TOOLS.includes(tool) ? { action: "place" } : null;
  const simple = { f: "fit", i: "invert", l: "link", t: "truth", n: "next", z: "undo", Delete: "delete", Backspace: "delete", "?": "help", Escape: "escape" };
  return key in simple ? { action: simple[key] } : null;
}
