// @ts-check
/** Boxes of an annotation project as one CSV file. */

import { converter } from '../sdk/javascript/src/index.js';

const COLUMNS = ['task_id', 'file_name', 'object_id', 'class', 'x', 'y', 'width', 'height', 'stage'];

/** The file. All shards write into it. */
const FILE = 'boxes.csv';

export default converter({
  name: '{{name}}',
  version: '0.1.0',
  title: 'Boxes as CSV',
  format: 'CSV',
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      delimiter: { type: 'string', enum: [',', ';', '\t'], default: ',', description: 'What stands between two columns' },
      header: { type: 'boolean', default: true, description: 'Begin with a line of column names' },
    },
  },

  convert({ delimiter, header }, run) {
    // Section 0 comes before section 1, whichever shard writes it.
    if (header && run.isFirstShard) {
      const file = run.section(FILE, 0);
      file.write(`${COLUMNS.join(delimiter)}\n`);
      file.finish();
    }
    const file = run.section(FILE, 1);
    // Rounded by the host, which does it many times faster than the engine of the sandbox.
    for (const task of run.tasks({ decimals: 6 })) {
      const { objects } = task.annotations;
      const { fileName } = task.asset;
      // One look at all texts of the task, which hardly ever need quotes: calls are what takes the engine long. And so it counts instead of `for...of`.
      let texts = task.taskId + fileName + task.stage;
      for (let at = 0; at < objects.length; at++) texts += objects[at].objectId + objects[at].title;
      const isPlain = !needsQuotes(texts, delimiter);
      const cell = (/** @type {string} */ text) => (isPlain ? text : quoted(text, delimiter));
      const start = cell(task.taskId) + delimiter + cell(fileName) + delimiter;
      const end = `${delimiter}${cell(task.stage)}\n`;
      let rows = '';
      for (let at = 0; at < objects.length; at++) {
        const { objectId, title, geometry } = objects[at];
        if (geometry.kind !== 'bounding-box') {
          run.lost(task.index, objectId, 'geometry-unsupported', geometry.kind);
          continue;
        }
        const { x, y, width, height } = geometry;
        rows += start + (isPlain ? objectId : cell(objectId)) + delimiter + (isPlain ? title : cell(title));
        rows += delimiter + x + delimiter + y + delimiter + width + delimiter + height + end;
      }
      file.write(rows);
    }
    file.finish();
  },
});

/**
 * Whether a text cannot stand in a row as it is (RFC 4180).
 *
 * @param {string} text
 * @param {string} delimiter
 */
function needsQuotes(text, delimiter) {
  return text.includes(delimiter) || text.includes('"') || text.includes('\n') || text.includes('\r');
}

/**
 * A text, in quotes where CSV needs them.
 *
 * @param {string} text
 * @param {string} delimiter
 */
function quoted(text, delimiter) {
  return needsQuotes(text, delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
}
