/** How often each code came up. */
export class Losses {
    /** Counts a loss. Whether it has to be told. */
    count(code: any): boolean;
    /** Takes the codes of which more came up than was told, and how many more. */
    takeUntold(): any[];
    #private;
}
