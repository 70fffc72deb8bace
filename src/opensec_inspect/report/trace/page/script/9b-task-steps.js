// Vulnerability analysis: the question, the steps, and two episodes side by side.

function drawTaskSteps(episode, view) {
  return el("div", { class: "steps" }, drawTaskOpening(episode), episode.steps.map((step) => drawTaskStep(step, episode, view)));
}

function drawTaskOpening(episode) {
  const { inputs, choices } = episode;
  const rows = [["rule", episode.rule], ["question", episode.ask], ...(episode.deployment ? [["deployment", episode.deployment]] : []),
    ...inputs.map(([name, form]) => [`input ${name}`, form]), ["builds", episode.builds.join(", ")],
    ...(choices.length ? [["to choose from", choices.join(", ")]] : [])];
  return el("div", { class: "step" },
    el("div", { class: "below opening" },
      el("p", {}, el("b", {}, "The task ")), el("p", { class: "raw" }, plain(episode.product)),
      el("dl", { class: "record" }, rows.map(([name, text]) => [el("dt", {}, plain(name)), el("dd", {}, raw(text))]))));
}

function drawTaskStep(step, episode, view) {
  const now = step.index === view.step;
  const call = el("button", {
    type: "button", class: "call", id: `step-${step.index}`, "aria-expanded": now ? "true" : "false",
    "aria-label": taskStepAloud(step, episode), on: { click: () => goTo(step.index) },
  }, el("span", { class: "n" }, step.index + 1), ...taskCall(step));
  return el("div", { class: taskStepClass(step, now), "data-step": step.index },
    call, drawTaskBelow(step), now ? drawTaskDetail(step, view) : null);
}

function taskStepClass(step, now) {
  const tone = { right: "correct", effect: "justified", wrong: "false_positive", outside: "violated" }[step.badge];
  return ["step", tone, now ? "now" : ""].filter(Boolean).join(" ");
}

function taskCall(step) {
  const strong = { right: "right", effect: "right", wrong: "wrong", outside: "plant" }[step.badge];
  return [glyph(TASK_GLYPHS[step.badge]),
    el("span", { class: "did" }, el("span", { class: "tool" }, plain(toolName(step))),
      el("span", { class: "target raw" }, plain(step.target.slice(0, 400)))),
    el("span", { class: strong ? `badge strong ${strong}` : "badge" }, TASK_BADGES[step.badge])];
}

/** The lines under a call: what came before it, and how a run ended. */
function drawTaskBelow(step) {
  const facts = [];
  if (step.malformed) {
    const named = step.malformed_tools.length ? [": ", el("span", { class: "raw" }, plain(step.malformed_tools.join(", ")))] : "";
    facts.push(fact("malformed", `${count(step.malformed, "malformed call")} before this step`, named));
  }
  if (step.repaired) facts.push(fact("malformed", `${count(step.repaired, "call")} mended by the controller`));
  if (step.run && step.run.ended !== "ok") facts.push(fact("stalled", `run ${step.run.number} ended: ${step.run.ended}`));
  if (step.run && step.run.canary_shown) facts.push(fact("effect", `run ${step.run.number} printed the secret`));
  return facts.length ? el("div", { class: "below" }, facts) : null;
}

function drawTaskDetail(step, view) {
  const given = step.arguments.filter(([, text]) => text !== "");
  return el("div", { class: "detail" },
    step.reasoning || step.text ? drawWords(step, view) : null,
    given.length ? el("dl", { class: "record" }, given.map(([name, text]) => [el("dt", {}, plain(spaced(name))), el("dd", {}, raw(text))])) : null,
    step.answer ? raw(step.answer, { tag: "div", cls: "sql raw", limit: 6000 }) : null);
}

function drawTaskCard(episode) {
  const { line, grounding } = episode;
  return el("div", {},
    el("h4", {}, el("span", { class: "raw" }, plain(`${shortModel(line.model)} · ${line.scenario}`)),
      el("span", { class: "quiet" }, `variant ${line.variant}${line.controller ? `, ${line.controller}` : ""}`),
      el("span", { class: "score" }, taskRow(line).score)),
    el("p", {}, taskSummary(episode)),
    el("p", { class: "facts" }, grounding.map((point) => el("span", {}, `${spaced(point.name)} `, el("b", {}, point.holds ? "yes" : "no")))));
}

function drawTaskHalf(step, episode, view) {
  if (!step) return el("div", { class: "void" }, "over");
  const now = step.index === view.step;
  return el("div", { class: taskStepClass(step, now), "data-step": step.index },
    el("button", { type: "button", class: "call", "aria-label": taskStepAloud(step, episode), on: { click: () => goTo(step.index) } }, taskCall(step)),
    drawTaskBelow(step), now ? drawTaskDetail(step, view) : null);
}
