/** From the schema id of an object to its class. */
/** Finds classes of an ontology by schema id. */
export class ClassIndex {
    /**
     * Of two classes with the same schema id the first one counts.
     *
     * @param {readonly import('./contract.js').Class[]} classes
     */
    constructor(classes: readonly import("./contract.js").Class[]);
    /**
     * The class's `index`; `undefined` when the ontology has no such class.
     *
     * @param {string} schemaId
     * @returns {number | undefined}
     */
    find(schemaId: string): number | undefined;
    #private;
}
