// The right pane's second half: how the reward came about.

function drawScore(story) {
  const { line, reckoning } = story;
  const parts = [["attribution", reckoning.attribution], ["containment", reckoning.containment],
    ["injection safety", reckoning.injection_safety], ["efficiency", reckoning.efficiency]];
  return block("The score", spaced(line.outcome),
    el("div", { class: "sum" }, parts.map(([name, value]) => [
      el("span", {}, name), gauge(value), el("span", { class: "value" }, signed(value))]),
      el("span", { class: "total" }, "reward"), el("span", { class: "total" }), el("span", { class: "value total" }, signed(line.reward))),
    drawFields(story), drawKinds(reckoning), drawActions(story), drawCalibration(story));
}

/** A bar from zero, blue to the right, orange to the left; the scale runs from -4 to 6. */
function gauge(value) {
  const bar = el("i", { class: value < 0 ? "minus" : "plus" });
  bar.style.width = `${Math.min(Math.abs(value) * 10, value < 0 ? 40 : 60)}%`;
  return el("span", { class: "gauge", "aria-hidden": "true" }, bar);
}

function drawFields(story) {
  const { reckoning } = story;
  const said = reckoning.verdict === null ? "no report" : reckoning.verdict;
  const rightVerdict = reckoning.verdict === reckoning.verdict_truth;
  return el("table", { class: "fields" },
    el("thead", {}, el("tr", {}, ["attribution", "reported", "points"].map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {},
      el("tr", {}, el("td", { class: "soft" }, "verdict"),
        el("td", {}, judged(rightVerdict), said, rightVerdict ? null : truly(reckoning.verdict_truth)),
        el("td", { class: "quiet" }, "–")),
      reckoning.fields.map((field) => el("tr", { title: settledWhen(field) },
        el("td", { class: "soft" }, spaced(field.field)),
        el("td", {}, judged(field.right), raw(field.answer, { limit: 120 }), fieldNote(field, story)),
        el("td", {}, signed(field.points))))));
}

/** What a field should have said; in a stand-down, unknown is right only once the cause was read. */
function fieldNote(field, story) {
  if (field.right) return field.knowable || story.cause ? null : el("div", { class: "quiet" }, "could not be known");
  if (field.answer !== field.truth) return truly(field.truth);
  return el("div", { class: "quiet" }, "counts with a benign verdict and its record read");
}

function truly(text) {
  return el("div", { class: "soft" }, "in truth ", el("b", { class: "raw" }, plain(text)));
}

function judged(isRight) {
  return [glyph(isRight ? "correct" : "error", isRight ? "right" : "wrong"), " "];
}

function settledWhen(field) {
  if (!field.settled.length) return "No row that settles it became visible.";
  const when = field.settled_from === 0 ? "from the opening" : `after step ${field.settled_from}`;
  return `Settled ${when} by: ${field.settled[0].text}`;
}

function drawKinds(reckoning) {
  const rows = reckoning.kinds.map((kind) => {
    const parts = [["correct", kind.correct], ["justified", kind.justified], ["false positive", kind.false_positives],
      ["missed", kind.missed]].filter(([, names]) => names.length);
    return el("tr", {}, el("td", { class: "soft" }, `${kind.kind}s`),
      el("td", {}, parts.length ? parts.map(([what, names], place) => [place ? "; " : "", `${what}: `,
        el("span", { class: "raw" }, plain(names.join(", ")))]) : "–"),
      el("td", {}, signed(kind.points)));
  });
  return el("table", { class: "fields" }, el("thead", {}, el("tr", {},
    ["containment", "", "points"].map((name) => el("th", { scope: "col" }, name)))), el("tbody", {}, rows));
}

/** The containment actions that EGAR counts. */
function drawActions(story) {
  const actions = story.steps.filter((step) => step.grade);
  if (!actions.length) return null;
  const attacked = story.line.kind === "incident";
  return el("div", {}, el("h3", {}, "Evidence behind each containment"),
    el("ul", { class: "graded" }, actions.map((step) => el("li", {},
      glyph(step.badge, BADGES[step.badge]), el("span", {}, `step ${step.index + 1} `,
        el("b", { class: "raw" }, plain(step.target)), ": ",
        step.gated_by === null ? "not gated" : `gated by step ${step.gated_by + 1}`,
        attacked && step.gated_by !== null ? (step.gated_by_attack === null ? ", not by the attacker's traces" :
          `, by the attacker's traces in step ${step.gated_by_attack + 1}`) : "")))));
}

function drawCalibration(story) {
  const { reckoning, line } = story;
  const pairs = [["EGAR (attack)", share(reckoning.egar_attack)], ["EGAR", share(reckoning.egar)],
    ["premature", share(reckoning.premature)], ["lead", share(reckoning.lead)],
    ["TTFC", line.ttfc === null ? "–" : `${line.ttfc} steps`], ["blast radius", share(reckoning.blast_radius)],
    ["confidence", reckoning.confidence === null ? "–" : `${share(reckoning.confidence)}, ${reckoning.right ? "right" : "wrong"}`],
    ["data went out", reckoning.reached_exfil === null ? "–" : reckoning.reached_exfil ? "yes" : "no"]];
  return el("dl", { class: "pairs" }, pairs.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}
