// The tablet: what is on the wall and why, and every order that its role may give.

import { ask, at, fill, loadWords, make, order, say } from "./api.js";
import { pair } from "./pairing.js";
import { forgetAll, refresh } from "./pictures.js";
import { pressKey } from "./press.js";
import { boardPicture, comeBack, showDetour } from "./detour.js";
import { showAlarms, waiting } from "./alarms.js";
import { isScheduled, nextWords, showSchedule } from "./schedule.js";
import { orderButton, showData, showHealth, showLayouts, showMaps, showOutputs, showVisit, time } from "./views.js";

const TABS = ["wall", "alarms", "layouts", "maps", "schedule", "visit", "outputs", "data"];
const LEAST = { viewer: 0, speaker: 1, operator: 2, editor: 3, admin: 4 };
const UNDO_MILLIS = 15000;

let me = null;
let state = null;
let why = null;
let layouts = [];
let municipalities = [];
let warnings = [];
let visit = null;
let schedule = null;
let alarms = null;
let scheduled = null;
let outputs = [];
let tab = "wall";
let answered = Date.now();
let asked = 0;
let newest = 0;
let whyOf = null;
let undoTimer = null;

const may = (role) => me !== null && LEAST[me.role] >= LEAST[role];
const stored = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
const lang = () => stored("lang") ?? (navigator.language.startsWith("ru") ? "ru" : "en");

function toast(text, undo, isBad = false) {
  clearTimeout(undoTimer);
  at("toast-text").textContent = text;
  at("toast").classList.toggle("bad", isBad);
  at("undo").hidden = !undo;
  at("undo").textContent = say("undo");
  at("undo").onclick = () => { at("toast").hidden = true; give(undo, at("undo"), true); };
  at("toast").hidden = false;
  undoTimer = setTimeout(() => { at("toast").hidden = true; }, UNDO_MILLIS);
}

// What takes an order back, from how the wall was before it.
function undoOf(command) {
  const hand = state?.claims.find((claim) => claim.layer === "hand");
  if (command.show || command === "back") return hand ? { show: { layout: hand.layout, stays: hand.until_millis === null } } : command === "back" ? null : "back";
  if (command.look) return { look: { to: state?.claims.findLast((claim) => claim.layout)?.look ?? "home" } };
  if (command.step) return state ? { step: state.step } : null;
  // What others have decided is not taken back with it.
  if (command.detour) return visit?.is_elsewhere ? null : "return";
  if (command.skip || command.hold) return schedule && !schedule.hold && schedule.skips.length === 0 ? "follow" : null;
  if (command["catch-up"]) return visit && visit.catch_up.skip.length + visit.catch_up.shorten.length === 0 ? { "catch-up": {} } : null;
  if (command.identify) return { identify: { on: !command.identify.on } };
  return null;
}

async function give(command, button, isUndo = false, reason = undefined) {
  if (button?.getAttribute("aria-busy") === "true") return;
  const undo = isUndo ? null : undoOf(command);
  button?.setAttribute("aria-busy", "true");
  try {
    state = await order(command, reason);
    scheduled = null;
    await look();
    const layer = command.step ? "visit" : command.show ? "hand" : null;
    toast(say(layer && state.on_air.layer !== layer ? "done-under" : "done"), undo);
  } catch (error) {
    toast(error.status === 0 ? error.detail : say("refused", { why: error.detail }), null, true);
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

function paint() {
  if (!state) return;
  document.body.classList.toggle("pressed", state.pressed);
  at("shown").textContent = state.pressed ? say("pressed-title") : say("on-air", { layout: titleOf(state.layout) });
  at("why").textContent = why?.words ?? "";
  at("next").textContent = why?.next ?? "";
  at("press").textContent = say(state.pressed ? "release" : "press");
  at("press").setAttribute("aria-label", say(state.pressed ? "release-long" : "press-long"));
  at("press").disabled = !may("operator");
  at("press").hidden = !may("operator");
  const byHand = may("operator") && state.claims.some((claim) => claim.layer === "hand");
  for (const id of ["wall-actions", "visit-actions"]) {
    fill(at(id), [byHand], () => (byHand ? [orderButton({ textContent: say("back"), className: "go" }, "back", give)] : []));
  }
  at("next").hidden = state.on_air.layer === "visit";
  at("coming").textContent = nextWords(schedule, state.time_zone);
  at("stays-label").hidden = !isScheduled(schedule);
  showTabs();
  showHealth(state, outputs);
  if (tab === "layouts") showLayouts(layouts, state, give, may("operator"), at("stays").checked);
  if (tab === "alarms" && alarms) showAlarms(alarms, state, give, may("operator"));
  if (tab === "schedule" && schedule) showSchedule(schedule, state, give, may("operator"));
  if (tab === "maps") showMaps(municipalities, warnings, state, give, may("operator"));
  if (tab === "visit" && visit) {
    showVisit(visit, give, may("speaker"), state.time_zone);
    showDetour(visit, municipalities, give, may("speaker"));
  }
  if (tab === "outputs") showOutputs(outputs, state, give, may("operator"));
  if (tab === "data") showData(state);
  at("me").textContent = say("me", { name: me.name, role: say(`role-${me.role}`) });
}

function titleOf(name) {
  for (const layout of layouts) {
    if (layout.name === name) return layout.title;
    const preset = layout.presets.find((one) => one.name === name);
    if (preset) return `${layout.title} · ${preset.title}`;
    if (name.startsWith(`${layout.name}/@`)) return `${layout.title} · ${name.slice(layout.name.length + 2)}`;
  }
  return name;
}

function showTabs() {
  const shown = TABS.filter((name) => (name !== "visit" || visit) && (name !== "schedule" || isScheduled(schedule)) && (name !== "alarms" || (alarms?.alarms.length ?? 0) > 0) && (may("operator") || !["layouts", "maps"].includes(name)));
  if (!shown.includes(tab)) tab = "wall";
  const calls = waiting(alarms).length;
  fill(at("tabs"), [shown, calls], () =>
    shown.map((name) => {
      const button = make("button", { type: "button", textContent: say(`tab-${name}`), id: `tab-${name}` });
      if (name === "alarms" && calls > 0) button.append(make("span", { className: "badge", textContent: String(calls) }));
      button.setAttribute("role", "tab");
      button.setAttribute("aria-controls", `panel-${name}`);
      button.onclick = () => { tab = name; location.hash = name; showTabs(); look(); };
      return button;
    }),
  );
  at("tabs").setAttribute("aria-label", say("tabs"));
  for (const name of TABS) {
    at(`panel-${name}`).hidden = name !== tab;
    at(`panel-${name}`).setAttribute("aria-labelledby", `tab-${name}`);
    const button = at(`tab-${name}`);
    if (!button) continue;
    button.setAttribute("aria-selected", String(name === tab));
    button.tabIndex = name === tab ? 0 : -1;
  }
}

async function look() {
  const own = (asked += 1);
  try {
    const fresh = await ask("/api/v1/state", { wait: 1500 });
    const key = `${fresh.version} ${fresh.layout}`;
    const words = key === whyOf ? why : await ask(`/api/v1/why?lang=${lang()}`, { wait: 1500 });
    answered = Date.now();
    document.body.classList.remove("lost");
    // An answer that was overtaken tells of what was.
    if (own < newest) return;
    newest = own;
    if (state && state.pressed !== fresh.pressed) forgetAll();
    state = fresh;
    [why, whyOf] = [words, key];
    document.querySelector("main").inert = false;
    await lookAtTab();
    paint();
  } catch (error) {
    if (error.status === 401) { location.reload(); return; }
    lost();
  }
}

function lost() {
  if (Date.now() - answered < 1200) return;
  document.body.classList.add("lost");
  at("health").classList.add("bad");
  at("health").textContent = say("lost-since", { time: time(answered, state?.time_zone) });
  document.querySelector("main").inert = true;
  if (!at("toast").classList.contains("bad")) at("toast").hidden = true;
  at("press").textContent = say("press");
  at("press").setAttribute("aria-label", say("press-long"));
}

async function lookAtTab() {
  if (may("speaker") && state.step !== null) {
    visit = await ask("/api/v1/run-sheet", { wait: 1500 });
  }
  // What is scheduled changes with the state, and with the minute.
  const minute = `${state.version} ${Math.floor(state.now_millis / 60000)} ${lang()}`;
  if (scheduled !== minute) {
    alarms = await ask(`/api/v1/alarms?lang=${lang()}`, { wait: 1500 });
    // Before the first data nobody knows in which zone the region is.
    schedule = await ask(`/api/v1/schedule?lang=${lang()}`, { wait: 1500 }).catch(() => schedule);
    scheduled = schedule ? minute : null;
  }
  if (tab === "maps") warnings = (await ask("/api/v1/status")).warnings;
  if (tab === "maps" || tab === "visit") {
    if (municipalities.length === 0) municipalities = (await ask("/api/v1/municipalities")).sort((one, other) => one.localeCompare(other, lang()));
  }
  outputs = await ask("/api/v1/outputs", { wait: 1500 });
}

async function pictures() {
  try {
    if (document.hidden || document.body.classList.contains("lost")) return;
    if (tab === "wall") {
      const width = Math.min(1920, Math.round(at("wall").parentElement.clientWidth * devicePixelRatio));
      const is = await refresh(at("wall"), `/api/v1/wall.jpg?width=${Math.max(320, width)}`);
      at("wall-none").textContent = is ? "" : say("no-picture");
      at("wall").alt = is ? say("wall-picture") : "";
    }
    if (tab === "outputs") {
      for (const image of document.querySelectorAll("img[data-output]")) {
        await refresh(image, `/api/v1/outputs/${encodeURIComponent(image.dataset.output)}.jpg?width=320`);
      }
    }
    if (tab === "visit" && boardPicture()) await refresh(at("detour-picture"), boardPicture());
    if (tab === "layouts") {
      for (const image of document.querySelectorAll("img[data-layout]")) {
        const box = image.getBoundingClientRect();
        if (box.bottom > 0 && box.top < innerHeight) await refresh(image, `/api/v1/thumbnails/${image.dataset.layout}.jpg`);
      }
    }
  } finally {
    setTimeout(pictures, 1000);
  }
}

function labels() {
  at("detour-label").textContent = say("detour-search");
  at("alarm-reason-label").textContent = say("alarm-reason");
  at("schedule-reason-label").textContent = say("schedule-reason");
  at("stays-label").lastElementChild.textContent = say("stays");
  at("stays").onchange = paint;
  at("layouts-label").textContent = say("search-layouts");
  at("maps-label").textContent = say("search-maps");
  document.title = say("title");
  for (const button of document.querySelectorAll(".lang")) {
    button.textContent = say("other-language");
    button.onclick = async () => {
      try { localStorage.setItem("lang", lang() === "ru" ? "en" : "ru"); } catch { /* the page forgets */ }
      location.reload();
    };
  }
}

function listen() {
  const events = new EventSource("/api/v1/events");
  events.addEventListener("happened", look);
  events.addEventListener("state", look);
}

addEventListener("keydown", (event) => {
  if (event.target.matches?.("input")) return;
  if (tab === "visit" && visit?.is_elsewhere && event.key === "Escape") {
    event.preventDefault();
    comeBack(give, at("visit-turn"));
  } else if (tab === "visit" && visit && ["ArrowRight", "PageDown", "ArrowLeft", "PageUp"].includes(event.key)) {
    event.preventDefault();
    const to = ["ArrowRight", "PageDown"].includes(event.key) ? "next" : "previous";
    if (event.repeat || document.body.classList.contains("lost")) return;
    give({ step: to }, at("visit-turn"));
  } else if (event.target.matches?.("[role=tab]") && ["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft"].includes(event.key)) {
    const all = [...document.querySelectorAll("[role=tab]")];
    const step = ["ArrowDown", "ArrowRight"].includes(event.key) ? 1 : all.length - 1;
    const next = all[(all.indexOf(event.target) + step) % all.length];
    event.preventDefault();
    next.click();
    next.focus();
  }
});

await loadWords(lang());
labels();
// A wall that does not answer yet is asked again.
while (me === null && at("pairing").hidden) {
  try {
    me = await ask("/api/v1/me");
  } catch (error) {
    if (error.status === 401) await pair();
    else await new Promise((later) => setTimeout(later, 1000));
  }
}
if (me) {
  at("console").hidden = false;
  if (TABS.includes(location.hash.slice(1))) tab = location.hash.slice(1);
  layouts = await ask(`/api/v1/layouts?lang=${lang()}`).catch(() => []);
  for (const id of ["layouts-search", "maps-search"]) at(id).addEventListener("input", paint);
  // Of a wall that does not answer nobody knows whether it is pressed: a touch presses.
  pressKey(() => (state?.pressed ?? false) && !document.body.classList.contains("lost"), (command) => give(command, at("press")));
  await look();
  listen();
  setInterval(look, 500);
  setInterval(lost, 100);
  pictures();
}
