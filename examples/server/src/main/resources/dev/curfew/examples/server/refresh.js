"use strict";

// How a page of several tabs gets its next access token. The refresh token is in a cookie that no script can read, and
// all tabs share it. So whatever sets or clears that cookie runs under one lock of the browser: login, refresh, logout.
// Each refresh has a key of its own, which is repeated until its answer is there: a refresh whose answer was lost is
// then answered once more, and nobody is signed out. The key stands in IndexedDB, which all tabs share and which
// outlives them: a tab that dies in the middle leaves its key to the next one, which repeats the attempt.

const ATTEMPTS = 3;
const PAUSE_MILLIS = 1000;
const REQUEST_MILLIS = 10000;
const DATABASE_MILLIS = 2000;

/** Of a request: all tabs may wait for it. Old browsers have none, and wait as long as they like. */
function timeLimit() {
  return AbortSignal.timeout?.(REQUEST_MILLIS);
}

// ---- one at a time --------------------------------------------------------------------------------------------------

let last = Promise.resolve();

/** Runs what sets or clears the cookie, one at a time in all tabs. */
function alone(work) {
  if (navigator.locks) return navigator.locks.request("curfew", work);
  // Without TLS browsers have no locks, but on localhost. Then in this tab at least; the server tolerates siblings.
  const mine = last.then(work);
  last = mine.catch(() => {});
  return mine;
}

// ---- the refresh ----------------------------------------------------------------------------------------------------

let underWay = null;

/**
 * Answers the status of the refresh, 0 if there is none. 401 alone means: sign in again. At 200 `keep` has got the
 * access token while the lock was still held. Whoever calls meanwhile waits for the same refresh. Never rejects.
 */
function nextAccessToken(keep) {
  underWay ??= refreshPatiently(keep).catch(() => 0).finally(() => { underWay = null; });
  return underWay;
}

async function refreshPatiently(keep) {
  for (let attempt = 1; ; attempt++) {
    const status = await alone(() => refreshOnce(keep));
    // 409: another tab was quicker, and the cookie is new by now. 400: the key was used before.
    if ((status !== 409 && status !== 400) || attempt === ATTEMPTS) return status;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS)); // without the lock
  }
}

async function refreshOnce(keep) {
  const key = await attemptKey();
  let status;
  let json;
  try {
    const response = await fetch("/api/v1/auth/refresh", {
      method: "POST", headers: { "Idempotency-Key": key }, cache: "no-store", signal: timeLimit(),
    });
    status = response.status;
    json = status === 200 ? await response.json() : {};
  } catch {
    return 0; // no answer, or half of one: the next try sends the same key
  }
  if (![200, 400, 401, 409].includes(status)) return status; // not looked at, or not answered: the same
  await forgetKey(key);
  if (status === 200) keep(json.accessToken);
  return status;
}

// ---- its key --------------------------------------------------------------------------------------------------------

let keyOfPage = ""; // in private windows, or on a full disk, this page alone knows it
let spent = ""; // the last key that has done its work, if IndexedDB should not forget it

/** The key of the refresh that is under way, else a new one, which is kept before it is sent. */
async function attemptKey() {
  if (keyOfPage) return keyOfPage;
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  const fresh = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  try {
    let key = fresh;
    await onKept((keys, kept) => {
      if (kept && kept !== spent) key = kept;
      else keys.put(fresh, "attempt");
    });
    return key;
  } catch {
    keyOfPage = fresh;
    return fresh;
  }
}

/** Forgets this key, and no other one. */
async function forgetKey(key) {
  spent = key;
  if (keyOfPage === key) keyOfPage = "";
  try {
    await onKept((keys, kept) => { if (kept === key) keys.delete("attempt"); });
  } catch {
    // This tab knows that it is spent; another one is answered 400, and forgets it then.
  }
}

/** Looks at the key that is kept, and does something about it, in one transaction; rejects if that is not stored. */
function onKept(work) {
  return new Promise((resolve, reject) => {
    // Whatever becomes of the database: who waits holds the lock. Only the first word counts.
    setTimeout(() => reject(new Error("the database does not answer")), DATABASE_MILLIS);
    const open = indexedDB.open("curfew", 1);
    open.onupgradeneeded = () => open.result.createObjectStore("keys");
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
      const database = open.result;
      try {
        const transaction = database.transaction("keys", "readwrite");
        const keys = transaction.objectStore("keys");
        const found = keys.get("attempt");
        found.onsuccess = () => work(keys, found.result);
        transaction.oncomplete = () => { database.close(); resolve(); };
        // Also what fails at the commit, such as a full disk, which no request tells.
        transaction.onabort = () => { database.close(); reject(transaction.error); };
      } catch (error) {
        database.close();
        reject(error);
      }
    };
  });
}
