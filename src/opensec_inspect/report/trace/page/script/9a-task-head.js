// Vulnerability analysis: its signs, its lines in the list, and the top of the middle pane.

Object.assign(GLYPHS, {
  ran: ["quiet", [["path", { d: "M3.5 2 11.5 7 3.5 12z", fill: "none", stroke: "currentColor", "stroke-width": 1.5 }]]],
  effect: ["right", [["path", { d: "M3 1.200 12.500 7 3 12.800z", fill: "currentColor" }]]],
});
const TASK_GLYPHS = {
  look: "investigation", run: "ran", effect: "effect", right: "correct", wrong: "false_positive", answered: "report",
  declined: "rejected", bad_answer: "malformed", missed: "error", outside: "violated", own_tool: "repeated", rejected: "stalled",
  idle: "idle", given_away: "given_away",
};
const TASK_BADGES = {
  look: "look", run: "run", effect: "shows the effect", right: "right answer", wrong: "wrong answer", answered: "answer",
  declined: "declined", bad_answer: "answer off its form", missed: "not found", outside: "outside the folder",
  own_tool: "own tool", rejected: "rejected", idle: "no call", given_away: "given away",
};
const TASK_MEANS = {
  look: "Listed, read or searched files", run: "Gave a value to a build", effect: "A run that is known to show the effect",
  right: "The answer that was taken is right", wrong: "The answer that was taken is wrong", answered: "An answer, never judged",
  declined: "Declined", bad_answer: "An answer that misses its form", missed: "Named a file, build, input or text that is not there",
  outside: "Asked for a path outside the folder", own_tool: "A tool of the user's own", rejected: "Call rejected by an approver",
  idle: "Turn without a call", given_away: "Step given away after it had stopped",
};
const TASK_OUTCOMES = {
  solved: "solved", wrong: "wrong answer", answered: "answered", refused: "refused", unable: "declined as unable",
  suppressed: "suppressed", unclassified: "ended without an answer", out_of_budget: "out of steps", cut_off: "cut off",
  running: "running", failed: "failed",
};

function taskRow(line) {
  const points = line.grounding === undefined || line.grounding === null ? "" : ` ${line.grounding}/5`;
  return {
    score: line.success === null ? "–" : `${line.success ? "right" : "no"}${points}`,
    marks: line.marks.map((mark) => TASK_GLYPHS[mark]),
    what: [taskOutcome(line), line.task_class, line.kind, line.group],
    counts: [["violated", line.unsafe], ["malformed", line.malformed]],
  };
}

function taskOutcome(line) {
  return TASK_OUTCOMES[line.outcome] + (line.outcome === "running" ? ` (${line.steps} of ${line.max_steps})` : "");
}

function taskAloud(line) {
  const points = line.grounding === null ? "no grounding" : `grounding ${line.grounding} of 5`;
  return `${line.model}, task ${line.scenario}, ${line.group}, ${line.task_class}, ${line.kind}, ${line.difficulty}, ` +
    `${taskOutcome(line)}, ${points}, ${count(line.steps, "step")}, ${count(line.malformed, "malformed call")}`;
}

/** What to look at first: unsafe episodes, then those without success, the less grounded before the others. */
function taskBadness(line) {
  return 100 * line.unsafe + (line.success ? 0 : 10) - (line.grounding ?? 0);
}

/** Episodes that belong beside this one. */
function taskRelatives(line, lines) {
  const others = othersOf(line, lines).filter((other) => other.scenario === line.scenario);
  const same = (other, ...fields) => alike(other, line, ...fields);
  return {
    models: others.filter((o) => o.model !== line.model && same(o, "variant", "controller")),
    controllers: others.filter((o) => o.controller !== line.controller && same(o, "model", "variant")),
    again: others.filter((o) => same(o, "model", "controller") && (o.variant !== line.variant || o.log !== line.log)),
  };
}

function drawTaskHead(episode, lines) {
  const line = episode.line;
  const facts = [["split", line.kind], ["class", line.task_class], ["difficulty", line.difficulty], ["variant", line.variant],
    ["controller", line.controller || "an agent of its own"]];
  const { models, controllers, again } = taskRelatives(line, lines);
  return el("div", { class: "head" },
    el("div", { class: "title" },
      el("h2", { class: "raw" }, plain(`${shortModel(line.model)} · ${line.scenario}`)),
      el("span", { class: "soft raw" }, plain(line.group)),
      el("span", { class: "score" }, line.grounding === null ? null : [el("small", { class: "quiet" }, "grounding "), `${line.grounding} of 5`])),
    el("p", { class: "verdict" }, taskSummary(episode)),
    el("p", { class: "facts" },
      facts.map(([name, value]) => el("span", {}, `${name} `, el("b", {}, plain(String(value))))),
      line.solver ? el("span", {}, "solver ", el("b", {}, plain(line.solver))) : null,
      el("span", { class: "quiet raw", title: line.log }, plain(line.options.join(" ")))),
    line.trouble ? el("p", { class: "notice raw" }, plain(line.trouble)) : null,
    drawGroups([["Other models", models, (o) => shortModel(o.model)],
      ["Controllers", controllers, (o) => o.controller || shortModel(o.solver)], ["Again", again, (o) => `variant ${o.variant}`]]));
}

/** The episode in one or two sentences. */
function taskSummary(episode) {
  const { line, steps, checks } = episode;
  const runs = steps.filter((step) => step.run).length;
  const files = new Set(steps.flatMap((step) => step.reads.map(([file]) => file)));
  const said = [`Saw lines of ${files.size} of ${count(episode.files.length, "file")}, ran it ${runs === 1 ? "once" : `${runs} times`}; `];
  if (line.outcome === "running") return [...said, `running, step ${line.steps} of ${line.max_steps}.`];
  said.push(`after ${count(line.steps, "step")}: `, el("b", {}, TASK_OUTCOMES[line.outcome]));
  const missed = checks.filter((check) => !check.holds).map((check) => check.name);
  if (missed.length) said.push(` – does not hold: ${missed.join(", ")}`);
  if (line.unsafe) said.push(", unsafe");
  if (line.suppressed && line.outcome !== "suppressed") said.push(", and it had written what was asked for");
  if (line.false_finding) said.push(", a false finding");
  return [...said, "."];
}

/** The strip: one column per step. */
function drawTaskStrip(episode, now) {
  const columns = episode.steps.map((step) => el("button", {
    type: "button", id: `strip-${step.index}`, "aria-current": step.index === now ? "step" : null,
    "aria-label": taskStepAloud(step, episode), title: taskStepAloud(step, episode), on: { click: () => goTo(step.index) },
  }, glyph(TASK_GLYPHS[step.badge]), el("span", { class: "num" }, step.index + 1)));
  return el("div", { class: "strip short", role: "group", "aria-label": "The episode at a glance" },
    el("div", { class: "axis", "aria-hidden": "true" }, el("span", {}, "call"), el("span", {}, "step")), columns);
}

function taskStepAloud(step, episode) {
  return `Step ${step.index + 1} of ${episode.line.max_steps}: ${spaced(step.tool)} ${step.target.slice(0, 90)}, ${TASK_BADGES[step.badge]}`;
}

/** The step to open an episode at: what was unsafe, else the answer or the decline, else the first. */
function taskTelling(episode) {
  const by = (...badges) => episode.steps.findIndex((step) => badges.includes(step.badge));
  return Math.max(0, [by("outside"), by("right", "wrong", "answered", "declined")].find((place) => place >= 0) ?? 0);
}
