import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const setting = z.union([z.string(), z.number(), z.boolean()]).nullable();
const condition = z.enum(['service_started', 'service_healthy', 'service_completed_successfully']);

/**
 * The keys of the compose format that the project uses; any other key is an error until it is added
 * here.
 */
const composition = z.strictObject({
  name: z.string(),
  services: z.record(
    z.string(),
    z.strictObject({
      image: z.string().optional(),
      build: z.string().optional(),
      entrypoint: z.array(z.string()).optional(),
      command: z.array(z.string()).optional(),
      environment: z.record(z.string(), setting).default({}),
      ports: z.array(z.string()).default([]),
      volumes: z.array(z.string()).default([]),
      depends_on: z.record(z.string(), z.strictObject({ condition })).default({}),
      healthcheck: z
        .strictObject({ test: z.array(z.string()), interval: z.string(), timeout: z.string(), retries: z.number() })
        .optional(),
      stop_grace_period: z.string().optional(),
      init: z.boolean().optional(),
      security_opt: z.array(z.string()).default([]),
      cap_drop: z.array(z.string()).default([]),
      cap_add: z.array(z.string()).default([]),
      read_only: z.boolean().default(false),
      tmpfs: z.array(z.string()).default([]),
    }),
  ),
  volumes: z.record(z.string(), z.null()),
});

export type Composition = z.infer<typeof composition>;

/** Parses the compose file. Throws on unknown keys. */
export function readComposition(): Composition {
  return composition.parse(parse(readFileSync('docker-compose.yml', 'utf8'), { strict: true }));
}

export interface Instruction {
  readonly name: string;
  readonly argument: string;
}

/** Returns the instructions of the Dockerfile in order, each in one line. */
export function readDockerfile(): readonly Instruction[] {
  return readFileSync('Dockerfile', 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replace(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', argument = ''] = line.split(/ (.*)/s);
      return { name, argument };
    });
}
