/**
 * Deposits, redemptions, reads and exact maths of eMetis, liquid staking of METIS.
 *
 * @packageDocumentation
 */
export type { Address, Call, Hex, Side } from "./types";
export { DECIMALS, parseAmount } from "./check";
export type { Context, L1Context, L2Context, ReadOptions } from "./context";
export {
  type Deployment,
  type L1Deployment,
  type L2Deployment,
  type RecordedCode,
  deploymentOf,
  networks,
  parseDeployment,
} from "./deployments";

export {
  AbortedError,
  AddressError,
  AmountError,
  BytecodeMismatchError,
  ChainMismatchError,
  DecimalsError,
  DeploymentError,
  EMetisError,
  LogRangeError,
  MissingLogsError,
  NoContractError,
  ParameterError,
  ReorgError,
  RevertError,
  RpcAnswerError,
  RpcError,
  RpcTimeoutError,
  UnknownNetworkError,
  UnknownRevertError,
} from "./errors";
export { decodeRevert, revertOf } from "./reverts";

export type { BlockStamp } from "./rpc/readBatch";
export { type LogQuery, readLogs } from "./rpc/readLogs";
export { type Pinned, type PinnedRunner, readL1, readL2 } from "./rpc/readPinned";

// The maths, under the names of the contracts' libraries: what is short there, as `add`, stays short.
export * as instantFee from "./math/instantFee";
export * as integers from "./math/integers";
export * as ledger from "./math/ledger";
export * as queue from "./math/queue";
export * as rateLimit from "./math/rateLimit";
export * as rewardStream from "./math/rewardStream";
export * as rewards from "./math/rewards";
export * as shares from "./math/shares";

export type { EMetis } from "./generated/contracts/EMetis";
export type { IERC20 } from "./generated/contracts/IERC20";
export type { IGasPriceOracle } from "./generated/contracts/IGasPriceOracle";
export type { ILockingInfo } from "./generated/contracts/ILockingInfo";
export type { ILockingPool } from "./generated/contracts/ILockingPool";
export type { ISequencerVault } from "./generated/contracts/ISequencerVault";
export type { L1Gateway } from "./generated/contracts/L1Gateway";
export type { L2Gateway } from "./generated/contracts/L2Gateway";
export type { LockManager } from "./generated/contracts/LockManager";
export type { RedemptionQueue } from "./generated/contracts/RedemptionQueue";
export type { SEMetis } from "./generated/contracts/SEMetis";
export type { StakingPool } from "./generated/contracts/StakingPool";
export { EMetis__factory } from "./generated/contracts/factories/EMetis__factory";
export { IERC20__factory } from "./generated/contracts/factories/IERC20__factory";
export { IGasPriceOracle__factory } from "./generated/contracts/factories/IGasPriceOracle__factory";
export { ILockingInfo__factory } from "./generated/contracts/factories/ILockingInfo__factory";
export { ILockingPool__factory } from "./generated/contracts/factories/ILockingPool__factory";
export { ISequencerVault__factory } from "./generated/contracts/factories/ISequencerVault__factory";
export { L1Gateway__factory } from "./generated/contracts/factories/L1Gateway__factory";
export { L2Gateway__factory } from "./generated/contracts/factories/L2Gateway__factory";
export { LockManager__factory } from "./generated/contracts/factories/LockManager__factory";
export { RedemptionQueue__factory } from "./generated/contracts/factories/RedemptionQueue__factory";
export { SEMetis__factory } from "./generated/contracts/factories/SEMetis__factory";
export { StakingPool__factory } from "./generated/contracts/factories/StakingPool__factory";
