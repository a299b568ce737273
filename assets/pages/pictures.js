// Pictures of the wall: asked for only while they are seen, and only when they are others.

import { ask } from "./api.js";

// The newest picture of each address. So many are held; the oldest leave first.
const held = new Map();
const MAX_HELD = 80;

function forget(path) {
  const known = held.get(path);
  if (known) URL.revokeObjectURL(known.url);
  held.delete(path);
}

// Forgets every picture: none of before the press key was turned is shown again.
export function forgetAll() {
  [...held.keys()].forEach(forget);
  for (const image of document.querySelectorAll("img[src^=blob]")) image.removeAttribute("src");
}

// Shows the newest picture of an address in an image; says whether there is one.
export async function refresh(image, path) {
  const known = held.get(path);
  if (known && image.src !== known.url) image.src = known.url;
  const join = path.includes("?") ? "&" : "?";
  try {
    const answer = await ask(known ? `${path}${join}after=${known.tag}` : path);
    if (answer.status === 304) return true;
    if (held.size >= MAX_HELD) forget(held.keys().next().value);
    const url = URL.createObjectURL(answer.blob);
    image.src = url;
    forget(path);
    held.set(path, { tag: answer.tag, url });
    return true;
  } catch (error) {
    // A picture that may not be shown any more is not shown any more.
    if (error.status) {
      forget(path);
      image.removeAttribute("src");
    }
    return error.status === 0 && known !== undefined;
  }
}
