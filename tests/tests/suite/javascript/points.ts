import { converter, number, type DrawnObject } from '../sdk/javascript/src/index.js';

interface Options {
  decimals: number;
}

function row({ geometry }: DrawnObject, { decimals }: Options): string | undefined {
  return geometry.kind === 'point' ? `${number.formatRounded(geometry.x, decimals)} ${number.formatRounded(geometry.y, decimals)}\n` : undefined;
}

export default converter<Options>({
  name: 'points',
  version: '0.1.0',
  title: 'Points',
  format: 'text',
  optionsSchema: { type: 'object', properties: { decimals: { type: 'integer', default: 2 } } },

  convert(options, run) {
    const file = run.create('points.txt');
    for (const task of run.tasks()) {
      for (const object of task.annotations.objects) {
        const text = row(object, options);
        if (text === undefined) run.lost(task.index, object.objectId, 'geometry-unsupported', object.geometry.kind);
        else file.write(text);
      }
    }
    file.finish();
  },
});
