// What the page says besides the picture: "computing…", the kernel message, the error banner, the live region.

const COMPUTING_AFTER_MS = 100;
const SILENT_AFTER_MS = 3000;
const SAY_AFTER_MS = 350;
const TELL_AFTER_MS = 900; // longer, and never over what the learner has just done
const KERNEL_SILENT = "The kernel is not answering: Run \u25b8 Restart. Your answers are saved.";
// In app mode there is no menu, and a page that was left alone for long has lost its kernel.
const APP_SILENT = "The simulation is not answering: load this page again. Your answers are saved.";

function makeStatus(signal) {
  const chip = make("div", { class: "ll-chip", hidden: true }, "computing\u2026");
  const silent = make("div", { class: "ll-banner ll-silent", role: "alert", hidden: true });
  const errorText = make("span");
  const dismiss = make("button", { type: "button", class: "ll-button" }, "Dismiss");
  const error = make("div", { class: "ll-banner ll-error", role: "alert", hidden: true }, errorText, dismiss);
  const live = make("div", { class: "ll-live", role: "status", "aria-live": "polite", "aria-atomic": "true" });
  let sayTimer = 0;
  let tellTimer = 0;
  let said = 0;
  dismiss.addEventListener("click", () => (error.hidden = true), { signal });
  return {
    elements: [chip, silent, error, live],
    computing: (on) => (chip.hidden = !on),
    kernelSilent: (on) => {
      if (silent.hidden === !on) return;
      silent.hidden = !on;
      silent.textContent = on ? ("voila" in document.body.dataset ? APP_SILENT : KERNEL_SILENT) : "";
    },
    fail: (text) => {
      setText(errorText, text);
      error.hidden = false;
    },
    // The last of a burst is what is read out.
    say: (text) => {
      clearTimeout(sayTimer);
      sayTimer = setTimeout(() => {
        sayTimer = 0;
        said = performance.now();
        setText(live, text);
      }, SAY_AFTER_MS);
    },
    // What the patient is like now waits until the answer to the learner's own step has been read out.
    tell: (text) => {
      clearTimeout(tellTimer);
      const due = () => {
        const soon = sayTimer !== 0 || performance.now() - said < TELL_AFTER_MS;
        if (soon) tellTimer = setTimeout(due, TELL_AFTER_MS);
        else setText(live, text);
      };
      tellTimer = setTimeout(due, TELL_AFTER_MS);
    },
  };
}

// Watches controls and times the kernel's answer. A control whose message the kernel has finished with (no message
// pending) counts as answered even if nothing was painted, so that a control without effect never alarms.
function makeWaiting(status) {
  const controls = new Set();
  let since = 0;
  let timer = 0;
  const finished = () => [...controls].every((control) => (control._pending_msgs ?? 1) === 0 && control.comm_live !== false);
  const stop = () => {
    since = 0;
    clearInterval(timer);
    status.computing(false);
    status.kernelSilent(false);
  };
  const look = () => {
    const waited = performance.now() - since;
    if (finished()) return stop();
    if (waited >= COMPUTING_AFTER_MS) status.computing(waited < SILENT_AFTER_MS);
    if (waited >= SILENT_AFTER_MS) status.kernelSilent(true);
  };
  return {
    get busy() { return since !== 0; },
    watch(control) {
      controls.add(control);
    },
    begin() {
      if (since !== 0) return;
      since = performance.now();
      clearInterval(timer);
      timer = setInterval(look, 50);
    },
    stop,
  };
}

// Only what the learner did in the browser: a change that the kernel itself sent needs no answer.
function changedHere(control) {
  const lock = control._state_lock;
  return !(lock && ("value" in lock || "index" in lock));
}

async function resolveModel(model, reference) {
  if (typeof reference !== "string" || !reference.startsWith("IPY_MODEL_")) return null;
  return model.widget_manager.get_model(reference.slice("IPY_MODEL_".length));
}
