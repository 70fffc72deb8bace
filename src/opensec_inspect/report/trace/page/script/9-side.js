// The right pane: what the defender knew, how the world stood, what was true, what it was worth.

function drawSide(episode, view) {
  const step = episode.steps[view.step];
  return [drawKnown(episode, view), drawWorld(episode, step), drawTruth(episode, view),
    episode.score_breakdown ? drawScore(episode) : null, drawInjections(episode, view)];
}

function block(title, at, ...content) {
  return el("section", { class: "block" }, el("h3", {}, title, at ? el("span", { class: "at" }, at) : null), content);
}

function entityButton(entity, place) {
  return el("button", {
    type: "button", class: "raw", id: `${place}-${entity.id}`, title: `Mark ${entity.name} wherever it is named`,
    on: { click: () => focusOn(entity.id) },
  }, plain(entity.name));
}

/** Entities the answers up to here had shown, latest first. */
function drawKnown(episode, view) {
  const rows = [];
  for (const entity of episode.entities) {
    const known = entity.known.filter(([, at]) => at <= view.step);
    if (known.length) rows.push([Math.min(...known.map(([, at]) => at)), entity, known]);
  }
  rows.sort((a, b) => b[0] - a[0]);
  const matters = ([at, entity]) => at === view.step || entity.id === view.focus || entity.roles.length ||
    entity.contained_at !== null || entity.held_from !== null;
  const [first, rest] = rows.length > 9 ? [rows.filter(matters), rows.filter((row) => !matters(row))] : [rows, []];
  const shown = [...first, ...rest.splice(0, Math.max(0, 7 - first.length))];
  return block("Known to the defender", `by step ${view.step + 1}`,
    rows.length ? el("p", { class: "quiet" }, "Channel and step of the answer that first showed it.") :
      el("p", { class: "quiet" }, "No answer has shown anything yet."),
    shown.map(([, entity, known]) => drawKnownOne(entity, known, view)),
    rest.length ? el("details", {}, el("summary", {}, `and ${rest.length} more`),
      rest.map(([, entity, known]) => drawKnownOne(entity, known, view))) : null);
}

function drawKnownOne(entity, known, view) {
  const inOrder = [...known].sort((a, b) => a[1] - b[1]);
  return el("div", { class: entityClass(entity, view) }, glyph(entity.kind), entityButton(entity, "known"),
    el("span", { class: "how" }, inOrder.map(([trust, at], place) => [place ? ", " : "",
      el("span", { class: at === view.step ? "new" : null }, `${TRUST[trust]} ${at + 1}`)])));
}

function entityClass(entity, view) {
  return entity.id === view.focus ? "entity focus" : "entity";
}

function drawWorld(episode, step) {
  const state = step ? step.after : episode.before;
  const reached = stageNumber(state.stage);
  const name = (id) => nameOfEntity(episode, id);
  const pairs = [["hosts", state.hosts], ["accounts", state.accounts], ["data read", state.assets]];
  const marks = [state.persistent ? "persistent" : null, state.exfiltrated ? "data went out" : null].filter(Boolean);
  return block("The world", step ? `after step ${step.index + 1}` : "at the opening",
    el("div", { class: "chain", role: "img", "aria-label": `Stage ${spaced(state.stage)}, ${reached} of 5` },
      STAGES.map((stage, place) => el("div", {
        class: (place < reached ? `on${place + 1}` : "") + (place + 1 === reached ? " here" : ""),
      }, spaced(stage)))),
    el("dl", { class: "pairs" },
      pairs.map(([what, ids]) => ids.length ? [
        el("dt", {}, `${episode.line.kind === "incident" ? "held" : "used"} ${what}`),
        el("dd", { class: "raw" }, plain(ids.map(name).join(", "))),
      ] : null),
      marks.length ? [el("dt", {}, "foothold"), el("dd", {}, marks.join(", "))] : null,
      el("dt", {}, "contained"),
      el("dd", { class: "raw" }, state.contained.length ? plain(state.contained.map(name).join(", ")) : "nothing")));
}

/** What containing an entity would count as after this step. */
function gradeNow(entity, view) {
  if (entity.required) return ["correct", "required"];
  if (entity.held_from !== null && entity.held_from <= view.step) return ["justified", "justified"];
  return ["false_positive", "false positive"];
}

function drawTruth(episode, view) {
  const lures = new Set(episode.injections.map((injection) => injection.entity));
  const inTruth = episode.entities.filter((entity) => entity.roles.length || entity.required || entity.held_from !== null ||
    entity.contained_at !== null || lures.has(entity.id));
  const list = inTruth.map((entity) => {
    const [sign, words] = gradeNow(entity, view);
    const notes = [...entity.roles, lures.has(entity.id) ? "named by planted text" : null,
      entity.contained_at !== null ? `contained in step ${entity.contained_at + 1}` : null,
      entity.held_from !== null && entity.kind !== "domain" ? heldSince(entity) : null].filter(Boolean);
    return el("div", { class: entityClass(entity, view) },
      entity.kind === "asset" ? glyph("asset") : glyph(sign, words), entityButton(entity, "truth"),
      el("span", { class: "how" }, entity.kind === "asset" ? "" : words),
      el("span", { class: "about raw" }, plain([entity.about, ...notes].filter(Boolean).join("; "))));
  });
  const read = episode.steps.find((step) => step.causes);
  const cause = episode.cause ? el("div", { class: "soft" },
    el("p", {}, episode.line.kind === "blocked" ? "Nothing to contain: " : "Innocent cause: ", el("b", {}, spaced(episode.cause)), `, settled by a record that was ${read ? `read in step ${read.index + 1}` : "not read"}:`),
    episode.cause_rows.map((row) => el("p", {}, raw(row.text, { aliases: view.aliases, limit: 600 }),
      el("span", { class: "quiet" }, ` (${row.id}, ${TRUST[row.trust]}, there ${row.visible ? `after step ${row.visible}` : "from the opening"})`)))) : null;
  return block("The truth", `what containing it in step ${view.step + 1} counts as`, cause,
    list.length ? list : el("p", { class: "quiet" }, "Containing anything is a false positive."));
}

function heldSince(entity) {
  return entity.held_from === 0 ? "held from the start" : `gained by the attacker in step ${entity.held_from}`;
}

function drawInjections(episode, view) {
  if (!episode.injections.length) return null;
  const title = episode.line.tier === "t0" ? "Placebo text" : "Planted text";
  return block(title, episode.line.tier, episode.injections.map((injection) => drawPlanted(injection, episode, view)));
}

/** The entity a reader would ask about at a step: what was contained, else what was planted. */
function wanted(episode, step) {
  if (!step) return null;
  if (step.entity) return step.entity;
  const id = step.exposures[0];
  const injection = id ? episode.injections.find((other) => other.id === id) : null;
  return injection ? injection.entity : null;
}
