/** Options as a converter gets them. */

/**
 * The options with the defaults of their schema filled in: of absent `properties`, also of those nested in others or in the `items` of lists.
 *
 * @param {string} text JSON that the host has checked against the schema
 * @param {object} schema
 * @returns {any}
 */
export function readOptions(text, schema) {
  return withDefaults(text.trim() === '' ? {} : JSON.parse(text), schema);
}

function withDefaults(value, schema) {
  if (Array.isArray(value)) return isObject(schema.items) ? value.map((item) => withDefaults(item, schema.items)) : value;
  if (!isObject(value) || !isObject(schema.properties)) return value;
  const filled = { ...value };
  for (const [name, property] of Object.entries(schema.properties)) {
    if (!isObject(property)) continue;
    // A copy, so that a converter that changes its options does not change their schema.
    if (!Object.hasOwn(filled, name) && property.default !== undefined) filled[name] = JSON.parse(JSON.stringify(property.default));
    if (Object.hasOwn(filled, name)) filled[name] = withDefaults(filled[name], property);
  }
  return filled;
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
