// ipywidgets gives the handle of a slider no accessible name: take it from the slider's own label.
// Also keeps JupyterLab's shortcuts (X cuts a cell, arrows choose one) away from keys pressed inside `.liverlab`.

function nameSliderHandles(root) {
  for (const handle of root.querySelectorAll(".liverlab .noUi-handle, .liverlab.noUi-handle")) {
    const slider = handle.closest(".jupyter-widgets");
    const label = slider && slider.querySelector(".widget-label");
    const words = label ? label.textContent.trim() : "";
    const handles = slider ? [...slider.querySelectorAll(".noUi-handle")] : [handle];
    const end = handles.length > 1 ? [" from", " to"][handles.indexOf(handle)] || "" : "";
    const name = (words || "Slider") + end;
    // A name somebody else has given (with a unit, say) is left alone.
    if (handle.getAttribute("aria-label") === (handle.dataset.named ?? null)) {
      setAttributes(handle, { "aria-label": name, "data-named": name });
    }
    const readout = slider && slider.querySelector(".widget-readout");
    if (readout && !readout.getAttribute("aria-label")) {
      readout.setAttribute("aria-label", `${name}, value`);
      if (readout.isContentEditable) readout.setAttribute("role", "textbox");
    }
  }
  keepKeysInside(root);
}

// JupyterLab listens on the document, since 4.5 after everyone else: keys without Ctrl stop at our border. Older ones
// listen first, but leave alone an element (only the focused one counts) that carries this attribute.
function keepKeysInside(root) {
  const ours = ".liverlab :is(button, input, select, textarea, summary, [tabindex], [contenteditable])";
  for (const element of root.querySelectorAll(ours)) {
    if (!element.dataset.lmSuppressShortcuts) element.dataset.lmSuppressShortcuts = "true";
  }
  for (const box of root.querySelectorAll(".liverlab:not([data-keys-stay])")) {
    box.dataset.keysStay = "true";
    box.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
    });
  }
}

// Once per page; every widget of ours may call it.
function keepSlidersNamed() {
  if (window.__liverlabSliderNames) return;
  let queued = false;
  const run = () => {
    queued = false;
    nameSliderHandles(document);
  };
  const observer = new MutationObserver((records) => {
    const matters = records.some((record) => record.type === "characterData" || record.addedNodes.length > 0);
    if (!matters || queued) return;
    queued = true;
    setTimeout(run, 60);
  });
  observer.observe(document.body, { childList: true, subtree: true });
  window.__liverlabSliderNames = observer;
  run();
}
