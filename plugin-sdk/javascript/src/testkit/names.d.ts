/** Gives out the `fileName`s of assets as the host does: portable, and unique also without extension and ignoring case. */
export class Names {
    /**
     * The file name of the next asset: what its external id suggests; failing that, its link, and at last its task id. The first asset of a name keeps it; a later one gets its
     * task id appended to the stem.
     */
    name(externalId: any, url: any, taskId: any): any;
    #private;
}
