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
      const start = quoted(task.taskId, delimiter) + delimiter + quoted(task.asset.fileName, delimiter) + delimiter;
      const end = `${delimiter}${quoted(task.stage, delimiter)}\n`;
      const { objects } = task.annotations;
      let rows = '';
      // There are many objects to a task, and the engine is several times quicker at counting than at `for...of`.
      for (let at = 0; at < objects.length; at++) {
        const { objectId, title, geometry } = objects[at];
        if (geometry.kind !== 'bounding-box') {
          run.lost(task.index, objectId, 'geometry-unsupported', geometry.kind);
          continue;
        }
        const { x, y, width, height } = geometry;
        // One look at both texts, because calls are what takes long.
        rows += start + (isPlain(objectId + title, delimiter) ? objectId + delimiter + title : quoted(objectId, delimiter) + delimiter + quoted(title, delimiter));
        rows += delimiter + x + delimiter + y + delimiter + width + delimiter + height + end;
      }
      file.write(rows);
    }
    file.finish();
  },
});

/** Whether a text needs no quotes (RFC 4180). */
function isPlain(text, delimiter) {
  return !(text.includes(delimiter) || text.includes('"') || text.includes('\n') || text.includes('\r'));
}

/** A text, in quotes where CSV needs them. */
function quoted(text, delimiter) {
  return isPlain(text, delimiter) ? text : `"${text.replaceAll('"', '""')}"`;
}
