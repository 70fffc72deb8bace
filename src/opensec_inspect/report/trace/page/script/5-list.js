// The left pane: episodes, filters and order.

/** What became of an episode, in two words; of a blocked attack, what was made of it. */
function outcomeOf(line) {
  const said = { blocked_right: "handled right", blocked_wrong: "handled wrongly" }[line.outcome] || spaced(line.outcome);
  return said + (line.outcome === "running" ? ` (${line.steps} of ${line.max_steps})` : "");
}

const LIST_KINDS = { stand_down: "benign" };

/** What the list says of an episode: what became of it first, the usual difficulty left out. */
function listWords(line) {
  const kind = LIST_KINDS[line.kind] || spaced(line.kind);
  return [outcomeOf(line), kind, line.tier, line.difficulty === "standard" ? "" : line.difficulty].filter(Boolean).join(" · ");
}

/** The facet selects, with the values that occur. */
function drawFacets(lines, wish) {
  const box = document.getElementById("facets");
  const families = new Set(lines.map((line) => line.family));
  document.getElementById("filter").placeholder = `Filter: ${[...families].map((name) => FAMILIES[name].sample).join(", ") || "text"} …`;
  const shown = FACETS.filter(([field]) => (field !== "family" || families.size > 1) && lines.some((line) => field in line));
  box.replaceChildren(...shown.map(([field, all]) => {
    const values = [...new Set(lines.map((line) => line[field]).filter((value) => value !== undefined))].sort();
    if (wish.facets[field] && !values.includes(wish.facets[field])) values.push(wish.facets[field]);
    const select = el("select", { id: `facet-${field}`, "aria-label": `Filter by ${field}` },
      el("option", { value: "" }, all),
      values.map((value) => el("option", { value }, ...plain(spaced(value)))));
    select.value = wish.facets[field] || "";
    select.addEventListener("change", () => {
      wish.facets[field] = select.value;
      refilter();
    });
    return select;
  }));
}

/** The order's select and its direction. */
function drawSorting(wish, lines) {
  const select = document.getElementById("sort");
  const usable = Object.entries(SORTS).filter(([, [, value]]) => !value || lines.some((line) => value(line) !== undefined));
  select.replaceChildren(...usable.map(([name, [label]]) => el("option", { value: name }, label)));
  if (!select.dataset.wired) {
    select.dataset.wired = "yes";
    select.addEventListener("change", () => {
      wish.sort = select.value;
      wish.turned = false;
      refilter();
    });
    document.getElementById("direction").addEventListener("click", () => {
      wish.turned = !wish.turned;
      refilter();
    });
  }
  select.value = wish.sort;
  const up = (SORTS[wish.sort][2] > 0) !== wish.turned;
  put(emptied("direction"), [up ? "rising ↑" : "falling ↓"]);
}

/** An element of the page without its children. */
function emptied(id) {
  const node = document.getElementById(id);
  node.replaceChildren();
  return node;
}

/** The episodes that pass, the chosen one marked. */
function drawEpisodes(found, all, key) {
  const box = document.getElementById("episodes");
  const said = emptied("filter-said");
  const some = found.lines.length === all.length ? count(all.length, "episode")
    : `${found.lines.length} of ${count(all.length, "episode")}`;
  put(said, [some, found.unknown.length ? [". Not a field: ", found.unknown.map((word) => plain(word + " "))] : ""]);
  box.replaceChildren(...found.lines.map((line) => drawLine(line, line.key === key)));
  if (!found.lines.length) {
    put(box, [el("p", { class: "nothing" }, all.length ? "No episode passes this filter." : "No episode yet.")]);
  }
  markChosen(key);
}

/** Move the mark to another line and bring it into view. */
function markChosen(key) {
  const box = document.getElementById("episodes");
  box.removeAttribute("aria-activedescendant");
  for (const node of box.querySelectorAll(".line")) {
    const chosenNow = node.dataset.key === key;
    node.setAttribute("aria-selected", String(chosenNow));
    if (chosenNow) {
      box.setAttribute("aria-activedescendant", node.id);
      node.scrollIntoView({ block: "nearest" });
    }
  }
}

let lineNumber = 0;

function drawLine(line, chosenNow) {
  lineNumber += 1;
  const { score, what, marks, counts } = FAMILIES[line.family].row(line);
  const node = el("div", {
    id: `line-${lineNumber}`, class: "line", role: "option", "data-key": line.key,
    "aria-selected": chosenNow ? "true" : "false", "aria-label": lineAloud(line),
  },
    el("div", { class: "row" },
      el("span", { class: "who raw" }, plain(shortModel(line.model))),
      el("span", { class: "quiet raw" }, plain(line.scenario), line.epoch > 1 ? ` · epoch ${line.epoch}` : ""),
      el("span", { class: "reward" }, line.outcome === "running" ? "running" : score)),
    el("div", { class: "row" }, el("span", { class: "what" }, what.join(" · "))),
    el("div", { class: "row" },
      el("span", { class: "marks" }, marks.map((mark) => glyph(mark))),
      el("span", { class: "counts" }, counts.filter(([, number]) => number).map(([name, number]) =>
        el("span", {}, glyph(name), ` ${number}`)))));
  node.addEventListener("click", () => choose(line.key, { show: "middle" }));
  return node;
}

/** What an incident's line says. */
function incidentRow(line) {
  return {
    score: signed(line.reward), marks: line.marks,
    what: [listWords(line)],
    counts: [["correct", line.correct], ["justified", line.justified], ["false_positive", line.false_positives],
      ["violated", line.violations]],
  };
}

/** The model without its provider. */
function shortModel(model) {
  return model.slice(model.lastIndexOf("/") + 1) || model;
}

function lineAloud(line) {
  return FAMILIES[line.family].aloud(line);
}

function incidentAloud(line) {
  const reward = line.reward === null ? "no reward yet" : `reward ${line.reward}`;
  return `${line.model}, ${line.scenario}, ${spaced(line.kind)}, ${line.difficulty}, tier ${line.tier}, ` +
    `${outcomeOf(line)}, ${reward}, ${line.correct} correct, ${line.justified} justified, ` +
    `${count(line.false_positives, "false positive")}, ${count(line.violations, "violation")}`;
}
