"use strict";

// All tabs and the worker refresh at the same instant, round by round. Each has the recipe's nextAccessToken by then.

const MOST_TRIES = 100;
const ROUND_MILLIS = 60000;

const channel = new BroadcastChannel("rounds");
let begin = null;
let token = "";

channel.addEventListener("message", ({ data }) => { if (data === "begin") begin?.(); });

/** Says that it is ready, waits for the start, and reports. */
async function takePart(name) {
  const begun = new Promise((resolve) => { begin = resolve; });
  channel.postMessage({ kind: "ready", name });
  await begun;
  channel.postMessage({ kind: "report", name, report: await refreshUntilUsable(name) });
}

/** As a page does: a refresh that failed is tried once more, until there is a token or the person has to sign in. */
async function refreshUntilUsable(name) {
  const before = token;
  const statuses = [];
  do {
    statuses.push(await next());
  } while (![200, 401].includes(statuses.at(-1)) && statuses.length < MOST_TRIES);
  const { status, session } = await me();
  return { name, statuses, isNew: token !== before, me: status, session };
}

/** Whose session that token is of. A server whose clock has just leaped is not sure for a moment, and says 500. */
async function me() {
  for (let tries = 1; ; tries++) {
    const answer = await fetch("/api/me", { headers: { Authorization: `Bearer ${token}` }, cache: "no-store" });
    const json = await answer.json();
    if (answer.status !== 500 || tries === MOST_TRIES) return { status: answer.status, session: json.session ?? "" };
  }
}

/** In a page of the demo with that page's own memory, since the page itself may refresh at the same instant. */
async function next() {
  const isDemo = typeof keepAccess === "function";
  const status = await nextAccessToken(isDemo ? keepAccess : (answered) => { token = answered; });
  if (isDemo) token = access.token;
  return status;
}

// ---- the page that leads --------------------------------------------------------------------------------------------

/** A tab takes part in all rounds. */
function join(name) {
  channel.addEventListener("message", ({ data }) => { if (data === "next") takePart(name); });
}

/** Starts the worker, which takes part too. */
async function startWorker(scripts) {
  const query = new URLSearchParams(scripts.map((script) => ["script", script]));
  const registration = await navigator.serviceWorker.register(`/browser/worker.js?${query}`);
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  while (worker.state !== "activated") {
    await new Promise((resolve) => worker.addEventListener("statechange", resolve, { once: true }));
  }
  return worker;
}

/** Plays the rounds with the other tabs and the worker; answers the reports, and ends when somebody is signed out. */
async function lead(rounds, tabs, scripts) {
  const worker = await startWorker(scripts);
  const everybody = new BroadcastChannel("rounds"); // this tab hears it, too
  const all = (kind) => new Promise((resolve, reject) => {
    const heard = new Map();
    setTimeout(() => reject(new Error(`nobody ${kind} but ${[...heard.keys()]}`)), ROUND_MILLIS);
    everybody.onmessage = ({ data }) => {
      if (data.kind === kind) heard.set(data.name, data.report);
      if (heard.size === tabs + 1) resolve([...heard.values()]);
    };
  });
  const reports = [];
  for (let round = 0; round < rounds; round++) {
    const ready = all("ready");
    everybody.postMessage("next");
    worker.postMessage("next"); // a message wakes a worker, which a channel does not
    await ready;
    const reported = all("report");
    everybody.postMessage("begin");
    reports.push(...await reported);
    if (reports.some(({ statuses }) => statuses.includes(401))) break;
  }
  return reports;
}
