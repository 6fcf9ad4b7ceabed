import type { Row } from '../frame/row.ts';
import { startProgram } from '../peers/platter.ts';

export const startUp: Row = {
  name: 'start',
  title: 'start to ready, embedded database, not the first start',
  unit: 's',
  counts: 'figure',
  better: 'less',
  atLeast: 2,
  dream: 1,
  async stage(bench) {
    const dataDirectory = await bench.folder();
    await (await startProgram(bench, dataDirectory)).stop();
    return {
      subject: {
        name: 'Platter',
        async measure() {
          const { readyAfterMs, stop } = await startProgram(bench, dataDirectory);
          await stop();
          return { figure: readyAfterMs / 1000 };
        },
      },
    };
  },
};
