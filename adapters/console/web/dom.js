// Elements without markup strings: the page's policy allows no innerHTML, and text from a message stays text.

// el("p", {class: "note", onclick: f}, "text", child, null): attributes, on* listeners, children; null and false are left out.
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function svg(name, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}

export function fill(node, ...children) {
  node.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

// Sets text only where it differs, so that a refresh each second repaints nothing.
export function set_text(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export const two = (n) => String(n).padStart(2, "0");

export function clock_time(at) {
  if (!at) return "";
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

// With the day where it is not today's.
export function moment(at, now) {
  if (!at) return "";
  const date = new Date(at);
  const same_day = new Date(now).toDateString() === date.toDateString();
  return (same_day ? "" : `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} `) + clock_time(at);
}

// 83 s -> "01:23", 5,000 s -> "1:23:20", days -> "3 d 04 h"; a minus sign before what is over.
export function span(milliseconds) {
  const sign = milliseconds < 0 ? "−" : "";
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  if (days > 0) return `${sign}${days} d ${two(hours)} h`;
  if (hours > 0) return `${sign}${hours}:${two(minutes)}:${two(seconds % 60)}`;
  return `${sign}${two(minutes)}:${two(seconds % 60)}`;
}

export const percent = (ratio) => (ratio === null ? "–" : `${(ratio * 100).toFixed(1)}%`);

// The text with the parts [begin, end) marked; offsets count UTF-8 bytes of the original, as the server gives them.
export function marked(text, spans) {
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder();
  const parts = [];
  let at = 0;
  for (const [begin, end] of [...spans].sort((a, b) => a[0] - b[0])) {
    if (begin < at) continue;
    parts.push(decoder.decode(bytes.slice(at, begin)), el("mark", {}, decoder.decode(bytes.slice(begin, end))));
    at = end;
  }
  parts.push(decoder.decode(bytes.slice(at)));
  return parts;
}
