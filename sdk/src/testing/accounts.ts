/** Who acts on the kit's chains. */
import type { JsonRpcSigner } from "ethers";

import { localBalance } from "../../../scripts/config/localChains";
import { setBalance } from "../../../scripts/lib/localNode";
import { checkAddress } from "../check";
import type { Address, Side } from "../types";
import { DevelopmentNodeError } from "./errors";
import type { KitNode } from "./nodes";

/** An unlocked account, with the same address on both chains and 10,000,000 of each chain's coin. */
export interface KitAccount {
  readonly address: Address;
  /** Signs on Ethereum. */
  readonly l1: JsonRpcSigner;
  /** Signs on Metis. */
  readonly l2: JsonRpcSigner;
}

/**
 * The kit's accounts, in the order of the nodes' unlocked ones. `alice`, `bob`, `carol` and `dave` are yours: the kit never sends from
 * them. `deployer` has no power left and turns the cranks.
 */
export interface KitAccounts {
  readonly deployer: KitAccount;
  readonly governance: KitAccount;
  readonly guardian: KitAccount;
  readonly keeper: KitAccount;
  readonly treasury: KitAccount;
  readonly operator: KitAccount;
  readonly alice: KitAccount;
  readonly bob: KitAccount;
  readonly carol: KitAccount;
  readonly dave: KitAccount;
}

/** The accounts, and their coin on both chains. */
export async function openAccounts(nodes: Readonly<Record<Side, KitNode>>): Promise<KitAccounts> {
  const unlocked: unknown = await nodes.l1.provider.send("eth_accounts", []);
  return {
    deployer: await openAccount(nodes, unlocked, 0),
    governance: await openAccount(nodes, unlocked, 1),
    guardian: await openAccount(nodes, unlocked, 2),
    keeper: await openAccount(nodes, unlocked, 3),
    treasury: await openAccount(nodes, unlocked, 4),
    operator: await openAccount(nodes, unlocked, 5),
    alice: await openAccount(nodes, unlocked, 6),
    bob: await openAccount(nodes, unlocked, 7),
    carol: await openAccount(nodes, unlocked, 8),
    dave: await openAccount(nodes, unlocked, 9),
  };
}

async function openAccount(
  { l1, l2 }: Readonly<Record<Side, KitNode>>,
  unlocked: unknown,
  index: number,
): Promise<KitAccount> {
  const address: unknown = Array.isArray(unlocked) ? unlocked[index] : undefined;
  if (typeof address !== "string") throw new DevelopmentNodeError("l1", `has no unlocked account ${index}`);
  for (const [side, { provider }] of [
    ["l1", l1],
    ["l2", l2],
  ] as const) {
    await setBalance(provider, address, localBalance).catch((cause: unknown) => {
      throw new DevelopmentNodeError(side, "does not know hardhat_setBalance", { cause });
    });
  }
  const account = { address: checkAddress("account", address), l1: await l1.provider.getSigner(address) };
  return {
    ...account,
    l2: await l2.provider.getSigner(address).catch((cause: unknown) => {
      throw new DevelopmentNodeError("l2", `does not have ${address} unlocked, as the one for l1 has`, { cause });
    }),
  };
}
