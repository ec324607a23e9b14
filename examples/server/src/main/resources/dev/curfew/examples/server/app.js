"use strict";

// The host's part of the page: sign in, stay signed in, and hand over to <curfew-devices>. Nothing to build.

const TEXTS = {
  en: {
    title: "Your devices",
    signInTitle: "Sign in",
    username: "User",
    password: "Password",
    signIn: "Sign in",
    stay: "Stay signed in with",
    stayRefresh: "access tokens, and a refresh token in a cookie",
    stayCookie: "a session token in a cookie",
    remember: "Remember this device",
    hint: "Two users exist: alice and bob. Their passwords stand in the window where the server was started.",
    signedInAs: "Signed in as",
    missing: "Please enter a user and a password.",
    wrong: "The user or the password is wrong.",
    ended: "You were signed out, or the server was restarted. Please sign in again.",
    busy: "Too many requests. Please wait a moment and try again.",
    failed: "That did not work. Please try again.",
    offline: "The server cannot be reached. Is it still running? Please try again.",
  },
  es: {
    title: "Tus dispositivos",
    signInTitle: "Iniciar sesión",
    username: "Usuario",
    password: "Contraseña",
    signIn: "Iniciar sesión",
    stay: "Mantener la sesión con",
    stayRefresh: "tokens de acceso y un token de renovación en una cookie",
    stayCookie: "un token de sesión en una cookie",
    remember: "Recordar este dispositivo",
    hint: "Hay dos usuarios: alice y bob. Sus contraseñas están en la ventana en la que se inició el servidor.",
    signedInAs: "Sesión iniciada como",
    missing: "Escribe un usuario y una contraseña.",
    wrong: "El usuario o la contraseña no son correctos.",
    ended: "Tu sesión se ha cerrado, o el servidor se ha reiniciado. Vuelve a iniciar sesión.",
    busy: "Demasiadas peticiones. Espera un momento y vuelve a intentarlo.",
    failed: "No ha funcionado. Vuelve a intentarlo.",
    offline: "No se puede contactar con el servidor. ¿Sigue en marcha? Vuelve a intentarlo.",
  },
};

const LANGUAGE = navigator.languages.map((tag) => tag.split("-")[0]).find((language) => TEXTS[language]) ?? "en";
const TEXT = TEXTS[LANGUAGE];
const $ = (id) => document.getElementById(id);

const LOGIN = "/api/v1/auth/login";
const LOGOUT = "/api/v1/auth/logout";
const STAY = "/api/v1/auth/stay";

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

/** Yields access tokens of that sign-in to the page: another one if one was refused, none if it is over. */
function accessTokenOf(session) {
  return async (refused) => {
    if (!access.token || access.token === refused || access.session !== session) {
      const status = await nextAccessToken(keepAccess);
      if (status !== 200 && status !== 401) throw new Error("no answer");
      if (status === 401) return "";
    }
    return access.session === session ? access.token : ""; // somebody else may have signed in since
  };
}

/** Never rejects; the status is 0 if there is no answer. */
async function send(method, path, { body, token } = {}) {
  const headers = { "Accept": "application/json", "Accept-Language": LANGUAGE };
  if (token) headers["Authorization"] = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  const text = body && JSON.stringify(body);
  try {
    const response = await fetch(path, { method, headers, body: text, cache: "no-store", signal: timeLimit() });
    return { status: response.status, json: await response.json() };
  } catch {
    return { status: 0, json: {} };
  }
}

// ---- what the person sees -------------------------------------------------------------------------------------------

let shown = ""; // the session whose devices are shown
let isLeaving = false; // while the server has not answered a sign-out of this tab

function show() {
  const { how, session, user } = signedIn;
  $("signin").hidden = Boolean(how);
  $("user").hidden = !how;
  $("user").textContent = `${TEXT.signedInAs} ${user}`;
  if (shown === session) return;
  shown = session;
  $("devices").replaceChildren(...(how ? [devicesOf(how, session)] : []));
}

/** The page that Curfew brings along, which tells by itself what becomes of this sign-in. */
function devicesOf(how, session) {
  const devices = document.createElement("curfew-devices");
  devices.setAttribute("events", "");
  if (how === "refresh") {
    devices.setAttribute("credential", "bearer");
    devices.accessToken = accessTokenOf(session);
  }
  devices.logout = () => signOut(session);
  devices.addEventListener("curfew-signed-out", (event) => {
    event.preventDefault(); // signing in is on this very page
    end(session, event.detail);
  });
  return devices;
}

function tell(text, isError = true) {
  $("notice").classList.toggle("error", isError);
  $("notice").hidden = !text;
  $("notice").textContent = text;
}

function end(session, { reason, message }) {
  signedIn.forget(session);
  access = { token: "", session: "" };
  show();
  tell(reason ? message : TEXT.ended, reason !== "user_logout");
  $("username").focus();
}

// ---- what the person does -------------------------------------------------------------------------------------------

async function signIn() {
  const username = $("username").value.trim();
  const password = $("password").value;
  if (!username || !password) return tell(TEXT.missing);
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
  if (status === 401) return tell(TEXT.wrong);
  if (status !== 200) return tell(status === 0 ? TEXT.offline : status === 429 ? TEXT.busy : TEXT.failed);
  $("password").value = "";
  tell("");
  show();
}

/** With the cookie alone: beside an access token, be that a bad one, the server would not look at it. */
async function signOut(session) {
  isLeaving = true;
  try {
    // The cookie may be somebody else's by now.
    return await alone(async () => (signedIn.session === session ? send("POST", LOGOUT) : { status: 401 }));
  } finally {
    setTimeout(() => { // behind what the page makes of the answer
      isLeaving = false;
      show();
    });
  }
}

/** Whoever has the cookie need not sign in, be it that this browser has forgotten all else. */
async function recall() {
  const { json: { stay } } = await send("GET", STAY);
  if (!stay || signedIn.how) return;
  if (stay === "refresh" && await nextAccessToken((token) => { access = { token, session: "" }; }) !== 200) return;
  const me = await send("GET", "/api/me", { token: access.token });
  if (me.status !== 200) return;
  signedIn.keep(stay, me.json.user, me.json.session);
  access = { token: access.token, session: me.json.session };
}

// ---- start ----------------------------------------------------------------------------------------------------------

async function start() {
  document.documentElement.lang = LANGUAGE;
  document.title = TEXT.title;
  for (const part of document.querySelectorAll("[data-text]")) part.textContent = TEXT[part.dataset.text];
  const button = $("signin-form").querySelector("button");
  $("signin-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    await signIn().catch(() => tell(TEXT.failed));
    button.disabled = false;
  });
  addEventListener("storage", () => { // another tab has signed in or out
    if (signedIn.how) tell("");
    if (!isLeaving) show(); // else the answer to this tab's own sign-out says why
  });
  if (!signedIn.how) await recall().catch(() => {});
  show();
}

start();
