/** The object. */
export class Fields {
    constructor(value: any, what: any);
    /** Takes a key out; `null` counts as absent. */
    take(key: any): any;
    put(key: any, value: any): void;
    firstKey(): any;
    optionalText(key: any): string;
    text(key: any): string;
    number(key: any): number;
    neededNumber(key: any): number;
    /** A whole number. */
    count(key: any): number;
    flag(key: any): boolean;
    /** An instant, as milliseconds or as ISO 8601: both occur. */
    time(key: any): number;
    list(key: any): any[];
    /** A list of texts; `null` members are left out, as they occur in batches. */
    texts(key: any): string[];
    /** What was not taken; `undefined` if there is nothing. */
    rest(): {
        [k: string]: any;
    };
    /** The same as JSON. */
    extra(): string;
    #private;
}
