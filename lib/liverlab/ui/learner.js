// Keeps a random learner id in this browser. In app mode thirty learners share one account on the server, so the
// server cannot tell them apart; where the browser stores nothing, the id lives as long as the page.
// On a hub people log in: whoever comes from another computer is the same learner, and begins with the id of the account.
const keyOf = (model) => ["liverlab-learner", model.get("account")].filter(Boolean).join("-");

function fresh() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function stored(key) {
  try {
    return localStorage.getItem(key) || "";
  } catch {
    return "";
  }
}

function store(key, id) {
  try {
    localStorage.setItem(key, id);
  } catch {
    // private window: the id is kept by the kernel only
  }
}

function initialize({ model }) {
  const key = keyOf(model);
  const known = stored(key);
  const id = /^[0-9a-f]{16}$/.test(known) ? known : model.get("learner_id") || fresh();
  store(key, id);
  if (model.get("learner_id") !== id) {
    model.set("learner_id", id);
    model.save_changes();
  }
  model.on("change:learner_id", () => store(key, model.get("learner_id")));
}

function render({ el }) {
  el.style.display = "none";
}
export default { initialize, render };
