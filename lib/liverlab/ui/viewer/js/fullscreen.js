// The viewer over the whole screen: the browser's full screen where it is allowed, else over the whole page.

function attachFullscreen(self, signal) {
  const { root } = self;
  self.full = false;
  const set = (on) => {
    if (self.full === on) return;
    self.full = on;
    root.classList.toggle("ll-full", on);
    self.say(on ? "Full screen. Escape or X leaves it." : "Full screen left.");
    self.paneOf(self.active).element.focus({ preventScroll: true });
    self.paint();
  };
  // A popover lies above everything, whatever boxes JupyterLab has put around us.
  const overPage = (on) => {
    if (!on) {
      root.hidePopover?.();
      root.removeAttribute("popover");
    } else if (root.showPopover) {
      root.setAttribute("popover", "manual");
      root.showPopover();
    }
    set(on);
  };
  self.toggleFull = () => {
    if (self.full) return document.fullscreenElement === root ? void document.exitFullscreen() : overPage(false);
    if (!document.fullscreenEnabled || !root.requestFullscreen) return overPage(true);
    root.requestFullscreen().catch(() => overPage(true));
  };
  document.addEventListener("fullscreenchange", self.guarded(() => set(document.fullscreenElement === root)), { signal });
}
