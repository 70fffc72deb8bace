// Vulnerability analysis: the right pane. Each outcome by itself, what is right, and the program.

const TASK_HEADLINES = ["success", "false_finding", "refusal", "suppressed", "unsafe", "malformed_calls", "schema_errors", "grounding"];

function drawTaskSide(episode, view) {
  return [drawTaskOutcomes(episode), drawTaskChecks("The answer", episode.checks, episode.answer.length ? "" : "No answer was taken."),
    drawTaskChecks("Grounding", episode.grounding, ""), drawTaskTruth(episode), drawTaskFiles(episode, view)];
}

/** A number in its unit. */
function taskNumber(unit, value) {
  if (value === null || value === undefined) return "–";
  return unit === "0/1" ? (value ? "yes" : "no") : unit === "share" ? share(value) : String(Number(value.toFixed(2)));
}

function drawTaskOutcomes(episode) {
  const values = episode.numbers.flatMap((group) => group.values);
  if (!values.length) return null;
  const pairs = (kept) => el("dl", { class: "pairs" }, kept.map(([name, unit, value]) => [el("dt", {}, spaced(name)), el("dd", {}, taskNumber(unit, value))]));
  const rest = values.filter(([name]) => !TASK_HEADLINES.includes(name));
  return block("Outcomes", "each by itself", pairs(values.filter(([name]) => TASK_HEADLINES.includes(name))),
    el("details", {}, el("summary", {}, "all numbers"), pairs(rest)));
}

function drawTaskChecks(title, checks, otherwise) {
  if (!checks.length) return otherwise ? block(title, null, el("p", { class: "quiet" }, otherwise)) : null;
  return block(title, `${checks.filter((check) => check.holds).length} of ${checks.length}`,
    el("ul", { class: "graded" }, checks.map((check) => el("li", {}, glyph(check.holds ? "correct" : "error", check.holds ? "holds" : "does not hold"),
      el("span", { class: "raw" }, plain(spaced(check.name)), check.about ? el("span", { class: "quiet" }, plain(` – ${check.about}`)) : null)))));
}

function drawTaskTruth(episode) {
  const { sites, path, gold, demonstration } = episode.truth;
  const rows = [["defect", sites.length ? sites.map(([file, name, line]) => `${file}:${line} in ${name}`).join("; ") : "none: a clean twin"],
    ...(path.length ? [["on the path", path.join(", ")]] : []),
    ...(demonstration ? [[`shown by ${demonstration[0]}`, demonstration[1]]] : []),
    ...gold.filter(([name]) => name !== "evidence").map(([name, text]) => [`right ${spaced(name)}`, text])];
  return block("The truth", null,
    el("dl", { class: "pairs" }, rows.map(([name, text]) => [el("dt", {}, plain(name)), el("dd", {}, raw(text, { limit: 400 }))])));
}

/** The files; lines that had been shown by the chosen step are dark, lines of the defect marked. */
function drawTaskFiles(episode, view) {
  const seen = new Map(episode.files.map((file) => [file.path, new Set()]));
  for (const step of episode.steps.slice(0, view.step + 1)) {
    for (const [file, start, end] of step.reads) {
      for (let line = start; line <= end; line += 1) seen.get(file)?.add(line);
    }
  }
  return block("The program", `as seen by step ${view.step + 1}`, episode.files.map((file) => {
    const lines = file.text.replace(/\n$/, "").split("\n");
    const shown = seen.get(file.path);
    return el("details", { open: view.open && file.sites.length > 0 },
      el("summary", {}, plain(file.path), el("span", { class: "quiet" }, ` ${shown.size} of ${count(lines.length, "line")} shown${file.sites.length ? ", holds the defect" : ""}`)),
      el("div", { class: "source scroll tall" }, lines.map((text, at) => drawSourceLine(text, at + 1, shown, file.sites))));
  }));
}

function drawSourceLine(text, number, shown, sites) {
  const classes = [shown.has(number) ? "" : "unread", sites.includes(number) ? "site" : ""].filter(Boolean).join(" ");
  return el("div", { class: classes || null }, el("span", { class: "n" }, number), el("span", { class: "raw" }, plain(text)));
}
