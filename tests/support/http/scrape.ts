import { send } from './client.ts';

/** The response of `/metrics` at one moment. */
export interface Scrape {
  readonly text: string;
  /** The types of the metrics, by name. */
  readonly types: ReadonlyMap<string, string>;
  /** Every value, by name and sorted labels. */
  readonly values: ReadonlyMap<string, number>;
  /**
   * Returns the value of a series such as `name{label="a"}`, labels in any order; 0 if there is
   * none.
   */
  value(series: string): number;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;

/** Reads the metrics. Fails unless every line is valid in Prometheus' text format. */
export async function scrape(url: string): Promise<Scrape> {
  const { status, headers, text } = await send(url, { method: 'GET', path: '/metrics' });
  expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  const types = new Map<string, string>();
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, type, of] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (type !== undefined && of !== undefined) types.set(type, of);
    if (line === '' || line.startsWith('# ')) continue;
    const [, name = '', labels = '', value] = SAMPLE.exec(line) ?? [];
    if (name === '') throw new Error(`not a line of the Prometheus text format: ${line}`);
    values.set(seriesOf(name, labels), Number(value));
  }
  return {
    text,
    types,
    values,
    value: (series) => {
      const [, name = series, labels = ''] = /^(\w+)\{(.*)\}$/.exec(series) ?? [];
      return values.get(seriesOf(name, labels)) ?? 0;
    },
  };
}

function seriesOf(name: string, labels: string): string {
  return `${name}{${(labels.match(/\w+="[^"]*"/g) ?? []).sort().join(',')}}`;
}

/** Returns the names that a PromQL query may use. */
export function namesIn({ types }: Scrape): ReadonlySet<string> {
  return new Set(
    [...types].flatMap(([name, type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => `${name}${end}`) : [name],
    ),
  );
}
