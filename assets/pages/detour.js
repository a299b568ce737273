// The board of a municipality in the middle of a visit: found by three letters, seen here first, shown, and back to the step.

import { at, fill, make, say } from "./api.js";
import { orderButton } from "./views.js";

const LEAST_LETTERS = 3;
let chosen = null;

// The address of the board's picture; none while none is looked at.
export const boardPicture = () => (chosen ? `/api/v1/thumbnails/municipality/${encodeURIComponent(`@${chosen}`)}.jpg` : null);

export function showDetour(visit, municipalities, give, mayTurn) {
  const paint = () => {
    const wanted = at("detour-search").value.trim().toLowerCase();
    const found = wanted.length < LEAST_LETTERS ? [] : municipalities.filter((name) => name.toLowerCase().includes(wanted)).slice(0, 6);
    fill(at("detour-found"), [found, chosen, mayTurn, wanted.length >= LEAST_LETTERS], () =>
      found.length === 0 && wanted.length >= LEAST_LETTERS
        ? [make("p", { textContent: say("nothing-found") })]
        : found.map((name) => {
            const button = make("button", { type: "button", textContent: name, disabled: !mayTurn });
            button.classList.toggle("on", name === chosen);
            button.onclick = () => {
              chosen = name;
              at("detour-picture").removeAttribute("src");
              delete at("detour-picture").dataset.tag;
              paint();
            };
            return button;
          }),
    );
    at("detour-board").hidden = chosen === null && !visit.is_elsewhere;
    at("detour-title").textContent = chosen ?? "";
    at("detour-picture").closest(".card").hidden = chosen === null;
    fill(at("detour-actions"), [chosen, visit.is_elsewhere, mayTurn], () => [
      ...(chosen ? [orderButton({ textContent: say("detour-show", { name: chosen }), disabled: !mayTurn }, { detour: { municipality: chosen } }, give)] : []),
      ...(visit.is_elsewhere ? [back(give, mayTurn)] : []),
    ]);
  };
  at("detour-search").oninput = paint;
  paint();
}

function back(give, mayTurn) {
  const button = make("button", { type: "button", textContent: say("detour-back"), className: "go", disabled: !mayTurn });
  button.onclick = () => comeBack(give, button);
  return button;
}

// Back to the step; what was looked at is let go.
export async function comeBack(give, button) {
  chosen = null;
  at("detour-search").value = "";
  await give("return", button);
}
