import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import express, { type Express, type RequestHandler } from 'express';
import { answerBrokenRequest as answerBrokenCloudsigma } from '../../adapters/http/cloudsigma/broken-request.ts';
import { failureAnswer as cloudsigmaFailure } from '../../adapters/http/cloudsigma/failure-answer.ts';
import { deniedAttemptOf as cloudsigmaRefusal } from '../../adapters/http/cloudsigma/audit-actions.ts';
import { cloudsigmaRoutes } from '../../adapters/http/cloudsigma/routes.ts';
import { ROOT as CLOUDSIGMA } from '../../adapters/http/cloudsigma/wire.ts';
import { deniedAttemptOf as deniedNative } from '../../adapters/http/native/audit-actions.ts';
import { failureAnswer as nativeFailure } from '../../adapters/http/native/failure-answer.ts';
import { linkRoutes, LINKS_ROOT } from '../../adapters/http/native/links/link-content.ts';
import { ROOT as NATIVE } from '../../adapters/http/native/operations.ts';
import { nativeRoutes } from '../../adapters/http/native/routes.ts';
import { consoleRoutes } from '../../adapters/http/operations/console-routes.ts';
import { documentRoutes } from '../../adapters/http/operations/document-routes.ts';
import { problemPages } from '../../adapters/http/operations/problem-pages.ts';
import { operationsRoutes, type Exposition } from '../../adapters/http/operations/routes.ts';
import { setUnreadLimit } from '../../adapters/http/shared/answer.ts';
import { answerBrokenProblem } from '../../adapters/http/shared/broken-problem.ts';
import { rememberRequest, type BrokenRequestAnswer } from '../../adapters/http/shared/broken-request.ts';
import { trustedProxies } from '../../adapters/http/shared/client-address.ts';
import { crossOrigin } from '../../adapters/http/shared/cross-origin.ts';
import { serializePipelinedRequests } from '../../adapters/http/shared/serialize-pipelined-requests.ts';
import { Lingering } from '../../adapters/http/shared/lingering.ts';
import { originForm } from '../../adapters/http/shared/origin-form.ts';
import { countRequests } from '../../adapters/http/shared/request-count.ts';
import { recordDeniedAttempts } from '../../adapters/http/shared/denied-attempts.ts';
import { checkHead } from '../../adapters/http/shared/request-head.ts';
import { requestLog } from '../../adapters/http/shared/request-log.ts';
import { collapseSlashes } from '../../adapters/http/shared/slashes.ts';
import { deniedAttemptOf as deniedUpload } from '../../adapters/http/tus/audit-actions.ts';
import { failureAnswer as tusFailure } from '../../adapters/http/tus/failure-answer.ts';
import { ROOT as TUS } from '../../adapters/http/tus/operations.ts';
import { tusRoutes } from '../../adapters/http/tus/routes.ts';
import { answerBrokenRequest } from '../../adapters/http/velocity/broken-request.ts';
import { failureAnswer } from '../../adapters/http/velocity/failure-answer.ts';
import { deniedAttemptOf } from '../../adapters/http/velocity/audit-actions.ts';
import { velocityRoutes } from '../../adapters/http/velocity/routes.ts';
import { countConnections } from '../../adapters/postgres/database.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { consoleFiles } from '../console-files.ts';
import { viewerFile } from '../viewer-file.ts';
import { cloudsigmaUseCases } from '../composition/cloudsigma-use-cases.ts';
import { Connections } from './connections.ts';
import { createHttpServer } from './http-server.ts';
import { operationsUseCases, type OperationsUseCases } from '../composition/operations-use-cases.ts';
import { openLink } from '../composition/link-use-cases.ts';
import { nativeCallers, nativeUseCases } from '../composition/native-use-cases.ts';
import type { Services } from '../composition/tokens.ts';
import { tusCallers, tusUseCases } from '../composition/tus-use-cases.ts';
import { velocityCallers, velocityUseCases } from '../composition/velocity-use-cases.ts';

/** The time to delete the bytes of aborted uploads; the next start deletes the rest. */
const MAX_CLEANUP_MS = 10_000;

const RETRY_AFTER_SECONDS = 5;

/** Pages of other origins have no access to it. */
const IS_NATIVE = new RegExp(`^${NATIVE}(?:/|$)`);

const BROKEN_CLOUDSIGMA = /^[A-Z]+ \/+api\/+2\.0\b/;
const BROKEN_PROBLEM = /^[A-Z]+ \/+(?:uploads|v1|l)\b/;

/** The running HTTP server. */
export interface PlatterServer {
  /** The port that it listens on; never 0. */
  readonly port: number;
  /**
   * Accepts no new requests, lets running ones continue for at most `graceSeconds`, and aborts the
   * rest. Resolves when their cleanup has ended.
   */
  drain(graceSeconds: number): Promise<void>;
}

/**
 * Starts to listen.
 *
 * @throws Error when the address is in use or not available
 */
export async function startServer(services: Services): Promise<PlatterServer> {
  const { config, leases, uploadLeases, chunkLeases } = services;
  const state = { draining: false };
  const lingering = new Lingering();
  const app = buildApp(services, lingering, () => state.draining);
  const server = createHttpServer(app, answerByDialect, lingering);
  const connections = new Connections(server);
  await listen(server, config.host, config.port);
  return {
    port: (server.address() as AddressInfo).port,
    drain: async (graceSeconds) => {
      state.draining = true;
      await connections.close(graceSeconds);
      const idle = Promise.all([leases.idle(), chunkLeases.idle(), uploadLeases.idle()]);
      await Promise.race([idle, setTimeout(MAX_CLEANUP_MS, undefined, { ref: false })]);
    },
  };
}

function buildApp(services: Services, lingering: Lingering, isDraining: () => boolean): Express {
  const { config, log, prometheus, deniedAttempts, random } = services;
  const operations = operationsUseCases(services);
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.set('trust proxy', trustedProxies(config.trustedProxies));
  app.use(setUnreadLimit(config.transferMinimumRate.idleSeconds), lingering.afterAnswers);
  app.use(requestLog(log), serializePipelinedRequests, countRequests(prometheus.requests));
  app.use(rememberRequest, originForm, collapseSlashes, checkHead);
  app.use(operationsRoutes(operations.checkReadiness, exposition(services, operations)));
  app.use(
    documentRoutes(apiDocument, viewerFile),
    problemPages(),
    consoleRoutes(consoleFiles, () => random.uuid()),
  );
  app.use(refuseWhile(isDraining));
  app.use(CLOUDSIGMA, cloudsigmaRoutes(cloudsigmaUseCases(services), config.transferMinimumRate));
  app.use(NATIVE, nativeRoutes(nativeUseCases(services), nativeCallers(services), config.transferMinimumRate));
  app.use(LINKS_ROOT, linkRoutes(openLink(services), config.transferMinimumRate));
  app.use(TUS, tusRoutes(tusUseCases(services), tusCallers(services), config.transferMinimumRate));
  app.use(velocityRoutes(velocityUseCases(services), velocityCallers(services), config.transferMinimumRate));
  app.use(CLOUDSIGMA, recordDeniedAttempts(deniedAttempts, cloudsigmaRefusal), cloudsigmaFailure);
  app.use(NATIVE, recordDeniedAttempts(deniedAttempts, deniedNative), nativeFailure);
  app.use(LINKS_ROOT, nativeFailure);
  app.use(TUS, recordDeniedAttempts(deniedAttempts, deniedUpload), tusFailure);
  app.use(recordDeniedAttempts(deniedAttempts, deniedAttemptOf), failureAnswer);
  return app;
}

/** Loaded with the first request for the document: its schemas would slow every start. */
async function apiDocument(): Promise<object> {
  const document = await import('./api-document.ts');
  return document.apiDocument();
}

function exposition(
  { config, connections: pools, partMemory, prometheus }: Services,
  { readServiceStatus }: OperationsUseCases,
): () => Promise<Exposition> {
  const { maxUploads, maxDownloads } = config;
  return async () => {
    const status = await readServiceStatus.run();
    const uploadsWaiting = partMemory.waiting;
    const connections = countConnections(pools);
    return prometheus.expose(status, { maxUploads, uploadsWaiting, maxDownloads, connections });
  };
}

/** Answers an unparsable request in the form of the API that its path, as received, belongs to. */
const answerByDialect: BrokenRequestAnswer = (broken) => {
  if (BROKEN_CLOUDSIGMA.test(broken.beginning)) return answerBrokenCloudsigma(broken);
  return BROKEN_PROBLEM.test(broken.beginning) ? answerBrokenProblem(broken) : answerBrokenRequest(broken);
};

function refuseWhile(isDraining: () => boolean): RequestHandler {
  return (request, response, next) => {
    if (!isDraining()) {
      next();
      return;
    }
    response.set('Connection', 'close');
    const refusal = new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    // With CORS headers, so that a page of another origin can read the reason.
    if (IS_NATIVE.test(request.path)) next(refusal);
    else crossOrigin(request, response, () => next(refusal));
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
