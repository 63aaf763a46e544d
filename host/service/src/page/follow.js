// Following exports and runs of programs until they end, by server-sent events, and over breaks of the connection.

import { events, path } from "./api.js";
import { pause } from "./dom.js";
import { isFinal } from "./export-words.js";

// Browsers open six connections to a server. Some must be left for everything else.
const MOST = 3;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;
// What the events are called that hold the thing itself.
const NAMES = { exports: "export", sessions: "session" };

let following = 0;

/**
 * Follows one of `kind` (`exports`, `sessions`) until it has ended or the signal comes. `act.change(one)` is called with each change, `act.log(line)` with each line of its log, `act.trouble(error)` when the connection
 * breaks (it is tried again) and with `null` when it is back. Gives false when too many are followed already: then somebody has to look now and then.
 */
export function follow(kind, id, act, signal) {
  if (following >= MOST) return false;
  following += 1;
  run(kind, id, act, signal).finally(() => { following -= 1; });
  return true;
}

async function run(kind, id, act, signal) {
  let last = 0;
  let wait = FIRST_WAIT;
  let ended = false;
  let broken = false;
  while (!ended && !signal.aborted) {
    try {
      await events(`${path(kind, id)}/events`, signal, (name, data) => {
        wait = FIRST_WAIT;
        if (broken) {
          broken = false;
          act.trouble?.(null);
        }
        if (name === NAMES[kind]) {
          ended = isFinal(data.state);
          act.change?.(data);
        } else if (name === "log" && data.seq > last) {
          // After a break, the log is sent from its beginning.
          last = data.seq;
          act.log?.(data);
        }
      });
    } catch (error) {
      if (signal.aborted) return;
      if ([401, 403, 404].includes(error.status)) {
        act.trouble?.(error);
        return;
      }
      broken = true;
      act.trouble?.(error);
    }
    if (ended || signal.aborted) return;
    await pause(wait, signal);
    wait = Math.min(LONGEST_WAIT, wait * 2);
  }
}
