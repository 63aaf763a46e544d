// Reading JSON that people write by hand: what is wrong with it and in which line, in the same words in every browser.

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[^\s,:{}[\]"]+/y;
const PIECE = /"?[^\s,:{}[\]"]+"?|./suy;
const ESCAPE = /["\\/bfnrt]|u[0-9a-fA-F]{4}/y;
// Deeper than anybody writes, and less deep than what breaks a program that reads it.
const DEEPEST = 100;
// What other languages call it.
const SAME = { True: "true", False: "false", TRUE: "true", FALSE: "false", None: "null", NULL: "null", Null: "null", nil: "null", undefined: "null" };

class Wrong extends Error {
  constructor(at, message) {
    super(message);
    this.at = at;
  }
}

/** Line of a place in a text, counted from 1. */
export function lineOf(text, at) {
  return text.slice(0, at).split("\n").length;
}

/** `{ value }` when the text is an object. Otherwise `{ error, at }`: a sentence that names the line, and the place in the text. */
export function objectOf(text) {
  if (text.trim() === "") return { error: "Write an object. The one that says nothing is {}.", at: 0 };
  try {
    new Scan(text).whole();
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof Wrong) return { error: `Line ${lineOf(text, error.at)}: ${error.message}`, at: error.at };
    return { error: `This is not JSON: ${error.message}`, at: 0 };
  }
}

/** Goes through a text once, and throws at the first thing that is wrong. What it lets pass, `JSON.parse` reads. */
class Scan {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  get next() {
    return this.text[this.at];
  }

  take(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  space() {
    this.take(SPACE);
    if (this.next === "#" || this.text.startsWith("//", this.at) || this.text.startsWith("/*", this.at)) throw new Wrong(this.at, "JSON has no comments.");
    // They come with what is copied from documents and chats.
    if (this.next !== undefined && /[\s\ufeff]/u.test(this.next)) throw new Wrong(this.at, "there is a space of another kind here. Delete it, and write an ordinary one.");
    if (this.next !== undefined && "“”„‘’«»".includes(this.next)) throw new Wrong(this.at, `quotes have to be straight ones, ", and not ${this.next}.`);
  }

  whole() {
    this.space();
    if (this.next !== "{") {
      const kind = { "[": "a list", '"': "a text" }[this.next];
      throw new Wrong(this.at, kind ? `an object in { } is expected, and this is ${kind}.` : "an object is expected, which begins with {.");
    }
    this.object(1);
    this.space();
    if (this.at < this.text.length) throw new Wrong(this.at, "the object has ended, and there is more after it.");
  }

  object(depth) {
    const names = new Set();
    this.list(depth, "}", () => {
      const start = this.at;
      if (this.next !== '"') {
        if (this.next === "'") throw new Wrong(start, "names and texts stand in double quotes, not in single ones.");
        const word = this.take(WORD);
        throw new Wrong(start, word ? `the name ${shown(word)} has to stand in double quotes.` : `a name in double quotes is expected, and not ${shown(this.next)}.`);
      }
      const name = this.string();
      if (names.has(name)) throw new Wrong(start, `${shown(name)} is there twice.`);
      names.add(name);
      const end = this.at;
      this.space();
      if (this.next !== ":") throw new Wrong(end, `a colon is missing after ${shown(name)}.`);
      this.at += 1;
      this.space();
      if (this.next === undefined || ",}]".includes(this.next)) throw new Wrong(end, `the value of ${shown(name)} is missing.`);
      this.value(depth);
    });
  }

  /** What is in brackets, with commas between. */
  list(depth, close, item) {
    const start = this.at;
    if (depth > DEEPEST) throw new Wrong(start, `it is nested more than ${DEEPEST} levels deep.`);
    const open = this.next;
    this.at += 1;
    this.space();
    if (this.next === close) {
      this.at += 1;
      return;
    }
    for (;;) {
      if (this.next === undefined) throw new Wrong(start, `the ${open} is never closed: a ${close} is missing.`);
      if (this.next === ",") throw new Wrong(this.at, "there is a comma, and nothing before it.");
      item();
      const end = this.at;
      this.space();
      if (this.next === close) {
        this.at += 1;
        return;
      }
      if (this.next === undefined) throw new Wrong(start, `the ${open} is never closed: a ${close} is missing.`);
      if (this.next !== ",") {
        if ("}]".includes(this.next)) throw new Wrong(this.at, `a ${close} is expected here, and not ${this.next}.`);
        throw new Wrong(end, this.text.slice(end, this.at).includes("\n") ? "a comma is missing at the end of the line." : `a comma is missing before ${shown(this.take(PIECE))}.`);
      }
      const comma = this.at;
      this.at += 1;
      this.space();
      if (this.next === close) throw new Wrong(comma, `the comma before ${close} is one too many.`);
    }
  }

  value(depth) {
    const start = this.at;
    if (this.next === "{") return this.object(depth + 1);
    if (this.next === "[") return this.list(depth + 1, "]", () => this.value(depth + 1));
    if (this.next === '"') return this.string();
    if (this.next === "'") throw new Wrong(start, "texts stand in double quotes, not in single ones.");
    const word = this.take(WORD);
    if (["true", "false", "null"].includes(word)) return undefined;
    if (SAME[word]) throw new Wrong(start, `${word} is called ${SAME[word]} in JSON.`);
    if (/^[-+.\d]/.test(word) || word === "NaN" || word === "Infinity") return this.number(start, word);
    throw new Wrong(start, word ? `${shown(word)} is no value: texts stand in double quotes.` : `a value is expected, and not ${shown(this.next)}.`);
  }

  number(start, word) {
    NUMBER.lastIndex = start;
    if (NUMBER.exec(this.text)?.[0] !== word) throw new Wrong(start, `${shown(word)} is no number of JSON. Numbers look like 12, -0.5 or 1e3.`);
    // It would arrive as another number, and nobody would be told.
    if (/^-?\d+$/.test(word) && !Number.isSafeInteger(Number(word))) throw new Wrong(start, `${shown(word)} has more digits than numbers keep. Write it as a text.`);
    if (!Number.isFinite(Number(word))) throw new Wrong(start, `${shown(word)} is larger than numbers can be.`);
  }

  string() {
    const start = this.at;
    this.at += 1;
    for (;;) {
      const letter = this.next;
      if (letter === undefined || letter === "\n" || letter === "\r") throw new Wrong(start, 'the text is not closed: a " is missing.');
      this.at += 1;
      if (letter === '"') return JSON.parse(this.text.slice(start, this.at));
      if (letter === "\\") {
        if (!this.take(ESCAPE)) throw new Wrong(this.at - 1, `a backslash is written as \\\\: \\${this.next ?? ""} means nothing.`);
      } else if (letter < " ") throw new Wrong(this.at - 1, letter === "\t" ? "in a text, a tab is written as \\t." : "there is a control character in the text.");
    }
  }
}

/** What somebody wrote, for a sentence. */
function shown(text) {
  return `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;
}
