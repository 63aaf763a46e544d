/**
 * Writes what follows from the contract: the types of tasks, and the code that reads them. `--check` writes nothing, and fails when a file is not
 * what would be written.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { decoder } from './generate-decoder.mjs';
import { schema } from './generate-schema.mjs';
import { declarations } from './generate-types.mjs';
import { Model } from './model.mjs';
import { readTypes } from './wit.mjs';

/** The files and what they hold, for the text of a WIT file. */
export function files(wit) {
  const model = new Model(readTypes(wit, ['types']));
  return {
    'src/contract.d.ts': declarations(model),
    'src/decoder.js': decoder(model),
    'src/testkit/schema.js': schema(model),
  };
}

const here = new URL('..', import.meta.url);
/** In this project the contract lies beside the SDKs. */
const CONTRACT = new URL('../../wit/0.1/converter.wit', here);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const isCheck = process.argv.includes('--check');
  for (const [path, text] of Object.entries(files(readFileSync(CONTRACT, 'utf8')))) {
    if (!isCheck) writeFileSync(new URL(path, here), text);
    else if (readFileSync(new URL(path, here), 'utf8') !== text) {
      console.error(`${path} is not what the contract says: node scripts/generate.mjs writes it`);
      process.exitCode = 1;
    }
  }
}
