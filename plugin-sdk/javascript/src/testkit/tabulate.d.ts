/**
 * The tables of some tasks.
 *
 * @param {readonly object[]} tasks
 * @param {number} [decimals] what coordinates are rounded to
 * @returns {{ words: Uint32Array, numbers: Float64Array, texts: string }}
 */
export function tabulate(tasks: readonly object[], decimals?: number): {
    words: Uint32Array;
    numbers: Float64Array;
    texts: string;
};
