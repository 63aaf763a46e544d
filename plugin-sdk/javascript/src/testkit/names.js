/** File names derived from what assets were called at import. */

import { sameFileKey, sanitise, splitExtension } from './portable.js';

/** Gives out the `fileName`s of assets: portable, and unique also without extension and ignoring case. */
export class Names {
  #taken = new Set();

  /** The file name of the next asset. The first asset of a name keeps it; a later one gets its task id appended to the stem. */
  name(externalId, taskId) {
    const ofTask = sanitise(taskId.replaceAll('/', '_'));
    const clean = sanitise(externalId) || ofTask || '_';
    if (this.#take(clean)) return clean;
    const [stem, extension] = splitExtension(clean);
    const suffix = [...ofTask].slice(0, 40).join('');
    for (let tries = 1; ; tries++) {
      const name = tries === 1 ? `${stem}-${suffix}${extension}` : `${stem}-${suffix}-${tries}${extension}`;
      if (this.#take(name)) return name;
    }
  }

  #take(name) {
    const key = sameFileKey(splitExtension(name)[0]);
    if (this.#taken.has(key)) return false;
    this.#taken.add(key);
    return true;
  }
}
