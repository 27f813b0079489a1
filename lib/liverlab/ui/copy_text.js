// A text under its label and a button that copies it (copy() stands in copy.js, joined at import).
function render({ model, el }) {
  const label = document.createElement("span");
  const code = document.createElement("code");
  const button = document.createElement("button");
  const said = document.createElement("span");
  el.classList.add("lp-copy-text");
  label.textContent = model.get("label");
  code.className = "lp-code";
  button.type = "button";
  button.className = "jupyter-button widget-button";
  button.textContent = "Copy";
  button.setAttribute("aria-label", `Copy: ${model.get("label")}`);
  said.setAttribute("role", "status");
  const show = () => { code.textContent = model.get("text"); };
  show();
  model.on("change:text", show);
  button.addEventListener("click", async () => {
    said.textContent = (await copy(model.get("text"))) ? "Copied" : "Please copy by hand";
    button.focus();
    setTimeout(() => { said.textContent = ""; }, 2500);
  });
  el.append(label, code, button, said);
  return () => model.off("change:text", show);
}

export default { render };
