// Starting: wire the controls, read the episodes, and on a served page keep asking for more.

function help() {
  const box = document.getElementById("help");
  const keys = [["↑ ↓", "episode before, after"], ["← →", "step before, after"], ["Home End", "first, last step"],
    ["Enter", "unfold the step: what the model wrote, what became visible"], ["c", "compare with another episode of the scenario"],
    ["/", "filter"], ["?", "this help"], ["Esc", "leave"]];
  const families = [...new Set(page.lines.map((line) => line.family))].map((name) => FAMILIES[name]);
  box.replaceChildren(put(document.createDocumentFragment(), [
    el("h2", { id: "help-title", tabindex: "-1" }, "How to read this page"),
    families.map((family) => el("p", {}, family.reading)),
    el("h3", {}, "Keys"), el("div", { class: "keys" }, keys.map(([key, what]) => [el("kbd", {}, key), el("span", {}, what)])),
    el("h3", {}, "Signs"), families.map((family) => el("div", { class: "legend" }, family.signs.map(([name, means]) => el("span", {}, glyph(name), means)))),
    el("h3", {}, "Filter"),
    el("p", {}, "Words find text; comparisons find numbers: ", families.map((family) => [el("code", {}, family.sample), ", "]),
      el("code", {}, "steps<=3"), ", ", el("code", {}, "model:gpt"), ". Fields: ", el("code", {}, Object.keys(FIELDS).join(" ")), "."),
    families.map((family) => family.notes.map(([title, text]) => [el("h3", {}, title), el("p", {}, text)])),
    el("p", {}, el("button", { type: "button", on: { click: () => box.close() } }, "Close"))]));
  if (!box.open) box.showModal();
  document.getElementById("help-title").focus(); // not the button at its end, which would scroll there
}

function wire() {
  const filter = document.getElementById("filter");
  filter.addEventListener("input", () => {
    wish.query = filter.value;
    refilter();
  });
  document.getElementById("do-compare").addEventListener("click", () => compareWith(page.other ? null : undefined));
  document.getElementById("do-theme").addEventListener("click", turnTheme);
  document.getElementById("do-help").addEventListener("click", help);
  for (const button of document.querySelectorAll(".tabs button")) {
    button.addEventListener("click", () => showTab(button.dataset.tab));
  }
  document.addEventListener("keydown", pressed);
}

/** Take over what the source holds now; the chosen episode is read again when its line changed. */
async function take(lines) {
  const before = new Map(page.lines.map((line) => [line.key, JSON.stringify(line)]));
  const changed = (key) => before.get(key) !== JSON.stringify(lines.find((line) => line.key === key));
  page.lines = lines;
  const logs = new Set(lines.map((line) => line.log)).size;
  const models = [...new Set(lines.map((line) => shortModel(line.model)))];
  const scenarios = new Set(lines.map((line) => line.scenario)).size;
  const played = `${models.slice(0, 3).join(", ")}${models.length > 3 ? ` and ${models.length - 3} more` : ""} on ${count(scenarios, "scenario")}`;
  document.title = lines.length ? `${played.replace(new RegExp(CONTROL.source, "g"), "\ufffd")} – traces` : "Traces";
  put(emptied("summary"), [count(lines.length, "episode"), lines.length ? [" of ", plain(played)] : "", `, ${count(logs, "log")}`]);
  drawFacets(lines, wish);
  refilter();
  const gone = view.key && !lines.some((line) => line.key === view.key);
  if (gone || !view.key) await choose(page.found.lines[0]?.key ?? null);
  else if (changed(view.key) || (view.partner && changed(view.partner))) await follow();
}

/** Read the chosen episode again; a reader at its last step stays at its last step. */
async function follow() {
  const last = view.step === page.episode.steps.length - 1;
  const [open, focus] = [view.open, view.focus];
  await choose(view.key, { step: last ? 1e9 : view.step, partner: view.partner });
  Object.assign(view, { open, focus });
}

async function ask() {
  const sign = document.getElementById("live");
  try {
    const lines = await page.source.lines();
    if (lines !== page.lines) await take(lines);
    const running = lines.filter((line) => line.outcome === "running").length;
    sign.className = "live";
    put(emptied("live"), [!lines.length ? "live, no episode yet" : running ? `live, ${running} running` : "live, nothing running"]);
  } catch {
    sign.className = "live lost";
    put(emptied("live"), ["the server does not answer; trying again"]);
  }
  sign.hidden = false;
  setTimeout(ask, POLL_MS);
}

async function start() {
  page.source = document.body.dataset.source === "served" ? served() : embedded();
  wire();
  showTab("left");
  const { key, step, partner } = remembered();
  if (page.source.served) await ask();
  else await take(await page.source.lines());
  if (key && page.lines.some((line) => line.key === key)) {
    const beside = page.lines.some((line) => line.key === partner) ? partner : null;
    await choose(key, { step, partner: beside, show: "middle" });
  }
  document.body.dataset.ready = "yes";
}

start();
