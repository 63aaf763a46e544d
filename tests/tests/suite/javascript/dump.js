import { converter } from '../sdk/javascript/src/index.js';

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
      // A path is a typed array, which JSON has not.
      file.write(`${JSON.stringify(task, (_, value) => (value instanceof Float64Array ? Array.from(value) : value))}\n`);
    }
    file.finish();
  },
});
