/** A provider that asks the first healthy of several nodes, and the next one when it fails. */
import { type JsonRpcPayload, JsonRpcProvider, Network, keccak256 } from "ethers";

import { AbortedError } from "../../../sdk/src/errors";
import { type RpcAnswer, isAlreadyKnown } from "./answers";
import { type Endpoint, type Head, type Limits, type RpcRequest, askEndpoint, newEndpoint } from "./endpoint";
import { ChainIdError, NoEndpointError } from "./errors";
import { type Sleep, pause, sleepReally } from "./pause";

/** How nodes are asked. Times are milliseconds. */
export interface FailoverOptions {
  /** Of a node that is on another chain nothing is believed. */
  readonly chainId: number;
  /** What one request may take. @defaultValue 20,000 */
  readonly timeout?: number;
  /** Rounds through the nodes after the first. @defaultValue 5 */
  readonly retries?: number;
  /** The wait after the first round; it doubles with each. @defaultValue 500 */
  readonly backOff?: number;
  /** The longest wait between two rounds, and rest of a node. @defaultValue 15,000 */
  readonly maxBackOff?: number;
  /** Blocks that a node may be behind the best seen. @defaultValue 5 */
  readonly maxLag?: number;
  /** Seconds that a node's latest block may be older than the best seen. @defaultValue 300 */
  readonly maxAge?: number;
  /** How often the heads of all nodes are compared; of a single one there is nothing to compare. @defaultValue 30,000 */
  readonly checkInterval?: number;
  /** Between two looks of ethers' own waits. @defaultValue 4,000 */
  readonly pollingInterval?: number;
  /** From 0 to below 1. */
  readonly random?: () => number;
  readonly now?: () => number;
  readonly sleep?: Sleep;
  /** Told when a node is passed over. */
  readonly log?: (event: { readonly endpoint: string; readonly method: string; readonly reason: string }) => void;
}

type Settings = Required<FailoverOptions>;

interface Failover {
  readonly settings: Settings;
  readonly endpoints: readonly Endpoint[];
  readonly closing: AbortController;
  /** The furthest of what each node told last. */
  best: Head | undefined;
  /** When heads are compared again, and the comparison that runs. */
  checkAt: number;
  check: Promise<void> | undefined;
  nextId: number;
}

const defaults = {
  timeout: 20_000,
  retries: 5,
  backOff: 500,
  maxBackOff: 15_000,
  maxLag: 5,
  maxAge: 300,
  checkInterval: 30_000,
  pollingInterval: 4_000,
};

/** Doing these twice is not the same as once; a request that failed may have been carried out. */
const once = /^(eth_sendTransaction|(evm|hardhat|anvil|personal|wallet|account)_.*)$/;

/**
 * A provider over several nodes of one chain; `urls` in the order of preference. What a node answers for the chain (a revert, a nonce too
 * low) is final; a node that is unreachable, late, busy, confused, behind the others or on another chain is passed over. When all are,
 * they are asked again in rounds with growing waits. `destroy` ends what is under way.
 *
 * @throws {@link NoEndpointError} from each request that no node answers in all rounds; {@link ChainIdError} when all are on other chains.
 */
export function createFailover(urls: readonly string[], options: FailoverOptions): JsonRpcProvider {
  const failover = newFailover(urls, options);
  const { chainId, pollingInterval } = failover.settings;
  const provider = new JsonRpcProvider(urls[0], chainId, {
    staticNetwork: Network.from(chainId),
    batchMaxCount: 1,
    // ethers would answer from memory what a new block has changed.
    cacheTimeout: -1,
    pollingInterval,
  });
  const destroy = provider.destroy.bind(provider);
  return Object.assign(provider, {
    // An error in an answer is as good as a result: ethers judges it.
    _send: async (payload: JsonRpcPayload | JsonRpcPayload[]) => {
      const payloads = Array.isArray(payload) ? payload : [payload];
      return Promise.all(
        payloads.map(async ({ method, params, id }) => ({ ...(await ask(failover, method, params)), id })),
      );
    },
    destroy: () => {
      failover.closing.abort();
      destroy();
    },
  });
}

function newFailover(urls: readonly string[], options: FailoverOptions): Failover {
  const settings = {
    ...defaults,
    random: Math.random,
    now: Date.now,
    sleep: sleepReally,
    log: () => undefined,
    ...options,
  };
  return {
    settings,
    endpoints: urls.map(newEndpoint),
    closing: new AbortController(),
    best: undefined,
    checkAt: 0,
    check: undefined,
    nextId: 1,
  };
}

async function ask(failover: Failover, method: string, params: unknown): Promise<RpcAnswer> {
  const { settings, closing } = failover;
  const { retries, backOff, maxBackOff, random, sleep } = settings;
  for (let round = 0; ; round++) {
    await compareHeads(failover);
    const answer = await askAll(failover, method, params);
    if (answer !== undefined) return answer;
    const isHopeless = failover.endpoints.every(({ otherChainId }) => otherChainId !== undefined);
    if (isHopeless || round >= retries || once.test(method)) throw nobody(failover, method);
    // Jitter, so that many processes do not come back to a node at one moment.
    const wait = Math.min(backOff * 2 ** round, maxBackOff) * (0.5 + random() / 2);
    await pause(method, wait, sleep, closing.signal);
    lookAfresh(failover);
  }
}

/** When none answered, what was known of them is too old to pass one over. */
function lookAfresh(failover: Failover): void {
  failover.checkAt = 0;
  for (const endpoint of failover.endpoints) endpoint.restsUntil = 0;
}

/** Asks node after node until one answers. */
async function askAll(failover: Failover, method: string, params: unknown): Promise<RpcAnswer | undefined> {
  for (const endpoint of candidates(failover)) {
    if (failover.closing.signal.aborted) throw new AbortedError(method, "the provider is closed");
    if (!(await isOurs(failover, endpoint))) continue;
    const outcome = await askOne(failover, endpoint, method, params);
    if (outcome !== undefined) return method === "eth_sendRawTransaction" ? takeKnown(outcome, params) : outcome;
    if (once.test(method)) break;
  }
  return undefined;
}

/** In the order of preference, those first that did not fail just now. None that is stale or of another chain. */
function candidates({ endpoints, settings, best }: Failover): readonly Endpoint[] {
  const now = settings.now();
  const usable = endpoints.filter((one) => one.otherChainId === undefined && !isStale(one, best, settings));
  const isResting = ({ restsUntil }: Endpoint) => restsUntil > now;
  return [...usable.filter((one) => !isResting(one)), ...usable.filter(isResting)];
}

function isStale({ head }: Endpoint, best: Head | undefined, { maxLag, maxAge }: Settings): boolean {
  if (head === undefined || best === undefined) return false;
  return best.number - head.number > maxLag || best.timestamp - head.timestamp > maxAge;
}

/** Reads a node's chain id before it is believed anything, and again after it failed: an address may have got another node. */
async function isOurs(failover: Failover, endpoint: Endpoint): Promise<boolean> {
  if (endpoint.isChecked) return true;
  const answer = await askOne(failover, endpoint, "eth_chainId", []);
  if (answer === undefined) return false;
  const result = "result" in answer ? answer.result : undefined;
  if (typeof result !== "string" || !/^0x[0-9a-f]+$/i.test(result)) {
    endpoint.trouble = "does not tell its chain id";
    return false;
  }
  const chainId = Number(result);
  if (chainId === failover.settings.chainId) endpoint.isChecked = true;
  else refuse(failover, endpoint, chainId);
  return endpoint.isChecked;
}

function refuse({ settings }: Failover, endpoint: Endpoint, chainId: number): void {
  endpoint.otherChainId = chainId;
  endpoint.trouble = `is on chain ${chainId}`;
  settings.log({ endpoint: endpoint.name, method: "eth_chainId", reason: endpoint.trouble });
}

async function askOne(
  failover: Failover,
  endpoint: Endpoint,
  method: string,
  params: unknown,
  timeout = failover.settings.timeout,
): Promise<RpcAnswer | undefined> {
  const request: RpcRequest = { jsonrpc: "2.0", id: failover.nextId++, method, params };
  const limits: Limits = { timeout, signal: failover.closing.signal };
  const outcome = await askEndpoint(endpoint, request, limits);
  if (outcome.type === "answer") {
    endpoint.failures = 0;
    endpoint.restsUntil = 0;
    return outcome.answer;
  }
  const { backOff, maxBackOff, now, log } = failover.settings;
  endpoint.isChecked = false;
  endpoint.restsUntil = now() + Math.min(backOff * 2 ** endpoint.failures++, maxBackOff);
  endpoint.trouble = outcome.reason;
  log({ endpoint: endpoint.name, method, reason: outcome.reason });
  return undefined;
}

/** Reads the heads of all nodes that do not rest, when it is time. Requests that come meanwhile wait for the same comparison. */
async function compareHeads(failover: Failover): Promise<void> {
  if (failover.endpoints.length < 2) return;
  if (failover.check === undefined && failover.settings.now() < failover.checkAt) return;
  failover.check ??= readHeads(failover).finally(() => {
    failover.check = undefined;
  });
  await failover.check;
}

async function readHeads(failover: Failover): Promise<void> {
  const { now, checkInterval } = failover.settings;
  const awake = failover.endpoints.filter((one) => one.otherChainId === undefined && one.restsUntil <= now());
  await Promise.all(awake.map(async (endpoint) => readHead(failover, endpoint)));
  failover.checkAt = now() + checkInterval;
  const { best, settings } = failover;
  for (const endpoint of awake.filter((one) => isStale(one, best, settings))) {
    endpoint.trouble = `is stale: at block ${endpoint.head?.number ?? "?"}, others are at ${best?.number ?? "?"}`;
    settings.log({ endpoint: endpoint.name, method: "eth_getBlockByNumber", reason: endpoint.trouble });
  }
}

async function readHead(failover: Failover, endpoint: Endpoint): Promise<void> {
  if (!(await isOurs(failover, endpoint))) return;
  // A node that hangs must not hold up those that do not.
  const timeout = Math.min(failover.settings.timeout, 5_000);
  const answer = await askOne(failover, endpoint, "eth_getBlockByNumber", ["latest", false], timeout);
  const head = answer !== undefined && "result" in answer ? headOf(answer.result) : undefined;
  if (head === undefined) return;
  endpoint.head = head;
  // Not the furthest ever told: one absurd head would make all nodes stale for good.
  const heads = failover.endpoints.flatMap((one) => one.head ?? []);
  failover.best = {
    number: Math.max(...heads.map(({ number }) => number)),
    timestamp: Math.max(...heads.map(({ timestamp }) => timestamp)),
  };
}

function headOf(block: unknown): Head | undefined {
  if (typeof block !== "object" || block === null || !("number" in block) || !("timestamp" in block)) return undefined;
  const head = { number: Number(block.number), timestamp: Number(block.timestamp) };
  return Number.isSafeInteger(head.number) && Number.isSafeInteger(head.timestamp) ? head : undefined;
}

/** A node that has the transaction already has what it was asked to have. */
function takeKnown(answer: RpcAnswer, params: unknown): RpcAnswer {
  const raw: unknown = Array.isArray(params) ? params[0] : undefined;
  if (!("error" in answer) || typeof raw !== "string" || !isAlreadyKnown(answer.error.message)) return answer;
  return { id: answer.id, result: keccak256(raw) };
}

function nobody({ settings, endpoints }: Failover, method: string): ChainIdError | NoEndpointError {
  const others = endpoints.flatMap(({ name, otherChainId }) =>
    otherChainId === undefined ? [] : [{ endpoint: name, chainId: otherChainId }],
  );
  if (others.length > 0 && others.length === endpoints.length) return new ChainIdError(settings.chainId, others);
  const failures = endpoints.map(({ name, trouble }) => ({ endpoint: name, reason: trouble }));
  return new NoEndpointError(settings.chainId, method, failures);
}
