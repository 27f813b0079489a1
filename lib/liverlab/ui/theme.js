// What every page of ours needs from the browser and no standard widget brings: names for slider handles and button
// groups, terms that explain themselves, folds that stay open, and keys that JupyterLab must not take for its own.
// One copy runs per page, however many times the widget is shown.

const SCAN_EVERY_MS = 120;

function text(element) {
  return element ? element.textContent.trim() : "";
}

function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

// Slider handles of ipywidgets have role "slider" but no name; their readout is editable but has neither.
function nameSliders() {
  for (const slider of document.querySelectorAll(".liverlab .widget-slider")) {
    const label = text(slider.querySelector(".widget-label"));
    const unit = text(slider.closest(".lp-row")?.querySelector(".lp-unit"));
    const name = unit ? `${label}, ${unit}` : label;
    for (const handle of slider.querySelectorAll(".noUi-handle")) {
      setAttribute(handle, "aria-label", name);
    }
    const readout = slider.querySelector(".widget-readout[contenteditable=true]");
    if (readout) {
      setAttribute(readout, "role", "textbox");
      setAttribute(readout, "aria-label", `${name}, type a value`);
    }
  }
}

// The preset shown is marked by a class only.
function nameCurrent() {
  for (const button of document.querySelectorAll(".liverlab .lp-tools > .jupyter-button")) {
    if (button.classList.contains("lp-current")) setAttribute(button, "aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

function namePressed(group) {
  for (const button of group.querySelectorAll(".widget-toggle-button")) {
    setAttribute(button, "aria-pressed", String(button.classList.contains("mod-active")));
  }
}

const watched = new WeakSet();

function nameButtonGroups() {
  for (const group of document.querySelectorAll(".liverlab .widget-toggle-buttons")) {
    setAttribute(group, "role", "group");
    setAttribute(group, "aria-label", text(group.querySelector(":scope > .widget-label")));
    namePressed(group);
    if (!watched.has(group)) {
      watched.add(group);
      new MutationObserver(() => namePressed(group)).observe(group, {
        subtree: true,
        attributeFilter: ["class"],
      });
    }
  }
}

// The header of an accordion reacts to the mouse only.
function nameAccordions() {
  for (const header of document.querySelectorAll(".liverlab .jupyter-widget-Collapse-header")) {
    const contents = header.parentElement.querySelector(".jupyter-widget-Collapse-contents");
    setAttribute(header, "role", "button");
    setAttribute(header, "tabindex", "0");
    setAttribute(header, "aria-expanded", String(!contents?.classList.contains("lm-mod-hidden")));
  }
}

function pressAccordion(event) {
  if (event.key !== "Enter" && event.key !== " ") return;
  const header = event.target.closest?.(".liverlab .jupyter-widget-Collapse-header");
  if (!header) return;
  event.preventDefault();
  header.click();
  nameAccordions();
}

// A redrawn text would close what the reader had opened.
const openFolds = new Map();

function foldKey(fold) {
  return text(fold.querySelector("summary"));
}

function keepFolds() {
  for (const fold of document.querySelectorAll(".liverlab details.lp-fold")) {
    const open = openFolds.get(foldKey(fold));
    if (open && !fold.open) fold.open = true;
  }
}

function rememberFold(event) {
  const fold = event.target.closest?.(".liverlab details.lp-fold > summary")?.parentElement;
  if (fold) openFolds.set(foldKey(fold), !fold.open);
}

// Terms: the explanation comes on hover, focus or tap, can be hovered itself, stays until left, and goes with Escape.
let tip = null;
let tipOf = null;
let leaving = 0;

function hideTip() {
  clearTimeout(leaving);
  tip?.remove();
  tipOf?.removeAttribute("aria-describedby");
  tip = tipOf = null;
}

function showTip(term) {
  clearTimeout(leaving);
  if (tipOf === term) return;
  hideTip();
  tipOf = term;
  tip = document.createElement("div");
  tip.id = "lp-tip";
  tip.className = "liverlab lp-tip";
  tip.setAttribute("role", "tooltip");
  tip.textContent = term.dataset.lpMeaning;
  document.body.append(tip);
  term.setAttribute("aria-describedby", tip.id);
  placeTip();
}

// Stays with its term while the page scrolls (tabbing to a term scrolls), and goes when the term is out of sight.
function placeTip() {
  if (!tip) return;
  const at = tipOf.getBoundingClientRect();
  if (at.bottom < 0 || at.top > window.innerHeight || !tipOf.isConnected) {
    hideTip();
    return;
  }
  const size = tip.getBoundingClientRect();
  const above = at.top - size.height - 4;
  tip.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - size.width - 8))}px`;
  tip.style.top = `${above < 8 ? at.bottom + 4 : above}px`;
}

function leaveTip() {
  clearTimeout(leaving);
  leaving = setTimeout(() => {
    if (tipOf !== document.activeElement) hideTip();
  }, 250);
}

function termAt(event) {
  return event.target.closest?.(".liverlab .lp-term");
}

function listenForTerms() {
  document.addEventListener("pointerover", (event) => {
    const term = termAt(event);
    if (term) showTip(term);
    else if (tip && tip.contains(event.target)) clearTimeout(leaving);
  });
  document.addEventListener("pointerout", (event) => {
    if (tip && (termAt(event) || tip.contains(event.target))) leaveTip();
  });
  document.addEventListener("focusin", (event) => {
    const term = termAt(event);
    if (term) showTip(term);
    else hideTip();
  });
  document.addEventListener("click", (event) => {
    const term = termAt(event);
    if (term) showTip(term);
    else if (tip && !tip.contains(event.target)) hideTip();
  });
  document.addEventListener("scroll", placeTip, { capture: true, passive: true });
}

// In JupyterLab's command mode single keys are commands ("x" cuts the cell). While one of our controls has the focus,
// plain keys are ours; keys with Ctrl, Cmd or Alt stay JupyterLab's.
function claimKeys(event) {
  if (event.key === "Escape" && tip) {
    hideTip();
    event.stopPropagation();
    return;
  }
  const target = event.target;
  if (!target.closest?.(".liverlab")) return;
  const ours = !event.ctrlKey && !event.metaKey && !event.altKey && !(event.shiftKey && event.key === "Enter");
  // On the target itself: Lumino looks there first, and its selectors match the focused element.
  if (ours) target.setAttribute("data-lm-suppress-shortcuts", "true");
  else target.removeAttribute("data-lm-suppress-shortcuts");
}

// "Run All" leaves JupyterLab at the last cell. Who has just started a lesson belongs at its beginning, not at its
// answers: until the notebook has run or the learner does something, the page stays there.
const ARRIVING_MS = 60_000;
const CALM_LOOKS = 5;

function arriveAtTheTop(el) {
  const panel = el.closest(".jp-WindowedPanel-outer");
  if (!panel) return;
  const leave = new AbortController();
  const toTheTop = () => { panel.scrollTop = 0; };
  for (const event of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    window.addEventListener(event, () => leave.abort(), { capture: true, passive: true, signal: leave.signal });
  }
  panel.addEventListener("scroll", toTheTop, { signal: leave.signal });
  const indicator = el.closest(".jp-NotebookPanel")?.querySelector(".jp-Notebook-ExecutionIndicator");
  let calm = 0;
  const looking = setInterval(() => {
    calm = indicator?.dataset.status === "busy" ? 0 : calm + 1;
    if (calm >= CALM_LOOKS) leave.abort();
  }, 300);
  const longest = setTimeout(() => leave.abort(), ARRIVING_MS);
  leave.signal.addEventListener("abort", () => {
    clearInterval(looking);
    clearTimeout(longest);
  });
  toTheTop();
}

let planned = 0;

function scan() {
  // A class, not a :has() rule: that would be checked again at every change of the page.
  for (const page of document.querySelectorAll(".jp-CodeCell:not(.lp-cell) .liverlab")) page.closest(".jp-CodeCell").classList.add("lp-cell");
  planned = 0;
  nameSliders();
  nameButtonGroups();
  nameCurrent();
  nameAccordions();
  keepFolds();
}

function plan() {
  if (!planned) planned = setTimeout(scan, SCAN_EVERY_MS);
}

function start() {
  if (window.__liverlabTheme) return;
  window.__liverlabTheme = true;
  // A viewer that stands alone names sliders itself; two namers would take turns.
  window.__liverlabSliderNames?.disconnect?.();
  window.__liverlabSliderNames = true;
  new MutationObserver(plan).observe(document.body, { childList: true, subtree: true });
  window.addEventListener("keydown", claimKeys, true);
  document.addEventListener("keydown", pressAccordion, true);
  document.addEventListener("click", rememberFold, true);
  document.addEventListener("click", plan);
  listenForTerms();
  scan();
}

function render({ el }) {
  el.style.display = "none";
  start();
  if (window.__liverlabArrived) return;
  window.__liverlabArrived = true;
  requestAnimationFrame(() => arriveAtTheTop(el)); // by then it hangs in the page
}

export default { initialize: start, render };
