/** Ethereum's side of the simulator: a state, one function an action. */
export { allocate } from "./allocate";
export { payCommission, sweepVault } from "./commission";
export { beginExit, beginExitForNeed, finishExit, type VaultCall } from "./exits";
export { messageFee, metisFee, needArrives, sweepGateway } from "./gateway";
export { harvest } from "./harvest";
export { l1Assets, netAssets } from "./ledger";
export { MIN_DEPOSIT, deposit, report, resend, sync, type Refund, type Sent } from "./lockManager";
export { approveMetis, metisAllowance, metisOf, mintMetis, transferMetis } from "./metis";
export {
  forceUnlock,
  setBridgePrice,
  setMaxLock,
  setMinLock,
  setPoolPaused,
  setRewardPayer,
  setWhitelist,
  submitRewards,
  writePosition,
  type SignerBlocks,
} from "./metisActs";
export { missing } from "./needs";
export {
  configureVault,
  pause,
  setParameters,
  tightenParameters,
  tightenVault,
  unpause,
  type VaultConfig,
} from "./powers";
export { recall, recallForNeed, type Recalled } from "./recall";
export {
  BURNED,
  atTime,
  takeCrossings,
  type BridgeState,
  type Crossing,
  type L1Network,
  type L1Powers,
  type L1State,
  type LockManagerState,
  type LockingPoolState,
  type MetisState,
  type Parameters,
  type PoolPosition,
} from "./state";
export type { L1Call, PaidCall } from "./transaction";
