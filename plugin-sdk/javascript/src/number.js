/**
 * Numbers as decimal text, the same text that the Rust SDK writes.
 *
 * The engine formats a double natively, which is many times faster than anything written in JavaScript; what is left to do is to round, and to
 * spell the few numbers that the two languages spell differently.
 */

/** Up to here every decimal of that many digits is a double of its own, so that the shortest text of a rounded number is the rounded decimal. */
const SAFE = 1e15;
const POWERS = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
const { abs, floor } = Math;

/** The power of ten of a number of decimals, which is brought into the range from 0 to 15. */
function power(decimals) {
  return POWERS[decimals > 15 ? 15 : decimals > 0 ? floor(decimals) : 0];
}

/**
 * The shortest decimal that reads back as the same double, whole numbers below 10^15 without a point. Valid JSON.
 *
 * @param {number} number a number that is not finite, which the contract rules out, becomes `null`
 * @returns {string}
 */
export function format(number) {
  const size = abs(number);
  if (size >= 1e-5 && size < SAFE) return String(number);
  return formatFar(number, size);
}

/** Numbers that are rare in annotations, and zero. */
function formatFar(number, size) {
  if (size === 0) return '0';
  if (size < 1e-5 || (size >= 1e16 && size < Infinity)) return number.toExponential();
  if (size < 1e16) return Number.isInteger(number) ? `${number}.0` : String(number);
  return 'null';
}

/**
 * A number rounded to at most `decimals` decimals, without trailing zeros. Halves go away from zero. From 15 digits on a double has no more
 * decimals to lose and is written in full.
 *
 * @param {number} number
 * @param {number} decimals 0 to 15
 * @returns {string}
 */
export function formatRounded(number, decimals) {
  // Nearly all coordinates: in 32 bits the engine rounds without a call.
  if (decimals === 6 && number >= 1e-5 && number < 2147) return `${((number * 1e6 + 0.5) | 0) / 1e6}`;
  const scale = power(decimals);
  const scaled = abs(number) * scale;
  if (!(scaled < SAFE)) return format(number);
  let whole = floor(scaled);
  if (scaled - whole >= 0.5) whole += 1;
  const size = whole / scale;
  // Below a millionth the engine would write an exponent.
  if (size < 1e-6 && whole > 0) return (number < 0 ? '-' : '') + size.toFixed(decimals > 15 ? 15 : decimals).replace(/0+$/, '');
  return String(number < 0 ? -size : size);
}

/**
 * The number that `formatRounded` writes, so that what is computed from it agrees with what is written.
 *
 * @param {number} number
 * @param {number} decimals 0 to 15
 * @returns {number}
 */
export function rounded(number, decimals) {
  const scale = power(decimals);
  const scaled = abs(number) * scale;
  if (!(scaled < SAFE)) return number;
  let whole = floor(scaled);
  if (scaled - whole >= 0.5) whole += 1;
  return number < 0 || Object.is(number, -0) ? -(whole / scale) : whole / scale;
}

/**
 * A number from 0 to 1 in whole millionths, what is outside clamped; not-a-number is 0.
 *
 * @param {number} number
 * @returns {number}
 */
export function millionths(number) {
  const scaled = floor(number * 1e6 + 0.5);
  return scaled >= 1_000_000 ? 1_000_000 : scaled > 0 ? scaled : 0;
}

/**
 * A number from 0 to 1 with exactly six decimals, what is outside clamped: `0.500000`, `1.000000`.
 *
 * @param {number} number
 * @returns {string}
 */
export function formatUnit(number) {
  const all = millionths(number);
  return all >= 1_000_000 ? '1.000000' : '0.' + String(1_000_000 + all).slice(1);
}
