/**
 * Makes the plugin of the project in the current folder: `dist/NAME.wasm`, from the module that `main` of its package.json names.
 *
 *     node sdk/javascript/build.mjs [--weval FILE | --interpreted]
 *
 * With weval, the code is compiled ahead of time, which makes it about twice as fast; without it, it is interpreted in the sandbox. weval is used
 * when it is on the PATH.
 */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative, resolve, sep } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const COMPONENTIZE = '@bytecodealliance/componentize-js';
/** The line of weval whose output the engine in componentize-js is made for. */
const WEVAL = '0.5.';
/** There is no network. Clocks and random numbers are the host's, the same in every run; without them the engine would keep those of the build. */
const DISABLED = ['http', 'fetch-event'];
const sdk = dirname(fileURLToPath(import.meta.url));
const project = process.cwd();

/** Ends with a sentence for the author instead of a stack that is not his. */
function fail(message) {
  console.error(message);
  process.exit(1);
}

function readManifest() {
  const path = join(project, 'package.json');
  if (!existsSync(path)) fail(`${project}: is no project: there is no package.json`);
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  const main = manifest.main ?? 'src/index.js';
  if (!existsSync(join(project, main))) fail(`${main}: there is no such file, and package.json says that it is the converter (main)`);
  return { ...manifest, main };
}

/** The compiler that the project asks for, as it is installed. */
async function loadComponentize(manifest) {
  const wanted = manifest.devDependencies?.[COMPONENTIZE] ?? manifest.dependencies?.[COMPONENTIZE];
  const folder = join(project, 'node_modules', COMPONENTIZE);
  if (!existsSync(join(folder, 'package.json'))) fail(`${COMPONENTIZE} is not installed: npm install`);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (wanted !== version) fail(`${COMPONENTIZE} is installed as ${version}, and package.json asks for ${wanted ?? 'none'}: npm install`);
  return import(pathToFileURL(join(folder, 'src', 'componentize.js')).href);
}

/** weval, if it is to be had. */
function findWeval() {
  const { values } = parseArgs({ options: { weval: { type: 'string' }, interpreted: { type: 'boolean' } } });
  if (values.interpreted) return undefined;
  const name = process.platform === 'win32' ? 'weval.exe' : 'weval';
  const found = values.weval ?? (process.env.PATH ?? '').split(delimiter).filter(Boolean).map((folder) => join(folder, name)).find(existsSync);
  if (found === undefined) {
    console.error('weval is not on the PATH, so the code will be interpreted, which is some percent slower: cargo install weval --locked --version 0.5.1');
    return undefined;
  }
  const version = /\d+\.\d+\.\d+/.exec(String(spawnSync(found, ['--version'], { encoding: 'utf8' }).stdout))?.[0];
  if (version === undefined) fail(`${found}: does not run`);
  if (!version.startsWith(WEVAL)) fail(`${found} is version ${version}, and the engine needs ${WEVAL}x: cargo install weval --locked --version 0.5.1, or build with --interpreted`);
  return found;
}

/** The contract, which lies beside the SDK. */
function findContract() {
  const found = ['../wit/0.1', '../../wit/0.1'].map((path) => join(sdk, path)).find(existsSync);
  return found ?? fail(`${sdk}: the contract is missing beside the SDK: replace the folder sdk by that of a new project`);
}

/** A path as a module names it. */
function specifier(from, to) {
  const path = relative(dirname(from), to).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}

const manifest = readManifest();
const { componentize } = await loadComponentize(manifest);
const weval = findWeval();
const out = resolve(project, 'dist', `${manifest.name}.wasm`);
// In the project's own folder, because only modules below that of the first one are found.
const entry = join(project, '.component.js');
writeFileSync(
  entry,
  `import converter from '${specifier(entry, join(project, manifest.main))}';
import { component } from '${specifier(entry, join(sdk, 'src/component.js'))}';
import * as source from 'ango:converter/source@0.1.0';
import * as archive from 'ango:converter/archive@0.1.0';
import * as assets from 'ango:converter/assets@0.1.0';
import * as diagnostics from 'ango:converter/diagnostics@0.1.0';

const exported = component(converter, { source, archive, assets, diagnostics });
export function describe() {
  return exported.describe();
}
export function convert(options) {
  return exported.convert(options);
}
`,
);
try {
  const { component } = await componentize({
    sourcePath: entry,
    witPath: findContract(),
    worldName: 'converter',
    disableFeatures: DISABLED,
    enableAot: weval !== undefined,
    wevalBin: weval,
  });
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, component);
  console.error(`${relative(project, out)}: ${weval === undefined ? 'interpreted' : 'compiled ahead of time'}`);
} catch (error) {
  fail(String(error.message));
} finally {
  rmSync(entry, { force: true });
}
