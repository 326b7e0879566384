/** SequencerVault: what LockManager has its vaults do in LockingPool. */
import { ZeroAddress, concat, dataSlice, getAddress, keccak256 } from "ethers";

import * as lockingPool from "./lockingPool";
import { metisOf, move } from "./metis";
import { type Transaction, attempt, emit, ensure, revertData, selectorOf } from "./transaction";

/** The functions that LockManager tries on one vault after the other. */
const signatures = {
  lock: "lock(bytes32,bytes32,address,uint256)",
  relock: "relock(uint256,uint256)",
  compound: "compound(uint256)",
  withdraw: "withdraw(uint256,uint256)",
  withdrawRewards: "withdrawRewards(uint256,uint32)",
} as const;

/** A call on one of several vaults: when it fails the others go on. Returns undefined then. */
export function tryVault<T>(
  tx: Transaction,
  index: bigint,
  operation: keyof typeof signatures,
  body: () => T,
): { readonly output: T } | undefined {
  const result = attempt(tx, body);
  if (result.type === "done") return result;
  const reason = revertData(result.error);
  emit(tx, "LockManager", "VaultSkipped", { index, operation: selectorOf(signatures[operation]), reason });
  return undefined;
}

/** The signer of a public key of twice 32 bytes. */
export function signerOf(pubkeyX: string, pubkeyY: string): string {
  return getAddress(dataSlice(keccak256(concat([pubkeyX, pubkeyY])), 12));
}

/** Opens a position. Returns its id. */
export function lock(
  tx: Transaction,
  { vault, pubkeyX, pubkeyY }: { readonly vault: string; readonly pubkeyX: string; readonly pubkeyY: string },
  assets: bigint,
): bigint {
  const { lockManager, l2Gateway } = tx.state.network;
  ensure(l2Gateway !== ZeroAddress, "SequencerVault__ZeroAddress");
  move(tx, lockManager, vault, assets);
  const signer = signerOf(pubkeyX, pubkeyY);
  return lockingPool.lock(tx, { owner: vault, signer, rewardRecipient: l2Gateway, assets });
}

/** Adds to a position. */
export function relock(tx: Transaction, vault: string, id: bigint, assets: bigint): void {
  move(tx, tx.state.network.lockManager, vault, assets);
  lockingPool.relock(tx, vault, id, assets, false);
}

/** Takes from a position. */
export function withdraw(tx: Transaction, vault: string, id: bigint, assets: bigint): void {
  lockingPool.withdraw(tx, vault, id, assets);
  move(tx, vault, tx.state.network.lockManager, assets);
}

/** Ends an exit. Returns what came back. */
export function unlockClaim(tx: Transaction, vault: string, id: bigint, fee: bigint): bigint {
  const assets = lockingPool.unlockClaim(tx, vault, id, fee);
  move(tx, vault, tx.state.network.lockManager, assets);
  return assets;
}

/** Sends all that the vault has to LockManager. Returns how much. */
export function sweep(tx: Transaction, vault: string): bigint {
  const assets = metisOf(tx.state, vault);
  move(tx, vault, tx.state.network.lockManager, assets);
  return assets;
}
