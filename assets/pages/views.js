// What each part of the page shows of what the wall tells.

import { at, clock, fill, make, say } from "./api.js";

// A moment as the clocks of the region show it.
export const time = (millis, timeZone) =>
  new Date(millis).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: timeZone ?? undefined });

// A button that gives an order, and is busy until the wall shows what was ordered. An order that takes a reason takes it from
// an input, which is empty then.
export function orderButton(properties, command, give, reason = null) {
  const button = make("button", { type: "button", ...properties });
  button.onclick = async () => {
    await give(command, button, false, reason?.value.trim());
    if (!reason) return;
    reason.value = "";
    reason.oninput();
  };
  return button;
}

export function showLayouts(layouts, state, give, mayShow, stays) {
  const wanted = at("layouts-search").value.trim().toLowerCase();
  const is = (title) => title.toLowerCase().includes(wanted);
  fill(at("layouts"), [layouts, state.layout, wanted, mayShow, stays], () => {
    // Cards first, so that none moves when another is shown; then the presets of each.
    const cards = [];
    const blocks = [];
    for (const layout of layouts) {
      const presets = layout.presets.filter((preset) => is(layout.title) || is(preset.title));
      if (!is(layout.title) && presets.length === 0) continue;
      const card = orderButton({ className: "card", disabled: !mayShow, title: layout.name }, { show: { layout: layout.name, stays } }, give);
      card.classList.toggle("on", layout.name === state.layout.split("/")[0]);
      if (layout.name === state.layout) card.setAttribute("aria-current", "true");
      const image = make("img", { alt: "", loading: "lazy" });
      image.dataset.layout = layout.name;
      card.append(make("div", { className: "frame" }, make("small", { textContent: say("no-picture") }), image), make("span", { className: "title", textContent: layout.title }));
      cards.push(card);
      if (presets.length > 0) {
        const buttons = presets.map((preset) => {
          const button = orderButton({ textContent: preset.title, disabled: !mayShow }, { show: { layout: preset.name, stays } }, give);
          button.classList.toggle("on", preset.name === state.layout);
          return button;
        });
        blocks.push(make("div", { className: "presets" }, make("h2", { textContent: say("presets", { layout: layout.title }) }), ...buttons));
      }
    }
    return cards.length > 0 ? [...cards, ...blocks] : [make("p", { textContent: say("nothing-found") })];
  });
}

export function showMaps(municipalities, warnings, state, give, mayShow) {
  const shown = state.claims.findLast((claim) => claim.layout)?.look ?? null;
  const look = (to) => ({ look: { to } });
  fill(at("map-places"), [mayShow], () => [
    orderButton({ textContent: say("home"), disabled: !mayShow }, look("home"), give),
    orderButton({ textContent: say("region"), disabled: !mayShow }, look("region"), give),
  ]);
  at("warnings-title").textContent = say("warnings");
  fill(at("warnings"), [warnings, mayShow], () => {
    if (warnings.length === 0) return [make("p", { textContent: say("no-warnings") })];
    return warnings.map((warning) => {
      const where = warning.municipality ?? say("region");
      const note = say("warning-note", { count: warning.count, hours: warning.hours, expected: Math.round(warning.expected) });
      const button = orderButton({ disabled: !mayShow }, look({ around: { lon: warning.middle[0], lat: warning.middle[1], span_km: 40 } }), give);
      button.append(make("span", { textContent: `${warning.topic}, ${where}` }), make("small", { textContent: note }));
      return button;
    });
  });
  const wanted = at("maps-search").value.trim().toLowerCase();
  fill(at("municipalities"), [municipalities, wanted, mayShow, shown], () => {
    const found = municipalities.filter((name) => name.toLowerCase().includes(wanted));
    if (found.length === 0) return [make("p", { textContent: say(municipalities.length === 0 ? "no-data" : "nothing-found") })];
    return found.map((name) => {
      const button = orderButton({ textContent: name, disabled: !mayShow }, look({ municipality: name }), give);
      button.classList.toggle("on", shown?.municipality === name);
      return button;
    });
  });
}

// What could be left out and shortened, and the way back to what was rehearsed. Nothing is done unasked.
function showCatchUp(visit, give, mayTurn) {
  const named = (catchUp) => [
    ...(catchUp.skip.length > 0 ? [say("catch-up-skip", { steps: catchUp.skip.join(", ") })] : []),
    ...catchUp.shorten.map((one) => say("catch-up-shorten", { step: one.step, time: clock(one.to_secs) })),
  ].join(", ");
  const changed = visit.catch_up.skip.length + visit.catch_up.shorten.length > 0;
  // The offer is told in steps of ten seconds: a button does not change while somebody reaches for it.
  const key = visit.offer && [named(visit.offer.catch_up).replace(/\d$/, "0"), Math.round(visit.offer.gains_secs / 10)];
  fill(at("visit-catch-up"), [key, changed, mayTurn, visit.step], () => [
    ...(visit.offer ? [orderButton({ textContent: say("catch-up", { what: named(visit.offer.catch_up), time: clock(visit.offer.gains_secs) }), disabled: !mayTurn }, { "catch-up": visit.offer.catch_up }, give)] : []),
    ...(changed ? [orderButton({ textContent: say("as-rehearsed", { what: named(visit.catch_up) }), disabled: !mayTurn }, { "catch-up": {} }, give)] : []),
  ]);
}

export function showVisit(visit, give, mayTurn, zone) {
  const now = visit.steps[visit.step - 1];
  const next = visit.steps.slice(visit.step).find((step) => !step.is_skipped);
  const left = now.secs - visit.lasts_secs;
  at("visit-count").textContent = say("step", { step: visit.step, steps: visit.steps.length });
  at("visit-title").textContent = now.title;
  const behind = Math.round(visit.behind_secs ?? 0);
  const pace = at("visit-pace");
  const rest = left >= 0 ? say("left", { time: clock(left) }) : say("over", { time: clock(left) });
  // In words: a sign before a number is misread from a distance.
  const ahead = behind > 9 ? say("behind", { time: clock(behind) }) : behind < -9 ? say("ahead", { time: clock(behind) }) : say("on-time");
  pace.textContent = visit.behind_secs === null ? rest : `${rest} · ${ahead}`;
  pace.classList.toggle("late", left < 0 || behind > 9);
  at("visit-ends").textContent =
    visit.planned_end_millis === null ? "" : say("visit-ends", { expected: time(visit.expected_end_millis, zone), planned: time(visit.planned_end_millis, zone) });
  showCatchUp(visit, give, mayTurn);
  const part = Math.min(100, (100 * visit.lasts_secs) / now.secs);
  at("visit-bar").classList.toggle("late", left < 0);
  at("visit-bar").setAttribute("aria-valuenow", Math.round(part));
  at("visit-bar").setAttribute("aria-label", rest);
  at("visit-bar").firstElementChild.style.width = `${part}%`;
  at("visit-notes").textContent = visit.is_elsewhere ? say("detour-now", { step: visit.step, title: now.title }) : now.notes;
  at("visit-next").textContent = next ? say("then", { title: next.title }) : say("last-step");
  fill(at("visit-steps"), [visit.steps, visit.step, mayTurn], () =>
    visit.steps.map((step, index) => {
      const button = orderButton({ disabled: !mayTurn }, { step: index + 1 }, give);
      button.append(make("span", { textContent: step.title }), make("i", { textContent: clock(step.secs) }));
      button.classList.toggle("on", index + 1 === visit.step);
      button.classList.toggle("skipped", step.is_skipped);
      if (index + 1 === visit.step) button.setAttribute("aria-current", "step");
      return make("li", {}, button);
    }),
  );
  fill(at("visit-turn"), [visit.step, mayTurn, visit.steps.length], () => [
    orderButton({ textContent: say("previous"), disabled: !mayTurn || visit.step === 1 }, { step: "previous" }, give),
    orderButton({ textContent: say("forward"), className: "go", disabled: !mayTurn || !next }, { step: "next" }, give),
  ]);
}

export function showOutputs(outputs, state, give, mayShow) {
  fill(at("outputs-actions"), [state.identify, mayShow], () => [
    orderButton({ textContent: say(state.identify ? "names-off" : "names-on"), disabled: !mayShow }, { identify: { on: !state.identify } }, give),
  ]);
  fill(at("outputs"), outputs, () =>
    outputs.map((output) => {
      const image = make("img", { alt: say("output-picture", { name: output.name }) });
      image.dataset.output = output.name;
      const note = output.is_lit ? `${output.width} × ${output.height}` : say("output-dark");
      const words = make("span", { className: "title", textContent: output.name }, make("small", { textContent: note }));
      const frame = make("div", { className: "frame" }, make("small", { textContent: say("no-picture") }), image);
      return make("div", { className: "card" }, frame, words);
    }),
  );
}

// The health of a source in a sentence that says what to do.
function sourceWords(source, now, zone) {
  if (source.lost_since_secs !== null) {
    return ["bad", say("source-lost", { name: source.name, time: time(1000 * source.lost_since_secs, zone) }), say("source-lost-help")];
  }
  if (source.data_until_secs === null) return ["warn", say("source-none", { name: source.name }), say("source-none-help")];
  const age = now / 1000 - source.data_until_secs;
  if (age > 600) return ["warn", say("source-old", { name: source.name, time: time(1000 * source.data_until_secs, zone) }), say("source-old-help")];
  return ["", say("source-well", { name: source.name }), say("source-well-note", { time: time(1000 * source.data_until_secs, zone) })];
}

export function showData(state) {
  const told = state.sources.map((source) => sourceWords(source, state.now_millis, state.time_zone));
  fill(at("sources"), told, () =>
    told.map(([kind, words, help]) => make("li", { className: kind }, words, make("small", { textContent: help }))),
  );
}

// What is wrong in one line, the worst first.
export function showHealth(state, outputs) {
  const kinds = state.sources.map((source) => sourceWords(source, state.now_millis, state.time_zone)[0]);
  const count = (kind) => kinds.filter((one) => one === kind).length;
  const dark = outputs.filter((output) => !output.is_lit).length;
  const [words, kind] =
    state.outputs.length === 0 ? [say("no-outputs"), "bad"]
    : state.alarms_waiting > 0 ? [say("health-alarms", { count: state.alarms_waiting }), "bad"]
    : dark > 0 ? [say("health-dark", { count: dark }), "bad"]
    : count("bad") > 0 ? [say("health-lost", { count: count("bad") }), "bad"]
    : count("warn") > 0 ? [say("health-old", { count: count("warn") }), "warn"]
    : [say("health-well"), ""];
  at("health").className = kind;
  at("health").textContent = words;
}
