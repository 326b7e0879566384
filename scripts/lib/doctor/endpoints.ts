/** The nodes of a chain: each by itself, and whether they agree. */
import { isIP } from "node:net";

import type { Block, JsonRpcApiProvider } from "ethers";

import type { ChainSettings } from "../../config/networks";
import { endpointName } from "../chain/endpoint";
import { durationOf } from "../health/words";
import { type Check, fault, guarded, ok, warning } from "./check";

/** Connects to one node. */
export type Connect = (url: string, chainId: number) => JsonRpcApiProvider;

/** How far nodes of one chain may be apart, in blocks. */
const maxLag = 5;
/** Seconds that the latest block may be old: Ethereum's comes each 12 seconds, Metis's clock may lag. */
const maxAge = { l1: 600, l2: 3_600 } as const;
/** Seconds that a block may be ahead of this machine. */
const maxAhead = 60;
/** Blocks in one request for logs, below which reading the history takes long. */
const logRange = 5_000;
/** Runs in a call without a target and answers 32 bytes of 0: how the SDK reads many views at once. */
const callWithoutTarget = "0x60206000f3";

interface Tip {
  readonly name: string;
  readonly provider: JsonRpcApiProvider;
  readonly block: Block;
}

/** Looks at all nodes of a chain. @param now - This machine's clock, Unix seconds. */
export async function checkEndpoints(
  settings: ChainSettings,
  connect: Connect,
  now: number,
): Promise<readonly Check[]> {
  const { rpcUrls, rpcVariable, name, chainId } = settings;
  const providers = rpcUrls.map((url) => ({ url, provider: connect(url, chainId) }));
  try {
    const looked = await Promise.all(
      providers.map(({ url, provider }) => checkEndpoint(settings, { url, provider }, now)),
    );
    const tips = looked.flatMap(({ tip }) => (tip === undefined ? [] : [tip]));
    const single = warning(`${name}: one node only`, `add others to ${rpcVariable}, so that one may fail`);
    return [
      ...rpcUrls.flatMap(checkAddress),
      ...looked.flatMap(({ checks }) => checks),
      ...(rpcUrls.length === 1 ? [single] : []),
      ...(await guarded(`${name}: the nodes could not be compared`, "run it again", () => compareTips(name, tips))),
    ];
  } finally {
    for (const { provider } of providers) provider.destroy();
  }
}

/** Whether what is read over an address can be changed on the way. */
export function checkAddress(url: string): readonly Check[] {
  const { protocol, hostname } = new URL(url);
  if (protocol === "https:" || isLoopback(hostname)) return [];
  const plain = `${endpointName(url)} is asked without encryption: whoever is on the way can change what is read`;
  return [fault(plain, "use https, or a node on this machine")];
}

function isLoopback(hostname: string): boolean {
  const host = hostname.replaceAll(/[[\]]/g, "");
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

interface Looked {
  readonly checks: readonly Check[];
  readonly tip?: Tip;
}

async function checkEndpoint(
  settings: ChainSettings,
  { url, provider }: { readonly url: string; readonly provider: JsonRpcApiProvider },
  now: number,
): Promise<Looked> {
  const { layer, name: chain, chainId } = settings;
  const name = `${chain}, ${endpointName(url)}`;
  let tip: Tip | undefined;
  const checks = await guarded(name, "check the address, its key and the network, or use another node", async () => {
    const block = await provider.getBlock("latest");
    if (block === null) throw new Error("it has no latest block");
    tip = { name: endpointName(url), provider, block };
    return [
      ok(`${name}: chain ${chainId}, block ${block.number}`),
      checkClock(name, now - block.timestamp, maxAge[layer]),
      ...(await checkAbilities(name, { settings, provider, block })),
    ];
  });
  return tip === undefined ? { checks } : { checks, tip };
}

function checkClock(name: string, age: number, longest: number): Check {
  if (age < -maxAhead) {
    return fault(
      `${name}: its latest block is ${durationOf(-age)} ahead of this machine's clock`,
      "set this machine's clock",
    );
  }
  if (age > longest) {
    const old = `${name}: its latest block is ${durationOf(age)} old by this machine's clock`;
    return warning(old, "check this machine's clock; if it is right, the node or the chain stands still");
  }
  return ok(`${name}: the clocks agree, its latest block is ${durationOf(Math.max(0, age))} old`);
}

interface Asked {
  readonly settings: ChainSettings;
  readonly provider: JsonRpcApiProvider;
  readonly block: Block;
}

async function checkAbilities(name: string, { settings, provider, block }: Asked): Promise<readonly Check[]> {
  const other = "use another node";
  const calls = await guarded(`${name}: no calls without a target, which every read needs`, other, async () => {
    const answer = await provider.call({ data: callWithoutTarget });
    if (BigInt(answer) !== 0n || answer.length !== 66) throw new Error(`it answers ${answer.slice(0, 80)}`);
    return [];
  });
  const fromBlock = Math.max(0, block.number - logRange + 1);
  const logs = await guarded(
    `${name}: no logs of ${logRange} blocks at once`,
    `${other}, or expect slow reads`,
    async () => {
      await provider.getLogs({ address: `0x${"11".repeat(20)}`, fromBlock, toBlock: block.number });
      return [];
    },
  );
  const isOddFee = settings.isLegacy && block.baseFeePerGas !== null;
  const odd = `${name}: blocks have a base fee, where only transactions of type 0 were expected`;
  const found = [
    ...calls,
    ...logs.map((check) => ({ ...check, verdict: "warning" }) as const),
    ...(isOddFee ? [warning(odd, "Metis has changed: try one transaction before you rely on it")] : []),
  ];
  return found.length === 0 ? [ok(`${name}: calls, logs and fees are as needed`)] : found;
}

/** Nodes that are far apart, or do not have the same block where all should. */
async function compareTips(chain: string, tips: readonly Tip[]): Promise<readonly Check[]> {
  if (tips.length < 2) return [];
  const numbers = tips.map(({ block }) => block.number);
  const best = Math.max(...numbers);
  const late = tips.filter(({ block }) => best - block.number > maxLag);
  const lagging = late.map(({ name, block }) =>
    warning(
      `${chain}: ${name} is ${best - block.number} blocks behind the others`,
      "it is passed over; replace it if it stays so",
    ),
  );
  const common = Math.max(0, Math.min(...numbers) - maxLag);
  const hashes = await Promise.all(tips.map(async ({ provider }) => (await provider.getBlock(common))?.hash ?? "none"));
  if (new Set(hashes).size === 1) return [...lagging, ok(`${chain}: all nodes have the same block ${common}`)];
  const differing = `${chain}: the nodes have different blocks ${common}: ${tips.map(({ name }, index) => `${name} ${hashes[index] ?? ""}`).join(", ")}`;
  return [...lagging, fault(differing, "one of them is on a fork or lies: find out which and remove it")];
}
