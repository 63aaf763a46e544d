/**
 * Reads the types of the contract out of its WIT file: as much of WIT as that file uses.
 */

/**
 * @typedef {{ kind: 'name', name: string } | { kind: 'list' | 'option', of: Type }} Type
 * @typedef {{ name: string, doc: string[], type?: Type }} Member a field, or a case with its payload
 * @typedef {{ kind: 'record' | 'variant' | 'enum', name: string, doc: string[], members: Member[] }} Definition
 */

/**
 * The records, variants and enums of some interfaces, in order, and what other types are called there.
 *
 * @param {string} text the WIT file
 * @param {string[]} interfaces names of interfaces
 * @returns {{ definitions: Definition[], aliases: Map<string, Type> }}
 */
export function readTypes(text, interfaces) {
  const tokens = tokenise(text);
  const definitions = [];
  const aliases = new Map();
  let at = 0;
  const peek = () => tokens[at]?.text;
  const take = (wanted) => {
    const token = tokens[at++];
    if (token === undefined || (wanted !== undefined && token.text !== wanted)) {
      throw new Error(`line ${token?.line ?? 'end'}: expected ${wanted ?? 'more'}, found ${token?.text ?? 'the end'}`);
    }
    return token;
  };
  const type = () => {
    const name = take().text;
    if (name !== 'list' && name !== 'option') return { kind: 'name', name };
    take('<');
    const of = type();
    take('>');
    return { kind: name, of };
  };
  const members = (kind) => {
    const found = [];
    take('{');
    while (peek() !== '}') {
      const { text: name, doc } = take();
      const member = { name, doc };
      if (kind === 'record') {
        take(':');
        member.type = type();
      } else if (peek() === '(') {
        take('(');
        member.type = type();
        take(')');
      }
      found.push(member);
      if (peek() === ',') take(',');
    }
    take('}');
    return found;
  };
  const definition = () => {
    const { text: kind, doc } = take();
    if (kind === 'type') {
      const { text: name } = take();
      take('=');
      aliases.set(name, type());
      take(';');
    } else if (kind === 'record' || kind === 'variant' || kind === 'enum') {
      const { text: name } = take();
      definitions.push({ kind, name, doc, members: members(kind) });
    } else {
      skip();
    }
  };
  /** What declares no type of a task: functions, resources, what is used from elsewhere. */
  const skip = () => {
    let depth = 0;
    for (;;) {
      const { text: token } = take();
      if (token === '{') depth += 1;
      if (token === '}') depth -= 1;
      if (depth === 0 && (token === ';' || token === '}')) return;
    }
  };
  while (at < tokens.length) {
    if (peek() !== 'interface') {
      skip();
      continue;
    }
    take('interface');
    if (!interfaces.includes(take().text)) {
      skip();
      continue;
    }
    take('{');
    while (peek() !== '}') definition();
    take('}');
  }
  return { definitions, aliases };
}

/** Words and signs, each with the lines of documentation before it. */
function tokenise(text) {
  const tokens = [];
  let doc = [];
  text.split('\n').forEach((line, index) => {
    const [code, comment] = line.includes('///') ? [line.slice(0, line.indexOf('///')), line.slice(line.indexOf('///') + 3).trim()] : [line, undefined];
    if (comment !== undefined && code.trim() === '') doc.push(comment);
    for (const [token] of code.replace(/\/\/.*/, '').matchAll(/[A-Za-z0-9-]+|->|[^\s]/g)) {
      tokens.push({ text: token, line: index + 1, doc });
      doc = [];
    }
  });
  return tokens;
}
