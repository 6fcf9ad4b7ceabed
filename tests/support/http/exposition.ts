import { send } from './client.ts';

/** What `/metrics` said at one moment. */
export interface Scrape {
  readonly text: string;
  /** The types of the metrics, by name. */
  readonly types: ReadonlyMap<string, string>;
  /** Every value, by name and labels as they were written. */
  readonly values: ReadonlyMap<string, number>;
  /**
   * A value, written as in `name{label="a"}` with the labels in any order; 0 where it is not there
   * yet.
   */
  value(series: string): number;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;

/**
 * Asks for the metrics and reads them. Fails unless every line is one that Prometheus understands.
 */
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
    if (name === '') throw new Error(`not a line of the text form: ${line}`);
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

/** The names that a query may ask for. */
export function namesIn({ types }: Scrape): ReadonlySet<string> {
  return new Set(
    [...types].flatMap(([name, type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => `${name}${end}`) : [name],
    ),
  );
}
