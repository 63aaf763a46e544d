/** The text of run lengths. */
export function compress(counts: any): string;
/** The run lengths of a text. */
export function decompress(text: any): number[];
