// Asks the wall, and fills in the words of the page.

let words = {};

export const at = (id) => document.getElementById(id);

export async function loadWords(lang) {
  words = await (await fetch(`/words.json?lang=${lang}`)).json();
  document.documentElement.lang = lang;
}

// A message with its arguments filled in.
export function say(key, args = {}) {
  const text = words[`tablet-${key}`] ?? key;
  return text.replace(/\{ \$(\w+) \}/g, (_, name) => args[name] ?? "");
}

// An answer of the wall; throws { status, detail } where there is none, status 0 where the wall does not answer.
export async function ask(path, { method = "GET", body, headers = {}, wait = 4000 } = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      cache: "no-store",
      signal: AbortSignal.timeout(wait),
      headers: { "accept-language": document.documentElement.lang, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw { status: 0, detail: say("lost") };
  }
  if (answer.status === 204 || answer.status === 304) return { status: answer.status };
  if (answer.headers.get("content-type")?.startsWith("image/")) {
    return { status: 200, tag: answer.headers.get("etag")?.replaceAll('"', ""), blob: await answer.blob() };
  }
  const read = await answer.json().catch(() => ({}));
  if (!answer.ok) throw { status: answer.status, detail: read.detail ?? String(answer.status) };
  return read;
}

// Gives an order, once however often it is sent; returns when the outputs show it.
export async function order(command, reason) {
  const headers = { "x-obzor-client": "tablet", "idempotency-key": crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` };
  const give = () => ask("/api/v1/orders", { method: "POST", body: { command, ...(reason ? { reason } : {}) }, headers });
  // An answer that was lost on its way is asked for again: under its key the order is carried out once.
  const accepted = await give().catch((error) => {
    if (error.status !== 0) throw error;
    return give();
  });
  for (let tries = 0; tries < 40; tries += 1) {
    const state = await ask("/api/v1/state", { wait: 1500 });
    if (state.shown_version >= accepted.version) return state;
    await new Promise((later) => setTimeout(later, 50));
  }
  throw { status: 0, detail: say("not-shown") };
}

// Replaces the children of an element, unless they are what they were.
export function fill(element, key, make) {
  const fresh = JSON.stringify(key) + document.documentElement.lang;
  if (element.dataset.key === fresh) return;
  element.dataset.key = fresh;
  element.replaceChildren(...make());
}

// An element with its properties and children.
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// Minutes and seconds.
export function clock(secs) {
  const whole = Math.abs(Math.round(secs));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
