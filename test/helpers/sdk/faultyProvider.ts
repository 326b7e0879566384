/**
 * A node that misbehaves: an ethers provider whose answers fail, hang, come late, are cut or are wrong. Faults are put around each
 * other, the first outermost: `faulty(provider, failing({ methods: ["getLogs"], times: 2 }), late(5))`.
 */
import { setTimeout } from "node:timers/promises";

import { type Block, type Filter, Log, type Provider, concat, dataSlice, id, makeError, toBeHex } from "ethers";

/** One request to a provider, by the name of the provider's method. */
export interface ProviderRequest {
  readonly method: string;
  readonly parameters: readonly unknown[];
  /** Counts the requests to this provider from 0. */
  readonly index: number;
}

/** What becomes of a request; `proceed` lets it through to the node, or to the next fault. */
export type Fault = (request: ProviderRequest, proceed: () => Promise<unknown>) => Promise<unknown>;

/** Which requests a fault is for. */
export interface Aim {
  /** Methods of the provider. @defaultValue all */
  readonly methods?: readonly string[];
  /** How many of them. @defaultValue all */
  readonly times?: number;
}

const requests: readonly string[] = [
  ...["call", "estimateGas", "getLogs", "getBlock", "getBlockNumber", "getNetwork", "getFeeData", "getBalance"],
  ...["getCode", "getStorage", "getTransaction", "getTransactionCount", "getTransactionReceipt", "waitForTransaction"],
  ...["broadcastTransaction", "send"],
];

/** `provider` with faults. What is no request to the node stays as it is. */
export function faulty<P extends Provider>(provider: P, ...faults: readonly Fault[]): P {
  let count = 0;
  return new Proxy(provider, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function" || typeof name !== "string") return member;
      const method = member.bind(target) as (...parameters: readonly unknown[]) => Promise<unknown>;
      if (!requests.includes(name)) return method;
      return async (...parameters: readonly unknown[]) => {
        const request = { method: name, parameters, index: count++ };
        const chain = faults.reduceRight<() => Promise<unknown>>(
          (proceed, fault) => async () => fault(request, proceed),
          async () => method(...parameters),
        );
        return chain();
      };
    },
  });
}

/** Counts requests and harms none. */
export function counting(): { readonly fault: Fault; readonly count: (method?: string) => number } {
  const seen: string[] = [];
  return {
    fault: async ({ method }, proceed) => {
      seen.push(method);
      return proceed();
    },
    count: (method) => (method === undefined ? seen.length : seen.filter((name) => name === method).length),
  };
}

/** Harms no request and keeps the method of each. */
export function recording(): { readonly fault: Fault; readonly methods: readonly string[] } {
  const methods: string[] = [];
  return {
    fault: async ({ method }, proceed) => {
      methods.push(method);
      return proceed();
    },
    methods,
  };
}

/** The node answers with an error of its own. */
export function failing(aim: Aim = {}): Fault {
  return aimed(aim, () => {
    throw makeError("502 Bad Gateway", "SERVER_ERROR", { request: "POST" });
  });
}

/** The node never answers. */
export function hanging(aim: Aim = {}): Fault {
  return aimed(aim, async () => new Promise<never>(() => undefined));
}

/** The node answers after so many milliseconds. */
export function late(milliseconds: number, aim: Aim = {}): Fault {
  return aimed(aim, async (_request, proceed) => {
    await setTimeout(milliseconds);
    return proceed();
  });
}

/** Of `size` requests that come at once, the last is answered first. */
export function outOfOrder(size = 4): Fault {
  return async ({ index }, proceed) => {
    const answer = await proceed();
    await setTimeout((size - (index % size)) * 3);
    return answer;
  };
}

/** The node refuses logs of more than so many blocks; 0: of any. */
export function refusingRanges(blocks: number): Fault {
  return aimed({ methods: ["getLogs"] }, async ({ parameters }, proceed) => {
    const { from, to } = rangeOf(parameters);
    if (to - from < blocks) return proceed();
    throw makeError(`block range is limited to ${blocks}`, "UNKNOWN_ERROR");
  });
}

/** The node silently leaves out all logs but those of the last so many blocks of a range. */
export function losingLogs(blocks: number): Fault {
  return aimed({ methods: ["getLogs"] }, async ({ parameters }, proceed) => {
    const { to } = rangeOf(parameters);
    return ((await proceed()) as Log[]).filter(({ blockNumber }) => blockNumber > to - blocks);
  });
}

/** The node is on another chain: in what ReadBatch answers too. */
export function onChain(chainId: number): Fault {
  return async ({ method, parameters }, proceed) => {
    if (method === "getNetwork") return { chainId: BigInt(chainId), name: "another" };
    const answer = await proceed();
    const isBatch = method === "call" && (parameters[0] as { to?: unknown }).to === undefined;
    return isBatch && typeof answer === "string" ? concat([toBeHex(chainId, 32), dataSlice(answer, 32)]) : answer;
  };
}

/** The node answers `answer`, whatever it was asked. */
export function answering(answer: unknown, aim: Aim = {}): Fault {
  return aimed(aim, async () => Promise.resolve(answer));
}

/** A node that follows a fork of the last `depth` blocks until it is told to come back to the chain. */
export interface Fork {
  readonly fault: Fault;
  /** From now on the node answers as the chain is. */
  readonly end: () => void;
}

/**
 * Blocks after `head − depth` have other hashes, and their logs are changed by `logs` (all are left out unless it is given). State is
 * the chain's: for a fork with a state of its own take a snapshot of a local chain, mine, restore it and mine something else.
 */
export function forking(
  { head, depth = 3 }: { readonly head: number; readonly depth?: number },
  logs: (log: Log) => readonly Log[] = () => [],
): Fork {
  let isForked = true;
  const isOther = (blockNumber: number) => blockNumber > head - depth;
  const fault: Fault = async ({ method }, proceed) => {
    const answer = await proceed();
    // A node that has come back answers so, whenever it was asked.
    if (!isForked) return answer;
    if (method === "getBlock") return forkedBlock(answer as Block | null, isOther);
    if (method !== "getLogs") return answer;
    return (answer as Log[]).flatMap((log) => (isOther(log.blockNumber) ? logs(forkedLog(log)) : [log]));
  };
  return {
    fault,
    end: () => {
      isForked = false;
    },
  };
}

/** Hash of block `blockNumber` of a fork. */
export function forkedHash(blockNumber: number): string {
  return id(`fork ${blockNumber}`);
}

function forkedBlock(block: Block | null, isOther: (blockNumber: number) => boolean): Block | null {
  if (block === null || !isOther(block.number)) return block;
  return Object.create(block, {
    hash: { value: forkedHash(block.number) },
    parentHash: { value: isOther(block.number - 1) ? forkedHash(block.number - 1) : block.parentHash },
  }) as Block;
}

function forkedLog(log: Log): Log {
  return new Log({ ...log.toJSON(), index: log.index, blockHash: forkedHash(log.blockNumber) } as Log, log.provider);
}

function aimed({ methods, times = Infinity }: Aim, fault: Fault): Fault {
  let hits = 0;
  return async (request, proceed) => {
    const isHit = (methods === undefined || methods.includes(request.method)) && hits < times;
    if (!isHit) return proceed();
    hits++;
    return fault(request, proceed);
  };
}

function rangeOf(parameters: readonly unknown[]): { readonly from: number; readonly to: number } {
  const { fromBlock, toBlock } = parameters[0] as Filter;
  if (typeof fromBlock !== "number" || typeof toBlock !== "number") throw new Error("a range of numbers is expected");
  return { from: fromBlock, to: toBlock };
}
