// What is chosen, what is drawn for it, and the keys.

const POLL_MS = 1500;
const wish = { query: "", facets: {}, sort: "worst", turned: false };
const view = { key: null, step: 0, partner: null, focus: null, aliases: [], open: false, tab: "left" };
const page = { source: null, lines: [], found: { lines: [], unknown: [] }, episode: null, other: null, asked: 0 };

/** Draw the list anew after a change of filter or order. */
function refilter() {
  page.found = chosen(page.lines, wish);
  drawSorting(wish, page.lines);
  drawEpisodes(page.found, page.lines, view.key);
}

/** Open an episode; a later request overtakes an earlier one. */
async function choose(key, { step = null, show = null, partner = null } = {}) {
  const mine = page.asked += 1;
  const episode = key ? await page.source.episode(key) : null;
  const other = partner ? await page.source.episode(partner) : null;
  if (mine !== page.asked) return;
  Object.assign(page, { episode, other });
  Object.assign(view, { key: episode ? key : null, partner: other ? partner : null, focus: null, open: false });
  view.step = episode ? within(step === null ? familyOf(episode).telling(episode) : step) : 0;
  if (show) showTab(show);
  markChosen(view.key);
  draw({ top: step === null });
}

/** The step to open an episode at: where it went wrong first, else the first containment, else the first. */
function telling(episode) {
  const by = (test) => episode.steps.findIndex(test);
  const found = [by((s) => s.violations.length), by((s) => s.grade === "false_positive"), by((s) => s.grade)];
  return Math.max(0, found.find((place) => place >= 0) ?? 0);
}

function within(step) {
  const length = Math.max(page.episode.steps.length, page.other ? page.other.steps.length : 0);
  return Math.max(0, Math.min(step, length - 1));
}

function goTo(step) {
  if (!page.episode) return;
  view.step = within(step);
  view.focus = null;
  draw();
  const now = page.episode.steps[view.step];
  if (now) put(emptied("spoken"), [familyOf(page.episode).stepAloud(now, page.episode)]);
}

function focusOn(entity) {
  view.focus = view.focus === entity ? null : entity;
  draw();
}

function aliasesOf(episode, id) {
  const found = (episode.entities || []).find((entity) => entity.id === id);
  return found ? found.aliases : [];
}

/** Set another episode beside the chosen one; null leaves. */
async function compareWith(partner) {
  if (!page.episode) return;
  const key = partner === undefined ? comparable(page.episode.line, page.lines)[0]?.key : partner;
  if (key === undefined) put(emptied("spoken"), ["There is no other episode of this scenario or its group."]);
  await choose(view.key, { step: view.step, partner: key || null, show: "middle" });
  if (page.other) document.getElementById("middle").scrollTop = 0;
}

function draw({ top = false } = {}) {
  const middle = document.getElementById("middle");
  const right = document.getElementById("right");
  const focused = document.activeElement && document.activeElement.id;
  const places = [middle.scrollTop, right.scrollTop];
  document.body.classList.toggle("comparing", Boolean(page.other));
  document.getElementById("do-compare").setAttribute("aria-pressed", String(Boolean(page.other)));
  if (!page.episode) middle.replaceChildren(el("p", { class: "nothing" }, "Choose an episode."));
  else if (page.other) middle.replaceChildren(put(document.createDocumentFragment(), drawCompare(page.episode, page.other, page.lines, view)));
  else {
    const family = familyOf(page.episode);
    const focus = view.focus || family.wanted(page.episode, page.episode.steps[view.step]);
    view.aliases = aliasesOf(page.episode, focus);
    const shown = { ...view, focus };
    middle.replaceChildren(family.head(page.episode, page.lines), family.strip(page.episode, view.step), family.steps(page.episode, shown));
    right.replaceChildren(put(document.createDocumentFragment(), family.side(page.episode, shown)));
  }
  [middle.scrollTop, right.scrollTop] = top ? [0, 0] : places;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  if (!top) reveal(middle, document.querySelector("#middle .step.now"));
  remember();
}

/** Scroll as little as shows the chosen step whole; one that is taller than the pane, from its top. */
function reveal(pane, card) {
  if (!card) return;
  const [inner, outer] = [card.getBoundingClientRect(), pane.getBoundingClientRect()];
  const tall = inner.height > outer.height;
  if (tall || inner.top < outer.top) pane.scrollTop += inner.top - outer.top - 10;
  else if (inner.bottom > outer.bottom) pane.scrollTop += inner.bottom - outer.bottom + 10;
}

/** The chosen episode and step in the address, so that it can be passed on. */
function remember() {
  if (!view.key) return;
  const parts = [view.key, String(view.step + 1), ...(view.partner ? [view.partner] : [])];
  history.replaceState(null, "", "#" + parts.map(encodeURIComponent).join("/"));
}

function remembered() {
  try {
    const [key, step, partner] = location.hash.slice(1).split("/").map(decodeURIComponent);
    return { key, step: Number(step) - 1 || 0, partner };
  } catch {
    return {};
  }
}

function showTab(tab) {
  view.tab = tab;
  document.body.dataset.tab = tab;
  for (const button of document.querySelectorAll(".tabs button")) {
    button.setAttribute("aria-pressed", String(button.dataset.tab === tab));
  }
}

/** The episode `by` places further in the list. */
function along(by) {
  const keys = page.found.lines.map((line) => line.key);
  if (!keys.length) return;
  const at = keys.indexOf(view.key);
  choose(keys[at < 0 ? 0 : Math.max(0, Math.min(at + by, keys.length - 1))]);
}

function unfold() {
  view.open = !view.open;
  draw();
}

function turnTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
}

const KEYS = {
  ArrowUp: () => along(-1), ArrowDown: () => along(1), ArrowLeft: () => goTo(view.step - 1),
  ArrowRight: () => goTo(view.step + 1), Home: () => goTo(0), End: () => goTo(1e9), Enter: unfold,
  c: () => compareWith(page.other ? null : undefined), "/": () => toFilter(), "?": () => help(),
  Escape: () => { if (page.other) compareWith(null); },
};

function toFilter() {
  showTab("left");
  document.getElementById("filter").focus();
}

function pressed(event) {
  const at = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || document.getElementById("help").open) return;
  if (at.matches("input, select, textarea")) {
    if (event.key === "Escape" || (event.key === "Enter" && at.id === "filter")) {
      at.blur();
      document.getElementById("episodes").focus({ preventScroll: true });
      if (event.key === "Enter" && !page.found.lines.some((line) => line.key === view.key)) along(0);
    }
    return;
  }
  if (event.key === "Enter" && at.matches("button, summary")) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}
