/**
 * Time and requests that the reward history of one account takes, over made-up logs of a protocol with many users.
 *
 * `npx ts-node scripts/accountingBench.ts [events] [blocks of the chain] [blocks that the node allows at once]`
 */
import {
  JsonRpcApiProvider,
  type JsonRpcError,
  type JsonRpcPayload,
  type JsonRpcResult,
  Network,
  id,
  toQuantity,
  zeroPadValue,
} from "ethers";

import { residualOf } from "../sdk/src/accounting/rows";
import { rewardHistory } from "../sdk/src/accounting/rewardHistory";
import { type SyntheticLog, syntheticDeployment, syntheticLogs } from "./lib/syntheticLogs";

interface Filter {
  readonly fromBlock: string;
  readonly toBlock: string;
  readonly address: string | readonly string[];
  readonly topics: readonly (string | readonly string[] | null)[];
}

/** A node that has nothing but logs and headers. */
class LogNode extends JsonRpcApiProvider {
  readonly requests = new Map<string, number>();
  batches = 0;

  constructor(
    chainId: number,
    private readonly logs: readonly SyntheticLog[],
    private readonly head: number,
    private readonly allowed: number,
  ) {
    super(Network.from(chainId), { staticNetwork: Network.from(chainId), cacheTimeout: -1 });
  }

  override _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<(JsonRpcResult | JsonRpcError)[]> {
    this.batches++;
    return Promise.resolve([payload].flat().map((request) => this.answer(request)));
  }

  private answer({ id: number, method, params }: JsonRpcPayload): JsonRpcResult | JsonRpcError {
    this.requests.set(method, (this.requests.get(method) ?? 0) + 1);
    const [first] = params as readonly unknown[];
    if (method === "eth_blockNumber") return { id: number, result: toQuantity(this.head) };
    if (method === "eth_getBlockByNumber") return { id: number, result: blockOf(Number(first)) };
    if (method !== "eth_getLogs") throw new Error(`${method} is not served here`);
    const logs = this.find(first as Filter);
    if (logs !== undefined) return { id: number, result: logs };
    return { id: number, error: { code: -32_000, message: `block range is limited to ${this.allowed}` } };
  }

  private find({ fromBlock, toBlock, address, topics }: Filter): readonly object[] | undefined {
    const [from, to] = [Number(fromBlock), Number(toBlock)];
    if (to - from >= this.allowed) return undefined;
    const addresses = new Set([address].flat().map((entry) => entry.toLowerCase()));
    const wanted = topics.map((topic) => (topic === null ? undefined : new Set([topic].flat())));
    const found: object[] = [];
    for (let position = this.firstFrom(from); position < this.logs.length; position++) {
      const log = this.logs[position];
      if (log === undefined || log.blockNumber > to) break;
      const fits = wanted.every((topic, at) => topic?.has(log.topics[at] ?? "") ?? true);
      if (fits && addresses.has(log.address.toLowerCase())) found.push(jsonOf(log));
    }
    return found;
  }

  private firstFrom(blockNumber: number): number {
    let [low, high] = [0, this.logs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.logs[middle]?.blockNumber ?? Infinity) < blockNumber) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function jsonOf({ blockNumber, index, transactionIndex, ...log }: SyntheticLog): object {
  const numbers = { blockNumber, transactionIndex, logIndex: index };
  return { ...log, ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, toQuantity(value)])) };
}

function blockOf(number: number): object {
  const nothing = { nonce: "0x0000000000000000", difficulty: "0x0", gasLimit: "0x0", gasUsed: "0x0", extraData: "0x" };
  const rest = { miner: zeroPadValue("0x", 20), transactions: [] };
  const [hash, parentHash] = [id(`block ${number}`), id(`block ${number - 1}`)];
  const timestamp = toQuantity(syntheticDeployment.genesis + BigInt(number) * 4n);
  return { ...nothing, ...rest, number: toQuantity(number), hash, parentHash, timestamp };
}

async function main(): Promise<void> {
  const [events = 1_000, blocks = 1_000_000, allowed = 10_000] = process.argv.slice(2).map(Number);
  const { deployment, account } = syntheticDeployment;
  const logs = syntheticLogs(events, blocks);
  const l1 = new LogNode(deployment.l1.chainId, [], 100, Infinity);
  const l2 = new LogNode(deployment.l2.chainId, logs, blocks, allowed);
  const begin = performance.now();
  const { total, byEvent, byDay, cursor } = await rewardHistory({ l1, l2, deployment }, { account, check: "logs" });
  const seconds = ((performance.now() - begin) / 1_000).toFixed(2);
  const requests = [...l2.requests].map(([method, count]) => `${method} ${count}`).join(", ");
  const batches = `${l2.batches} round trips`;
  console.log(`${logs.length} events in ${blocks} blocks, ${allowed} at once: ${seconds} s; ${requests}; ${batches}`);
  console.log(
    `${byEvent.length} rows by event, ${byDay.length} by day, residual ${residualOf(total)} wei, rewards ${total.rewards}`,
  );
  console.log(
    `cursor ${JSON.stringify(cursor).length} bytes, heap ${Math.round(process.memoryUsage().heapUsed / 2 ** 20)} MiB`,
  );
  l1.destroy();
  l2.destroy();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
