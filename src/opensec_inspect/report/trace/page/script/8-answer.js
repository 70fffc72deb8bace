// What a step was answered, as the defender read it, with planted text and wanted names marked.

function drawAnswer(step, episode, view) {
  const { columns = [], rows = [], cut = false, sentence = null } = step.answer;
  if (step.extra_answer) return raw(step.extra_answer, { tag: "div", cls: "sql raw", aliases: view.aliases });
  if (sentence) return el("p", { class: "soft" }, raw(sentence, { aliases: view.aliases }));
  if (!columns.length) return null;
  if (!rows.length) return el("p", { class: "soft" }, "No row answers this.");
  const fetched = step.tool !== "query_logs";
  return el("div", {},
    fetched ? drawRecord(columns, rows[0], episode, view) : drawTable(columns, rows, episode, view),
    cut ? el("p", { class: "quiet" }, "Not all rows were shown to the defender.") : null);
}

/** One fetched mail or alert, a line per column. */
function drawRecord(columns, row, episode, view) {
  const filled = columns.map((name, place) => [name, row.cells[place]]).filter(([, value]) => value !== null);
  return el("div", { class: "scroll" }, el("dl", { class: "record" },
    filled.map(([name, value]) => [el("dt", {}, name), el("dd", {}, cell(value, view.aliases))]),
    el("dt", {}, "in truth"), el("dd", { class: "quiet" }, origin(row, episode))));
}

function origin(row, episode) {
  return `${leftBy(row.left_by, episode)}, ${TRUST[row.trust]} channel`;
}

function drawTable(columns, rows, episode, view) {
  const known = rows.some((row) => row.left_by);
  const head = [known ? el("th", { scope: "col", title: "Not shown to the defender" }, "in truth") : null,
    ...columns.map((name) => el("th", { scope: "col" }, plain(name)))];
  return el("div", { class: rows.length > 6 ? "scroll tall" : "scroll", tabindex: "0", role: "region", "aria-label": "Answer" },
    el("table", { class: "evidence" },
      el("thead", {}, el("tr", {}, head)),
      el("tbody", {}, rows.map((row) => el("tr", { class: hit(row, view) ? "hit" : null },
        known ? el("td", { class: "by" }, row.left_by ? leftBy(row.left_by, episode) : "–") : null,
        row.cells.map((value) => el("td", { class: isShort(value) ? "short" : null }, cell(value, view.aliases))))))));
}

function isShort(value) {
  return typeof value === "number" || (typeof value === "string" && value.length < 34);
}

const HEARD = 6; // rows of earlier answers shown beside a containment

/** What answers of earlier turns had said of what a step contains, in the defender's reading order. */
function drawHeard(step, episode, view) {
  const own = { ...view, aliases: aliasesOf(episode, step.entity) };
  const found = episode.steps.filter((earlier) => earlier.turn < step.turn && earlier.index < step.index)
    .flatMap((earlier) => (earlier.answer.rows || []).filter((row) => hit(row, own)).map((row) => [earlier, row]));
  const name = nameOfEntity(episode, step.entity);
  if (!found.length) return el("p", { class: "soft" }, "No answer it had read names ", el("b", { class: "raw" }, plain(name)), ".");
  const rest = found.slice(HEARD);
  return el("div", { class: "heard" },
    el("h4", {}, "What it had read of ", el("span", { class: "raw" }, plain(name))),
    el("ul", {}, found.slice(0, HEARD).map(([earlier, row]) => drawHeardRow(earlier, row, episode, own))),
    rest.length ? el("p", { class: "quiet" }, `and ${count(rest.length, "more row")} in step ` +
      [...new Set(rest.map(([earlier]) => earlier.index + 1))].join(", ")) : null);
}

function drawHeardRow(earlier, row, episode, view) {
  const columns = earlier.answer.columns;
  const parts = row.cells.map((value, place) => [columns[place], value]).filter(([, value]) => value !== null && value !== "");
  return el("li", {},
    el("button", { type: "button", class: "more", on: { click: () => goTo(earlier.index) } }, `step ${earlier.index + 1}`),
    el("span", { class: "raw" }, parts.map(([column, value], place) => [
      place ? " · " : null, el("span", { class: "column" }, plain(`${column} `)), cell(excerpt(value, view.aliases), view.aliases)])),
    row.left_by ? el("span", { class: "quiet" }, ` (${origin(row, episode)})`) : null);
}

const AROUND = 110; // characters kept on either side of a name in a long cell

/** A long cell cut to what stands around the name; a short one as it is. */
function excerpt(value, aliases) {
  if (Array.isArray(value)) return value.map((piece) => ({ ...piece, text: excerpt(piece.text, aliases) }));
  if (typeof value !== "string" || value.length <= 2.5 * AROUND) return value;
  const found = nextName(value.toLowerCase(), aliases, 0);
  const from = Math.max(0, (found ? found.at : 0) - AROUND);
  const to = Math.min(value.length, (found ? found.at + found.length : 0) + AROUND);
  return (from ? "… " : "") + value.slice(from, to) + (to < value.length ? " …" : "");
}

/** Whether a row names what the reader has chosen. */
function hit(row, view) {
  if (!view.aliases || !view.aliases.length) return false;
  const texts = row.cells.map((value) => Array.isArray(value) ? value.map((piece) => piece.text).join("") : value);
  return texts.some((text) => typeof text === "string" && nextName(text.toLowerCase(), view.aliases, 0));
}
