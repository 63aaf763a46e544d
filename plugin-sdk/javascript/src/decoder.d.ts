/** The tasks of a batch: an object with the three tables, texts as an array already. */
export function tasks(batch: any, list: any): {
    __proto__: Task;
    _batch: any;
    _at: any;
    index: any;
    taskId: any;
    stage: any;
}[];
declare class Task {
    get objectOffset(): any;
    get stageId(): any;
    get updatedAt(): any;
    get updatedBy(): any;
    get totalDurationMs(): any;
    get asset(): any;
    get annotations(): any;
    get history(): any;
    get extra(): any;
}
export {};
