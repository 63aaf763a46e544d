// Asking the service. The key goes into a header, and nowhere else.

const STORED = "ango-export.key";

/** An answer that is not what was asked for. */
export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

let refused = () => {};

/** The key of this tab. It is forgotten with the tab. */
export const key = {
  get: () => sessionStorage.getItem(STORED),
  set: (value) => sessionStorage.setItem(STORED, value),
  forget: () => sessionStorage.removeItem(STORED),
};

/** Says what to do when the service does not take the key any more. */
export function onRefused(act) {
  refused = act;
}

async function failure(response) {
  let detail = {};
  try {
    detail = (await response.json()).error ?? {};
  } catch {
    // Something between us and the service answered.
  }
  const wait = Number(response.headers.get("retry-after"));
  const fallback = { 401: "The key does not count any more.", 403: "This key may not do that.", 404: "That is not there.", 413: "That is too large." }[response.status];
  let message = detail.message ?? fallback ?? `The service answered with status ${response.status}.`;
  if (response.status === 429 && wait) message = `${message}; try again in ${wait} s`;
  return new ApiError(response.status, detail.code ?? "http", message);
}

async function ask(path, { method = "GET", body, headers = {}, signal, secret = key.get() } = {}) {
  const all = { ...headers };
  if (secret) all.authorization = `Bearer ${secret}`;
  if (body !== undefined) all["content-type"] = "application/json";
  let response;
  try {
    response = await fetch(path, { method, headers: all, body: body === undefined ? undefined : JSON.stringify(body), signal, cache: "no-store", credentials: "omit", redirect: "error" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, "network", "The service does not answer. Is the connection up?");
  }
  if (response.ok) return response;
  const error = await failure(response);
  if (error.status === 401 && secret === key.get()) refused(error);
  throw error;
}

/** Asks, and gives the JSON of the answer. */
export async function api(path, options) {
  const response = await ask(path, options);
  if (response.status === 204) return null;
  return response.json();
}

/** Asks for a file: an address of it that this page alone can use. Give it back with `URL.revokeObjectURL`. */
export async function file(path, options) {
  return URL.createObjectURL(await (await ask(path, options)).blob());
}

/** A path of parts, each written so that it stays one part. */
export function path(...parts) {
  return `/v1/${parts.map(encodeURIComponent).join("/")}`;
}

/** A path with a query. */
export function query(base, values) {
  const search = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== ""));
  return search.size ? `${base}?${search}` : base;
}

/** A name for a request, so that it can be sent again without being done again. */
export function once() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Reads server-sent events until they end: `act(name, data)` for each. The browser's own reader cannot send the key. */
export async function events(where, signal, act) {
  const response = await ask(where, { headers: { accept: "text/event-stream" }, signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let name = "message";
  let data = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split(/\r\n|\n|\r/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (data.length) act(name, JSON.parse(data.join("\n")));
        name = "message";
        data = [];
      } else if (line.startsWith("event:")) name = line.slice(6).trim();
      else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
    }
  }
}
