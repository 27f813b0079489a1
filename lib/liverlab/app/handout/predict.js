// The prediction, and the gate it opens.

function chosen(form) {
  return form.querySelector("input[type=radio]:checked")?.value ?? null;
}

function enableSure(form, ready) {
  form.querySelectorAll("[data-sure]").forEach((button) => (button.disabled = !ready));
}

// `opened(option, words)` is called once, with the chosen option or null; `words()` makes the sentence about it.
function attachPredict(predict, opened) {
  const part = document.querySelector("[data-part=predict]");
  const form = part.querySelector("[data-predict]");
  const note = part.querySelector("[data-said]");
  const done = (option, sure) => {
    form.hidden = true;
    const words = () => (option ? ["You predicted: ", make("b", {}, option.text), ` (${sure}).`] : ["You made no prediction."]);
    note.replaceChildren(make("p", { class: "lp-note" }, ...words(), " The page is open."));
    document.body.classList.add("lh-open");
    opened(option, words);
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => enableSure(form, chosen(form) !== null));
  enableSure(form, chosen(form) !== null); // somebody may have been quicker than the file
  form.addEventListener("click", (event) => {
    const sure = event.target.closest("[data-sure]");
    if (sure) done(predict.options.find(({ id }) => id === chosen(form)), sure.textContent.toLowerCase());
    else if (event.target.closest("[data-skip]")) done(null, "");
  });
}
