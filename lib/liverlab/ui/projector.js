// Projector mode: large type and strong contrast for the last row of a room, kept in this browser. The style sheet does
// the rest; the kernel knows nothing of it. Also read as a plain script by the pages of app mode.

const PROJECTOR = "data-lp-projector";
const PROJECTOR_CHANGED = "liverlab-projector";
// 14 px of a page become 24 on a screen 1920 wide, and the same share of a smaller one: on the wall they are as large.
// Of the window, not of the page in it: who zooms in with Ctrl and + shall get more, down to 640 px of page.
const PROJECTOR_WIDTH_PX = 1110;
const PROJECTOR_NARROWEST_PX = 640;

function projectorOn() {
  return document.documentElement.hasAttribute(PROJECTOR);
}

function fitProjector() {
  const scale = Math.min(window.outerWidth / PROJECTOR_WIDTH_PX, window.innerWidth / PROJECTOR_NARROWEST_PX);
  if (projectorOn()) document.documentElement.style.setProperty("--lp-scale", Math.max(1, scale).toFixed(3));
  else document.documentElement.style.removeProperty("--lp-scale");
}

function turnProjector(on) {
  document.documentElement.toggleAttribute(PROJECTOR, on);
  fitProjector();
  window.dispatchEvent(new Event(PROJECTOR_CHANGED));
}

function rememberedProjector() {
  try {
    return localStorage.getItem(PROJECTOR_CHANGED) === "on";
  } catch {
    return false;
  }
}

function rememberProjector(on) {
  try {
    localStorage.setItem(PROJECTOR_CHANGED, on ? "on" : "off");
  } catch {
    // private window: as long as the page
  }
}

// The switch, and how to let go of it.
function makeProjectorSwitch() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "jupyter-button widget-button lp-projector";
  button.textContent = "Projector mode";
  button.title = "Large type and strong contrast, for a room; this browser remembers it";
  const show = () => {
    button.setAttribute("aria-pressed", String(projectorOn()));
    button.classList.toggle("mod-active", projectorOn());
  };
  show();
  button.addEventListener("click", () => {
    turnProjector(!projectorOn());
    rememberProjector(projectorOn());
    // What stands above has grown or shrunk: the switch stays under the eye.
    button.scrollIntoView({ block: "nearest" });
  });
  window.addEventListener(PROJECTOR_CHANGED, show);
  return [button, () => window.removeEventListener(PROJECTOR_CHANGED, show)];
}

if (!window.__liverlabProjector) {
  window.__liverlabProjector = true;
  window.addEventListener("resize", fitProjector);
  if (rememberedProjector()) turnProjector(true);
}
