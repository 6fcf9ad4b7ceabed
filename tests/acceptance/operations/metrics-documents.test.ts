import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { namesIn, scrape, type Scrape } from '../../support/http/scrape.ts';
import { startPlatter } from '../../support/program/platter.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly action: string };
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const METRIC = /\b(?:platter|nodejs|process)_\w+/g;

async function documentOf(name: string): Promise<string> {
  return readFile(join(import.meta.dirname, '..', '..', '..', 'docs', name), 'utf8');
}

describe('The documentation of metrics', () => {
  let seen: Scrape;
  beforeAll(async () => {
    const platter = await startPlatter();
    seen = await scrape(platter.url);
  });

  function expectKnown(expressions: readonly string[]): void {
    const names = namesIn(seen);
    for (const expression of expressions) {
      const metrics = expression.match(METRIC) ?? [];
      if (!/\bup\{/.test(expression)) expect([expression, metrics.length > 0]).toEqual([expression, true]);
      expect(metrics.filter((name) => !names.has(name))).toEqual([]);
    }
  }

  it('lists every metric with its type, and no other', async () => {
    const rows = (await documentOf('metrics.md')).matchAll(/^- `(\w+)` \((\w+)/gm);
    const listed = [...rows].map(([, name, type]) => `${name} ${type}`);
    expect(listed.sort()).toEqual([...seen.types].map(([name, type]) => `${name} ${type}`).sort());
  });

  it('has alerts on existing metrics, with an action', async () => {
    const { groups } = parse(await documentOf('prometheus-alerts.yml')) as {
      groups: readonly { rules: readonly Rule[] }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    expectKnown(rules.map(({ expr }) => expr));
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { labels, annotations } of rules) {
      expect(['critical', 'warning']).toContain(labels.severity);
      expect([annotations.summary, annotations.action]).toEqual([
        expect.stringMatching(/./),
        expect.stringMatching(/\.$/),
      ]);
    }
  });

  it('has a dashboard of existing metrics, with every metric of Platter', async () => {
    const { panels } = JSON.parse(await documentOf('grafana-dashboard.json')) as { panels: readonly Panel[] };
    const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expectKnown(expressions);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const dashboard = expressions.join(' ');
    const own = [...seen.types.keys()].filter((name) => name.startsWith('platter_'));
    expect(own.filter((name) => !dashboard.includes(name))).toEqual([]);
  });
});
