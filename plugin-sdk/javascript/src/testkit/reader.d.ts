/**
 * Reads an export, a JSON array or NDJSON, and gives every task its index, its object offset and its file name.
 *
 * @param {string} text
 * @returns {import('../contract.js').Task[]}
 * @throws {Error} when the text is not JSON or not V3, with the task and the key at fault
 */
export function readTasks(text: string): import("../contract.js").Task[];
