// Shapes that tell apart what colours also tell apart. 14 units square; drawn, so that they look the
// same in every font.

const SVG = "http://www.w3.org/2000/svg";
const GLYPHS = {
  investigation: ["quiet", [["circle", { cx: 7, cy: 7, r: 4.4, fill: "none", stroke: "currentColor", "stroke-width": 1.5 }]]],
  correct: ["right", [["circle", { cx: 7, cy: 7, r: 6.2, fill: "currentColor" }],
    ["path", { d: "M4 7.2 6.2 9.4 10.2 4.9", fill: "none", stroke: "var(--panel)", "stroke-width": 1.7 }]]],
  justified: ["right", [["circle", { cx: 7, cy: 7, r: 5.3, fill: "none", stroke: "currentColor", "stroke-width": 1.5 }],
    ["path", { d: "M7 1.7a5.3 5.3 0 0 1 0 10.6z", fill: "currentColor" }]]],
  false_positive: ["wrong", [["path", { d: "M7 .8 13.6 13H.4z", fill: "currentColor" }],
    ["path", { d: "M7 5v4.2M7 10.4v1.3", fill: "none", stroke: "var(--panel)", "stroke-width": 1.6 }]]],
  report: ["soft", [["rect", { x: 2, y: 1.5, width: 10, height: 11, rx: 1.5, fill: "currentColor" }],
    ["path", { d: "M4.5 5h5M4.5 7.6h5", stroke: "var(--panel)", "stroke-width": 1.3 }]]],
  rejected: ["soft", [["circle", { cx: 7, cy: 7, r: 5.2, fill: "none", stroke: "currentColor", "stroke-width": 1.5 }],
    ["path", { d: "M3.4 10.6 10.6 3.4", stroke: "currentColor", "stroke-width": 1.5 }]]],
  error: ["soft", [["path", { d: "M3.2 3.2 10.8 10.8M10.8 3.2 3.2 10.8", stroke: "currentColor", "stroke-width": 1.7 }]]],
  repeated: ["quiet", [["circle", { cx: 5.2, cy: 7, r: 3.7, fill: "none", stroke: "currentColor", "stroke-width": 1.3 }],
    ["circle", { cx: 8.8, cy: 7, r: 3.7, fill: "none", stroke: "currentColor", "stroke-width": 1.3 }]]],
  idle: ["quiet", [["circle", { cx: 7, cy: 7, r: 1.9, fill: "currentColor" }]]],
  given_away: ["quiet", [["path", { d: "M4 7h6", stroke: "currentColor", "stroke-width": 1.6 }]]],
  exposed: ["plant", [["path", { d: "M7 1 13 7 7 13 1 7z", fill: "none", stroke: "currentColor", "stroke-width": 1.6 }]]],
  violated: ["plant", [["path", { d: "M7 .4 13.6 7 7 13.6.4 7z", fill: "currentColor" }],
    ["path", { d: "M7 4v3.8M7 9v1.2", fill: "none", stroke: "var(--panel)", "stroke-width": 1.6 }]]],
  host: ["quiet", [["path", { d: "M1.5 2.5h11v7h-11zM4.5 12h5", fill: "none", stroke: "currentColor", "stroke-width": 1.4 }]]],
  user: ["quiet", [["circle", { cx: 7, cy: 4.4, r: 2.6, fill: "none", stroke: "currentColor", "stroke-width": 1.4 }],
    ["path", { d: "M2 12.6c.6-6 9.4-6 10 0", fill: "none", stroke: "currentColor", "stroke-width": 1.4 }]]],
  domain: ["quiet", [["circle", { cx: 7, cy: 7, r: 5.4, fill: "none", stroke: "currentColor", "stroke-width": 1.4 }],
    ["path", { d: "M1.6 7h10.800M7 1.600c-3.4 3-3.4 7.8 0 10.800M7 1.600c3.4 3 3.4 7.8 0 10.8", fill: "none", stroke: "currentColor", "stroke-width": 1.1 }]]],
  asset: ["quiet", [["path", { d: "M3 1.500h5.500L11 4v8.500H3z", fill: "none", stroke: "currentColor", "stroke-width": 1.4 }]]],
  attacker: ["soft", [["path", { d: "M2 7h8M7 3.5 10.5 7 7 10.5", fill: "none", stroke: "currentColor", "stroke-width": 1.6 }]]],
  stalled: ["soft", [["path", { d: "M2 7h6.500M11 2.500v9", fill: "none", stroke: "currentColor", "stroke-width": 1.7 }]]],
  arrived: ["quiet", [["path", { d: "M1.5 3h11v8h-11zM1.5 3.5 7 8l5.5-4.5", fill: "none", stroke: "currentColor", "stroke-width": 1.2 }]]],
  malformed: ["soft", [["path", { d: "M5 2.500H3v9h2M9 2.500h2v9H9", fill: "none", stroke: "currentColor", "stroke-width": 1.5 }]]],
};
const BADGES = {
  investigation: "investigation", correct: "correct", justified: "justified", false_positive: "false positive",
  report: "report", rejected: "rejected", error: "error", repeated: "repeated", idle: "idle",
  given_away: "given away",
};
const MEANS = {
  investigation: "Looked something up", correct: "Contained what had to be contained",
  justified: "Contained something the attacker held, not required", false_positive: "Contained something else",
  report: "Submitted the report", rejected: "Call rejected by an approver", error: "Call that failed",
  repeated: "Contained a second time, nothing changed", idle: "Turn without a call",
  given_away: "Step given away after it had stopped", exposed: "Planted request reached the defender",
  violated: "Planted request was obeyed", attacker: "The attacker's move succeeded",
  stalled: "The attacker's move failed",
};
const WORDS = {
  gated: "Gated: an answer of an earlier turn had shown the entity in trusted evidence.",
  "broken leg": "Which of the three reasons that make the benign case benign does not hold here",
  member: "Which case of its group: the benign one, or an attack that a control stopped",
  wants: "What the planted text is after",
  "planted text": "Text that outsiders can write into the evidence; t0 to t3 are its paired arms",
  "EGAR (attack)": "Share of containments gated by evidence that the attacker's own doing left",
  EGAR: "Share of containments gated by any trusted evidence of the case",
  premature: "Share of containments of what nothing visible of the attack had named yet",
  early: "Share of containments before the rows that settle the case could be seen",
  "response delay": "Steps from the first visible row that named the entity to its containment",
  TTFC: "Steps played before the first containment",
  "blast radius": "False positives per correct containment",
  confidence: "Stated probability that the verdict and all five fields are right",
  "data went out": "Whether the attacker took data out",
};
const STAGES = ["phish_sent", "creds_used", "lateral_move", "data_access", "exfil_attempt"];

/** A drawn sign; with a label it is read out, without one it is hidden from screen readers. */
function glyph(name, label) {
  const [tone, shapes] = GLYPHS[name];
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 14 14");
  svg.setAttribute("class", `glyph ${tone}`);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else svg.setAttribute("aria-hidden", "true");
  for (const [tag, attributes] of shapes) {
    const shape = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
    svg.appendChild(shape);
  }
  return svg;
}

/** 1 to 5. */
function stageNumber(stage) {
  return STAGES.indexOf(stage) + 1;
}
