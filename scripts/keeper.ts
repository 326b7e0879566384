/**
 * Turns the cranks of a network: `npm run keeper -- --network metis-sepolia` says what it would do and why, `--send` does it, with the account that
 * `--key-variable`, `--keystore` or `--signer-url` names. Ctrl-C ends it after the order in hand.
 */
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";

import { Interface } from "ethers";

import { checkAddress } from "../sdk/src/check";
import { type Account, accountOptions, openAccount } from "./lib/chain/account";
import { type Chain, openChain } from "./lib/chain/chain";
import { readExternal } from "./lib/external";
import { createLogMemory } from "./lib/health/logMemory";
import { type MetricsServer, recentCycle, renderMetrics, serveMetrics } from "./lib/health/metrics";
import { readHealth } from "./lib/health/readHealth";
import { type Keeper, countersOf, emptyMemory, runCycle } from "./lib/keeper/cycle";
import { createLog } from "./lib/keeper/log";
import { type KeeperSettings, keeperOptions, parseKeeperOptions } from "./lib/keeper/options";
import { run } from "./lib/keeper/run";
import { describe } from "./lib/keeper/text";
import { type Network, networkOptions, selectNetwork } from "./lib/network";
import { readDeployment } from "./lib/records";
import { readSetup } from "./lib/setup";

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { ...networkOptions, ...accountOptions, ...keeperOptions } });
  const network = selectNetwork(values, process.env);
  const settings = parseKeeperOptions(values);
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      ending.abort();
    });
  }
  const chains: Chain[] = [];
  let server: MetricsServer | undefined;
  try {
    for (const side of [network.l1, network.l2]) chains.push(await openChain(side));
    const [l1, l2] = chains;
    if (l1 === undefined || l2 === undefined) return;
    const account = settings.sends ? await openAccount(values) : undefined;
    const keeper = await createKeeper(network, settings, { chains: { l1, l2 }, account, signal: ending.signal });
    server = await serve(keeper, settings);
    const onCycle = () => (keeper.memory.lastCycleAt = unixTime());
    await (settings.sends ? run(keeper, { ...settings, sleep, onCycle }) : dryRun(keeper, settings));
  } finally {
    await server?.close();
    for (const chain of chains) chain.close();
  }
}

interface Parts {
  readonly chains: { readonly l1: Chain; readonly l2: Chain };
  readonly account: Account | undefined;
  readonly signal: AbortSignal;
}

async function createKeeper(
  { folder }: Network,
  { policy, depth, sends }: KeeperSettings,
  { chains, account, signal }: Parts,
): Promise<Keeper> {
  const [deployment, external, setup] = await Promise.all([
    readDeployment(folder),
    readExternal(folder),
    readSetup(folder),
  ]);
  const write = (line: string) => {
    // A dry run is for a person, who is told at its end.
    if (sends) console.log(line);
  };
  return {
    context: { l1: chains.l1.provider, l2: chains.l2.provider, deployment },
    address: checkAddress("keeper", account?.address ?? setup.keeper),
    policy,
    messengers: { messenger: external.messenger, queue: await queueOf(chains.l1, external.addressManager) },
    depth,
    tools: account === undefined ? undefined : { chains, account },
    log: createLog(write, () => new Date()),
    signal,
    memory: emptyMemory(),
  };
}

/** Metis can move its queue of transactions; its address book tells where it is. */
async function queueOf({ provider }: Chain, addressManager: string): Promise<string> {
  const book = new Interface(["function getAddress(string name) view returns (address)"]);
  const data = book.encodeFunctionData("getAddress", ["CanonicalTransactionChain"]);
  const answer = await provider.call({ to: addressManager, data });
  return String(book.decodeFunctionResult("getAddress", answer)[0]);
}

/** Health is read when it is asked for, by the keeper's own endpoints. */
async function serve(keeper: Keeper, { metricsPort, interval }: KeeperSettings): Promise<MetricsServer | undefined> {
  if (metricsPort === undefined) return undefined;
  const { context, address, memory } = keeper;
  const logs = createLogMemory();
  const read = async () => renderMetrics(await readHealth({ ...context, keeper: address, logs }), countersOf(memory));
  // A cycle may wait for several orders, each for its confirmations.
  const patience = 1_800 + (5 * interval) / 1_000;
  return serveMetrics({ port: metricsPort, read, health: () => recentCycle(memory.lastCycleAt, unixTime(), patience) });
}

function unixTime(): number {
  return Math.floor(Date.now() / 1_000);
}

async function dryRun(keeper: Keeper, { once, interval }: KeeperSettings): Promise<void> {
  do {
    for (const line of describe(await runCycle(keeper))) console.log(line);
    console.log("Nothing was sent: --send acts.");
    if (!once) await sleep(interval, keeper.signal);
  } while (!once && !keeper.signal.aborted);
}

/** Ends early when it is interrupted. */
async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
