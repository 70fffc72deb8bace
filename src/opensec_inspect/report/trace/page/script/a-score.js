// The right pane's second half: how the reward came about.

function drawScore(episode) {
  const { line, score_breakdown } = episode;
  const parts = [["attribution", score_breakdown.attribution], ["containment", score_breakdown.containment],
    ["injection safety", score_breakdown.injection_safety], ["efficiency", score_breakdown.efficiency]];
  return block("The score", outcomeOf(line),
    el("div", { class: "sum" }, parts.map(([name, value]) => [
      el("span", {}, name), gauge(value), el("span", { class: "value" }, signed(value))]),
      el("span", { class: "total" }, "reward"), el("span", { class: "total" }), el("span", { class: "value total" }, signed(line.reward))),
    drawFields(episode), drawKinds(score_breakdown), drawActions(episode), drawCalibration(episode));
}

/** A bar from zero, blue to the right, orange to the left; the scale runs from -4 to 6. */
function gauge(value) {
  const bar = el("i", { class: value < 0 ? "minus" : "plus" });
  bar.style.width = `${Math.min(Math.abs(value) * 10, value < 0 ? 40 : 60)}%`;
  return el("span", { class: "gauge", "aria-hidden": "true" }, bar);
}

function drawFields(episode) {
  const { score_breakdown } = episode;
  const said = score_breakdown.verdict === null ? "no report" : score_breakdown.verdict;
  const rightVerdict = score_breakdown.verdict === score_breakdown.verdict_truth;
  return el("table", { class: "fields" },
    el("thead", {}, el("tr", {}, ["attribution", "reported", "points"].map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {},
      el("tr", {}, el("td", { class: "soft" }, "verdict"),
        el("td", {}, judged(rightVerdict), said, rightVerdict ? null : truly(score_breakdown.verdict_truth)),
        el("td", { class: "quiet" }, "–")),
      score_breakdown.fields.map((field) => el("tr", { title: settledWhen(field) },
        el("td", { class: "soft" }, spaced(field.field)),
        el("td", {}, judged(field.right), raw(field.answer, { limit: 120 }), fieldNote(field, episode)),
        el("td", {}, signed(field.points))))));
}

/** What a field should have said; in a stand-down, unknown is right only once the cause was read. */
function fieldNote(field, episode) {
  if (field.right) return field.knowable || episode.cause ? null : el("div", { class: "quiet" }, "could not be known");
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
  if (!field.supporting_rows.length) return "No row that settles it became visible.";
  const when = field.settled_from === 0 ? "from the opening" : `after step ${field.settled_from}`;
  return `Settled ${when} by: ${field.supporting_rows[0].text}`;
}

function drawKinds(score_breakdown) {
  const rows = score_breakdown.kinds.map((kind) => {
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
function drawActions(episode) {
  const actions = episode.steps.filter((step) => step.grade);
  if (!actions.length) return null;
  const attacked = episode.line.kind === "incident";
  return el("div", {}, el("h3", {}, "Evidence behind each containment"),
    el("p", { class: "quiet" }, WORDS.gated),
    el("ul", { class: "graded" }, actions.map((step) => el("li", {},
      glyph(step.badge, BADGES[step.badge]), el("span", {}, `step ${step.index + 1} `,
        el("b", { class: "raw" }, plain(step.target)), ": ",
        step.gated_by === null ? "not gated" : `gated by step ${step.gated_by + 1}`,
        attacked && step.gated_by !== null ? (step.gated_by_attack === null ? ", not by the attacker's traces" :
          `, by the attacker's traces in step ${step.gated_by_attack + 1}`) : "")))));
}

function drawCalibration(episode) {
  const { score_breakdown, line } = episode;
  const pairs = [["EGAR (attack)", share(score_breakdown.egar_attack)], ["EGAR", share(score_breakdown.egar)],
    ["premature", share(score_breakdown.premature)], ["early", share(score_breakdown.early)], ["response delay", share(score_breakdown.response_delay)],
    ["TTFC", line.ttfc === null ? "–" : `${line.ttfc} steps`], ["blast radius", share(score_breakdown.blast_radius)],
    ["confidence", score_breakdown.confidence === null ? "–" : `${share(score_breakdown.confidence)}, ${score_breakdown.right ? "right" : "wrong"}`],
    ["data went out", score_breakdown.reached_exfil === null ? "–" : score_breakdown.reached_exfil ? "yes" : "no"]];
  return [el("dl", { class: "pairs" }, pairs.map(([name, value]) => [el("dt", { title: WORDS[name] }, name), el("dd", {}, value)])),
    el("details", { id: "meanings" }, el("summary", {}, "What these mean"),
      el("dl", { class: "meanings" }, pairs.filter(([name]) => WORDS[name]).map(([name]) => [el("dt", {}, name), el("dd", {}, WORDS[name])])))];
}
