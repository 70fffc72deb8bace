// Finding episodes: facets, words, comparisons such as `fp>0`, and an order.

const FIELDS = {
  model: "model", scenario: "scenario", id: "scenario", difficulty: "difficulty", tier: "tier", kind: "kind",
  alert_family: "alert_family", member: "member", injection_family: "injection_family", outcome: "outcome", reward: "reward", correct: "correct",
  justified: "justified", fp: "false_positives", false_positives: "false_positives", violations: "violations", mistakes: "mistakes",
  exposures: "exposures", ttfc: "ttfc", steps: "steps", verdict: "verdict", org: "organisation", log: "log",
  task: "task", attacker: "attacker", noise: "noise", epoch: "epoch", provenance: "provenance", solver: "solver",
  family: "family", program: "group", class: "task_class", split: "kind", variant: "variant", controller: "controller",
  success: "success", grounding: "grounding", false_finding: "false_finding", refusal: "refusal",
  suppressed: "suppressed", unsafe: "unsafe", malformed: "malformed", repaired: "repaired",
};
// A facet is shown where some episode has its field.
const FACETS = [
  ["family", "All families"], ["model", "All models"], ["task_class", "All classes"], ["controller", "All controllers"], ["kind", "All kinds"], ["difficulty", "All difficulties"], ["tier", "All tiers"],
  ["outcome", "All outcomes"], ["alert_family", "All alert families"], ["member", "All members"],
];
const SORTS = {
  worst: ["worst first", (line) => line.outcome === "running" ? null : FAMILIES[line.family].badness(line), -1],
  order: ["in order of the logs", null, 1],
  reward: ["reward", (line) => line.reward, 1],
  fp: ["false positives", (line) => line.false_positives, -1],
  ttfc: ["TTFC", (line) => line.ttfc, 1],
  violations: ["violations", (line) => line.violations, -1],
  scenario: ["scenario", (line) => line.scenario, 1],
  model: ["model", (line) => line.model, 1],
  success: ["success", (line) => line.success, 1],
  grounding: ["grounding", (line) => line.grounding, 1],
  malformed: ["malformed calls", (line) => line.malformed, -1],
  steps: ["steps", (line) => line.steps, 1],
};
const COMPARISON = /^([a-z_]+)(<=|>=|!=|<|>|=|:)(.+)$/i;

/** Tests that a line must pass, and the words that mean nothing here. */
function parsed(query) {
  const tests = [];
  const unknown = [];
  for (const token of query.trim().split(/\s+/).filter(Boolean)) {
    const found = COMPARISON.exec(token);
    if (!found) tests.push((line) => everything(line).includes(token.toLowerCase()));
    else if (!(found[1].toLowerCase() in FIELDS)) unknown.push(found[1]);
    else tests.push(comparison(FIELDS[found[1].toLowerCase()], found[2], found[3].toLowerCase()));
  }
  return { tests, unknown };
}

/** A test of one field. Undefined passes no comparison. */
function comparison(field, sign, wanted) {
  return (line) => {
    const value = line[field];
    if (value === null || value === undefined) return false;
    if (sign === ":") return String(value).toLowerCase().includes(wanted);
    const number = Number(wanted.replace("\u2212", "-"));
    if (typeof value !== "number" || Number.isNaN(number)) {
      const same = String(value).toLowerCase() === wanted;
      return sign === "=" ? same : sign === "!=" ? !same : false;
    }
    return { "<": value < number, ">": value > number, "<=": value <= number, ">=": value >= number,
      "=": value === number, "!=": value !== number }[sign];
  };
}

/** All text of a line, for plain words; its key and marks aside. */
function everything(line) {
  return Object.entries(line).filter(([field]) => field !== "key" && field !== "marks")
    .flatMap(([, value]) => Array.isArray(value) ? value : typeof value === "string" ? [value, spaced(value)] : [])
    .join(" ").toLowerCase();
}

/** The lines that pass, in the wanted order; undefined values come last either way. */
function chosen(lines, wish) {
  const { tests, unknown } = parsed(wish.query);
  const kept = lines.filter((line) =>
    FACETS.every(([field]) => !wish.facets[field] || line[field] === wish.facets[field]) &&
    tests.every((test) => test(line)));
  const [, value, natural] = SORTS[wish.sort];
  if (!value) return { lines: wish.turned ? kept.reverse() : kept, unknown };
  const sign = wish.turned ? -natural : natural;
  const placed = kept.map((line, place) => [line, place]);
  placed.sort(([a, m], [b, n]) => {
    const [x, y] = [value(a), value(b)];
    const [noX, noY] = [x === null || x === undefined, y === null || y === undefined];
    if (noX || noY) return noX - noY || m - n;
    return (x < y ? -sign : x > y ? sign : 0) || m - n;
  });
  return { lines: placed.map(([line]) => line), unknown };
}
