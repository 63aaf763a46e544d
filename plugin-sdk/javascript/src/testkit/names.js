/** File names derived from what assets were called at import. */

import { sameFileKey, sanitise, splitExtension } from './portable.js';

/** Gives out the `fileName`s of assets as the host does: portable, and unique also without extension and ignoring case. */
export class Names {
  #taken = new Set();

  /**
   * The file name of the next asset: what its external id suggests; failing that, its link, and at last its task id. The first asset of a name keeps it; a later one gets its
   * task id appended to the stem.
   */
  name(externalId, url, taskId) {
    const clean = sanitise(externalId) || sanitise(url.split(/[?#]/, 1)[0].split('/').at(-1)) || sanitise(`task-${taskId}`);
    const [stem, extension] = splitExtension(clean);
    if (this.#take(stem)) return clean;
    const id = taskId.replace(/[^0-9A-Za-z]/g, '').slice(0, 32);
    for (let tries = 1; ; tries++) {
      const unique = tries === 1 ? `${stem}-${id}` : `${stem}-${id}-${tries}`;
      if (this.#take(unique)) return unique + extension;
    }
  }

  #take(stem) {
    const key = sameFileKey(stem);
    if (this.#taken.has(key)) return false;
    this.#taken.add(key);
    return true;
  }
}
