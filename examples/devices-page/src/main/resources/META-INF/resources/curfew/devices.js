// <curfew-devices>: where somebody is signed in, and how to end that. One element over the endpoints of Curfew, in both
// profiles of their answers. No framework, nothing to build; README.md says how a host takes it.

// ---- texts ----------------------------------------------------------------------------------------------------------

// A host replaces any of them, and adds languages: the attribute `texts`, or the property of that name.
const TEXTS = {
  en: {
    loading: "Loading your devices…",
    thisDevice: "This device",
    otherDevices: "Other devices",
    notListed: "This sign-in is not in the list.",
    alone: "You are not signed in anywhere else.",
    more: "Show more devices",
    signOutHere: "Sign out here",
    signOut: "Sign out",
    signOutDevice: "Sign out {name}",
    signOutOthers: "Sign out everywhere else",
    rename: "Rename {name}",
    dismiss: "Dismiss",
    tryAgain: "Try again now",
    cancel: "Cancel",
    save: "Save",

    device: "{browser} on {system}",
    or: "or",
    unknownDevice: "Unknown device",
    kinds: { desktop: "Computer", mobile: "Phone", tablet: "Tablet", client: "App", unknown: "Device" },

    thisComputer: "This computer",
    thisNetwork: "This network",
    privateNetwork: "Private network {address}",
    anotherPrivateNetwork: "Private network",
    network: "Network {address}",
    activeNow: "Active now",
    times: "Last active: {lastActive}. Signed in: {signedIn}.",

    recognise: "Don’t recognise a device? Sign it out, then",
    changePassword: "change your password",

    confirmTitle: "Sign out everywhere else?",
    confirmOthers: {
      one: "1 other device is signed out at once.",
      other: "{count} other devices are signed out at once.",
    },
    confirmAll: "All other devices are signed out at once.",
    confirmUndone: "This cannot be undone: there, you have to sign in again. You stay signed in here.",

    renameTitle: "Name this device",
    renameLabel: "Name",
    renameHint: "Leave it empty to see “{device}” again.",

    endedOne: "{name} is signed out.",
    endedOthers: {
      zero: "No other device was signed in.",
      one: "1 other device is signed out.",
      other: "{count} other devices are signed out.",
    },
    gone: "{name} was signed out already.",
    renamed: "Saved: {name}.",
    back: "Connected again. The list is up to date.",
    changed: "Somebody has signed in anew in this browser. Please look again.",

    noAnswer: "The service does not answer at the moment. We keep checking.",
    down: "The service does not answer at the moment, so this list may be out of date. We keep checking.",
    unsure: "The service does not answer, so {name} may still be signed in. We keep checking.",
    unsureOthers: "The service does not answer, so other devices may still be signed in. We keep checking.",
    unsureHere: "The service does not answer, so you may still be signed in here. Please try again.",
    unsureName: "The service does not answer, so the name may not be saved. Please try again.",
    still: "{name} is still signed in. Please sign it out again.",
    stillOthers: "Other devices are still signed in. Please sign them out again.",
    busy: {
      one: "That was too much at once. Please wait a second.",
      other: "That was too much at once. Please wait {count} seconds.",
    },
    refused: "That was refused, and nothing was changed.",
    proof: "To do that, please confirm first that it is you.",
    prove: "Confirm",

    over: "You are signed out",
    signIn: "Sign in",
    expired: "Your sign-in has expired.",
    unknownEnd: "Please sign in to see your devices.",
    here: "You have signed out on this device.",
    reasons: {
      user_logout: "You have signed out on this device.",
      revoked_by_user: "This device was signed out from another one of yours.",
      revoked_by_admin: "An administrator has signed this device out.",
      policy: "A rule of this service has signed this device out.",
      account_disabled: "Your account is disabled.",
      credential_changed: "Your password has changed. Please sign in with the new one.",
      replaced: "You have signed in anew in this browser.",
      limit_exceeded: "You were signed in on too many devices, so this one was signed out.",
      token_reuse: "To protect you, this device was signed out: somebody may have copied its sign-in.",
      suspicious_activity: "To protect you, this device was signed out: something looked like an attack.",
      backchannel_logout: "The service with which you sign in has signed you out.",
      expired: "Your sign-in has expired.",
    },
  },
  es: {
    loading: "Cargando tus dispositivos…",
    thisDevice: "Este dispositivo",
    otherDevices: "Otros dispositivos",
    notListed: "Esta sesión no está en la lista.",
    alone: "No has iniciado sesión en ningún otro lugar.",
    more: "Ver más dispositivos",
    signOutHere: "Cerrar sesión aquí",
    signOut: "Cerrar sesión",
    signOutDevice: "Cerrar sesión en {name}",
    signOutOthers: "Cerrar sesión en los demás",
    rename: "Cambiar el nombre de {name}",
    dismiss: "Cerrar aviso",
    tryAgain: "Reintentar ahora",
    cancel: "Cancelar",
    save: "Guardar",

    device: "{browser} en {system}",
    or: "o",
    unknownDevice: "Dispositivo desconocido",
    kinds: {
      desktop: "Ordenador", mobile: "Teléfono", tablet: "Tableta", client: "Aplicación", unknown: "Dispositivo",
    },

    thisComputer: "Este ordenador",
    thisNetwork: "Esta red",
    privateNetwork: "Red privada {address}",
    anotherPrivateNetwork: "Red privada",
    network: "Red {address}",
    activeNow: "Activo ahora",
    times: "Última actividad: {lastActive}. Inicio de sesión: {signedIn}.",

    recognise: "¿No reconoces alguno? Cierra su sesión y luego",
    changePassword: "cambia tu contraseña",

    confirmTitle: "¿Cerrar sesión en los demás dispositivos?",
    confirmOthers: {
      one: "Se cierra al instante la sesión en 1 dispositivo más.",
      other: "Se cierra al instante la sesión en {count} dispositivos más.",
    },
    confirmAll: "Se cierra al instante la sesión en todos los demás dispositivos.",
    confirmUndone: "No se puede deshacer: allí tendrás que volver a iniciar sesión. Aquí la sesión sigue abierta.",

    renameTitle: "Ponle un nombre a este dispositivo",
    renameLabel: "Nombre",
    renameHint: "Déjalo vacío para volver a ver «{device}».",

    endedOne: "Sesión cerrada en {name}.",
    endedOthers: {
      zero: "No había ningún otro dispositivo con la sesión abierta.",
      one: "Sesión cerrada en 1 dispositivo más.",
      other: "Sesión cerrada en {count} dispositivos más.",
    },
    gone: "La sesión en {name} ya estaba cerrada.",
    renamed: "Guardado: {name}.",
    back: "Hay conexión de nuevo. La lista está al día.",
    changed: "Alguien ha iniciado otra sesión en este navegador. Vuelve a mirar la lista.",

    noAnswer: "El servicio no responde en este momento. Seguimos comprobándolo.",
    down: "El servicio no responde en este momento, así que la lista puede no estar al día. Seguimos comprobándolo.",
    unsure: "El servicio no responde: puede que la sesión en {name} siga abierta. Seguimos comprobándolo.",
    unsureOthers: "El servicio no responde: puede que haya otras sesiones abiertas. Seguimos comprobándolo.",
    unsureHere: "El servicio no responde: puede que tu sesión siga abierta aquí. Vuelve a intentarlo.",
    unsureName: "El servicio no responde: puede que el nombre no se haya guardado. Vuelve a intentarlo.",
    still: "La sesión en {name} sigue abierta. Vuelve a cerrarla.",
    stillOthers: "Hay otras sesiones abiertas todavía. Vuelve a cerrarlas.",
    busy: {
      one: "Demasiadas peticiones a la vez. Espera un segundo.",
      other: "Demasiadas peticiones a la vez. Espera {count} segundos.",
    },
    refused: "No se ha permitido, y no ha cambiado nada.",
    proof: "Para hacerlo, confirma antes que eres tú.",
    prove: "Confirmar",

    over: "Tu sesión está cerrada",
    signIn: "Iniciar sesión",
    expired: "Tu sesión ha caducado.",
    unknownEnd: "Inicia sesión para ver tus dispositivos.",
    here: "Has cerrado la sesión en este dispositivo.",
    reasons: {
      user_logout: "Has cerrado la sesión en este dispositivo.",
      revoked_by_user: "La sesión de este dispositivo se cerró desde otro de los tuyos.",
      revoked_by_admin: "Un administrador ha cerrado la sesión de este dispositivo.",
      policy: "Una regla de este servicio ha cerrado la sesión de este dispositivo.",
      account_disabled: "Tu cuenta está desactivada.",
      credential_changed: "Tu contraseña ha cambiado. Inicia sesión con la nueva.",
      replaced: "Has iniciado otra sesión en este navegador.",
      limit_exceeded: "Tenías la sesión abierta en demasiados dispositivos, así que se cerró en este.",
      token_reuse: "Para protegerte, se cerró la sesión de este dispositivo: puede que alguien la haya copiado.",
      suspicious_activity: "Para protegerte, se cerró la sesión de este dispositivo: algo parecía un ataque.",
      backchannel_logout: "El servicio con el que inicias sesión la ha cerrado.",
      expired: "Tu sesión ha caducado.",
    },
  },
};

/** The texts of one language, the host's before ours, and what depends on a language besides. */
class Texts {
  #own;
  #hosts;

  constructor(wanted, hosts) {
    const known = new Set([...Object.keys(TEXTS), ...Object.keys(hosts)]);
    const languages = wanted.flatMap((tag) => [tag, tag.split("-")[0]]);
    this.language = languages.find((tag) => known.has(tag)) ?? "en";
    this.#own = TEXTS[this.language] ?? TEXTS.en;
    this.#hosts = hosts[this.language] ?? {};
    this.plural = new Intl.PluralRules(this.language);
    this.relative = new Intl.RelativeTimeFormat(this.language);
    this.days = new Intl.RelativeTimeFormat(this.language, { numeric: "auto" });
    this.exact = new Intl.DateTimeFormat(this.language, { dateStyle: "long", timeStyle: "short" });
  }

  /** The text of that name; what stands in braces is replaced. A count chooses among the forms of the language. */
  get(name, values = {}) {
    let text = this.#hosts[name] ?? this.#own[name] ?? "";
    if (typeof text !== "string") {
      text = (values.count === 0 && text.zero) || text[this.plural.select(values.count)] || text.other;
    }
    return text.replace(/\{(\w+)\}/g, (braces, key) => values[key] ?? braces);
  }

  /** One of several texts of that name; nothing if there is none. */
  among(name, key) {
    return [this.#hosts[name], this.#own[name]].find((texts) => texts && Object.hasOwn(texts, key))?.[key];
  }

  ago(instant, now) {
    const seconds = (now - Date.parse(instant)) / 1000;
    if (seconds < ACTIVE_SECONDS) return this.get("activeNow");
    const [unit, length] = UNITS.find(([, unitSeconds]) => seconds >= unitSeconds);
    const text = unit === "day" ? this.days.format(-daysBetween(instant, now), unit)
      : this.relative.format(-Math.floor(seconds / length), unit);
    return text.charAt(0).toLocaleUpperCase(this.language) + text.slice(1);
  }
}

/** "Yesterday" is a date, and not 24 hours. */
function daysBetween(instant, now) {
  const midnight = (time) => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(instant)) / 86400000);
}

/** The server notes at most once a minute that a device was active. */
const ACTIVE_SECONDS = 120;
const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];

/** Whatever direction a name is written in, the sentence around it keeps its own. */
const isolated = (name) => `\u2068${name}\u2069`;

// ---- places ---------------------------------------------------------------------------------------------------------

/** What an address says: "loopback", "private", "public", or "words" of the host's own. */
function reachOf(address) {
  const [literal] = address.split("/");
  const octets = /^(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}$/.exec(literal);
  if (octets) {
    const [first, second] = [Number(octets[1]), Number(octets[2])];
    if (first === 127) return "loopback";
    const isPrivate = first === 10 || (first === 172 && second >= 16 && second <= 31)
      || (first === 192 && second === 168) || (first === 169 && second === 254);
    return isPrivate ? "private" : "public";
  }
  if (!/^[0-9a-f]*:[0-9a-f:.]*$/i.test(literal)) return "words";
  if (/^[0:]+1?$/.test(literal)) return "loopback";
  return /^f([cd]|e[89ab])/i.test(literal) ? "private" : "public";
}

/** 203.0.113.0/24 is 203.0.113.x, and an IPv6 network stands without its length. */
const readable = (network) => network.replace(/\.0\/24$/, ".x").replace(/\/\d+$/, "");

/** Where a device is, in words as far as they are true from where the person sits. */
function placeOf(address, current, texts) {
  if (!address) return "";
  const reach = reachOf(address);
  if (reach === "words") return address;
  if (reach === "public") return texts.get("network", { address: readable(address) });
  if (reach === "loopback") return texts.get(reachOf(current) === reach ? "thisComputer" : "anotherPrivateNetwork");
  return address === current ? texts.get("thisNetwork") : texts.get("privateNetwork", { address: readable(address) });
}

// ---- the server -----------------------------------------------------------------------------------------------------

const REQUEST_MILLIS = 15000;
const PAGE = 100;

/** What others promise may never come: then this rejects. */
function within(millis, promise) {
  let timer;
  const late = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${millis} ms`)), millis);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** The endpoints, whichever profile they answer in. Nothing here rejects: without an answer the status is 0. */
class Endpoints {
  #element;
  #language;
  /** By how much the server's clock is ahead of this one. */
  skew = 0;

  constructor(element, language) {
    this.#element = element;
    this.#language = language;
  }

  #url(name, path) {
    return (this.#element.getAttribute("base") ?? "") + (this.#element.getAttribute(name) || path);
  }

  get #sessions() { return this.#url("sessions", "/api/auth/sessions"); }
  get #isBearer() { return this.#element.getAttribute("credential") === "bearer"; }

  /** As many pages as hold so many; `isWhole` says whether that is all. */
  async list(atLeast) {
    const found = new Map();
    let next = "";
    do {
      const cursor = next && `&cursor=${encodeURIComponent(next)}`;
      const answer = await this.#call("GET", `${this.#sessions}?limit=${PAGE}${cursor}`);
      if (answer.status !== 200) return answer;
      for (const session of answer.json.sessions ?? []) found.set(session.id, session);
      next = answer.json.next ?? "";
    } while (next && found.size < atLeast);
    return { status: 200, json: {}, sessions: [...found.values()], isWhole: !next };
  }

  endOne(id) { return this.#call("DELETE", `${this.#sessions}/${encodeURIComponent(id)}`); }
  endOthers() { return this.#call("DELETE", this.#sessions); }
  rename(id, label) { return this.#call("PATCH", `${this.#sessions}/${encodeURIComponent(id)}`, { label }); }

  /** The host may have a way of its own: under a lock of its tabs, or with a redirect at an identity provider. */
  async logout() {
    if (!this.#element.logout) return this.#call("POST", this.#url("logout", "/api/v1/auth/logout"));
    try {
      return { json: {}, status: (await within(REQUEST_MILLIS, this.#element.logout())).status };
    } catch {
      return { json: {}, status: 0 };
    }
  }

  /** The stream of events, as a response. Rejects if there is none. */
  stream(signal) {
    return this.#authorized((headers) => fetch(this.#url("events", "/api/auth/events"), {
      headers: { ...headers, Accept: "text/event-stream" }, ...this.#options, signal,
    }));
  }

  get #options() {
    return { cache: "no-store", redirect: "manual", credentials: this.#isBearer ? "same-origin" : "include" };
  }

  async #call(method, url, body) {
    try {
      const answer = await this.#authorized((headers) => this.#send(method, url, body, headers));
      // Exchanged for a newer one a moment ago, which the browser or the host has by now.
      return answer.json.reason === "superseded" && !this.#isBearer ? await this.#send(method, url, body, {}) : answer;
    } catch {
      return { status: 0, json: {} };
    }
  }

  /** Sends with the credential of the host's choice; with another token once more if one was refused. */
  async #authorized(send) {
    if (!this.#isBearer) return send({});
    const token = await within(REQUEST_MILLIS, this.#element.accessToken());
    if (!token) return { status: 401, json: {} };
    const answer = await send({ Authorization: `Bearer ${token}` });
    if ((answer.status !== 401 && answer.status !== 403) || answer.json?.reason === PROOF) return answer;
    const next = await within(REQUEST_MILLIS, this.#element.accessToken(token));
    return next && next !== token ? send({ Authorization: `Bearer ${next}` }) : answer;
  }

  async #send(method, url, body, credential) {
    const headers = { ...credential, Accept: "application/json", "Accept-Language": this.#language };
    if (body) headers["Content-Type"] = "application/json";
    const response = await fetch(url, {
      method, headers, body: body && JSON.stringify(body), ...this.#options,
      signal: AbortSignal.timeout(REQUEST_MILLIS),
    });
    // A host that sends whoever is not signed in to its login page.
    if (response.type === "opaqueredirect") return { status: 401, json: {} };
    const text = await response.text();
    const json = await Promise.resolve(text || "{}").then(JSON.parse).catch(() => null);
    if (response.ok && !json) return { status: 0, json: {} }; // somebody else's answer
    const date = Date.parse(response.headers.get("Date") ?? "");
    if (date) this.skew = date - Date.now();
    return { status: response.status, json: json ?? {}, wait: Number(response.headers.get("Retry-After")) || 0 };
  }
}

const PROOF = "insufficient_user_authentication";
const isDone = ({ status }) => status >= 200 && status < 300;
const isOutage = ({ status }) => status === 0 || status >= 500;
const isDenied = ({ status }) => status === 401 || status === 403;

// ---- live news ------------------------------------------------------------------------------------------------------

const FIRST_PAUSE_MILLIS = 500;
const LONGEST_PAUSE_MILLIS = 30000;

/** Lines end in any of three ways, and the space after the colon is optional. */
const END_OF_EVENT = /(?:\r\n|\n|\r(?!\n)){2}/;
const NAME_OF_EVENT = /^event: ?(.+)$/m;

/** Of a server that beats every 15 seconds: then the connection is dead, whatever it looks like. */
const SILENCE_MILLIS = 40000;

/**
 * The stream of server-sent events, read with fetch, because EventSource sends no Authorization header. One that breaks
 * is opened again, after pauses that grow.
 */
class News {
  #open;
  #told;
  #control = null;
  #hasOpened = false;

  /**
   * `open(signal)` answers the response of a stream; `told(name)` hears the name of each event, and "opened" of each
   * stream that opens: what happened before it has to be asked for.
   */
  constructor(open, told) {
    this.#open = open;
    this.#told = told;
  }

  start() {
    if (this.#control) return;
    this.#control = new AbortController();
    this.#listen(this.#control.signal);
  }

  stop() {
    this.#control?.abort();
    this.#control = null;
  }

  async #listen(signal) {
    let pause = FIRST_PAUSE_MILLIS;
    while (!signal.aborted) {
      const began = Date.now();
      if (await this.#listenOnce(signal) === "none") return; // stays started: this host has no such stream
      // Only a stream that has lasted shows that all is well again.
      if (Date.now() - began > LONGEST_PAUSE_MILLIS) pause = FIRST_PAUSE_MILLIS;
      // Not all pages at the same time, after a server was restarted.
      await rest(pause * (0.5 + Math.random()), signal);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  async #listenOnce(signal) {
    const control = new AbortController();
    const end = () => control.abort();
    signal.addEventListener("abort", end, { once: true });
    try {
      const response = await within(SILENCE_MILLIS, this.#open(control.signal));
      // Of a stream that was there before, it is a gateway that says so.
      if (!this.#hasOpened && (response.status === 404 || response.status === 405)) return "none";
      if (isDenied(response)) this.#told("denied");
      if (response.ok && response.body) {
        this.#hasOpened = true;
        this.#told("opened");
        await this.#read(response.body, control);
      }
    } catch {
      // The network, the server or the abort: the next stream shows which.
    } finally {
      signal.removeEventListener("abort", end);
      control.abort(); // what was not read to its end would stay open
    }
    return "broken";
  }

  async #read(body, control) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const timer = setTimeout(() => control.abort(), SILENCE_MILLIS);
      const { value, done } = await reader.read().finally(() => clearTimeout(timer));
      if (done) return;
      text += value;
      const events = text.split(END_OF_EVENT);
      text = events.pop(); // the rest is not here yet
      for (const event of events) {
        const name = NAME_OF_EVENT.exec(event)?.[1]; // a beat has none
        if (name) this.#told(name);
      }
    }
  }
}

function rest(millis, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, millis);
    signal.addEventListener("abort", end);
  });
}

// ---- parts of the page ----------------------------------------------------------------------------------------------

/** An element with attributes and content. All that comes from outside goes in as text, never as markup. */
function make(tag, attributes = {}, ...content) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...content);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  desktop: "M5 5.25h14v9.5H5zM2.75 18.25h18.5",
  mobile: "M8.5 2.75h7a1.5 1.5 0 0 1 1.5 1.5v15.5a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 7 19.75V4.25a1.5 1.5 0 0 1 "
    + "1.5-1.5zM11 18.25h2",
  tablet: "M5.5 3.25h13A1.5 1.5 0 0 1 20 4.75v14.5a1.5 1.5 0 0 1-1.5 1.5h-13a1.5 1.5 0 0 1-1.5-1.5V4.75a1.5 1.5 0 0 1 "
    + "1.5-1.5zM10 17.75h4",
  client: "M4.25 4.25h15.5a1.5 1.5 0 0 1 1.5 1.5v12.5a1.5 1.5 0 0 1-1.5 1.5H4.25a1.5 1.5 0 0 1-1.5-1.5V5.75a1.5 1.5 "
    + "0 0 1 1.5-1.5zM6.75 9l3 3-3 3M12.25 15.25h5",
  unknown: "M12.75 16.75h-8.5a1.5 1.5 0 0 1-1.5-1.5v-9a1.5 1.5 0 0 1 1.5-1.5h14a1.5 1.5 0 0 1 1.5 1.5v1M16.75 "
    + "10.25h3.5a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-3.5a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1zM7.25 19.25h5.5",
  pencil: "M4.75 19.25l.9-3.6L16.1 5.2a1.7 1.7 0 0 1 2.4 0l.3.3a1.7 1.7 0 0 1 0 2.4L8.35 18.35zM14.25 7.05l2.7 2.7",
  cross: "M6.5 6.5l11 11M17.5 6.5l-11 11",
};

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name] ?? ICONS.unknown);
  svg.append(path);
  return svg;
}

const setText = (element, text) => { if (element.textContent !== text) element.textContent = text; };

/** What a device is without a name that a person gave it. */
function deviceOf(session, texts) {
  const localized = (name) => name.replace(" or ", ` ${texts.get("or")} `);
  if (session.readable === false || session.device === "Unknown device") return texts.get("unknownDevice");
  if (!session.browser || !session.system) return session.device;
  if (session.browser.startsWith(session.system)) return session.browser;
  return texts.get("device", { browser: session.browser, system: localized(session.system) });
}

/** One device in the list. Its nodes live as long as it is shown, so that whoever is at one of them stays there. */
class Row {
  #texts;
  #name = make("bdi", { class: "curfew-name" });
  #device = make("bdi", { class: "curfew-device" });
  #place = make("span", { class: "curfew-place" });
  #seen = make("time", { class: "curfew-seen" });
  #rename = make("button", { type: "button", class: "curfew-rename" }, icon("pencil"));
  button = make("button", { type: "button", class: "curfew-button" });

  constructor(session, texts, { rename, end }) {
    this.#texts = texts;
    const kind = Object.hasOwn(ICONS, session.kind) ? session.kind : "unknown";
    this.item = make("li", { class: "curfew-row", "data-id": session.id, "data-kind": kind },
      icon(kind),
      make("span", { class: "curfew-what" },
        make("span", { class: "curfew-unseen" }, `${texts.among("kinds", kind)}: `),
        this.#name, this.#rename, this.#device),
      make("span", { class: "curfew-where" }, this.#place, this.#seen), this.button);
    if (session.current) this.item.setAttribute("aria-current", "true");
    this.#rename.addEventListener("click", () => rename(this.#rename));
    this.button.addEventListener("click", () => end(this.button));
  }

  update(session, current, now) {
    const texts = this.#texts;
    const device = deviceOf(session, texts);
    const name = session.label ?? device;
    setText(this.#name, name);
    setText(this.#device, session.label ? device : "");
    setText(this.#place, placeOf(session.address, current?.address ?? "", texts));
    this.#place.title = session.address ?? "";
    setText(this.#seen, session.current ? texts.get("activeNow") : texts.ago(session.lastSeenAt, now));
    this.#seen.dateTime = session.lastSeenAt;
    this.#seen.title = texts.get("times", {
      lastActive: texts.exact.format(new Date(session.lastSeenAt)),
      signedIn: texts.exact.format(new Date(session.createdAt)),
    });
    this.#rename.setAttribute("aria-label", texts.get("rename", { name: isolated(name) }));
    setText(this.button, texts.get(session.current ? "signOutHere" : "signOut"));
    if (!session.current) this.button.setAttribute("aria-label", texts.get("signOutDevice", { name: isolated(name) }));
  }
}

// ---- the element ----------------------------------------------------------------------------------------------------

const FEW = 8;
const MANY = 24;
const TICK_MILLIS = 30000;
const RETRY_MILLIS = [1000, 2000, 4000, 8000, 15000, 30000];
/** However long a server asks to wait: a timer of more than 24 days would fire at once. */
const LONGEST_RETRY_MILLIS = 300000;
const TOAST_MILLIS = 6000;
const QUIET_NEWS = new Set(["unsure", "sure", "closed"]);

let instances = 0;

class CurfewDevices extends HTMLElement {
  #hostsTexts = {};
  #accessToken = null;
  #life = null; // aborted when the element leaves the page
  #texts;
  #endpoints;
  #news;
  #parts;
  #rows = new Map();
  #sessions = null; // null until the first answer, and after the end
  #isWhole = true;
  #isOver = false;
  #shown = FEW;
  #looking = null;
  #lookAgain = null;
  #retries = 0;
  #retryTimer = 0;
  #toastTimer = 0;
  /** What was to be ended while nobody answered: names by id. */
  #unsure = new Map();
  #areOthersUnsure = false;
  /** What the notice says is still signed in: names by id. */
  #still = new Map();
  /** Counts what makes an answer that is on its way untrue. */
  #generation = 0;

  constructor() {
    super();
    // What the host has set before this script was there.
    for (const name of ["accessToken", "texts"]) {
      if (Object.hasOwn(this, name)) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
  }

  /** Yields a promise of a token, or of nothing if nobody is signed in; it is given the token that was refused. */
  get accessToken() { return this.#accessToken; }
  set accessToken(yields) {
    this.#accessToken = yields;
    if (this.#life && this.#parts) this.reload();
  }

  /** The host's texts by language: `{ en: { thisDevice: "Here" } }`. */
  get texts() { return this.#hostsTexts; }
  set texts(byLanguage) {
    this.#hostsTexts = byLanguage ?? {};
    if (this.#life) this.#begin();
  }

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    document.addEventListener("visibilitychange", () => this.#looked(), { signal });
    addEventListener("online", () => this.reload(), { signal });
    addEventListener("pageshow", (event) => { if (event.persisted) this.reload(); }, { signal });
    const tick = setInterval(() => this.#render(), TICK_MILLIS);
    signal.addEventListener("abort", () => clearInterval(tick));
    const texts = this.getAttribute("texts");
    if (texts) this.#fetchTexts(texts, signal);
    else this.#begin();
  }

  disconnectedCallback() {
    this.#life.abort();
    this.#life = null;
    this.#news?.stop();
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#toastTimer);
    this.replaceChildren();
    this.#parts = null;
  }

  async #fetchTexts(address, signal) {
    try {
      this.#hostsTexts = await (await fetch(address, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MILLIS)]),
      })).json();
    } catch {
      // Then ours do.
    }
    if (!signal.aborted) this.#begin();
  }

  /** Builds everything anew in the language of the person. */
  #begin() {
    this.#news?.stop();
    const wanted = this.getAttribute("lang") ? [this.getAttribute("lang")] : navigator.languages;
    this.#texts = new Texts(wanted, this.#hostsTexts);
    this.#endpoints = new Endpoints(this, this.#texts.language);
    this.#news = new News((signal) => this.#endpoints.stream(signal), (name) => this.#hear(name));
    this.#rows.clear();
    this.#build();
    this.#render();
    this.reload();
  }

  #text(name, values) { return this.#texts.get(name, values); }

  #build() {
    const number = instances++;
    const id = (name) => `curfew-${name}-${number}`;
    const parts = {
      notice: make("div", { class: "curfew-notice", role: "alert", hidden: true }),
      toast: make("div", { class: "curfew-toast", role: "status" }),
      loading: make("p", { class: "curfew-hint" }, this.#text("loading")),
      here: make("ul", { class: "curfew-card", role: "list" }),
      notListed: make("p", { class: "curfew-hint" }, this.#text("notListed")),
      others: make("ul", { class: "curfew-card", role: "list", hidden: true }),
      othersTitle: make("h2", { id: id("others"), tabindex: "-1" }, this.#text("otherDevices")),
      count: make("span", { class: "curfew-count" }),
      endOthers: make("button", { type: "button", class: "curfew-button" }, this.#text("signOutOthers")),
      alone: make("p", { class: "curfew-hint" }, this.#text("alone")),
      more: make("button", { type: "button", class: "curfew-button curfew-wide" }, this.#text("more")),
      help: make("p", { class: "curfew-hint" }, `${this.#text("recognise")} `),
      over: make("section", { class: "curfew-over", hidden: true, tabindex: "-1", "aria-labelledby": id("over") }),
      lists: make("div", { class: "curfew-lists", hidden: true }),
    };
    parts.othersTitle.append(" ", parts.count);
    parts.endOthers.addEventListener("click", () => this.#askOthers());
    parts.more.addEventListener("click", () => this.#once(parts.more, () => this.#more()));
    const password = this.getAttribute("change-password");
    parts.help.append(make("a", { href: password ?? "" }, this.#text("changePassword")), ".");
    parts.help.hidden = !password;
    parts.hereTitle = make("h2", { id: id("here"), tabindex: "-1" }, this.#text("thisDevice"));
    parts.lists.append(
      make("section", { "aria-labelledby": id("here") },
        make("div", { class: "curfew-head" }, parts.hereTitle), parts.here, parts.notListed),
      make("section", { "aria-labelledby": id("others") },
        make("div", { class: "curfew-head" }, parts.othersTitle, parts.endOthers),
        parts.others, parts.alone, parts.more),
      parts.help);
    parts.overTitle = make("h2", { id: id("over") }, this.#text("over"));
    parts.overText = make("p", { role: "status" });
    parts.signIn = make("a", { class: "curfew-button curfew-primary" }, this.#text("signIn"));
    parts.over.append(parts.overTitle, parts.overText, parts.signIn);
    this.#buildConfirm(parts, id);
    this.#buildRename(parts, id);
    this.#parts = parts;
    this.replaceChildren(make("div", { class: "curfew", lang: this.#texts.language },
      parts.notice, parts.loading, parts.lists, parts.over, parts.confirm, parts.rename, parts.toast));
  }

  #buildConfirm(parts, id) {
    parts.confirmText = make("p", { id: id("confirm-text") });
    parts.confirm = make("dialog",
      { class: "curfew-dialog", "aria-labelledby": id("confirm"), "aria-describedby": id("confirm-text") },
      make("form", { method: "dialog" },
        make("h2", { id: id("confirm") }, this.#text("confirmTitle")),
        parts.confirmText,
        make("div", { class: "curfew-choice" },
          make("button", { class: "curfew-button", value: "", autofocus: true }, this.#text("cancel")),
          make("button", { class: "curfew-button curfew-danger", value: "yes" }, this.#text("signOutOthers")))));
  }

  #buildRename(parts, id) {
    parts.renameInput = make("input", {
      id: id("name"), class: "curfew-input", maxlength: "64", autocomplete: "off", dir: "auto",
      "aria-describedby": `${id("name-hint")} ${id("name-error")}`,
    });
    parts.renameHint = make("p", { id: id("name-hint"), class: "curfew-hint" });
    parts.renameError = make("p", { id: id("name-error"), class: "curfew-error", role: "alert" });
    parts.renameSave = make("button", { class: "curfew-button curfew-primary" }, this.#text("save"));
    const cancel = make("button", { type: "button", class: "curfew-button" }, this.#text("cancel"));
    cancel.addEventListener("click", () => parts.rename.close());
    parts.renameForm = make("form", { novalidate: true },
      make("h2", { id: id("rename") }, this.#text("renameTitle")),
      make("label", { for: id("name") }, this.#text("renameLabel")),
      parts.renameInput, parts.renameHint, parts.renameError,
      make("div", { class: "curfew-choice" }, cancel, parts.renameSave));
    parts.rename = make("dialog", { class: "curfew-dialog", "aria-labelledby": id("rename") }, parts.renameForm);
  }

  // ---- what is shown ------------------------------------------------------------------------------------------------

  get #now() { return Date.now() + this.#endpoints.skew; }
  get #current() { return this.#sessions?.find((session) => session.current); }

  #nameOf(session) { return isolated(session.label ?? deviceOf(session, this.#texts)); }

  #render() {
    if (!this.#parts) return;
    const parts = this.#parts;
    const sessions = this.#sessions;
    const stand = this.#whereTheFocusIs();
    parts.loading.hidden = Boolean(sessions) || this.#isOver || !parts.notice.hidden;
    parts.lists.hidden = !sessions;
    parts.over.hidden = !this.#isOver;
    if (sessions) {
      const others = sessions.filter((session) => !session.current)
        .sort((a, b) => Date.parse(b.lastSeenAt) - Date.parse(a.lastSeenAt));
      const shown = others.slice(0, this.#shown);
      const current = this.#current;
      this.#fill(parts.here, current ? [current] : []);
      this.#fill(parts.others, shown);
      const ids = new Set([current, ...shown].map((session) => session?.id));
      for (const id of this.#rows.keys()) if (!ids.has(id)) this.#rows.delete(id);
      parts.here.hidden = !current;
      parts.notListed.hidden = Boolean(current);
      parts.others.hidden = !shown.length;
      parts.alone.hidden = Boolean(others.length);
      parts.endOthers.hidden = !others.length || !current;
      parts.more.hidden = shown.length === others.length && this.#isWhole;
      setText(parts.count, others.length ? `${others.length}${this.#isWhole ? "" : "+"}` : "");
    }
    this.#restoreFocus(stand);
  }

  /** Puts the rows of these sessions into the list; nodes that are in their place already are not touched. */
  #fill(list, sessions) {
    const items = sessions.map((session) => {
      let row = this.#rows.get(session.id);
      if (!row || row.item.hasAttribute("aria-current") !== session.current) {
        row = new Row(session, this.#texts, {
          rename: (button) => this.#askName(session.id, button),
          end: (button) => this.#once(button, () => this.#end(session.id)),
        });
        this.#rows.set(session.id, row);
      }
      row.update(session, this.#current, this.#now);
      return row.item;
    });
    for (const item of [...list.children]) if (!items.includes(item)) item.remove();
    items.forEach((item, i) => { if (list.children[i] !== item) list.insertBefore(item, list.children[i] ?? null); });
  }

  #whereTheFocusIs() {
    const focused = document.activeElement;
    if (!this.contains(focused)) return null;
    const row = focused.closest(".curfew-row");
    return { focused, index: row ? [...row.parentNode.children].indexOf(row) : -1 };
  }

  /** Whoever works with the keyboard goes on where they were: at the device that has moved up, or at its heading. */
  #restoreFocus(stand) {
    const active = document.activeElement;
    if (!stand || (this.contains(active) && active.checkVisibility())) return;
    const { focused, index } = stand;
    if (focused.isConnected && focused.checkVisibility()) return focused.focus({ preventScroll: true });
    const parts = this.#parts;
    if (this.#isOver) return parts.over.focus();
    const rows = [...parts.others.children];
    const next = rows[Math.min(Math.max(index, 0), rows.length - 1)]?.querySelector(".curfew-button");
    (index >= 0 && next ? next : parts.othersTitle).focus();
  }

  // ---- what is told -------------------------------------------------------------------------------------------------

  /** Leaves by itself; what it says can be seen in the list as well. */
  #toast(text) {
    const { toast } = this.#parts;
    toast.textContent = text;
    clearTimeout(this.#toastTimer);
    const leave = () => {
      this.#toastTimer = setTimeout(() => {
        if (toast.matches(":hover")) leave();
        else toast.textContent = "";
      }, TOAST_MILLIS + 40 * text.length);
    };
    leave();
  }

  /** Stays until it is not true any more, or is dismissed. */
  #notice(kind, text, more) {
    const { notice } = this.#parts;
    if (notice.dataset.kind === kind && notice.firstChild?.textContent === text) return;
    const again = kind === "down" || kind === "busy";
    const label = this.#text(again ? "tryAgain" : "dismiss");
    const button = make("button", { type: "button", class: "curfew-button" }, label);
    button.addEventListener("click", () => (again ? this.reload() : this.#unnotice()));
    notice.dataset.kind = kind;
    notice.replaceChildren(make("p", {}, text), ...(more ? [more] : []), button);
    notice.hidden = false;
  }

  #unnotice() {
    const { notice } = this.#parts;
    const hadFocus = notice.contains(document.activeElement);
    notice.hidden = true;
    notice.dataset.kind = "";
    notice.replaceChildren();
    if (hadFocus) this.#parts.hereTitle.focus();
  }

  // ---- looking ------------------------------------------------------------------------------------------------------

  /**
   * Looks the list up again; the promise is of whether it was seen. One look at a time; what comes meanwhile is looked
   * at afterwards, once.
   */
  reload() {
    const lacksToken = this.getAttribute("credential") === "bearer" && !this.#accessToken;
    if (!this.#life || !this.#parts || lacksToken) return Promise.resolve(false);
    if (this.#looking) {
      return this.#lookAgain ??= this.#looking.finally(() => { this.#lookAgain = null; }).then(() => this.reload());
    }
    clearTimeout(this.#retryTimer);
    this.#looking = this.#look().finally(() => { this.#looking = null; });
    return this.#looking;
  }

  async #look() {
    const { signal } = this.#life;
    const generation = this.#generation;
    const answer = await this.#endpoints.list(this.#shown + 1);
    if (signal.aborted) return false;
    if (generation !== this.#generation) return this.#isOver ? false : this.#look();
    if (answer.sessions) this.#seen(answer);
    else if (isDenied(answer)) this.#end401(answer);
    else this.#wait(answer);
    return Boolean(answer.sessions);
  }

  #seen({ sessions, isWhole }) {
    const wasDown = this.#parts.notice.dataset.kind === "down";
    const before = this.#current?.id;
    this.#retries = 0;
    this.#isOver = false;
    this.#sessions = sessions;
    this.#isWhole = isWhole;
    if (this.#current?.id !== before) this.#forgetUnsure(); // of another list
    if (["down", "busy"].includes(this.#parts.notice.dataset.kind)) this.#unnotice();
    this.#render();
    this.#settle(wasDown);
    if (this.hasAttribute("events") && !document.hidden) this.#news.start();
  }

  /** After an outage: what has become of that which nobody had confirmed. */
  #settle(wasDown) {
    const left = this.#sessions.filter((session) => this.#unsure.has(session.id));
    const others = this.#sessions.filter((session) => !session.current);
    if (left.length) this.#tellStill("still", left);
    else if (this.#areOthersUnsure && others.length) this.#tellStill("stillOthers", others);
    else {
      this.#checkStill();
      // What is not loaded may well be signed in.
      if (this.#areOthersUnsure && this.#isWhole) this.#toast(this.#text("endedOthers", { count: 0 }));
      else if (this.#unsure.size && this.#isWhole) {
        this.#toast(this.#text("endedOne", { name: [...this.#unsure.values()].at(-1) }));
      } else if (wasDown) this.#toast(this.#text("back"));
    }
    this.#forgetUnsure();
  }

  #forgetUnsure() {
    this.#unsure.clear();
    this.#areOthersUnsure = false;
  }

  #tellStill(kind, sessions) {
    this.#still = new Map(sessions.map((session) => [session.id, this.#nameOf(session)]));
    this.#notice(kind, this.#text(kind, { name: this.#still.values().next().value }));
  }

  /** The notice goes once nothing of what it says is left. */
  #checkStill() {
    const { kind } = this.#parts.notice.dataset;
    if (kind !== "still" && kind !== "stillOthers") return;
    const listed = new Set(this.#sessions?.map((session) => session.id));
    if (this.#isWhole) for (const id of this.#still.keys()) if (!listed.has(id)) this.#still.delete(id);
    if (this.#still.size) this.#notice(kind, this.#text(kind, { name: this.#still.values().next().value }));
    else this.#unnotice();
  }

  /** Nobody answers, or not yet: says so, and looks again. */
  #wait(answer, text = "") {
    if (answer.status === 429) {
      const seconds = Math.max(1, answer.wait);
      this.#notice("busy", text || this.#text("busy", { count: seconds }));
      this.#retryIn(seconds * 1000);
    } else if (isOutage(answer)) {
      if (text || this.#parts.notice.dataset.kind !== "down") {
        this.#notice("down", text || this.#text(this.#sessions ? "down" : "noAnswer"));
      }
      const planned = RETRY_MILLIS[Math.min(this.#retries++, RETRY_MILLIS.length - 1)];
      this.#retryIn(Math.max(planned, (answer.wait ?? 0) * 1000));
    } else {
      this.#notice("refused", answer.json.message ?? answer.json.detail ?? this.#text("refused"));
    }
    this.#render();
  }

  #retryIn(millis) {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => { if (!document.hidden) this.reload(); },
      Math.min(millis, LONGEST_RETRY_MILLIS));
  }

  #looked() {
    if (document.hidden) this.#news?.stop(); // browsers open few connections to one server
    else this.reload();
  }

  #hear(name) {
    if (!QUIET_NEWS.has(name) && !this.#isLeaving) this.reload();
  }

  /** The sign-in is over. */
  #end401({ status, json }) {
    if (this.#isOver) return;
    const message = (json.reason && this.#texts.among("reasons", json.reason))
      ?? (json.reason ? json.message ?? json.detail : null)
      ?? this.#text(status === 403 ? "expired" : "unknownEnd");
    this.#over(json.reason ?? (status === 403 ? "expired" : ""), message, false);
  }

  #over(reason, message, isHere) {
    this.#news.stop();
    clearTimeout(this.#retryTimer);
    this.#generation++;
    this.#isOver = true;
    this.#forgetUnsure();
    this.#sessions = null;
    this.#rows.clear();
    for (const dialog of [this.#parts.confirm, this.#parts.rename]) dialog.close();
    this.#unnotice();
    const detail = { reason, message, isHere };
    const isOurs = this.dispatchEvent(
      new CustomEvent("curfew-signed-out", { bubbles: true, cancelable: true, detail }));
    if (!isOurs || !this.#parts) return; // the host shows it in its own way
    const next = this.getAttribute("signed-out");
    if (isHere && next) return location.assign(next);
    const signIn = this.getAttribute("sign-in");
    this.#parts.signIn.hidden = !signIn;
    if (signIn) this.#parts.signIn.href = signIn;
    this.#render();
    setText(this.#parts.overText, message); // after it is shown, so that it is read out
  }

  // ---- what the person does -----------------------------------------------------------------------------------------

  #isLeaving = false;

  /** What a button is for, once at a time. It stays where it is meanwhile: a disabled one would lose the focus. */
  async #once(button, work) {
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true";
    try {
      await work();
    } finally {
      button.ariaDisabled = null;
    }
  }

  async #end(id) {
    const session = this.#sessions?.find((one) => one.id === id);
    if (!session) return;
    if (session.current) return this.#leave();
    const name = this.#nameOf(session);
    const before = this.#current?.id;
    const answer = await this.#endpoints.endOne(id);
    if (!this.#parts) return;
    if (answer.status === 404) {
      await this.#missing(session, before, this.#text("unsure", { name }));
      if (this.#parts?.notice.dataset.kind === "down") this.#unsure.set(id, name);
      return;
    }
    if (!isDone(answer)) {
      if (isOutage(answer)) this.#unsure.set(id, name);
      return this.#failed(answer, this.#text("unsure", { name }));
    }
    this.#forget((one) => one.id === id);
    this.#toast(this.#text("endedOne", { name }));
    await this.reload();
  }

  /** A 404 is said of another person's device too, and by gateways. Whether the device is gone, the list tells. */
  async #missing(session, before, textOfOutage) {
    if (!await this.#isStillShown(textOfOutage, before)) return;
    const isGone = this.#isWhole && !this.#sessions.some((one) => one.id === session.id);
    if (isGone) this.#toast(this.#text("gone", { name: this.#nameOf(session) }));
    else this.#notice("refused", this.#text("refused"));
  }

  #forget(isEnded) {
    this.#generation++;
    for (const session of this.#sessions?.filter(isEnded) ?? []) this.#still.delete(session.id);
    this.#sessions = this.#sessions?.filter((session) => !isEnded(session)) ?? null;
    this.#checkStill();
    this.#render();
  }

  async #askOthers() {
    const { confirm, confirmText } = this.#parts;
    const count = this.#sessions.filter((session) => !session.current).length;
    const which = this.#isWhole ? this.#text("confirmOthers", { count }) : this.#text("confirmAll");
    setText(confirmText, `${which} ${this.#text("confirmUndone")}`);
    const chosen = new Promise((resolve) => {
      confirm.addEventListener("close", () => resolve(confirm.returnValue), { once: true });
    });
    confirm.returnValue = "";
    confirm.showModal();
    if (await chosen === "yes") await this.#once(this.#parts.endOthers, () => this.#endOthers());
  }

  async #endOthers() {
    if (!await this.#isStillShown(this.#text("unsureOthers"))) return;
    const before = this.#sessions.filter((session) => !session.current).length;
    const answer = await this.#endpoints.endOthers();
    if (!this.#parts) return;
    if (!isDone(answer)) {
      this.#areOthersUnsure = isOutage(answer);
      return this.#failed(answer, this.#text("unsureOthers"));
    }
    this.#forget((session) => !session.current);
    this.#toast(this.#text("endedOthers", { count: answer.json.revoked ?? before }));
    await this.reload();
  }

  async #leave() {
    if (!await this.#isStillShown(this.#text("unsureHere"))) return;
    this.#isLeaving = true;
    try {
      const answer = await this.#endpoints.logout();
      if (!this.#parts) return;
      if (isDone(answer)) this.#over("user_logout", this.#text("here"), true);
      else await this.#failed(answer, this.#text("unsureHere"));
    } finally {
      this.#isLeaving = false;
    }
  }

  /** Somebody may have signed in meanwhile in another tab: then the cookie is theirs, and the list was not. */
  async #isStillShown(textOfOutage, before = this.#current?.id) {
    const isSeen = await this.reload();
    if (!this.#parts || !this.#sessions) return false;
    const isSame = this.#current?.id === before;
    if (!isSeen && this.#parts.notice.dataset.kind === "down") this.#notice("down", textOfOutage);
    else if (isSeen && !isSame) this.#notice("changed", this.#text("changed"));
    return isSeen && isSame;
  }

  #askName(id, opener) {
    const { rename, renameForm, renameInput, renameHint, renameError } = this.#parts;
    const session = this.#sessions.find((one) => one.id === id);
    renameInput.value = session.label ?? "";
    renameInput.placeholder = deviceOf(session, this.#texts);
    setText(renameHint, this.#text("renameHint", { device: isolated(deviceOf(session, this.#texts)) }));
    setText(renameError, "");
    renameForm.onsubmit = (event) => {
      event.preventDefault();
      this.#once(this.#parts.renameSave, () => this.#rename(session, renameInput.value.trim()));
    };
    rename.showModal();
    rename.addEventListener("close", () => { if (opener.isConnected) opener.focus(); }, { once: true });
  }

  async #rename(session, label) {
    const before = this.#current?.id;
    const answer = await this.#endpoints.rename(session.id, label);
    if (!this.#parts) return;
    const { rename, renameError } = this.#parts;
    if (answer.status === 400) {
      return setText(renameError, answer.json.message ?? answer.json.detail ?? this.#text("refused"));
    }
    rename.close();
    if (answer.status === 404) return this.#missing(session, before, this.#text("unsureName"));
    if (!isDone(answer)) return this.#failed(answer, this.#text("unsureName"));
    this.#generation++;
    this.#toast(this.#text("renamed", { name: isolated(label || deviceOf(session, this.#texts)) }));
    await this.reload();
  }

  /** What a call that failed means to the person. */
  async #failed(answer, textOfOutage) {
    if (answer.json.reason === PROOF) {
      const prove = this.getAttribute("prove") ?? this.getAttribute("sign-in");
      const link = prove && make("a", { class: "curfew-button", href: prove }, this.#text("prove"));
      return this.#notice("proof", this.#text("proof"), link);
    }
    if (!isDenied(answer)) return this.#wait(answer, isOutage(answer) ? textOfOutage : "");
    // Of many a thing it is said that it is denied. Whether the sign-in is over, the list tells.
    if (await this.#isStillShown(textOfOutage)) this.#notice("refused", this.#text("refused"));
  }

  async #more() {
    this.#shown += MANY;
    const known = this.#parts.others.children.length;
    if (this.#sessions.length <= this.#shown && !this.#isWhole) await this.reload();
    if (!this.#parts) return;
    this.#render();
    this.#parts.others.children[known]?.querySelector(".curfew-button").focus();
  }
}

customElements.define("curfew-devices", CurfewDevices);
