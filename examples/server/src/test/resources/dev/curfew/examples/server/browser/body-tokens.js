"use strict";

// The recipe for refresh tokens in the body: refresh.js is the one for a refresh token in a cookie, which is to be
// preferred. What stands between the marks stands in docs/sessions.md, too.

const alone = (work) => navigator.locks.request('curfew', work);    // one at a time in all tabs
let underWay = null;

function refresh() {                           // whoever calls meanwhile waits for the same one
  underWay ??= alone(refreshOnce).finally(() => { underWay = null; });
  return underWay;
}

// docs begin
async function refreshOnce() {
  const { token, key } = await change((kept) => ({ ...kept, key: kept.key ?? crypto.randomUUID() }));
  const answer = await fetch('/api/v1/auth/refresh', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: JSON.stringify({ refreshToken: token }),
    signal: AbortSignal.timeout(10000),
  });
  if (![200, 400, 401, 409].includes(answer.status)) {
    throw new Error('not now');                // the next try sends the same token and the same key
  }
  const json = answer.ok ? await answer.json() : {};   // half an answer is none: the same
  // The new token comes and the key goes in one step, unless somebody has signed in meanwhile.
  await change((kept) => (kept.token === token ? { token: json.refreshToken ?? token } : kept));
  if (answer.ok) {
    return json.accessToken;
  }
  throw new Error(answer.status === 401 ? 'sign in' : 'try again');
}

const keepSignIn = (token) => change(() => ({ token }));   // under the lock, as the whole login; the old key goes

function change(next) {                        // what is kept becomes what `next` makes of it, in one transaction
  return new Promise((resolve, reject) => {
    const open = indexedDB.open('curfew-body', 1);
    open.onupgradeneeded = () => open.result.createObjectStore('kept');
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
      const transaction = open.result.transaction('kept', 'readwrite', { durability: 'strict' });
      const store = transaction.objectStore('kept');
      const found = store.get('refresh');
      let now;
      found.onsuccess = () => store.put(now = next(found.result ?? {}), 'refresh');
      transaction.oncomplete = () => { open.result.close(); resolve(now); };
      transaction.onabort = () => { open.result.close(); reject(transaction.error); };
    };
  });
}
// docs end

// What the test asks for: a login, and the same function as in refresh.js.

function signIn() {
  return alone(async () => {
    const json = await (await fetch("/api/v1/auth/login", { method: "POST" })).json();
    await keepSignIn(json.refreshToken);
    return json.session;
  });
}

function nextAccessToken(keep) {
  return refresh().then((token) => { keep(token); return 200; },
    (error) => (error.message === "sign in" ? 401 : error.message === "try again" ? 409 : 0));
}
