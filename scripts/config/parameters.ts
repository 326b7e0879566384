/** The numbers that the protocol starts with. Amounts in wei, shares in basis points, durations in seconds. */
import { parseEther } from "ethers";

const day = 86_400n;

/** Parameters of StakingPool on Metis. */
export const poolParameters = {
  protocolFeeBps: 1_000n,
  maxRewardRateBps: 4_000n,
  lossThresholdBps: 100n,
  reserveBps: 500n,
  minInstantFeeBps: 10n,
  maxInstantFeeBps: 100n,
  streamPeriod: 7n * day,
  l1DepositLimit: parseEther("50000"),
} as const;

/** Parameters of LockManager on Ethereum. */
export const lockManagerParameters = { recallLimitBps: 200n } as const;

/** What an operator earns of the rewards of its own sequencer. */
export const operatorCommissionBps = 500n;

/** How long governance waits, by what an act can do. */
export const delays = {
  /** For what can touch funds or loosens a bound: longer than the worst exit (7 signal + 7 wait + 21 unlock + bridge). */
  governance: 42n * day,
  /** For what only tightens. */
  tightening: 3n * day,
} as const;
