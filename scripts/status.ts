/**
 * The health of the protocol on one screen, what is wrong first. `--json` prints one object instead, `--watch SECONDS` goes on until
 * Ctrl-C. Exits with 0 when nothing is to do, 1 with a warning, 2 when something is critical, 3 when it could not run.
 */
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";

import type { ChainSettings } from "./config/networks";
import { createFailover } from "./lib/chain/failover";
import { reasonOf } from "./lib/health/reading";
import { runStatus, watchOf } from "./lib/health/status";
import { networkOptions, selectNetwork } from "./lib/network";
import { readDeployment } from "./lib/records";
import { readSetup } from "./lib/setup";

const clear = "\u001b[2J\u001b[H";

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { ...networkOptions, json: { type: "boolean" }, watch: { type: "string" }, keeper: { type: "string" } },
  });
  const network = selectNetwork(values, process.env);
  const watch = watchOf(values.watch);
  const deployment = await readDeployment(network.folder);
  const keeper = values.keeper ?? (await readSetup(network.folder)).keeper;
  const [l1, l2] = [connect(network.l1), connect(network.l2)];
  const ending = new AbortController();
  process.once("SIGINT", () => {
    ending.abort();
  });
  const isScreen = values.json !== true && watch !== undefined && process.stdout.isTTY;
  try {
    return await runStatus({
      ...{ l1, l2, deployment, keeper, watch, signal: ending.signal, isJson: values.json === true },
      now: () => Math.floor(Date.now() / 1_000),
      print: (text) => {
        process.stdout.write(`${isScreen ? clear : ""}${text}\n`);
      },
      sleep: (milliseconds) => setTimeout(milliseconds, undefined, { signal: ending.signal }).catch(() => undefined),
    });
  } finally {
    l1.destroy();
    l2.destroy();
  }
}

/** A chain that does not answer must not end the status: it is shown as unknown. */
function connect({ rpcUrls, chainId }: ChainSettings) {
  return createFailover(rpcUrls, { chainId, retries: 2 });
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(reasonOf(error));
    process.exitCode = 3;
  },
);
