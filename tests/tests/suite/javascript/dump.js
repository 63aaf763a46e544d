import { converter } from '../sdk/javascript/src/index.js';

/** What JSON has not (paths are typed arrays), and JSON in a text, which the host passes on as it was written. */
function readable(key, value) {
  if (value instanceof Float64Array) return Array.from(value);
  return typeof value === 'string' && ['contextData', 'extra', 'json'].includes(key) ? JSON.parse(value) : value;
}

/** Writes down what it reads. */
export default converter({
  name: 'dump',
  version: '0.1.0',
  title: 'What is read',
  format: 'text',
  history: true,
  optionsSchema: { type: 'object', properties: { decimals: { type: 'integer' } }, additionalProperties: false },

  convert({ decimals }, run) {
    const file = run.section('tasks.txt', 0);
    for (const task of run.tasks({ decimals })) {
      file.write(`${JSON.stringify(task, readable)}\n`);
    }
    file.finish();
  },
});
