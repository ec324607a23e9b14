"use strict";

// The page of the example: sign in, see your devices, sign them out. Plain JavaScript, nothing to build.

const TEXTS = {
  en: {
    title: "Your devices",
    lead: "See where you are signed in, and sign out any device. It takes effect at once.",
    signInTitle: "Sign in",
    username: "User",
    password: "Password",
    signIn: "Sign in",
    stay: "Stay signed in with",
    stayRefresh: "access tokens, and a refresh token in a cookie",
    stayCookie: "a session token in a cookie",
    remember: "Remember this device",
    hint: "Two users exist: alice and bob. Their passwords stand in the window where the server was started.",
    signOut: "Sign out",
    signOutOthers: "Sign out everywhere else",
    alone: "You are signed in on this device only.",
    thisDevice: "This device",
    unknownDevice: "Unknown device",
    on: " on ",
    signedInAs: (user) => `Signed in as ${user}`,
    signOutDevice: (name) => `Sign out ${name}`,
    network: (network) => `Network ${network}`,
    thisComputer: "The server's own computer",
    lastSeen: (when) => `Last seen ${when}`,
    signedIn: (when) => `Signed in ${when}`,
    justNow: "just now",
    missing: "Please enter a user and a password.",
    wrong: "The user or the password is wrong.",
    welcome: "You are signed in.",
    signedOut: "You are signed out. The token of this device no longer works.",
    signedOutOne: (name) => `${name} is signed out.`,
    signedOutOthers: (count) => count === 0 ? "No other device was signed in."
      : count === 1 ? "1 other device is signed out." : `${count} other devices are signed out.`,
    gone: "That device was signed out already.",
    ended: "You were signed out from another device, or the server was restarted. Please sign in again.",
    expired: "Your sign-in has expired. Please sign in again.",
    busy: "Too many requests. Please wait a moment and try again.",
    failed: "That did not work, and nothing was changed as far as we know. Please try again.",
    offline: "The server cannot be reached. Is it still running? Please try again.",
  },
  es: {
    title: "Tus dispositivos",
    lead: "Mira dónde has iniciado sesión y cierra la sesión de cualquier dispositivo. Tiene efecto al instante.",
    signInTitle: "Iniciar sesión",
    username: "Usuario",
    password: "Contraseña",
    signIn: "Iniciar sesión",
    stay: "Mantener la sesión con",
    stayRefresh: "tokens de acceso y un token de renovación en una cookie",
    stayCookie: "un token de sesión en una cookie",
    remember: "Recordar este dispositivo",
    hint: "Hay dos usuarios: alice y bob. Sus contraseñas están en la ventana en la que se inició el servidor.",
    signOut: "Cerrar sesión",
    signOutOthers: "Cerrar sesión en los demás dispositivos",
    alone: "Solo has iniciado sesión en este dispositivo.",
    thisDevice: "Este dispositivo",
    unknownDevice: "Dispositivo desconocido",
    on: " en ",
    signedInAs: (user) => `Sesión iniciada como ${user}`,
    signOutDevice: (name) => `Cerrar sesión en ${name}`,
    network: (network) => `Red ${network}`,
    thisComputer: "El propio ordenador del servidor",
    lastSeen: (when) => `Última actividad: ${when}`,
    signedIn: (when) => `Inicio de sesión: ${when}`,
    justNow: "ahora mismo",
    missing: "Escribe un usuario y una contraseña.",
    wrong: "El usuario o la contraseña no son correctos.",
    welcome: "Has iniciado sesión.",
    signedOut: "Has cerrado la sesión. El token de este dispositivo ya no sirve.",
    signedOutOne: (name) => `Sesión cerrada en ${name}.`,
    signedOutOthers: (count) => count === 0 ? "No había ningún otro dispositivo con la sesión iniciada."
      : count === 1 ? "Sesión cerrada en 1 dispositivo más." : `Sesión cerrada en ${count} dispositivos más.`,
    gone: "La sesión de ese dispositivo ya estaba cerrada.",
    ended: "Tu sesión se ha cerrado desde otro dispositivo, o el servidor se ha reiniciado. Vuelve a iniciar sesión.",
    expired: "Tu sesión ha caducado. Vuelve a iniciar sesión.",
    busy: "Demasiadas peticiones. Espera un momento y vuelve a intentarlo.",
    failed: "No ha funcionado y, que sepamos, no ha cambiado nada. Vuelve a intentarlo.",
    offline: "No se puede contactar con el servidor. ¿Sigue en marcha? Vuelve a intentarlo.",
  },
};

const LANGUAGE = navigator.language.toLowerCase().startsWith("es") ? "es" : "en";
const TEXT = TEXTS[LANGUAGE];
const RELATIVE = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: "auto" });
const REFRESH_MILLIS = 4000;
const $ = (id) => document.getElementById(id);

const LOGIN = "/api/v1/auth/login";
const LOGOUT = "/api/v1/auth/logout";

// What scripts of this page can read is worth little: an access token for minutes, in the memory of this tab. What
// lasts is in a cookie that no script can read. Here stands only who signed in and how, so that all tabs know.
const signedIn = {
  get how() { return localStorage.getItem("stay") || ""; },
  get user() { return localStorage.getItem("user") || ""; },
  get session() { return localStorage.getItem("session") || ""; },
  keep(how, user, session) {
    localStorage.setItem("stay", how);
    localStorage.setItem("user", user);
    localStorage.setItem("session", session);
  },
  /** Unless somebody has signed in since, in another tab. */
  forget(session) { if (this.session === session) localStorage.clear(); },
};

/** An access token, and of which sign-in it is. */
let access = { token: "", session: "" };

/** Under the lock, so that no other tab signs in at the same time. */
function keepAccess(token) {
  access = { token: token || "", session: signedIn.session };
}

// ---- the server -----------------------------------------------------------------------------------------------------

/** In place of a status: nothing was sent, or its answer is of no use, because somebody else has signed in since. */
const CHANGED = -1;

/** Never rejects; the status is 0 if there is no answer. */
async function send(method, path, { body, token } = {}) {
  const headers = { "Accept": "application/json", "Accept-Language": LANGUAGE };
  if (token) headers["Authorization"] = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  const text = body && JSON.stringify(body);
  try {
    const response = await fetch(path, { method, headers, body: text, cache: "no-store", signal: timeLimit() });
    const json = await response.json().catch(() => null);
    return { status: json || !response.ok ? response.status : 0, json: json || {} };
  } catch {
    return { status: 0, json: {} };
  }
}

/** Sends for who is signed in. */
async function call(method, path) {
  const session = signedIn.session;
  const answer = signedIn.how === "refresh" ? await callWithToken(session, method, path) : await send(method, path);
  return signedIn.session === session ? answer : { status: CHANGED, json: {} };
}

/** Sends with an access token that is good, and gets another one if it was not. */
async function callWithToken(session, method, path) {
  if (access.token && access.session === session) {
    const answer = await send(method, path, { token: access.token });
    if (answer.status !== 401 && answer.status !== 403) return answer;
  }
  const status = await nextAccessToken(keepAccess);
  if (status !== 200) return { status, json: {} };
  if (access.session !== session) return { status: CHANGED, json: {} };
  return send(method, path, { token: access.token });
}

/** Why the sign-in is over, or nothing if it is not, as far as we know: many a thing is answered 401 or 403. */
async function whyOver() {
  const isRefresh = signedIn.how === "refresh";
  const status = isRefresh ? await nextAccessToken(keepAccess) : (await send("GET", "/api/me")).status;
  if (status === 401) return TEXT.ended;
  // Of a request that only reads, and which is therefore refused to no page.
  return status === 403 && !isRefresh ? TEXT.expired : "";
}

// ---- what the person sees -------------------------------------------------------------------------------------------

function tell(text, isError = false) {
  const notice = $("notice");
  notice.textContent = text;
  notice.classList.toggle("error", isError);
  notice.hidden = false;
}

/** What a failed call of that sign-in means to the person. */
async function tellFailure(status, session) {
  const over = status === 401 || status === 403 ? await whyOver() : "";
  if (status === CHANGED || signedIn.session !== session) return showPart(); // the next look shows whose devices
  if (over) return end(session, over, true);
  tell(status === 0 ? TEXT.offline : status === 429 ? TEXT.busy : TEXT.failed, true);
}

function relative(instant) {
  const seconds = Math.round((Date.parse(instant) - Date.now()) / 1000);
  for (const [unit, length] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= length) return RELATIVE.format(Math.trunc(seconds / length), unit);
  }
  return TEXT.justNow;
}

function place(network) {
  if (!network) return "";
  if (network.startsWith("127.") || network === "::/48") return TEXT.thisComputer;
  return TEXT.network(network.replace(/\.0\/24$/, ".x"));
}

function icon(label) {
  const isPhone = /iPhone|Android/.test(label);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", isPhone
    ? "M8 2.75h8A1.25 1.25 0 0 1 17.25 4v16A1.25 1.25 0 0 1 16 21.25H8A1.25 1.25 0 0 1 6.75 20V4A1.25 1.25 0 0 1 8 2.75zM11 18.25h2"
    : "M4.75 4.75h14.5v10.5H4.75zM2.75 18.75h18.5");
  path.setAttribute("fill", "none");
  path.setAttribute("stroke", "currentColor");
  path.setAttribute("stroke-width", "1.5");
  path.setAttribute("stroke-linecap", "round");
  path.setAttribute("stroke-linejoin", "round");
  svg.append(path);
  return svg;
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function row(session) {
  const label = session.readable === false || session.device === "Unknown device" ? TEXT.unknownDevice : session.device.replace(" on ", TEXT.on);
  const item = element("li", session.current ? "current" : "");
  const about = element("div", "about");
  const name = element("div", "name", label);
  if (session.current) name.append(element("span", "flag", TEXT.thisDevice));
  const where = place(session.address);
  about.append(name);
  if (where) about.append(element("div", "detail", where));
  const times = element("div", "detail");
  times.append(element("span", "seen"), " ", element("span", "since"));
  about.append(times);
  item.append(icon(label), about);
  if (!session.current) {
    const button = element("button", "end", TEXT.signOut);
    button.type = "button";
    button.setAttribute("aria-label", TEXT.signOutDevice(label));
    button.addEventListener("click", () => press(button, () => signOutDevice(session.id, label)));
    item.append(button);
  }
  return item;
}

let shown = "";

function show(sessions) {
  const order = [...sessions].sort((a, b) => Number(b.current) - Number(a.current));
  const key = JSON.stringify(order.map((session) => [session.id, session.current, session.readable]));
  if (key !== shown) {
    shown = key;
    $("list").replaceChildren(...order.map(row));
  }
  order.forEach((session, i) => {
    const item = $("list").children[i];
    item.querySelector(".seen").textContent = `${TEXT.lastSeen(relative(session.lastSeenAt))} ·`;
    item.querySelector(".since").textContent = TEXT.signedIn(relative(session.createdAt));
  });
  $("alone").hidden = sessions.length > 1;
  $("signout-others").hidden = sessions.length < 2;
}

function showPart() {
  const isSignedIn = Boolean(signedIn.how);
  $("signin").hidden = isSignedIn;
  $("devices").hidden = !isSignedIn;
  $("devices-title").textContent = TEXT.signedInAs(signedIn.user);
}

function end(session, message, isError = false) {
  signedIn.forget(session);
  shown = "";
  $("list").replaceChildren();
  showPart();
  tell(message, isError);
  $("username").focus();
}

// ---- what the person does -------------------------------------------------------------------------------------------

/** Does what a button is for, once at a time, and gives the button back whatever comes. */
async function press(button, work) {
  button.disabled = true;
  try {
    await work();
  } catch {
    tell(TEXT.failed, true);
  } finally {
    button.disabled = false;
  }
}

async function signIn() {
  const username = $("username").value.trim();
  const password = $("password").value;
  if (!username || !password) return tell(TEXT.missing, true);
  const stay = $("stay").value;
  const body = { username, password, stay, remember: $("remember").checked };
  // A refresh that is under way in another tab would overwrite the cookie of this sign-in.
  const status = await alone(async () => {
    const answer = await send("POST", LOGIN, { body });
    if (answer.status === 200) {
      signedIn.keep(stay, username, answer.json.session);
      keepAccess(answer.json.token);
    }
    return answer.status;
  });
  if (status === 401) return tell(TEXT.wrong, true);
  if (status !== 200) return tell(status === 0 ? TEXT.offline : status === 429 ? TEXT.busy : TEXT.failed, true);
  $("password").value = "";
  tell(TEXT.welcome);
  await refresh();
}

async function refresh() {
  showPart();
  const session = signedIn.session;
  if (!signedIn.how) return; // another tab has signed out
  const life = await call("GET", "/api/me"); // a sign of life: it moves "last seen"
  const { status, json } = life.status === 200 ? await call("GET", "/api/auth/sessions") : life;
  if (session !== signedIn.session) return showPart(); // signed out, or in again, while the answer was on its way
  if (status === 200) show(json.sessions);
  else await tellFailure(status, session);
}

async function signOutDevice(id, label) {
  const session = signedIn.session;
  const { status } = await call("DELETE", `/api/auth/sessions/${encodeURIComponent(id)}`);
  if (status === 200) tell(TEXT.signedOutOne(label));
  else if (status === 404) tell(TEXT.gone);
  else return tellFailure(status, session);
  await refresh();
}

async function signOutOthers() {
  const session = signedIn.session;
  const { status, json } = await call("DELETE", "/api/auth/sessions");
  if (status !== 200) return tellFailure(status, session);
  tell(TEXT.signedOutOthers(json.revoked));
  await refresh();
}

async function signOut() {
  const session = signedIn.session;
  // With the cookie alone: beside an access token, be that a bad one, the server would not look at it.
  const status = await alone(async () => {
    if (signedIn.session !== session) return CHANGED; // the cookie is somebody else's by now
    return (await send("POST", LOGOUT)).status;
  });
  if (status === 200) return end(session, TEXT.signedOut);
  // Over before, or not done at all: only a look can tell.
  const over = status === 401 || status === 403 ? await whyOver() : "";
  if (over) return end(session, TEXT.signedOut);
  await tellFailure(status === 401 || status === 403 ? 500 : status, session);
}

let looking = false;

/** One look at a time, however long the server takes. */
async function look() {
  if (document.hidden || looking) return;
  looking = true;
  try {
    await refresh();
  } catch {
    tell(TEXT.failed, true);
  } finally {
    looking = false;
  }
}

// ---- start ----------------------------------------------------------------------------------------------------------

document.documentElement.lang = LANGUAGE;
document.title = TEXT.title;
for (const part of document.querySelectorAll("[data-text]")) part.textContent = TEXT[part.dataset.text];
$("signin-form").addEventListener("submit", (event) => {
  event.preventDefault();
  press(event.submitter || event.target.querySelector("button"), signIn);
});
$("signout").addEventListener("click", () => press($("signout"), signOut));
$("signout-others").addEventListener("click", () => press($("signout-others"), signOutOthers));
document.addEventListener("visibilitychange", look);
window.addEventListener("storage", look); // another tab has signed in or out
setInterval(look, REFRESH_MILLIS);
showPart();
look();
