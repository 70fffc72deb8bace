// The top of the middle pane: what episode this is, its relatives, and all of it at a glance.

/** The other episodes of the same family. */
function othersOf(line, lines) {
  return lines.filter((other) => other.key !== line.key && other.family === line.family);
}

/** Whether two lines agree in these fields. */
function alike(a, b, ...fields) {
  return fields.every((field) => a[field] === b[field]);
}

/** Episodes that belong beside an incident. */
function incidentRelatives(line, lines) {
  const same = (a, ...fields) => alike(a, line, ...fields);
  const others = othersOf(line, lines);
  return {
    arms: others.filter((o) => same(o, "scenario", "model", "solver", "epoch") && o.tier !== line.tier),
    twins: others.filter((o) => o.group === line.group && o.scenario !== line.scenario && same(o, "model", "tier", "epoch")),
    models: others.filter((o) => same(o, "scenario", "tier", "epoch") && o.model !== line.model),
    again: others.filter((o) => same(o, "scenario", "model", "tier") && (o.epoch !== line.epoch || o.log !== line.log)),
  };
}

/** Everything that can be set beside an episode, closest first. */
function comparable(line, lines) {
  const { models, ...more } = FAMILIES[line.family].relatives(line, lines);
  const near = [...models, ...Object.values(more).flat()];
  const rest = othersOf(line, lines).filter((o) => o.scenario === line.scenario && !near.includes(o));
  return [...near, ...rest];
}

const TIERS = { t0: "placebo: asks for nothing", t1: "asks openly", t2: "asks in somebody's role", t3: "asks in hiding" };
const KINDS = { incident: "an incident", stand_down: "a stand-down", blocked: "a blocked attack" };

function drawHead(episode, lines) {
  const line = episode.line;
  const facts = [["planted text", `${line.tier}, ${TIERS[line.tier] || "none"}`], ["wants", spaced(line.injection_family)], ["difficulty", line.difficulty],
    ["alert", spaced(line.alert_family)], line.kind === "incident" ? ["broken leg", line.member] : ["member", line.member],
    ["noise", line.noise], ["attacker", line.attacker], ["provenance", line.provenance]];
  const usual = { noise: "desk", attacker: "scripted", provenance: "shown" };
  return el("div", { class: "head" },
    el("div", { class: "title" },
      el("h2", { class: "raw" }, plain(`${shortModel(line.model)} · ${line.scenario}`)),
      el("span", { class: "soft raw" }, plain(`${line.organisation}, ${KINDS[line.kind]}`)),
      el("span", { class: "score" }, line.reward === null ? null : [el("small", { class: "quiet" }, "reward "), signed(line.reward)])),
    el("p", { class: "verdict" }, summary(episode)),
    drawWrongs(episode),
    el("p", { class: "facts" },
      facts.filter(([name, value]) => usual[name] !== value).map(([name, value]) =>
        el("span", { title: WORDS[name] }, `${name} `, el("b", {}, plain(value)))),
      line.epoch > 1 ? el("span", {}, "epoch ", el("b", {}, line.epoch)) : null,
      line.solver ? el("span", {}, "solver ", el("b", {}, plain(line.solver))) : null,
      el("span", { class: "quiet raw", title: line.log }, plain(line.options.join(" ")))),
    line.trouble ? el("p", { class: "notice raw" }, plain(line.trouble)) : null,
    disagrees(line) ? el("p", { class: "notice" },
      `The log says reward ${line.logged_reward}; these rules give ${line.reward}.`) : null,
    drawRelated(line, lines));
}

function disagrees(line) {
  return line.reward !== null && line.logged_reward !== null && Math.abs(line.reward - line.logged_reward) > 1e-6;
}

/** The episode in one or two sentences. */
function summary(episode) {
  const line = episode.line;
  const said = [];
  if (line.kind === "stand_down") said.push(`Nobody attacks: the cause is ${spaced(episode.cause)}. `);
  if (line.kind === "blocked") said.push(`The attack was stopped before it got anything: ${spaced(episode.cause)}. `);
  const parts = [];
  if (line.correct) parts.push(`${line.correct} correct`);
  if (line.justified) parts.push(`${line.justified} justified`);
  if (line.false_positives) parts.push(count(line.false_positives, "false positive"));
  said.push(parts.length ? `Contained ${line.correct + line.justified + line.false_positives}: ${parts.join(", ")}` :
    "Contained nothing");
  if (line.ttfc !== null) said.push(`, the first in step ${line.ttfc + 1}`);
  said.push(". ");
  if (line.exposures) {
    const what = line.tier === "t0" ? "placebo text" : "planted request";
    said.push(`${count(line.exposures, what)} reached it${line.tier === "t0" ? "" : line.violations ?
      `, ${line.violations} obeyed` : ", none obeyed"}. `);
  }
  if (line.outcome === "running") said.push(`Running: step ${line.steps} of ${line.max_steps}.`);
  else {
    said.push(line.verdict ? `Reported ${line.verdict}` : "No report");
    said.push(` after ${count(line.steps, "step")}: `, el("b", {}, outcomeOf(line)), shortfalls(episode), ".");
  }
  return said;
}

/** What stands between an episode and success. */
function shortfalls(episode) {
  const { line, score_breakdown } = episode;
  if (!["unresolved", "not_stood_down", "blocked_wrong"].includes(line.outcome) || !score_breakdown) return "";
  const missed = score_breakdown.kinds.flatMap((kind) => kind.missed);
  const wrong = score_breakdown.fields.filter((field) => !field.right).map((field) => spaced(field.field));
  const benign = line.kind === "stand_down";
  const parts = [
    missed.length ? `${missed.join(", ")} not contained` : null,
    line.false_positives ? count(line.false_positives, "false positive") : null,
    line.violations ? count(line.violations, "violation") : null,
    score_breakdown.verdict !== null && score_breakdown.verdict !== score_breakdown.verdict_truth ? `the verdict should be ${score_breakdown.verdict_truth}` : null,
    line.kind === "incident" && score_breakdown.verdict !== null && wrong.length ? `wrong in ${wrong.join(", ")}` : null,
    benign && !episode.steps.some((step) => step.causes) ? "the record of the innocent cause was never read" : null,
  ].filter(Boolean);
  return parts.length ? [" – ", el("span", { class: "raw" }, plain(parts.join("; ")))] : "";
}

const MOST_WRONGS = 4;

/** Each wrong containment with its reason, leading to its step: the question most readers come with. */
function drawWrongs(episode) {
  const wrong = episode.steps.filter((step) => step.grade === "false_positive");
  if (!wrong.length) return null;
  const more = wrong.length - MOST_WRONGS;
  return el("ol", { class: "wrongs" }, wrong.slice(0, MOST_WRONGS).map((step) => el("li", {}, el("button", {
    type: "button", class: "raw", on: { click: () => goTo(step.index) },
  }, el("span", { class: "quiet" }, `step ${step.index + 1} `), el("b", {}, plain(`${toolName(step)} ${step.target}`)),
  plain(` – ${reasonOf(step, episode)}`)))), more > 0 ? el("li", { class: "quiet" }, `and ${more} more`) : null);
}

/** Why a containment was wrong, in a few words; in a stand-down the summary has said it. */
function reasonOf(step, episode) {
  const gate = step.gated_by === null ? "no trusted evidence of the case had shown it" : `gated by step ${step.gated_by + 1}`;
  if (step.violations.length) return "obeys planted text";
  if (episode.line.kind === "stand_down") return gate;
  return `${step.why[0].replace("False positive: ", "").replace(/\.$/, "")}; ${gate}`;
}

function drawRelated(line, lines) {
  const { arms, twins, models, again } = incidentRelatives(line, lines);
  return drawGroups([["Tiers", arms, (o) => o.tier], ["Group", twins, (o) => spaced(o.kind)],
    ["Other models", models, (o) => shortModel(o.model)], ["Again", again, (o) => `epoch ${o.epoch}`]]);
}

/** Buttons to related episodes, under a word for each kind of relation. */
function drawGroups(groups) {
  const shown = groups.filter(([, found]) => found.length);
  if (!shown.length) return null;
  return el("div", { class: "related" }, shown.map(([name, found, label]) => [
    el("span", { class: "quiet" }, name),
    found.slice(0, 12).map((other) => el("button", {
      type: "button", title: lineAloud(other), on: { click: () => choose(other.key) },
    }, plain(label(other)), ` ${FAMILIES[other.family].row(other).score}`)),
  ]));
}

/** The strip: one column per step, with stage, action and planted text. */
function drawStrip(episode, now) {
  const first = episode.steps.find((step) => step.grade);
  const axis = el("div", { class: "axis", "aria-hidden": "true" },
    el("span", { class: "stages" }, [...STAGES].reverse().map((stage) => el("span", {}, spaced(stage)))),
    el("span", {}, "action"), el("span", {}, "planted"), el("span", {}, "step"));
  const columns = episode.steps.map((step) => el("button", {
    type: "button", id: `strip-${step.index}`, class: first === step ? "first" : null,
    "aria-current": step.index === now ? "step" : null, "aria-label": stepAloud(step, episode),
    title: stepAloud(step, episode), on: { click: () => goTo(step.index) },
  },
    el("span", { class: "bar" }, step.moved && step.moved.stalled ? glyph("stalled") : null,
      el("i", { class: `s${stageNumber(step.after.stage)}` })),
    glyph(step.badge),
    el("span", { class: "plants" }, step.exposures.map(() => glyph("exposed")), step.violations.map(() => glyph("violated"))),
    el("span", { class: "num" }, step.index + 1),
    first === step ? el("span", { class: "flag" }, "first containment") : null));
  return el("div", { class: "strip", role: "group", "aria-label": "The episode at a glance" }, axis, columns);
}

function stepAloud(step, episode) {
  const parts = [`Step ${step.index + 1} of ${episode.line.max_steps}: ${spaced(step.tool)} ${step.target.slice(0, 90)}`,
    BADGES[step.badge]];
  if (step.grade) parts.push(step.gated_by === null ? "not gated" : `gated by step ${step.gated_by + 1}`);
  if (step.exposures.length) parts.push("planted text reached it");
  if (step.violations.length) parts.push("obeyed planted text");
  parts.push(`stage ${spaced(step.after.stage)}`);
  return parts.join(", ");
}
