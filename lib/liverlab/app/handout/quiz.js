// The quiz: an answer, how sure, a reply. What is right comes from the lesson file, or from the recorded state.

// A number as learners type it: point or comma, any minus, a unit behind; null where there is not exactly one.
function typedNumber(text) {
  const found = text.trim().replace(/[\u2212\u2013]/g, "-").match(/^([+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+))(?![\d.,])(\D*)$/);
  return found ? Number(found[1].replace(",", ".")) : null;
}

function within(value, answer, tolerance) {
  return Number.isFinite(value) && Math.abs(value - answer) <= tolerance + 1e-9 * Math.max(1, Math.abs(answer));
}

function attachQuiz(items, checkOf) {
  const results = new Map();
  const line = document.querySelector("[data-result]");
  const summary = () => {
    const given = [...results.values()];
    const right = given.filter((one) => one.correct).length;
    const atOnce = given.filter((one) => one.first).length;
    setText(line, given.length === 0 ? `${items.length} questions, none answered yet.` : `${right} of ${items.length} right, ${atOnce} at the first try.`);
  };
  for (const item of items) {
    const card = document.querySelector(`[data-quiz="${item.id}"]`);
    const form = card.querySelector("form");
    const feedback = card.querySelector("[data-feedback]");
    const field = card.querySelector("[data-number]");
    const reply = (correct, text, others = []) => {
      const before = results.get(item.id);
      results.set(item.id, { correct, first: before ? before.first : correct });
      const mark = make("span", { "aria-hidden": "true" }, correct ? "\u2714" : "\u2718");
      const folded = others.map((option) => make("li", {}, make("b", {}, option.text), ` ${option.feedback || ""}`));
      const fold = folded.length > 0 ? [make("details", { class: "lp-fold" }, make("summary", {}, "Why not the others"), make("ul", {}, ...folded))] : [];
      feedback.replaceChildren(make("div", { class: `lp-status ${correct ? "lp-done" : "lp-wrong"}` }, make("p", {}, mark, " ", make("b", {}, correct ? "Right." : "Not right."), ` ${text}`), ...fold));
      summary();
    };
    const judge = () => {
      if (item.kind === "choice") {
        const option = item.options.find(({ id }) => id === chosen(form));
        return reply(option.correct, option.feedback || "", option.correct ? item.options.filter((one) => one !== option) : []);
      }
      if (item.kind === "number") {
        const correct = within(typedNumber(field.value), item.answer, item.tolerance);
        return reply(correct, correct ? item.feedback_right : item.feedback_wrong);
      }
      const [correct, sentence] = checkOf(`quiz:${item.id}`);
      return reply(correct, `${sentence} ${correct ? item.feedback_right : item.feedback_wrong}`);
    };
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => field || enableSure(form, chosen(form) !== null));
    field?.addEventListener("input", () => {
      const ready = typedNumber(field.value) !== null;
      setText(card.querySelector("[data-message]"), ready || field.value.trim() === "" ? "" : "Write one number, for example 4.8 or 4,8.");
      enableSure(form, ready);
    });
    form.addEventListener("click", (event) => {
      if (event.target.closest("[data-sure], [data-check]")) judge();
    });
  }
  summary();
}
