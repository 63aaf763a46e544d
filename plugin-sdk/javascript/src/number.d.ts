/**
 * The shortest decimal that reads back as the same double, whole numbers below 10^15 without a point. Valid JSON.
 *
 * @param {number} number a number that is not finite, which the contract rules out, becomes `null`
 * @returns {string}
 */
export function format(number: number): string;
/**
 * A number rounded to at most `decimals` decimals, without trailing zeros. Halves go away from zero. From 15 digits on a double has no more
 * decimals to lose and is written in full.
 *
 * @param {number} number
 * @param {number} decimals 0 to 15
 * @returns {string}
 */
export function formatRounded(number: number, decimals: number): string;
/**
 * The number that `formatRounded` writes, so that what is computed from it agrees with what is written.
 *
 * @param {number} number
 * @param {number} decimals 0 to 15
 * @returns {number}
 */
export function rounded(number: number, decimals: number): number;
/**
 * A number from 0 to 1 in whole millionths, what is outside clamped; not-a-number is 0.
 *
 * @param {number} number
 * @returns {number}
 */
export function millionths(number: number): number;
/**
 * A number from 0 to 1 with exactly six decimals, what is outside clamped: `0.500000`, `1.000000`.
 *
 * @param {number} number
 * @returns {string}
 */
export function formatUnit(number: number): string;
