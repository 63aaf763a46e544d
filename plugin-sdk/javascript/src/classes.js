/** From the schema id of an object to its class. */

/** Finds classes of an ontology by schema id. */
export class ClassIndex {
  #indexes = new Map();

  /**
   * Of two classes with the same schema id the first one counts.
   *
   * @param {readonly import('./contract.js').Class[]} classes
   */
  constructor(classes) {
    for (let at = 0; at < classes.length; at++) {
      const { schemaId, index } = classes[at];
      if (!this.#indexes.has(schemaId)) this.#indexes.set(schemaId, index);
    }
  }

  /**
   * The class's `index`; `undefined` when the ontology has no such class.
   *
   * @param {string} schemaId
   * @returns {number | undefined}
   */
  find(schemaId) {
    return this.#indexes.get(schemaId);
  }
}
