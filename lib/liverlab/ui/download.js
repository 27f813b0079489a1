// A button that asks the kernel for a file and saves it: the file is made at the click, so it is never out of date.
function save({ filename, text }) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = filename;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function render({ model, el }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "jupyter-button widget-button";
  button.textContent = model.get("label");
  let asked = false; // the same widget may be shown twice; only the clicked one saves
  const got = (message) => {
    if (message.type === "file" && asked) {
      asked = false;
      save(message);
    }
  };
  button.addEventListener("click", () => {
    asked = true;
    model.send({ type: "make" });
  });
  model.on("msg:custom", got);
  el.append(button);
  return () => model.off("msg:custom", got);
}
export default { render };
