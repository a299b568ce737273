// Pairing: the wall shows digits, whoever reads them is in the room.

import { ask, at, say } from "./api.js";

let pending = null;

function words() {
  at("pairing-title").textContent = say("pair-title");
  at("pairing-text").textContent = pending ? say("pair-read") : say("pair-text");
  document.querySelector("label[for=pairing-name]").textContent = say("pair-name");
  document.querySelector("label[for=pairing-digits]").textContent = say("pair-digits");
  at("pairing-go").textContent = pending ? say("pair-answer") : say("pair-ask");
  at("pairing-ask").hidden = pending !== null;
  at("pairing-answer").hidden = pending === null;
  const groups = (pending?.fingerprint ?? "").toUpperCase().slice(0, 32).match(/.{4}/g);
  at("pairing-fingerprint").textContent = groups ? say("pair-fingerprint", { digits: groups.join(" ") }) : "";
}

async function answer(id, secret) {
  await ask(`/api/v1/pairing/${id}`, { method: "POST", body: { answer: secret } });
  location.replace("/");
}

async function go(event) {
  event.preventDefault();
  const fault = at("pairing-fault");
  fault.textContent = "";
  at("pairing-go").disabled = true;
  try {
    if (pending) {
      await answer(pending.id, at("pairing-digits").value);
    } else {
      pending = await ask("/api/v1/pairing", { method: "POST", body: { name: at("pairing-name").value.trim() || say("pair-default") } });
      words();
      at("pairing-digits").focus();
    }
  } catch (error) {
    fault.textContent = { 403: say("pair-wrong"), 410: say("pair-ended"), 429: say("pair-later") }[error.status] ?? error.detail;
    if (error.status === 410) {
      pending = null;
      words();
    }
  } finally {
    at("pairing-go").disabled = false;
  }
}

// Shows the form; a QR code that was read has brought its answer along.
export async function pair() {
  const form = at("pairing");
  form.onsubmit = go;
  const read = /^#pair=(\w+)\.(\w+)$/.exec(location.hash);
  if (read) {
    history.replaceState(null, "", "/");
    try {
      await answer(read[1], read[2]);
      return;
    } catch (error) {
      at("pairing-fault").textContent = error.status === 410 ? say("pair-ended") : error.detail;
    }
  }
  form.hidden = false;
  words();
}
