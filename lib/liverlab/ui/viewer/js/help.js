// The help overlay: the key table as a list, and what mouse and fingers do.

const GESTURES = [
  ["Wheel or drag", "scroll slices"],
  ["Right drag, Shift + drag", "window (sideways) and level (up, down)"],
  ["Ctrl + wheel, Ctrl + drag", "zoom, pan"],
  ["Click", "where the other planes cut"],
  ["Drag a square grip", "change a measurement; double click edits a note"],
  ["Touch: tap, then one finger", "scroll slices"],
  ["Touch: two fingers", "pinch to zoom, or slide for window and level"],
];

function makeHelp(self, signal) {
  const close = make("button", { type: "button", class: "ll-button ll-close" }, "Close help");
  const rows = (pairs) => make("ul", { class: "ll-keys" }, ...pairs.map(([term, text]) => make("li", {}, make("b", {}, term), make("span", {}, text))));
  const all = [...GESTURES, ...KEY_TABLE.map((entry) => [entry.show, entry.does])];
  const half = Math.ceil(all.length / 2);
  const dialog = make(
    "div", { class: "ll-help", role: "dialog", "aria-modal": "true", "aria-label": "Viewer keys and gestures", tabindex: "-1", hidden: true },
    close, make("div", { class: "ll-help-columns" }, rows(all.slice(0, half)), rows(all.slice(half))),
  );
  // Above the whole page where the browser can do that: the viewer itself may be too low for the list.
  if (dialog.showPopover) dialog.setAttribute("popover", "manual");
  let before = null;
  const hide = () => {
    if (dialog.hidden) return;
    dialog.hidePopover?.();
    dialog.hidden = true;
    (before && before.isConnected ? before : self.paneOf(self.active).element).focus({ preventScroll: true });
  };
  const show = () => {
    before = document.activeElement;
    dialog.hidden = false;
    dialog.showPopover?.();
    dialog.scrollTop = 0;
    close.focus({ preventScroll: true });
  };
  close.addEventListener("click", hide, { signal });
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "?") {
      event.preventDefault();
      hide();
    } else if (event.key === "Tab") {
      // The only control inside: Tab stays here until the help is closed.
      event.preventDefault();
      close.focus();
    }
  }, { signal });
  return { element: dialog, toggle: () => (dialog.hidden ? show() : hide()), hide, get open() { return !dialog.hidden; } };
}
