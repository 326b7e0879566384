/**
 * Deposits, redemptions, reads and exact maths of eMetis, liquid staking of METIS.
 *
 * @packageDocumentation
 */
export type { Address, Call, Hex, NodeName, Side } from "./types";
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
  CursorError,
  DecimalsError,
  DeploymentError,
  EMetisError,
  HistoryError,
  InsufficientFundsError,
  LogRangeError,
  MissingLogsError,
  NoContractError,
  ParameterError,
  ReorgError,
  RevertError,
  RpcAnswerError,
  RpcError,
  RpcTimeoutError,
  SignerChainError,
  StatementError,
  TimeoutError,
  TransactionFailedError,
  TransactionReplacedError,
  TransactionTimeoutError,
  UnknownNetworkError,
  UnknownRevertError,
  UserRejectedError,
  WiringError,
} from "./errors";
export { decodeRevert, revertOf } from "./reverts";

export {
  type Account,
  type AccountLimits,
  type AccountOnL1,
  type AccountOnL2,
  type AccountParameters,
  readAccount,
} from "./reads/readAccount";
export { type AprParameters, type RealisedApr, readApr } from "./reads/readApr";
export { readAprFromLogs } from "./reads/readAprFromLogs";
export { type CollateralPrice, readCollateralPrice } from "./reads/readCollateralPrice";
export { type Deposits, type DepositsParameters, type L1Deposit, readDeposits } from "./reads/readDeposits";
export { type Fees, type InstantQuote, readFees } from "./reads/readFees";
export {
  type DepositGate,
  type InstantGate,
  type L1DepositGate,
  type Limits,
  type LimitsOnL1,
  type LimitsOnL2,
  type LimitsParameters,
  type VaultGate,
  readLimits,
} from "./reads/readLimits";
export { type Profit, readProfit } from "./reads/readProfit";
export { type Queue, readQueue } from "./reads/readQueue";
export { type Rates, readRates } from "./reads/readRates";
export {
  type AppliedReport,
  type LedgerCounters,
  type LedgerLines,
  type Solvency,
  linesOf,
  readSolvency,
} from "./reads/readSolvency";
export { type Tickets, type TicketsParameters, readTickets } from "./reads/readTickets";

export {
  type LivePosition,
  type SequencerVault,
  type VaultPhase,
  type VaultTotals,
  type Vaults,
  readVaults,
} from "./reads/readVaults";

export {
  type CostBasis,
  type CostMethod,
  type Disposal,
  type Lot,
  type Trade,
  costBasis,
  unrealised,
} from "./accounting/costBasis";
export { type BlockId, type Checkpoint, type Cursor } from "./accounting/cursor";
export { exportCsv, parseCsv } from "./accounting/exportCsv";
export { exportJson, parseJson } from "./accounting/exportJson";
export { type Lines } from "./accounting/lines";
export { type ProtocolTotals, accountsOf, protocolTotals } from "./accounting/protocolTotals";
export { type ProtocolReplay, readProtocol } from "./accounting/readProtocol";
export type { Reorg } from "./accounting/resume";
export { type RewardHistory, type RewardHistoryParameters, rewardHistory } from "./accounting/rewardHistory";
export { type Row, type RowDivision, type RowSubject, residualOf } from "./accounting/rows";
export type {
  Position as ReplayPosition,
  ReplayState,
  Scope as ReplayScope,
  Sums as ReplaySums,
  Ticket as ReplayTicket,
} from "./accounting/state";
export type { Head as ReplayHead } from "./accounting/blocks";
export type { Converters } from "./accounting/classify";
export type {
  L1DepositEvent,
  LogPosition,
  PoolEvent,
  ProtocolEvent,
  QueueEvent,
  StakeEvent,
  StreamEvent,
  TimedEvent,
  TransferEvent,
} from "./accounting/events";
export { type Statement } from "./accounting/statement";
export { type TradesOptions, tradesOf } from "./accounting/tradesOf";
export { type Valuation, valueAt } from "./accounting/valuation";

export type { Outcome, SimulatedEvent, SimulatedRevert, Value } from "./simulator/outcome";
export {
  type Action,
  type Output,
  type Simulation,
  type SimulatorStart,
  type SimulatorState,
  type TransitState,
  simulate,
  simulateAll,
  startSimulator,
} from "./simulator/protocol";
export { type L1Action, type L1ActionType, type L1Output, simulateL1 } from "./simulator/l1/simulateL1";
export type { Refund, Sent } from "./simulator/l1/lockManager";
export type { Recalled } from "./simulator/l1/recall";
export { type L1Start, startL1 } from "./simulator/l1/startL1";
export type {
  BridgeState,
  Crossing,
  L1Network,
  L1Powers,
  L1State,
  LockManagerState,
  LockingPoolState,
  MetisState,
  Parameters as L1Parameters,
  PoolPosition,
} from "./simulator/l1/state";
export { type L2Action, type L2ActionType, simulateL2 } from "./simulator/l2/simulateL2";
export {
  type Departure,
  type GatewayState,
  type L2BridgeState,
  type L2Network,
  type L2Powers,
  type L2Start,
  type L2State,
  type PoolParameters,
  type PoolState,
  type QueueState,
  type TicketState,
  type TokenState,
  type Trace,
  type VaultState,
  startL2,
} from "./simulator/l2/state";
export * as messages from "./messages";

export { type EMetisClient, type QuoteParameters, createEMetis } from "./createEMetis";

export { type Requirement, requirementsOf } from "./requirements/requirementsOf";
export type { TicketRequirement } from "./requirements/ticketApprovals";

export { type RecordedSides, recordCode } from "./reserves/recordCode";
export { type VerifiedDeployment, verifyDeployment } from "./reserves/verifyDeployment";
export {
  type ReserveBuckets,
  type ReservesVerdict,
  type VerifyReservesParameters,
  verifyReserves,
} from "./reserves/verifyReserves";

export {
  type L1DepositFacts,
  type L1DepositStatus,
  type L1DepositStatusParameters,
  l1DepositStatus,
} from "./progress/l1DepositStatus";
export {
  type MessageContent,
  type MessageParameters,
  type SentMessage as MessageOnTheWay,
  readMessage,
} from "./progress/readMessage";
export {
  type RedemptionStatus,
  type RedemptionStatusParameters,
  type TicketFacts,
  type TicketPayment,
  redemptionStatus,
} from "./progress/redemptionStatus";
export {
  type ReportFacts,
  type ReportStatus,
  type ReportStatusParameters,
  reportStatus,
} from "./progress/reportStatus";
export { type WaitForL1DepositOptions, waitForL1Deposit } from "./progress/waitForL1Deposit";
export { type WaitForRedemptionOptions, waitForRedemption } from "./progress/waitForRedemption";
export { type WaitForReportOptions, waitForReport } from "./progress/waitForReport";
export { type Wait, type WaitOptions, waitUntil } from "./progress/waitUntil";

export type { GoneTicket, HeldTicket, Ticket } from "./reads/ticketState";
export type { PositionFault } from "./reserves/foreseeReport";
export type { Explanation, Fault, FaultType, Finding, Line, LineName } from "./reserves/line";
export type { BlockStamp } from "./rpc/readBatch";
export { type LogQuery, readLogs } from "./rpc/readLogs";
export { type Pinned, type PinnedRunner, readL1, readL2 } from "./rpc/readPinned";

export { allocate } from "./actions/allocate";
export { type ApproveParameters, type Spender, type Token, approve } from "./actions/approve";
export { type BeginExitForNeedParameters, beginExitForNeed } from "./actions/beginExitForNeed";
export { type ClaimParameters, claim } from "./actions/claim";
export { type ClaimBatchParameters, claimBatch } from "./actions/claimBatch";
export { type ClaimToParameters, claimTo } from "./actions/claimTo";
export { type DeliverParameters, deliver } from "./actions/deliver";
export { type DepositParameters, deposit } from "./actions/deposit";
export { type DepositAndStakeParameters, depositAndStake } from "./actions/depositAndStake";
export { type DepositOnL1Parameters, depositOnL1 } from "./actions/depositOnL1";
export { type ExpelDonationParameters, expelDonation } from "./actions/expelDonation";
export { type FinishExitParameters, finishExit } from "./actions/finishExit";
export { forwardArrivals } from "./actions/forwardArrivals";
export { fundQueue } from "./actions/fundQueue";
export { type HarvestParameters, harvest } from "./actions/harvest";
export { MAX_ASSETS, MAX_COUNTER, MAX_TICKET, MIN_DEPOSIT, MIN_TICKET } from "./actions/limits";
export { type MintSharesParameters, mintShares } from "./actions/mintShares";
export { type PayCommissionParameters, payCommission } from "./actions/payCommission";
export { type SignedPermit, permit } from "./actions/permit";
export { type PermitParameters, type PermitTypedData, permitTypedData } from "./actions/permitTypedData";
export { permitVrs } from "./actions/permitVrs";
export { type BridgeFees, GAS_PRICE_ORACLE, readBridgeFees } from "./actions/readBridgeFees";
export { type RebalanceParameters, rebalance } from "./actions/rebalance";
export { type RecallForNeedParameters, recallForNeed } from "./actions/recallForNeed";
export { type RedeemInstantParameters, redeemInstant } from "./actions/redeemInstant";
export { type RefreshRewardRecipientParameters, refreshRewardRecipient } from "./actions/refreshRewardRecipient";
export { type ReportParameters, report } from "./actions/report";
export { type RequestRedeemParameters, requestRedeem } from "./actions/requestRedeem";
export { type RequestRedeemBatchParameters, requestRedeemBatch } from "./actions/requestRedeemBatch";
export { type RequestRedeemStakedParameters, requestRedeemStaked } from "./actions/requestRedeemStaked";
export {
  type RequestRedeemStakedWithPermitParameters,
  requestRedeemStakedWithPermit,
} from "./actions/requestRedeemStakedWithPermit";
export { type RequestRedeemWithPermitParameters, requestRedeemWithPermit } from "./actions/requestRedeemWithPermit";
export { type ResendParameters, resend } from "./actions/resend";
export { signPermit } from "./actions/signPermit";
export { type SignalNeedParameters, signalNeed } from "./actions/signalNeed";
export { skim } from "./actions/skim";
export { type StakeParameters, stake } from "./actions/stake";
export { type SweepVaultParameters, sweepVault } from "./actions/sweepVault";
export { sync } from "./actions/sync";
export { type UnstakeParameters, unstake } from "./actions/unstake";
export { type WithdrawStakedParameters, withdrawStaked } from "./actions/withdrawStaked";

export type { Moment, Refused } from "./previews/outcome";
export { type ClaimPreview, previewClaim } from "./previews/previewClaim";
export { type DepositPreview, previewDeposit } from "./previews/previewDeposit";
export { type DepositAndStakePreview, previewDepositAndStake } from "./previews/previewDepositAndStake";
export { type MintSharesPreview, previewMintShares } from "./previews/previewMintShares";
export { type RedeemInstantPreview, previewRedeemInstant } from "./previews/previewRedeemInstant";
export { type RequestRedeemStakedPreview, previewRequestRedeemStaked } from "./previews/previewRequestRedeemStaked";
export { type StakeDone, type StakePreview, previewStake } from "./previews/previewStake";
export { type UnstakeDone, type UnstakePreview, previewUnstake } from "./previews/previewUnstake";
export { type WithdrawStakedPreview, previewWithdrawStaked } from "./previews/previewWithdrawStaked";

export type { ReceiptLogs } from "./receipts/logs";
export { type SentMessage, messagesOf } from "./receipts/messagesOf";
export { type OpenedTicket, ticketsOf } from "./receipts/ticketsOf";

export { type SendOptions, type SendProgress, send } from "./send";
export { type ConfirmOptions, type SentTransaction, confirm } from "./send/confirm";
export { type GasOptions, type Prepared, type PreparedTransaction, prepare } from "./send/prepare";

// The maths, under the names of the contracts' libraries: what is short there, as `add`, stays short.
export { type Growth, SHORTEST_WINDOW, aprOf, apyOf, compoundDaily } from "./math/apr";
export { type QueueOutlook, type TicketPlace, estimateClaimTime } from "./math/claimEstimate";
export { marginalFee } from "./math/marginalFee";
export { type StakedStream, assetsAt, forwardApr, metisPrice, priceAt, vaultAt } from "./math/rates";
export * as book from "./math/book";
export * as hourlyLine from "./math/hourlyLine";
export * as instantFee from "./math/instantFee";
export * as integers from "./math/integers";
export * as ledger from "./math/ledger";
export * as queue from "./math/queue";
export * as rateLimit from "./math/rateLimit";
export * as rewardStream from "./math/rewardStream";
export * as rewards from "./math/rewards";
export * as sequencerPositions from "./math/sequencerPositions";
export { withSlippage } from "./math/withSlippage";
export * as shares from "./math/shares";
export * as vaultBook from "./math/vaultBook";
export * as waterFill from "./math/waterFill";

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
