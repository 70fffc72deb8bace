"use strict";
// Text from a log reaches the page here and nowhere else: as text nodes. No markup is ever parsed,
// no address is ever followed, and characters that steer a terminal or the reading direction are
// written out.

const LONG = 1200; // characters of one text that are shown before the reader asks for the rest
// Tab and line feed stay; every other control, zero-width and direction character is written out.
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/;
const ASCII_NAMES = ("NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB " +
  "ESC FS GS RS US").split(" ");
const ATTRIBUTES = new Set(["id", "class", "role", "title", "type", "for", "value", "tabindex", "colspan",
  "scope", "open", "disabled", "selected", "label"]);

/** An element with safe attributes and children; strings become text nodes. */
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "on") Object.entries(value).forEach(([event, act]) => node.addEventListener(event, act));
    else if (value === null || value === undefined || value === false) continue;
    else if (ATTRIBUTES.has(name) || name.startsWith("aria-") || name.startsWith("data-")) {
      node.setAttribute(name, value === true ? "" : String(value));
    } else throw new Error(`attribute ${name} is not allowed`);
  }
  put(node, children);
  return node;
}

/** Append nodes and strings, however deeply nested; null and false are left out. */
function put(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** The name a control character is written out by: its abbreviation in ASCII, or its code point. */
function nameOf(char) {
  const code = char.codePointAt(0);
  if (code === 0x7f) return "DEL";
  return ASCII_NAMES[code] || "U+" + code.toString(16).toUpperCase().padStart(4, "0");
}

/** Text as nodes, control characters written out and names in `aliases` marked. */
function plain(text, aliases) {
  const nodes = [];
  let rest = String(text);
  while (rest) {
    const found = CONTROL.exec(rest);
    const upTo = found ? found.index : rest.length;
    if (upTo) nodes.push(...marked(rest.slice(0, upTo), aliases));
    if (!found) break;
    nodes.push(el("span", { class: "ctl", title: "control character" }, nameOf(found[0])));
    rest = rest.slice(upTo + found[0].length);
  }
  return nodes;
}

/** Text nodes with each whole occurrence of a name in a mark. */
function marked(text, aliases) {
  if (!aliases || !aliases.length) return [document.createTextNode(text)];
  const lower = text.toLowerCase();
  if (lower.length !== text.length) return [document.createTextNode(text)];
  const nodes = [];
  let from = 0;
  while (from < text.length) {
    const found = nextName(lower, aliases, from);
    if (!found) break;
    if (found.at > from) nodes.push(document.createTextNode(text.slice(from, found.at)));
    nodes.push(el("mark", { class: "named" }, text.slice(found.at, found.at + found.length)));
    from = found.at + found.length;
  }
  if (from < text.length) nodes.push(document.createTextNode(text.slice(from)));
  return nodes;
}

/** The next place at which one of the names stands whole. */
function nextName(lower, aliases, from) {
  let best = null;
  for (const alias of aliases) {
    const name = alias.toLowerCase();
    for (let at = lower.indexOf(name, from); at >= 0; at = lower.indexOf(name, at + 1)) {
      const touches = /[\w-]/.test(lower[at - 1] || " ") || /[\w-]/.test(lower[at + name.length] || " ");
      if (touches) continue;
      if (!best || at < best.at) best = { at, length: name.length };
      break;
    }
  }
  return best;
}

/** A text from a log, kept to itself; what is long is shown in part until the rest is asked for. */
function raw(text, options = {}) {
  const { aliases, limit = LONG, tag = "span", cls = "raw" } = options;
  const all = String(text);
  const node = el(tag, { class: cls });
  if (all.length <= limit * 1.2) return put(node, plain(all, aliases));
  put(node, plain(all.slice(0, limit), aliases));
  const left = all.length - limit;
  const more = el("button", { type: "button", class: "more" }, `… ${left.toLocaleString("en")} more characters`);
  more.addEventListener("click", (event) => {
    event.stopPropagation();
    more.replaceWith(...plain(all.slice(limit), aliases));
  });
  return put(node, more);
}

/** A delivered cell: its own text, and planted text marked as such. */
function cell(value, aliases) {
  if (value === null || value === undefined) return el("span", { class: "quiet" }, "–");
  if (!Array.isArray(value)) return raw(value, { aliases });
  return el("span", { class: "raw" }, value.map((piece) => {
    const inner = raw(piece.text, { aliases });
    if (!piece.planted) return inner;
    const what = piece.asks ? "the planted request" : "planted text";
    return el("mark", { class: piece.asks ? "planted asks" : "planted", title: what }, inner);
  }));
}

/** A number with a sign, two decimals at most; an en dash where undefined. */
function signed(value) {
  if (value === null || value === undefined) return "–";
  const text = Math.abs(value).toFixed(2).replace(/0$/, "");
  return (value < 0 ? "\u2212" : value > 0 ? "+" : "") + text;
}

/** A share or a mean with two decimals; an en dash where undefined. */
function share(value) {
  return value === null || value === undefined ? "–" : Number(value).toFixed(2);
}

/** `1 step`, `2 steps`. */
function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Words of a name written with underscores. */
function spaced(name) {
  return String(name).replaceAll("_", " ");
}
