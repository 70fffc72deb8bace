// The middle pane: the steps, and everything about the chosen one.

const TRUST = { verified: "verified", corroborated: "corroborated", untrusted: "untrusted" };
const LEFT_BY = { attacker: "attacker", decoy: "look-alike", record: "desk record", background: "routine" };

/** Who left a row, in this episode's words. */
function leftBy(who, episode) {
  return who === "attacker" && episode.line.kind === "stand_down" ? "innocent cause" : LEFT_BY[who];
}

/** The other side, as the subject of what it does. */
function actor(episode, text) {
  if (episode.line.kind !== "stand_down") return "The attacker";
  return text === "waits" ? "The innocent cause" : "The innocent cause looks as if it";
}

function drawSteps(episode, view) {
  const parts = [];
  let stage = episode.before.stage;
  parts.push(drawOpening(episode), drawReach(episode, stage, true));
  for (const step of episode.steps) {
    parts.push(drawStep(step, episode, view));
    if (step.after.stage !== stage && step.index < episode.steps.length - 1) {
      parts.push(drawReach(episode, step.after.stage, false));
    }
    stage = step.after.stage;
  }
  return el("div", { class: "steps" }, parts);
}

function drawOpening(episode) {
  return el("div", { class: "step" },
    el("div", { class: "below opening" },
      el("p", {}, el("b", {}, "The case opens "), el("span", { class: "quiet" }, episode.opened_at)),
      el("p", { class: "raw" }, plain(episode.opening.text), " ",
        el("span", { class: "quiet" }, `(${TRUST[episode.opening.trust]})`))));
}

function drawReach(episode, stage, opening) {
  const benign = episode.line.kind === "stand_down";
  const text = benign ? `What looks like ${spaced(stage)}` :
    opening ? `The attacker stands at ${spaced(stage)}` : `The attacker is now at ${spaced(stage)}`;
  return el("p", { class: "reach" }, el("i", { class: `s${stageNumber(stage)}` }), text);
}

function drawStep(step, episode, view) {
  const now = step.index === view.step;
  const classes = ["step", step.badge, step.violations.length ? "violated" : "", now ? "now" : ""];
  const first = episode.steps.find((other) => other.grade) === step;
  const names = view.focus && !step.entity && step.named.includes(view.focus);
  const call = el("button", {
    type: "button", class: "call", id: `step-${step.index}`, "aria-expanded": now ? "true" : "false",
    "aria-label": stepAloud(step, episode), on: { click: () => goTo(step.index) },
  },
    el("span", { class: "n" }, step.index + 1),
    glyph(step.badge),
    el("span", { class: "did" }, el("span", { class: "tool" }, plain(toolName(step))),
      el("span", { class: "target raw" }, plain(now && step.tool === "query_logs" ? "" : step.target.slice(0, 400), view.aliases)),
      first ? el("span", { class: "first-flag" }, "first containment") : null),
    el("span", { class: step.grade ? `badge strong ${toneOf(step)}` : "badge" },
      names ? el("mark", { class: "named names", title: nameOfEntity(episode, view.focus) }, "names it") : null, badgeText(step)));
  return el("div", { class: classes.filter(Boolean).join(" "), "data-step": step.index },
    call, drawBelow(step, episode, view), now ? drawDetail(step, episode, view) : null);
}

function toolName(step) {
  return { idle: "no call", rejected: "rejected call", extra_tool: "own tool" }[step.tool] || step.tool;
}

function toneOf(step) {
  return step.grade === "false_positive" ? "wrong" : "right";
}

function badgeText(step) {
  if (step.would_be) return `rejected, would have been ${BADGES[step.would_be]}`;
  if (!step.grade) return BADGES[step.badge];
  const gate = step.gated_by === null ? "not gated" : `gated by step ${step.gated_by + 1}`;
  return `${BADGES[step.badge]} · ${gate}`;
}

/** The lines under a call: planted text, then what the other side did. */
function drawBelow(step, episode, view) {
  const facts = [];
  const placebo = episode.line.tier === "t0";
  for (const id of step.exposures) {
    const injection = episode.injections.find((other) => other.id === id);
    facts.push(fact("exposed", placebo ? "The placebo reaches it; it names " : "Planted text reaches it, asking to ",
      el("b", { class: "raw" }, plain(placebo ? nameOfEntity(episode, injection.entity) : injection.asks, view.aliases))));
  }
  for (const id of step.violations) {
    const injection = episode.injections.find((other) => other.id === id);
    facts.push(fact("violated", el("b", { class: "plant" }, "Obeys planted text"),
      ` read in step ${injection.exposed_at + 1}: `, el("span", { class: "raw" }, plain(injection.asks))));
  }
  if (step.causes) facts.push(fact("arrived", el("b", {}, "Reads what settles the innocent cause")));
  if (step.malformed) facts.push(fact("malformed", `${count(step.malformed, "malformed call")} before this step`));
  if (step.repaired) facts.push(fact("malformed", `${count(step.repaired, "action")} had to be mended to be read`));
  if (step.moved) {
    const { text, technique, stalled } = step.moved;
    facts.push(fact(stalled ? "stalled" : "attacker", el("span", { class: "raw" },
      `${actor(episode, text)} `, stalled ? "tries: " : "", plain(text, view.aliases), technique ? ` (${technique})` : "",
      stalled ? [" – ", el("b", {}, `stalls: ${stalled}`)] : "")));
  }
  return facts.length ? el("div", { class: "below" }, facts) : null;
}

function fact(sign, ...content) {
  return el("p", { class: "fact" }, glyph(sign), el("span", {}, content));
}

function nameOfEntity(episode, id) {
  const found = episode.entities.find((entity) => entity.id === id);
  return found ? found.name : id || "";
}

/** Everything about the chosen step. */
function drawDetail(step, episode, view) {
  const parts = [];
  if (step.reasoning || step.text) parts.push(drawWords(step, view));
  if (step.would_be) parts.push(el("p", { class: "soft" }, "An approver rejected this. Had it been made:"));
  if (step.why.length) parts.push(el("ul", { class: "why raw" }, step.why.map((line) => el("li", {}, plain(line, view.aliases)))));
  for (const id of step.violations) parts.push(drawPlanted(episode.injections.find((other) => other.id === id), episode, view));
  if (step.why.length) parts.push(drawHeard(step, episode, view));
  if (step.tool === "query_logs") parts.push(el("div", { class: "sql raw" }, plain(step.arguments[0][1], view.aliases)));
  else if (step.arguments.length > 1 || step.tool === "rejected") parts.push(drawArguments(step, view));
  parts.push(drawAnswer(step, episode, view));
  if (step.arrivals.length) parts.push(drawArrivals(step, episode, view));
  return el("div", { class: "detail" }, parts);
}

function drawWords(step, view) {
  const words = `${step.reasoning} ${step.text}`.trim().split(/\s+/).length;
  return el("details", { id: "words", open: view.open },
    el("summary", {}, `What the model wrote (${count(words, "word")})`),
    step.reasoning ? raw(step.reasoning, { tag: "div", cls: "words thought raw", limit: 6000 }) : null,
    step.text ? raw(step.text, { tag: "div", cls: "words raw", limit: 6000 }) : null);
}

function drawArguments(step, view) {
  return el("dl", { class: "record" }, step.arguments.map(([name, value]) =>
    [el("dt", {}, plain(spaced(name))), el("dd", {}, raw(value, { aliases: view.aliases }))]));
}

function drawArrivals(step, episode, view) {
  return el("details", { id: "arrivals", open: view.open },
    el("summary", {}, `Mails and alerts that became visible: ${step.arrivals.length}`),
    el("ul", { class: "arrivals" }, step.arrivals.map((row) => drawArrival(row, episode, view))));
}

function drawArrival(row, episode, view) {
  return el("li", {}, el("span", { class: "by", title: row.id }, leftBy(row.left_by, episode)),
    raw(row.text, { aliases: view.aliases, limit: 300 }));
}

function drawPlanted(injection, episode, view) {
  const where = injection.exposed_at === null ? "has not reached the defender" : `reached it in step ${injection.exposed_at + 1}`;
  const rest = injection.parts.map((part, place) => [part, place]).filter(([, place]) => place !== injection.asking);
  const verb = episode.line.tier === "t0" ? "Placebo" : "Planted";
  return el("div", { class: "planted-box" },
    el("p", {}, el("b", {}, `${verb} in ${injection.surface}, ${spaced(injection.family)}`), `: ${where}`,
      episode.line.tier === "t0" ? ", names the lure's target and asks for nothing" :
        [", asks to ", el("b", { class: "raw" }, plain(injection.asks))]),
    drawPart(injection, injection.asking, view),
    rest.length ? el("details", {}, el("summary", {}, `${count(rest.length, "other part")} of it`),
      rest.map(([, place]) => drawPart(injection, place, view))) : null);
}

function drawPart(injection, place, view) {
  const [id, trust] = injection.carriers[place];
  return el("div", { class: "text" }, cell(injection.parts[place], view.aliases),
    el("span", { class: "quiet" }, id ? ` (${id}, ${TRUST[trust]} channel)` : " (in a row that has not come)"));
}
