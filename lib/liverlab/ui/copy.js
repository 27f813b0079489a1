// A button that copies a text; without the clipboard API (plain http) it falls back to a selected text area.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

function render({ model, el }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "jupyter-button widget-button lp-copy";
  const said = document.createElement("span");
  said.className = "lp-said";
  said.setAttribute("role", "status");
  const name = () => { button.textContent = model.get("label"); };
  name();
  model.on("change:label", name);
  button.addEventListener("click", async () => {
    const done = await copy(model.get("text"));
    button.focus();
    said.textContent = done ? "Copied" : "Please copy by hand";
    setTimeout(() => { said.textContent = ""; }, 2500);
  });
  el.append(button, said);
  return () => model.off("change:label", name);
}
export default { render };
