/** The ontology that a bare export implies. */
/**
 * Derives a project from its tasks, classes in the order in which they first occur, as a host does when the input is a bare V3 export.
 *
 * @param {readonly import('../contract.js').Task[]} tasks
 * @returns {import('../contract.js').Project}
 */
export function deriveProject(tasks: readonly import("../contract.js").Task[]): import("../contract.js").Project;
