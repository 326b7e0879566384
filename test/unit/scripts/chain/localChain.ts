/** Local chains as the sender knows chains, for its tests: no block is mined unless the test does, and no time passes. */
import { HDNodeWallet, Mnemonic } from "ethers";

import type { ChainSettings } from "../../../../scripts/config/networks";
import { type Account, walletAccount } from "../../../../scripts/lib/chain/account";
import type { Chain, RpcProvider } from "../../../../scripts/lib/chain/chain";
import type { Order, OrderProgress, SendOrderOptions } from "../../../../scripts/lib/chain/sender";
import type { ChainProbe } from "../../../../typechain-types";
import { type Chain as LocalChain, createFixture } from "../../../helpers/chains";

const mnemonic = Mnemonic.fromPhrase("test test test test test test test test test test test junk");

/** An account of every local chain, with its key. */
export function localAccount(index: number): Account {
  return walletAccount(HDNodeWallet.fromMnemonic(mnemonic, `m/44'/60'/0'/0/${index}`).privateKey);
}

/** Settings of a local chain: Ethereum's or Metis's manners. */
export function localSettings(layer: "l1" | "l2", chainId: number): ChainSettings {
  return {
    layer,
    chainId,
    name: `local ${layer}`,
    rpcVariable: "LOCAL_RPC_URL",
    rpcUrls: [],
    coin: layer === "l1" ? "ETH" : "METIS",
    isLegacy: layer === "l2",
    confirmations: 2,
    explorer: { url: "", api: "" },
  };
}

/** A chain whose blocks the test mines. */
export interface World {
  readonly local: LocalChain;
  readonly chain: Chain;
  readonly probe: ChainProbe;
  /** Calls `touch`, which counts. */
  readonly touch: Order;
  /** Calls a contract of the protocol that refuses everybody. */
  readonly refused: Order;
}

/** Both chains with a probe, each as the sender knows it. */
export const chainWorlds = createFixture(async ({ l1, l2 }) => ({
  l1: await worldOf("l1", l1),
  l2: await worldOf("l2", l2),
}));

async function worldOf(layer: "l1" | "l2", local: LocalChain): Promise<World> {
  const probe = await local.deploy("ChainProbe", [7n]);
  const data = probe.interface.encodeFunctionData("touch");
  const to = await probe.getAddress();
  const eMetis = await local.deploy("EMetis", [to, to, to]);
  const mint = eMetis.interface.encodeFunctionData("mint", [to, 5n]);
  return {
    local,
    chain: chainOf(layer, local.provider, local.chainId),
    probe,
    touch: { to, data, value: 0n, label: "touch" },
    refused: { to: await eMetis.getAddress(), data: mint, value: 0n, label: "mint" },
  };
}

/** The sender's view of a local chain through any provider of it. */
export function chainOf(layer: "l1" | "l2", provider: RpcProvider, chainId: number): Chain {
  return { settings: localSettings(layer, chainId), provider, close: () => undefined };
}

/** A provider that lets the test see each JSON-RPC request of the sender, and answer it in the chain's place. */
export function watched(
  provider: RpcProvider,
  answer: (method: string, params: unknown[], proceed: () => Promise<unknown>) => Promise<unknown>,
): RpcProvider {
  return new Proxy(provider, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      if (name !== "send") return member.bind(target) as unknown;
      return async (method: string, params: unknown[]) => answer(method, params, () => target.send(method, params));
    },
  });
}

/** What happens between two looks of the sender, one after the other; nothing after the last. */
export function between(...happenings: readonly (() => Promise<unknown>)[]): Pick<SendOrderOptions, "sleep"> {
  let looks = 0;
  return {
    sleep: async (_milliseconds, signal) => {
      signal?.throwIfAborted();
      if (looks > 100) throw new Error("the sender waits for ever");
      await happenings[looks++]?.();
      signal?.throwIfAborted();
    },
  };
}

/** Keeps what the sender tells. */
export function journal(): { readonly log: (progress: OrderProgress) => void; readonly entries: OrderProgress[] } {
  const entries: OrderProgress[] = [];
  return { log: (progress) => entries.push(progress), entries };
}
