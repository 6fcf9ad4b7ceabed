import { NodeDigests } from '../../adapters/digests/node-digests.ts';
import { CreateImport } from '../../application/imports/create-import.ts';
import { PerformImport } from '../../application/imports/perform-import.ts';
import { RunImports } from '../../application/imports/run-imports.ts';
import { WriteImport } from '../../application/imports/write-import.ts';
import type { Config } from '../config/config.ts';
import type { Services } from './tokens.ts';

/** The services that imports need. */
export type ImportServices = Pick<
  Services,
  | 'clock'
  | 'endUpload'
  | 'finishUpload'
  | 'importRate'
  | 'importSource'
  | 'log'
  | 'metrics'
  | 'pools'
  | 'random'
  | 'stores'
  | 'uploadLeases'
  | 'uploadSessions'
  | 'work'
  | 'workers'
> & { readonly config: Pick<Config, 'importsAreOn' | 'importSources' | 'maxImports' | 'uploadLimits'> };

/** Creates the use case that queues imports. */
export function createImport({ config, work, pools, random, workers }: ImportServices): CreateImport {
  const { uploadLimits: limits, importSources: rules, importsAreOn } = config;
  return new CreateImport({ work, pools, random, workers, limits, rules, importsAreOn });
}

/** Creates the use case that runs imports. */
export function importRuns(services: ImportServices): RunImports {
  const { work, stores, uploadLeases, uploadSessions, endUpload, finishUpload, importSource } = services;
  const { workers, metrics, log, config } = services;
  const writeImport = new WriteImport(services);
  const digests = new NodeDigests();
  const performImport = new PerformImport({
    work,
    stores,
    importSource,
    uploadSessions,
    writeImport,
    finishUpload,
    digests,
  });
  const { maxImports, importsAreOn } = config;
  return new RunImports({
    work,
    uploadLeases,
    endUpload,
    performImport,
    workers,
    metrics,
    log,
    maxImports,
    importsAreOn,
  });
}
