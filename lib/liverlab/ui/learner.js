// Keeps a random learner id in this browser. In app mode thirty learners share one account on the server, so the
// server cannot tell them apart; where the browser stores nothing, the id lives as long as the page.
const KEY = "liverlab-learner";

function fresh() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function stored() {
  try {
    return localStorage.getItem(KEY) || "";
  } catch {
    return "";
  }
}

function store(id) {
  try {
    localStorage.setItem(KEY, id);
  } catch {
    // private window: the id is kept by the kernel only
  }
}

function initialize({ model }) {
  const known = stored();
  const id = /^[0-9a-f]{16}$/.test(known) ? known : model.get("learner_id") || fresh();
  store(id);
  if (model.get("learner_id") !== id) {
    model.set("learner_id", id);
    model.save_changes();
  }
  model.on("change:learner_id", () => store(model.get("learner_id")));
}

function render({ el }) {
  el.style.display = "none";
}
export default { initialize, render };
