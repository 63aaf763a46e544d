/**
 * `2024-05-01T00:37:00.060Z`. Years outside 0 to 9999 get as many digits and the sign they need.
 *
 * @param {number} timestamp milliseconds
 * @returns {string}
 */
export function formatIso(timestamp: number): string;
/**
 * The year of a timestamp, in UTC.
 *
 * @param {number} timestamp milliseconds
 * @returns {number}
 */
export function year(timestamp: number): number;
/**
 * Reads RFC 3339 (`2024-05-01T00:37:00.060Z`, with any number of decimals, or with an offset).
 *
 * @param {string} text
 * @returns {number | undefined} milliseconds; `undefined` if it is not that
 */
export function parseIso(text: string): number | undefined;
