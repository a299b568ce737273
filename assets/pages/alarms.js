// Alarms: what stands, who has it, what to do; taken with a touch, shelved with a reason.

import { at, fill, make, say } from "./api.js";
import { orderButton, time } from "./views.js";

const SHELF_SECS = { hour: 3600, shift: 8 * 3600 };

export const waiting = (alarms) => (alarms?.alarms ?? []).filter((alarm) => alarm.stands === "unacknowledged" && !alarm.shelf);

function words(alarm, zone) {
  const since = alarm.risen_millis === null ? "" : say("alarm-since", { time: time(alarm.risen_millis, zone) });
  const who =
    alarm.shelf ? say("alarm-shelved", { by: alarm.shelf.by, time: time(alarm.shelf.until_millis, zone), reason: alarm.shelf.reason })
    : alarm.acknowledged ? say("alarm-taken", { by: alarm.acknowledged.by, time: time(alarm.acknowledged.at_millis, zone) })
    : alarm.is_unknown ? say("alarm-unknown")
    : say(`alarm-${alarm.stands}`);
  return [since, who, alarm.is_first ? say("alarm-first") : ""].filter((part) => part !== "").join(" · ");
}

export function showAlarms(alarms, state, give, mayAct) {
  const zone = state.time_zone;
  at("alarms-flood").textContent = alarms.flood_since_millis === null ? "" : say("alarms-flood");
  const reason = at("alarm-reason");
  reason.parentElement.hidden = !mayAct || alarms.alarms.length === 0;
  const paint = () => {
    const why = reason.value.trim();
    fill(at("alarms"), [alarms, mayAct, why !== "", zone], () => {
      if (alarms.alarms.length === 0) return [make("p", { textContent: say("alarms-no-rules") })];
      return alarms.alarms.map((alarm) => {
        const standing = ["unacknowledged", "acknowledged", "returned"].includes(alarm.stands);
        const item = make("li", { className: standing ? `standing ${alarm.priority} ${alarm.stands}` : "" });
        item.append(
          make("div", { className: "alarm-words" },
            make("b", { textContent: alarm.title }),
            make("small", { textContent: `${say(`priority-${alarm.priority}`)} · ${words(alarm, zone)}` }),
            make("small", { textContent: alarm.because }),
            ...(standing ? [make("p", { textContent: say("alarm-action", { action: alarm.action }) })] : [])),
        );
        const buttons = make("div", { className: "row" });
        if (["unacknowledged", "returned"].includes(alarm.stands)) {
          buttons.append(orderButton({ textContent: say("alarm-take"), className: "go", disabled: !mayAct }, { acknowledge: { alarm: alarm.name } }, give));
        }
        if (alarm.shelf) buttons.append(orderButton({ textContent: say("alarm-unshelve"), disabled: !mayAct }, { unshelve: { alarm: alarm.name } }, give));
        else if (standing || alarm.stands === "pending") {
          for (const [name, secs] of Object.entries(SHELF_SECS)) {
            buttons.append(orderButton({ textContent: say(`alarm-shelve-${name}`), disabled: !mayAct || why === "" }, { shelve: { alarm: alarm.name, for_secs: secs } }, give, reason));
          }
        }
        item.append(buttons);
        return item;
      });
    });
  };
  reason.oninput = paint;
  paint();
}
