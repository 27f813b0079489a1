// Opens the page: the scans first, everything else when the prediction is made.

// The viewer and the figures take light or dark from the names that JupyterLab would give.
function followColours() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const name = () => {
    const night = dark.matches && !document.body.classList.contains("lh-printing");
    document.body.dataset.jpThemeLight = String(!night);
    document.body.dataset.jpThemeName = night ? "dark" : "light";
  };
  dark.addEventListener("change", name);
  name();
  return name;
}

async function openHandout() {
  const recolour = followColours();
  const words = JSON.parse(document.getElementById("lh-words").textContent);
  const host = (view) => document.querySelector(`[data-view="${view}"]`);
  const opening = makePictures(words.hook.form, { [words.hook.config.slice]: "lh-first" });
  await makePlayer(words.hook, opening, makeLibrary(words.hook)).mount(host("hook"));

  await whenRead("lh-explore");
  const recording = JSON.parse(new TextDecoder().decode(await inflated(storedBytes("lh-explore"))));
  const library = makeLibrary(recording);
  const explore = makePlayer(recording, makePictures(recording.form), library);
  const checkOf = (key) => library.shared(explore.state().checks[key]);
  const followQuestions = attachQuestions(words.questions, recording.states, checkOf, library.shared);
  const places = new Map();
  let option = null;
  let prediction = () => [];

  const followTexts = () => {
    for (const [place, number] of Object.entries(explore.state().texts)) {
      const element = document.querySelector(`[data-text="${place}"]`);
      const html = library.shared(number);
      if (element.dataset.shown === String(number)) continue;
      element.dataset.shown = String(number);
      element.innerHTML = html; // made with the file, from its own texts
    }
    const yours = document.querySelector("[data-part=explain] .lp-beside > section");
    yours.replaceChildren(make("h3", {}, "Your prediction"), make("p", {}, ...prediction()), ...(option ? [make("p", {}, option.feedback)] : []));
  };
  const follow = () => {
    followTexts();
    followQuestions();
    places.forEach((place) => place.follow());
  };
  async function openRest() {
    await explore.mount(host("explore"));
    for (const element of document.querySelectorAll("[data-figures]")) {
      places.set(element, makeFigurePlace(element, () => library.figures(explore.state().drawn[element.dataset.figures])));
    }
    attachControls(recording.controls, (state) => {
      explore.show(state);
      follow();
    });
    follow();
  }
  let rest = null;
  attachPredict(words.predict, (made, sentence) => {
    [option, prediction] = [made, sentence];
    rest = openRest();
    rest.catch(fail);
  });
  attachQuiz(words.quiz, checkOf);
  document.getElementById("lh-print").addEventListener("click", async () => {
    await rest;
    for (const place of places.values()) await place.draw();
    window.print();
  });
  const folds = () => document.querySelectorAll("details[data-print]");
  window.addEventListener("beforeprint", () => {
    document.body.classList.add("lh-printing");
    folds().forEach((fold) => (fold.open = true));
    recolour();
  });
  window.addEventListener("afterprint", () => {
    document.body.classList.remove("lh-printing");
    folds().forEach((fold) => (fold.open = false));
    recolour();
  });
}

function fail(error) {
  const problem = document.getElementById("lh-problem");
  problem.hidden = false;
  setText(problem, `This page could not be opened: ${error.message}. A newer browser may help.`);
  console.error(error);
}

openHandout().catch(fail);
