// The press key: one touch hides, a long one shows again. Nobody shows by mistake.

import { at } from "./api.js";

const HOLD_MILLIS = 800;

// `isPressed` says how the wall is; `give` gives an order.
export function pressKey(isPressed, give) {
  const button = at("press");
  let timer = null;
  const stop = () => {
    clearTimeout(timer);
    timer = null;
    button.classList.remove("holding");
  };
  const start = () => {
    if (button.disabled || timer !== null) return;
    if (!isPressed()) {
      give("press");
      return;
    }
    button.classList.add("holding");
    timer = setTimeout(() => {
      stop();
      give("release");
    }, HOLD_MILLIS);
  };
  button.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    button.setPointerCapture?.(event.pointerId);
    start();
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) button.addEventListener(end, stop);
  // The same with a keyboard.
  button.addEventListener("keydown", (event) => {
    if ((event.key === "Enter" || event.key === " ") && !event.repeat) start();
    if (event.key === "Enter" || event.key === " ") event.preventDefault();
  });
  button.addEventListener("keyup", stop);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
}
