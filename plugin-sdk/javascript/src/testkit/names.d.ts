/** Gives out the `fileName`s of assets: portable, and unique also without extension and ignoring case. */
export class Names {
    /** The file name of the next asset. The first asset of a name keeps it; a later one gets its task id appended to the stem. */
    name(externalId: any, taskId: any): any;
    #private;
}
