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

// The token lives in this tab only: closing the tab forgets it, and no other site can read it.
const store = {
  get token() { return sessionStorage.getItem("token"); },
  get user() { return sessionStorage.getItem("user") || ""; },
  keep(token, user) { sessionStorage.setItem("token", token); sessionStorage.setItem("user", user); },
  forget() { sessionStorage.clear(); },
};

// ---- the server -----------------------------------------------------------------------------------------------------

async function call(method, path, body) {
  const headers = { "Accept": "application/json", "Accept-Language": LANGUAGE };
  if (store.token) headers["Authorization"] = `Bearer ${store.token}`;
  if (body) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, { method, headers, body: body && JSON.stringify(body), cache: "no-store" });
  } catch {
    return { status: 0, json: {} };
  }
  return { status: response.status, json: await response.json().catch(() => ({})) };
}

// ---- what the person sees -------------------------------------------------------------------------------------------

function tell(text, isError = false) {
  const notice = $("notice");
  notice.textContent = text;
  notice.classList.toggle("error", isError);
  notice.hidden = false;
}

function tellFailure(status) {
  if (status === 401) return end(TEXT.ended, true);
  if (status === 403) return end(TEXT.expired, true);
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
    button.addEventListener("click", () => signOutDevice(session.id, label, button));
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
  const isSignedIn = Boolean(store.token);
  $("signin").hidden = isSignedIn;
  $("devices").hidden = !isSignedIn;
  $("devices-title").textContent = TEXT.signedInAs(store.user);
}

function end(message, isError = false) {
  store.forget();
  shown = "";
  $("list").replaceChildren();
  showPart();
  tell(message, isError);
  $("username").focus();
}

// ---- what the person does -------------------------------------------------------------------------------------------

async function signIn(event) {
  event.preventDefault();
  const username = $("username").value.trim();
  const password = $("password").value;
  if (!username || !password) return tell(TEXT.missing, true);
  const button = event.submitter || event.target.querySelector("button");
  button.disabled = true;
  const { status, json } = await call("POST", "/api/v1/auth/login", { username, password });
  button.disabled = false;
  if (status === 401) return tell(TEXT.wrong, true);
  if (status !== 200) return tell(status === 0 ? TEXT.offline : status === 429 ? TEXT.busy : TEXT.failed, true);
  $("password").value = "";
  store.keep(json.token, username);
  showPart();
  tell(TEXT.welcome);
  await refresh();
}

async function refresh() {
  const token = store.token;
  if (!token) return;
  await call("GET", "/api/me"); // a sign of life: it moves "last seen"
  const { status, json } = await call("GET", "/api/auth/sessions");
  if (token !== store.token) return; // signed out, or in again, while the answer was on its way
  if (status === 200) show(json.sessions);
  else tellFailure(status);
}

async function signOutDevice(id, label, button) {
  button.disabled = true;
  const { status } = await call("DELETE", `/api/auth/sessions/${encodeURIComponent(id)}`);
  button.disabled = false;
  if (status === 200) tell(TEXT.signedOutOne(label));
  else if (status === 404) tell(TEXT.gone);
  else return tellFailure(status);
  await refresh();
}

async function signOutOthers() {
  const { status, json } = await call("DELETE", "/api/auth/sessions");
  if (status !== 200) return tellFailure(status);
  tell(TEXT.signedOutOthers(json.revoked));
  await refresh();
}

async function signOut() {
  const { status } = await call("POST", "/api/v1/auth/logout");
  // 401: signed out already, from elsewhere. 403: expired, and ended all the same.
  if (status === 200 || status === 401 || status === 403) end(TEXT.signedOut);
  else tellFailure(status);
}

// ---- start ----------------------------------------------------------------------------------------------------------

document.documentElement.lang = LANGUAGE;
document.title = TEXT.title;
for (const part of document.querySelectorAll("[data-text]")) part.textContent = TEXT[part.dataset.text];
$("signin-form").addEventListener("submit", signIn);
$("signout").addEventListener("click", signOut);
$("signout-others").addEventListener("click", signOutOthers);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
setInterval(() => { if (!document.hidden) refresh(); }, REFRESH_MILLIS);
showPart();
refresh();
