/** Two local nodes, one a chain, as processes of their own on this machine's loopback address. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { JsonRpcProvider } from "ethers";

import { type Layer, localChains } from "../config/localChains";
import { addGasMargin } from "./localNode";

const host = "127.0.0.1";
const root = path.join(__dirname, "..", "..");
const hardhat = require.resolve("hardhat/internal/cli/bootstrap");
/** How long a node may take to answer, in milliseconds. */
const patience = 60_000;

/** A running node. */
export interface RunningNode {
  readonly layer: Layer;
  readonly url: string;
  readonly provider: JsonRpcProvider;
  /** Ends the process and waits until it is gone. */
  readonly stop: () => Promise<void>;
}

/** Starts the node of one layer on a port of loopback and waits until it answers with its own chain id. */
export async function startNode(layer: Layer, port: number): Promise<RunningNode> {
  const { chainId } = localChains[layer];
  const url = `http://${host}:${port}`;
  // Each node is Hardhat's own network, which plays the layer that the variable names.
  const child = spawn(process.execPath, [hardhat, "node", "--hostname", host, "--port", String(port)], {
    cwd: root,
    env: { ...process.env, MAIN_CHAIN: layer, HARDHAT_DISABLE_TELEMETRY_PROMPT: "true" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const complaints: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk));
  const provider = new JsonRpcProvider(url, chainId, { batchMaxCount: 1, staticNetwork: true, cacheTimeout: -1 });
  provider.pollingInterval = 20;
  addGasMargin(provider);
  const stop = async () => {
    provider.destroy();
    await stopProcess(child);
  };
  const deadline = Date.now() + patience;
  while (!(await answers(url, chainId))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`the ${layer} node does not answer at ${url}: ${Buffer.concat(complaints).toString()}`);
    }
    await setTimeout(100);
  }
  return { layer, url, provider, stop };
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, host, () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

async function answers(url: string, chainId: number): Promise<boolean> {
  try {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
    const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    const { result } = (await response.json()) as { result?: string };
    return Number(result) === chainId;
  } catch {
    return false;
  }
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => {
      resolve();
    });
  });
  child.kill("SIGTERM");
  await gone;
}
