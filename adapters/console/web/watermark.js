// Who is signed in, faintly over the whole page, so that a photograph of the screen says whose screen it was.
import { svg } from "./dom.js";

export function watermark(text) {
  const node = svg("svg", { class: "watermark", "aria-hidden": "true" });
  const pattern = svg("pattern", { id: "watermark", width: 320, height: 190, patternUnits: "userSpaceOnUse", patternTransform: "rotate(-24)" });
  const words = svg("text", { x: 20, y: 90 });
  words.textContent = text;
  pattern.append(words);
  node.append(pattern, svg("rect", { width: "100%", height: "100%", fill: "url(#watermark)" }));
  return node;
}
