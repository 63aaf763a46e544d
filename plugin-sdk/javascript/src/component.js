/** The exports of a component. */

import { describeConverter, runConverter } from './converter.js';
import { sandboxHost } from './host.js';

/**
 * What a plugin's component exports. Not for use by hand: the build writes the module that calls it.
 *
 * @param {import('./converter.js').Converter} description
 * @param {Parameters<typeof sandboxHost>[0]} imports
 */
export function component(description, imports) {
  const host = sandboxHost(imports);
  return {
    describe: () => describeConverter(description),
    convert: async (options) => {
      const failure = await runConverter(description, options, host);
      return failure === undefined ? { tag: 'ok', val: undefined } : { tag: 'err', val: failure };
    },
  };
}
