// What somebody filled into the forms of the Export tab and the Runs tab, kept while they look at other things.

const drafts = new Map();
const runs = new Map();

/** What an export is like when nobody says anything. */
export function usual(project) {
  return {
    project, type: "task", format: "json", stages: ["Complete"], batches: null, taskTypes: null, tasks: null,
    updatedAfter: undefined, updatedBefore: undefined, createdAfter: undefined, createdBefore: undefined,
    metadata: false, history: false, onlyKeyFrames: false, idle: false, splitTasks: undefined, plugins: [], notify: { silent: false, email: false },
  };
}

/** The draft of a project. */
export function draft(project) {
  return drafts.get(project) ?? usual(project);
}

/** Keeps it. */
export function keep(order) {
  drafts.set(order.project, order);
}

/** Fills in what an export was asked for with. */
export function again(request) {
  keep({ ...usual(request.project), ...request, stages: request.stages?.length ? request.stages : null, notify: { ...request.notify } });
}

/** Forgets all of them: the next one who signs in is somebody else. */
export function forget() {
  drafts.clear();
  runs.clear();
}

/** The order as the API takes it: nothing that says nothing. */
export function order(values) {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== undefined && (value !== null || name === "stages")));
}

/** What a run of a program is like when nobody says anything. `configs` holds what was written, by program: who looks at another one and comes back finds it again. */
export function usualRun(project) {
  return { project, plugin: undefined, stages: ["Complete"], batches: null, configs: {}, email: false };
}

/** The draft of a run. */
export function runDraft(project) {
  return runs.get(project) ?? usualRun(project);
}

/** Keeps it. */
export function keepRun(run) {
  runs.set(run.project, run);
}

/** Fills in what a run was asked for with. */
export function runAgain(session) {
  const { project, plugin, stages, batches, config } = session;
  const configs = { ...runDraft(project).configs, [plugin]: JSON.stringify(config ?? {}, null, 2) };
  keepRun({ ...usualRun(project), plugin, stages: stages?.length ? stages : null, batches: batches ?? null, configs });
}
