/** SEMetis's functions for StakingPool alone. */
import { absorb, add } from "../../math/rewardStream";
import { ensure, toUint } from "./revert";
import { burnTokens, tokensOf } from "./tokens";
import { type Transaction, emit, setVault } from "./transaction";
import { currentVault, storeVault, toldOf } from "./vault";

/** `addReward`: what was given to the vault unannounced vests with it. */
export function addReward(tx: Transaction, reward: bigint, duration: bigint): void {
  const current = currentVault(tx.state);
  const { assets, unvested } = current.stream;
  const expected = assets + unvested + reward;
  const balance = tokensOf(tx.state, "eMetis", tx.state.network.seMetis);
  ensure(balance >= expected, "SEMetis__RewardMissing", balance, expected);
  const donated = balance - expected;
  toUint(assets + unvested + reward + donated, 88);
  const stream = add(current.stream, reward + donated, duration);
  storeVault(tx, current, stream);
  emit(tx, "SEMetis", "RewardAdded", { reward, donated, ...toldOf(stream) });
}

/** `absorbLoss`; the vault closes `until` then unless that is 0. Returns what was burned. */
export function absorbLoss(tx: Transaction, loss: bigint, until: bigint): bigint {
  const current = currentVault(tx.state);
  const { stream, fromUnvested, fromAssets } = absorb(current.stream, loss);
  storeVault(tx, current, stream);
  if (until !== 0n) {
    setVault(tx, { isClosed: true, closedUntil: until });
    emit(tx, "SEMetis", "ClosedUntilSet", { closedUntil: until });
  }
  emit(tx, "SEMetis", "LossAbsorbed", { fromUnvested, fromAssets, ...toldOf(stream) });
  const burned = fromUnvested + fromAssets;
  burnTokens(tx, "eMetis", tx.state.network.seMetis, burned);
  return burned;
}

/** `burnUnvested`. Returns whether there was that much. */
export function burnUnvested(tx: Transaction, assets: bigint): boolean {
  const current = currentVault(tx.state);
  if (assets > current.stream.unvested) return false;
  const { stream } = absorb(current.stream, assets);
  storeVault(tx, current, stream);
  emit(tx, "SEMetis", "UnvestedBurned", { burned: assets, ...toldOf(stream) });
  burnTokens(tx, "eMetis", tx.state.network.seMetis, assets);
  return true;
}

/** `reopen`. */
export function reopen(tx: Transaction): void {
  setVault(tx, { isClosed: false, closedUntil: 0n });
  emit(tx, "SEMetis", "ClosedUntilSet", { closedUntil: 0n });
}
