/** Losses of a run: the first of each kind are told one by one, the others counted. */

/** Examples told of each code. The host keeps no more of them, and telling is a call with three texts. */
const EXAMPLES = 100;
/** Codes that are counted here; of a converter that makes them up without end, the others are all told. */
const CODES = 256;

/** How often each code came up. */
export class Losses {
  #counts = new Map();

  /** Counts a loss. Whether it has to be told. */
  count(code) {
    const count = this.#counts.get(code);
    if (count === undefined) {
      if (this.#counts.size < CODES) this.#counts.set(code, 1);
      return true;
    }
    this.#counts.set(code, count + 1);
    return count < EXAMPLES;
  }

  /** Takes the codes of which more came up than was told, and how many more. */
  takeUntold() {
    const untold = [];
    this.#counts.forEach((count, code) => {
      if (count > EXAMPLES) untold.push({ code, more: count - EXAMPLES });
    });
    this.#counts.clear();
    return untold;
  }
}
