// The tablet's page in headless Chromium, as its user would use it: pair, show, undo, turn the steps of a visit, press and
// release, lose the wall and find it again; in both languages; judged by axe-core. Usage: node tablet.mjs PROGRAM LIBRARIES
// Pictures of what was seen lie in LIBRARIES/shots.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [program, libraries] = process.argv.slice(2);
const require = createRequire(`${libraries}/`);
const { chromium } = require("playwright-core");
const axe = require.resolve("axe-core/axe.min.js");
const folder = mkdtempSync(join(tmpdir(), "obzor-tablet-"));
const shots = join(libraries, "shots");
mkdirSync(shots, { recursive: true });

// An address of loopback that no other test has.
const host = `127.77.${(process.pid >> 8) & 255}.${process.pid & 255}`;
const [backendPort, viewPort, tlsPort] = [21001, 21002, 21003];
const socket = join(folder, "obzor", "desktop.sock");
writeFileSync(join(folder, "operation.toml"), `
[control]
listen = "${host}:${tlsPort}"
[[slot]]
name = "день"
layout = "overview"
[[slot]]
name = "смена"
rank = 1
from = "23:59"
to = "24:00"
layout = "night"
[[slot]]
name = "снег"
rank = 2
when = { metric = "received", filter = { topic = "snow-road" }, period = "24-hours", above = 100000, clear = 90000 }
layout = "prevention"
[[alarm]]
name = "диск"
title = { ru = "Мало места на диске", en = "The disk is nearly full" }
when = { disk = "free-mib", below = 1000000000, clear = 2000000000 }
priority = "high"
takeover = { layout = "alarms", at_most_secs = 600 }
action = { ru = "Позвонить администратору", en = "Call the administrator" }
[[alarm]]
name = "снег"
title = { ru = "Снегопад", en = "Snowfall" }
when = { metric = "received", filter = { topic = "snow-road" }, period = "24-hours", above = 100000, clear = 90000 }
priority = "middle"
action = { ru = "Вывести технику", en = "Send the ploughs" }
`);
const environment = { ...process.env, XDG_RUNTIME_DIR: folder, LC_ALL: "C" };
delete environment.DISPLAY;
delete environment.WAYLAND_DISPLAY;

const children = [];
function start(args) {
  const child = spawn(program, args, { env: environment, cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  children.push(child);
  return child;
}

const startWall = () =>
  start(["run", "--headless", "--source", `http://${host}:${backendPort}/`, "--keep", "kept.sqlite", "--view", `${host}:${viewPort}`,
    "--operation", "operation.toml", "--run-sheet", "governors-visit"]);

// What the wall answers at its socket, where this user is an administrator.
function admin(path, method = "GET", body = undefined) {
  return new Promise((resolve, reject) => {
    const headers = { host: "localhost", ...(body ? { "content-type": "application/json" } : {}) };
    const request = http.request({ socketPath: socket, path, method, headers }, (answer) => {
      let text = "";
      answer.on("data", (part) => { text += part; });
      answer.on("end", () => (answer.statusCode < 300 ? resolve(text ? JSON.parse(text) : null) : reject(new Error(text))));
    });
    request.on("error", reject);
    request.end(body && JSON.stringify(body));
  });
}

async function waitFor(what, look) {
  const end = Date.now() + 30000;
  for (;;) {
    const found = await Promise.resolve().then(look).catch(() => null);
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((later) => setTimeout(later, 50));
  }
}

const order = (command) => admin("/api/v1/orders", "POST", { command });
const ready = () => admin("/api/v1/status").then((status) => status.measures > 0 && status.counts.painted > 0);

async function judge(page, where) {
  await page.addScriptTag({ path: axe }).catch(() => {});
  const found = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ["violations"] })).violations);
  const serious = found.filter((violation) => ["serious", "critical"].includes(violation.impact));
  const said = serious.map((one) => `${one.id}: ${one.help}\n  ${one.nodes.map((node) => node.html).join("\n  ")}`);
  assert.equal(said.length, 0, `${where}: ${said.join("\n")}`);
}

async function pair(browser) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 800 }, locale: "ru-RU", bypassCSP: true });
  const page = await context.newPage();
  await page.goto(`https://${host}:${tlsPort}/`);
  await page.waitForSelector("#pairing:not([hidden])");
  await judge(page, "pairing");
  await page.fill("#pairing-name", "Планшет дежурного");
  await page.click("#pairing-go");
  await page.waitForSelector("#pairing-answer:not([hidden])");
  await page.screenshot({ path: join(shots, "pairing.png") });
  const waiting = await admin("/api/v1/pairing");
  assert.equal(waiting.name, "Планшет дежурного");
  // No picture of the digits leaves the wall.
  await assert.rejects(admin("/api/v1/wall.jpg"), /digits/);
  const wrong = waiting.digits === "000000" ? "000001" : "000000";
  await page.fill("#pairing-digits", wrong);
  await page.click("#pairing-go");
  await page.waitForFunction(() => document.getElementById("pairing-fault").textContent !== "");
  await page.fill("#pairing-digits", `${waiting.digits.slice(0, 3)} ${waiting.digits.slice(3)}`);
  await page.click("#pairing-go");
  await page.waitForSelector("#console:not([hidden])");
  const cookies = await context.cookies();
  const token = cookies.find((cookie) => cookie.name === "obzor-token");
  assert.ok(token.httpOnly && token.secure && token.sameSite === "Strict", JSON.stringify(token));
  return { context, page };
}

async function operate(page) {
  await page.waitForSelector("#wall[src^=blob]");
  await alarmed(page);
  await page.screenshot({ path: join(shots, "wall.png") });
  await judge(page, "wall");
  // Show a layout, and take it back while that is offered.
  await page.click("#tab-layouts");
  await page.waitForSelector("img[data-layout=overview][src^=blob]");
  await judge(page, "layouts");
  await page.waitForTimeout(2000);
  await page.screenshot({ path: join(shots, "layouts.png") });
  // Those further down are painted once they are seen.
  await page.locator("img[data-layout=night]").scrollIntoViewIfNeeded();
  await page.waitForSelector("img[data-layout=night][src^=blob]");
  await page.click(".card[title=night]");
  await waitFor("the night on the wall", () => page.textContent("#shown").then((text) => text.includes("Ночь")));
  const shown = await admin("/api/v1/state");
  assert.deepEqual([shown.layout, shown.on_air.by], ["night", "Планшет дежурного"]);
  await page.waitForSelector("#toast:not([hidden]) #undo:not([hidden])");
  await page.click("#undo");
  await waitFor("the visit again", () => admin("/api/v1/state").then((state) => state.on_air.layer === "visit"));
  // Find a municipality and let the maps look at it.
  await page.click("#tab-maps");
  await page.fill("#maps-search", "ключ");
  await page.waitForFunction(() => document.querySelectorAll("#municipalities button").length === 1);
  await judge(page, "maps");
  await page.click("#municipalities button");
  await waitFor("the look", () => admin("/api/v1/status").then((status) => status.state.camera.at(-1)?.to.municipality === "Ключевск"));
  await scheduled(page);
  // Step through the visit, by touch and by keyboard.
  await page.click("#tab-visit");
  await page.waitForSelector("#visit-turn button.go");
  await judge(page, "visit");
  await page.screenshot({ path: join(shots, "visit.png") });
  await page.click("#visit-turn button.go");
  await waitFor("the second step", () => admin("/api/v1/state").then((state) => state.step === 2));
  await page.waitForFunction(() => document.getElementById("visit-count").textContent.includes("2"));
  await page.keyboard.press("ArrowRight");
  await waitFor("the third step", () => admin("/api/v1/state").then((state) => state.step === 3));
  // Leave the step for a board, seen here first, and come back by one key.
  await page.fill("#detour-search", "ключ");
  await page.locator("#detour-found button").first().click();
  await page.waitForSelector("#detour-picture[src^=blob]");
  await judge(page, "detour");
  await page.screenshot({ path: join(shots, "detour.png") });
  await page.locator("#detour-actions button").first().click();
  await waitFor("the board", () => admin("/api/v1/state").then((state) => state.layout === "municipality/@Ключевск"));
  await page.waitForFunction(() => document.querySelector("#detour-actions .go"));
  await page.screenshot({ path: join(shots, "detour-shown.png") });
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Escape");
  await waitFor("the third step again", () => admin("/api/v1/run-sheet").then((visit) => visit.step === 3 && !visit.is_elsewhere && visit.detour_secs > 0));
  for (const tab of ["outputs", "data"]) {
    await page.click(`#tab-${tab}`);
    await page.waitForFunction((name) => document.querySelector(`#panel-${name} .card, #panel-${name} li`), tab);
    await judge(page, tab);
    await page.screenshot({ path: join(shots, `${tab}.png`) });
  }
}

// An alarm has the wall until somebody takes it; shelved with a reason it disturbs nobody.
async function alarmed(page) {
  await waitFor("the takeover", () => admin("/api/v1/state").then((state) => state.on_air.layer === "alarm"));
  await page.waitForSelector("#tabs .badge");
  await page.waitForTimeout(1500);
  await page.screenshot({ path: join(shots, "takeover.png") });
  await page.click("#tab-alarms");
  await page.waitForSelector("#alarms li.unacknowledged");
  await judge(page, "alarms");
  await page.screenshot({ path: join(shots, "alarms.png") });
  await page.click("#alarms li.unacknowledged button.go");
  await waitFor("the visit under it", () => admin("/api/v1/state").then((state) => state.on_air.layer === "visit"));
  await page.waitForSelector("#alarms li.acknowledged");
  assert.equal((await admin("/api/v1/alarms")).alarms[0].acknowledged.by, "Планшет дежурного");
  await page.fill("#alarm-reason", "Диск меняют");
  await page.locator("#alarms li.acknowledged button").first().click();
  await waitFor("the shelf", () => admin("/api/v1/alarms").then(({ alarms }) => alarms[0].shelf?.reason === "Диск меняют"));
  await page.waitForFunction(() => document.getElementById("alarms").textContent.includes("отложил"));
  await page.screenshot({ path: join(shots, "alarms-shelved.png") });
  await page.click("#tab-wall");
}

// A slot is held with a reason, and the schedule is followed again.
async function scheduled(page) {
  await page.click("#tab-schedule");
  await page.waitForSelector("#schedule-entries li.on");
  await judge(page, "schedule");
  await page.screenshot({ path: join(shots, "schedule.png") });
  const hold = page.locator("#schedule-actions button").first();
  assert.ok(await hold.isDisabled(), "nothing is changed without a reason");
  await page.locator("#schedule-reasons button").first().click();
  await hold.click();
  await waitFor("what is held", () => admin("/api/v1/schedule").then(({ hold }) => hold?.slot === "день" && hold.reason === "Совещание"));
  await page.waitForFunction(() => document.querySelectorAll("#schedule-changes p").length === 1);
  await judge(page, "schedule, held");
  await page.screenshot({ path: join(shots, "schedule-held.png") });
  await page.locator("#schedule-actions button").last().click();
  await waitFor("the schedule again", () => admin("/api/v1/schedule").then(({ hold }) => hold === null));
}

// One touch presses; a short touch does not release, a long one does, also from the keyboard.
async function press(page) {
  const isPressed = async (wanted) => waitFor(`pressed ${wanted}`, () => admin("/api/v1/state").then((state) => state.pressed === wanted));
  await page.click("#press");
  await isPressed(true);
  await page.waitForSelector("body.pressed");
  await page.screenshot({ path: join(shots, "pressed.png") });
  await page.click("#press");
  await page.waitForTimeout(1000);
  assert.ok((await admin("/api/v1/state")).pressed, "a short touch shows nothing");
  await page.click("#press", { delay: 1000 });
  await isPressed(false);
  await order("press");
  await page.waitForSelector("body.pressed");
  await page.focus("#press");
  await page.keyboard.down("Enter");
  await page.waitForTimeout(1000);
  await page.keyboard.up("Enter");
  await isPressed(false);
}

// A wall that is gone is grey within two seconds, and is found again by itself.
async function lose(page, wall) {
  await page.click("#tab-wall");
  const gone = Date.now();
  wall.kill("SIGKILL");
  await page.waitForSelector("body.lost", { timeout: 10000 });
  const millis = Date.now() - gone;
  assert.ok(millis <= 2000, `grey after ${millis} ms`);
  await page.screenshot({ path: join(shots, "lost.png") });
  const again = startWall();
  await waitFor("the wall again", ready);
  await page.waitForSelector("body:not(.lost) #console:not([hidden])", { timeout: 30000 });
  assert.equal((await admin("/api/v1/state")).step, 3, "the visit goes on where it was");
  return again;
}

// The same in English, on a tablet that stands and on a phone: nothing is wider than the screen, no button too small.
async function sizes(context) {
  for (const [name, width, height] of [["upright", 800, 1280], ["phone", 390, 844]]) {
    const page = await context.newPage();
    await page.setViewportSize({ width, height });
    await page.goto(`https://${host}:${tlsPort}/`);
    await page.evaluate(() => localStorage.setItem("lang", "en"));
    await page.reload();
    await page.waitForSelector("#console:not([hidden])");
    for (const tab of ["wall", "alarms", "layouts", "maps", "schedule", "visit", "outputs", "data"]) {
      await page.click(`#tab-${tab}`);
      await page.waitForTimeout(300);
      const seen = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth > innerWidth,
        small: [...document.querySelectorAll("button")].filter((one) => one.offsetParent && one.offsetHeight < 52).map((one) => one.outerHTML),
        russian: /[а-яё]/i.test(document.getElementById("tabs").textContent),
      }));
      assert.deepEqual(seen, { wide: false, small: [], russian: false }, `${name} ${tab}`);
      await judge(page, `${name} ${tab}`);
      await page.screenshot({ path: join(shots, `${name}-${tab}.png`) });
    }
    await page.close();
  }
}

// A token that is taken back is of no use any more, at once.
async function revoke(page) {
  const tokens = await admin("/api/v1/tokens");
  await admin(`/api/v1/tokens/${tokens[0].id}`, "DELETE");
  await page.waitForSelector("#pairing:not([hidden])", { timeout: 10000 });
}

try {
  start(["demo-backend", "--listen", `${host}:${backendPort}`]);
  let wall = startWall();
  await waitFor("the wall", ready);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  const { context, page } = await pair(browser);
  const said = [];
  page.on("pageerror", (error) => said.push(error.message));
  page.on("console", (message) => { if (/Content.Security|Refused to/i.test(message.text())) said.push(message.text()); });
  await operate(page);
  await press(page);
  wall = await lose(page, wall);
  await sizes(context);
  await revoke(page);
  assert.deepEqual(said, []);
  await browser.close();
  console.log(`tablet: all is well; pictures in ${shots}`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  children.forEach((child) => child.kill("SIGKILL"));
  rmSync(folder, { recursive: true, force: true });
  // A browser that was left open keeps nobody waiting.
  process.exit();
}
