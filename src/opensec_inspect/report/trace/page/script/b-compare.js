// Two episodes of one scenario, or of a group, step beside step.

function drawCompare(left, right, lines, view) {
  const options = comparable(left.line, lines);
  const select = el("select", { id: "partner", "aria-label": "Compare with" },
    options.map((line) => el("option", { value: line.key, selected: line.key === right.line.key },
      plain([shortModel(line.model), line.scenario, line.tier || line.controller, FAMILIES[line.family].row(line).score].join(" · ")))));
  select.addEventListener("change", () => compareWith(select.value));
  return [
    el("div", { class: "choose" }, el("h2", {}, "Side by side"), el("label", { for: "partner", class: "quiet" }, "with"), select,
      el("button", { type: "button", id: "leave", on: { click: () => compareWith(null) } }, "Leave ", el("kbd", {}, "Esc"))),
    el("div", { class: "versus" }, [left, right].map((episode) => familyOf(episode).card(episode))),
    drawPairs(left, right, view),
  ];
}

function drawSummary(episode) {
  const { line, score_breakdown } = episode;
  const parts = score_breakdown ? [["attribution", score_breakdown.attribution], ["containment", score_breakdown.containment],
    ["injections", score_breakdown.injection_safety], ["efficiency", score_breakdown.efficiency]] : [];
  return el("div", {},
    el("h4", {}, el("span", { class: "raw" }, plain(`${shortModel(line.model)} · ${line.scenario}`)),
      el("span", { class: "quiet" }, [line.tier, spaced(line.kind)].join(" · ")),
      el("span", { class: "score" }, signed(line.reward))),
    el("p", {}, summary(episode)),
    el("p", { class: "facts" }, parts.map(([name, value]) => el("span", {}, `${name} `, el("b", {}, signed(value))))));
}

/** Rows of two steps with the same number; where the two first act differently a line says so. */
function drawPairs(left, right, view) {
  const length = Math.max(left.steps.length, right.steps.length);
  const parts = [];
  let parted = false;
  for (let place = 0; place < length; place += 1) {
    const [a, b] = [left.steps[place], right.steps[place]];
    if (!parted && !sameCall(a, b)) {
      parted = true;
      const text = place ? `From step ${place + 1} on they act differently` : "They act differently from the first step on";
      parts.push(el("p", { class: "part" }, text));
    }
    const half = familyOf(left).half;
    parts.push(half(a, left, view), el("div", { class: "middle" }, place + 1), half(b, right, view));
  }
  return el("div", { class: "pairing" }, parts);
}

function sameCall(a, b) {
  return Boolean(a && b) && a.tool === b.tool && a.target === b.target;
}

function drawSide2(step, episode, view) {
  if (!step) return el("div", { class: "void" }, "over");
  const now = step.index === view.step;
  const own = { ...view, aliases: aliasesOf(episode, wanted(episode, episode.steps[view.step])) };
  const classes = ["step", step.badge, step.violations.length ? "violated" : "", now ? "now" : ""];
  return el("div", { class: classes.filter(Boolean).join(" "), "data-step": step.index },
    el("button", { type: "button", class: "call", "aria-label": stepAloud(step, episode), on: { click: () => goTo(step.index) } },
      glyph(step.badge),
      el("span", { class: "did" }, el("span", { class: "tool" }, plain(toolName(step))),
        el("span", { class: "target raw" }, plain(step.target.slice(0, 400), own.aliases))),
      el("span", { class: step.grade ? `badge strong ${toneOf(step)}` : "badge" }, badgeText(step))),
    drawBelow(step, episode, own), now ? drawDetail(step, episode, own) : null);
}
