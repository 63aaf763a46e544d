/** The ontology that a bare export implies. */

/**
 * Derives a project from its tasks, classes in the order in which they first occur, as a host does when the input is a bare V3 export.
 *
 * @param {readonly import('../contract.js').Task[]} tasks
 * @returns {import('../contract.js').Project}
 */
export function deriveProject(tasks) {
  const [tools, classifications, relations] = [new Map(), new Map(), new Map()];
  const add = (classes, { schemaId, title }, kind, parent) => {
    if (!classes.has(schemaId)) classes.set(schemaId, { index: classes.size, schemaId, title, kind, color: null, options: [], parent });
  };
  const [stages, batches] = [new Set(), new Set()];
  for (const { stage, asset, annotations } of tasks) {
    stages.add(stage);
    asset.batches.forEach((batch) => batches.add(batch));
    for (const object of annotations.objects) {
      add(tools, object, object.geometry.kind, null);
      object.classifications.forEach((item) => add(classifications, item, item.kind, object.schemaId));
    }
    annotations.classifications.forEach((item) => add(classifications, item, item.kind, null));
    annotations.relations.forEach((item) => add(relations, item, item.members.kind === 'pair' ? 'one-to-one' : 'group', null));
  }
  return {
    name: '',
    exportedAt: null,
    tools: [...tools.values()],
    classifications: [...classifications.values()],
    relations: [...relations.values()],
    stages: [...stages],
    batches: [...batches],
    taskCount: tasks.length,
  };
}
