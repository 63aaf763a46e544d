/** A call that breaks a rule of the contract; a host ends the run with such a message, and a converter never sees it. */
export class Refusal extends Error {
    constructor(message: any);
}
/** The files of a run. */
export class Archive {
    create(path: any): {
        write: (data: any) => void;
        finish: () => void;
    };
    add(path: any, data: any): void;
    section(path: any, position: any, separator: any, shard: any): {
        write: (data: any) => void;
        finish: () => void;
    };
    /** Every file by path, joined ones put together. */
    files(): Map<any, any>;
    #private;
}
