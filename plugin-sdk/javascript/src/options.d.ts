/** Options as a converter gets them. */
/**
 * The options with the defaults of their schema filled in: of absent `properties`, also of those nested in others or in the `items` of lists.
 *
 * @param {string} text JSON that the host has checked against the schema
 * @param {object} schema
 * @returns {any}
 */
export function readOptions(text: string, schema: object): any;
