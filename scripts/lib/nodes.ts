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

/** What makes a node something else than an empty local chain. */
export interface NodeOptions {
  /** @defaultValue the layer's own of {@link localChains} */
  readonly chainId?: number;
  /** The chain to continue, from `block` on. Without a block it is the head, and on Ethereum 32 blocks less. */
  readonly fork?: { readonly url: string; readonly block?: number };
}

/**
 * Starts the node of one layer on a port of loopback and waits until it answers with its own chain id. A fork begins with a block of its own: before it
 * Hardhat would have to know the rules of the forked block, and knows none of Metis's.
 *
 * @throws When it does not answer, with what it wrote.
 */
export async function startNode(layer: Layer, port: number, options: NodeOptions = {}): Promise<RunningNode> {
  const chainId = options.chainId ?? localChains[layer].chainId;
  const url = `http://${host}:${port}`;
  // Each node is Hardhat's own network, which plays the layer that the variable names.
  const child = spawn(process.execPath, [hardhat, "node", "--hostname", host, "--port", String(port)], {
    cwd: root,
    env: { ...process.env, ...environmentOf(layer, chainId, options), HARDHAT_DISABLE_TELEMETRY_PROMPT: "true" },
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
  if (options.fork !== undefined) await provider.send("evm_mine", []);
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

function environmentOf(layer: Layer, chainId: number, { fork }: NodeOptions): NodeJS.ProcessEnv {
  return {
    MAIN_CHAIN: layer,
    MAIN_CHAIN_ID: String(chainId),
    FORK_URL: fork?.url,
    FORK_BLOCK: fork?.block === undefined ? undefined : String(fork.block),
  };
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
