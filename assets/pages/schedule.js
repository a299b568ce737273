// The day by the schedule: what is on, what comes, and slots that are skipped or held with a reason.

import { at, fill, make, say } from "./api.js";
import { orderButton, time } from "./views.js";

const REASONS = ["meeting", "guests", "works"];

const named = (slot) => (slot.slot ? `${slot.shows.join(", ")} (${slot.slot})` : say("schedule-nothing"));

// Whether there is a schedule at all.
export const isScheduled = (schedule) =>
  schedule !== null && (schedule.now !== null || schedule.coming.length > 0 || schedule.conditional.length > 0 || schedule.entries.some((entry) => entry.slot));

// What comes next, in a sentence.
export function nextWords(schedule, zone) {
  const next = schedule?.coming[0];
  return next ? say("schedule-next", { time: time(next.from_millis, zone), slot: named(next) }) : "";
}

function nowWords(schedule, zone) {
  if (!schedule.now) return say("schedule-none-now");
  const until = schedule.now.until_millis;
  const slot = named(schedule.now);
  return until === null ? say("schedule-now", { slot }) : say("schedule-now-until", { slot, time: time(until, zone) });
}

export function showSchedule(schedule, state, give, mayShow) {
  const zone = state.time_zone;
  at("schedule-now").textContent = nowWords(schedule, zone);
  at("schedule-next").textContent = nextWords(schedule, zone);
  const changes = [
    ...(schedule.hold ? [say("schedule-held", { slot: schedule.hold.slot, by: schedule.hold.by, reason: schedule.hold.reason })] : []),
    ...schedule.skips.map((skip) => say("schedule-left-out", { slot: skip.slot, time: time(skip.from_millis, zone), by: skip.by, reason: skip.reason })),
  ];
  fill(at("schedule-changes"), changes, () => changes.map((words) => make("p", { textContent: words })));
  const next = schedule.coming.find((slot) => slot.slot)?.slot ?? null;
  const now = schedule.now?.slot ?? null;
  at("schedule-reason").parentElement.hidden = !mayShow;
  fill(at("schedule-reasons"), [mayShow], () =>
    REASONS.map((reason) => {
      const button = make("button", { type: "button", textContent: say(`reason-${reason}`), disabled: !mayShow });
      button.onclick = () => { at("schedule-reason").value = button.textContent; actions(); };
      return button;
    }),
  );
  const actions = () => {
    const reason = at("schedule-reason").value.trim();
    const may = mayShow && reason !== "";
    fill(at("schedule-actions"), [may, now, next, changes.length > 0, schedule.hold], () => {
      const act = (words, command, isPossible) => orderButton({ textContent: words, disabled: !isPossible }, command, give, at("schedule-reason"));
      return [
        ...(now ? [act(say("schedule-hold", { slot: now }), { hold: { slot: now } }, may && !schedule.hold), act(say("schedule-skip", { slot: now }), { skip: { slot: now } }, may)] : []),
        ...(next && next !== now ? [act(say("schedule-skip-next", { slot: next }), { skip: { slot: next } }, may)] : []),
        ...(changes.length > 0 ? [orderButton({ textContent: say("schedule-follow"), disabled: !mayShow }, "follow", give)] : []),
      ];
    });
    at("schedule-hint").textContent = mayShow && reason === "" ? say("schedule-why") : "";
  };
  at("schedule-reason").oninput = actions;
  actions();
  at("schedule-day").textContent = schedule.day;
  fill(at("schedule-entries"), [schedule.entries, state.now_millis - (state.now_millis % 60000)], () =>
    schedule.entries.map((entry) => {
      const isNow = entry.from_millis <= state.now_millis && state.now_millis < entry.until_millis;
      const words = make("div", {}, make("span", { textContent: entry.slot ? entry.shows.join(", ") : say("schedule-nothing") }), make("small", { textContent: entry.slot ? `${entry.slot} · ${entry.reason}` : entry.reason }));
      const item = make("li", {}, make("b", { textContent: `${entry.from} – ${entry.until}` }), words);
      item.classList.toggle("on", isNow);
      if (isNow) item.setAttribute("aria-current", "time");
      return item;
    }),
  );
  at("schedule-conditional-title").textContent = schedule.conditional.length > 0 ? say("schedule-conditional") : "";
  fill(at("schedule-conditional"), schedule.conditional, () =>
    schedule.conditional.map((slot) => {
      const state = say(slot.holds ? "schedule-holds" : "schedule-holds-not");
      const words = make("div", {}, make("span", { textContent: slot.shows.join(", ") }), make("small", { textContent: `${slot.slot} · ${slot.condition}` }));
      const item = make("li", {}, make("b", { textContent: state }), words);
      item.classList.toggle("on", slot.holds);
      return item;
    }),
  );
}
