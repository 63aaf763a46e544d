/** What the code that is generated from the contract is made of. */

/** A path: a view of the batch's numbers. */
export function path(numbers, at) {
  return numbers.subarray(at + 1, at + 1 + numbers[at]);
}

/** A list of paths. */
export function paths({ words, numbers }, list) {
  const found = [];
  const end = list + 1 + words[list];
  for (let at = list + 1; at < end; at++) found.push(path(numbers, words[at]));
  return found;
}

/** A list of texts. */
export function strings({ words, texts }, list) {
  const found = [];
  const end = list + 1 + words[list];
  for (let at = list + 1; at < end; at++) found.push(texts[words[at]]);
  return found;
}

/** A list of records of numbers with these names. */
export function numericList(numbers, list, names) {
  const found = [];
  let at = list + 1;
  for (let left = numbers[list]; left > 0; left--) {
    const record = {};
    for (let name = 0; name < names.length; name++) record[names[name]] = numbers[at++];
    found.push(record);
  }
  return found;
}

/**
 * Lets records be shown: by `JSON.stringify`, and where Node.js prints a value. Without it they would show the tables that they read.
 *
 * @param {Record<string, [Function, string[]]>} types classes and the names of their fields
 */
export function describeRows(types) {
  for (const [type, fields] of Object.values(types)) {
    const show = function show() {
      return Object.fromEntries(fields.map((field) => [field, this[field]]));
    };
    Object.defineProperties(type.prototype, { toJSON: { value: show }, [Symbol.for('nodejs.util.inspect.custom')]: { value: show } });
  }
}
