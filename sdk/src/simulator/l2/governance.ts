/** StakingPool: what those with power do, done when it is due. */
import { ZeroAddress, encodeBytes32String } from "ethers";

import { checkAnyAddress } from "../../check";
import type { Outcome } from "../outcome";
import { setBook } from "./pool";
import { ensure } from "./revert";
import { reopen } from "./rewards";
import type { L2State, PoolParameters } from "./state";
import { type L2Call, type Transaction, amount, emit, ensurePower, setPool, transact } from "./transaction";

/** How long a pause lasts by itself, in seconds. */
const PAUSE_DURATION = 7n * 86_400n;
/** How long after it there is no other, in seconds. */
const PAUSE_COOLDOWN = 30n * 86_400n;

const day = 86_400n;

/** As a call to set them carries them. */
export interface SimulatedParameters extends L2Call {
  readonly parameters: PoolParameters;
}

/**
 * The pool's `confirmLoss`: exits open again.
 *
 * @throws AddressError for a caller that is none.
 * @example
 * simulateConfirmLoss(state, { caller: governance });
 */
export function simulateConfirmLoss(state: L2State, call: L2Call): Outcome<L2State, null> {
  return transact(state, call, (tx) => {
    ensurePower(tx, tx.state.powers.lossConfirmer);
    setBook(tx, { stoppedUntil: 0n });
    emit(tx, "StakingPool", "LossConfirmed", {});
    reopen(tx);
    return null;
  });
}

/**
 * The pool's `pause`.
 *
 * @throws AddressError for a caller that is none.
 * @example
 * simulatePause(state, { caller: guardian });
 */
export function simulatePause(state: L2State, call: L2Call): Outcome<L2State, null> {
  return transact(state, call, (tx) => {
    ensurePower(tx, tx.state.powers.guardian);
    const { time, pool } = tx.state;
    const { pausedUntil } = pool.book;
    const notBefore = pausedUntil === 0n ? 0n : pausedUntil + PAUSE_COOLDOWN;
    ensure(time >= notBefore, "PauseClock__TooSoon", notBefore);
    setPool(tx, { pausedAt: time });
    setPausedUntil(tx, time + PAUSE_DURATION);
    return null;
  });
}

/**
 * The pool's `unpause`.
 *
 * @throws AddressError for a caller that is none.
 * @example
 * simulateUnpause(state, { caller: governance });
 */
export function simulateUnpause(state: L2State, call: L2Call): Outcome<L2State, null> {
  return transact(state, call, (tx) => {
    ensurePower(tx, tx.state.powers.tightener);
    const { time, pool } = tx.state;
    if (pool.book.pausedUntil > time) setPausedUntil(tx, time);
    return null;
  });
}

/**
 * The pool's `setParameters`.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateSetParameters(state, { caller: governance, parameters: { ...state.pool.parameters, reserveBps: 300n } });
 */
export function simulateSetParameters(state: L2State, call: SimulatedParameters): Outcome<L2State, null> {
  const parameters = checkedParameters(call.parameters);
  return transact(state, call, (tx) => {
    ensurePower(tx, tx.state.powers.governance);
    setParameters(tx, parameters);
    return null;
  });
}

/**
 * The pool's `tightenParameters`.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateTightenParameters(state, { caller: governance, parameters: { ...state.pool.parameters, protocolFeeBps: 500n } });
 */
export function simulateTightenParameters(state: L2State, call: SimulatedParameters): Outcome<L2State, null> {
  const parameters = checkedParameters(call.parameters);
  return transact(state, call, (tx) => {
    ensurePower(tx, tx.state.powers.tightener);
    ensureTighter(tx.state.pool.parameters, parameters);
    setParameters(tx, parameters);
    return null;
  });
}

/**
 * The pool's `setTreasury`.
 *
 * @throws AddressError for what no call can carry.
 * @example
 * simulateSetTreasury(state, { caller: governance, treasury });
 */
export function simulateSetTreasury(
  state: L2State,
  call: L2Call & { readonly treasury: string },
): Outcome<L2State, null> {
  const treasury = checkAnyAddress("treasury", call.treasury);
  return transact(state, call, (tx) => {
    ensurePower(tx, tx.state.powers.governance);
    ensure(treasury !== ZeroAddress, "StakingPool__ZeroAddress");
    setPool(tx, { treasury });
    emit(tx, "StakingPool", "TreasurySet", { treasury });
    return null;
  });
}

type ParameterName = keyof PoolParameters;

const falling = [
  "protocolFeeBps",
  "maxRewardRateBps",
  "lossThresholdBps",
  "minInstantFeeBps",
  "maxInstantFeeBps",
  "l1DepositLimit",
] as const satisfies readonly ParameterName[];
const rising = ["reserveBps", "streamPeriod"] as const satisfies readonly ParameterName[];

function setParameters(tx: Transaction, parameters: PoolParameters): void {
  for (const [name, minimum, maximum] of boundsOf(parameters)) {
    const value = parameters[name];
    const isWithin = value >= minimum && value <= maximum;
    ensure(isWithin, "StakingPool__OutOfBounds", encodeBytes32String(name), value, minimum, maximum);
  }
  setPool(tx, { parameters });
  emit(tx, "StakingPool", "ParametersSet", { parameters: { ...parameters } });
}

/** In the order in which the contract looks at them. */
function boundsOf({ maxInstantFeeBps }: PoolParameters): readonly (readonly [ParameterName, bigint, bigint])[] {
  return [
    ["protocolFeeBps", 0n, 2_000n],
    ["maxRewardRateBps", 0n, 10_000n],
    ["lossThresholdBps", 0n, 10_000n],
    ["reserveBps", 0n, 3_000n],
    ["maxInstantFeeBps", 0n, 500n],
    ["minInstantFeeBps", 0n, maxInstantFeeBps],
    ["streamPeriod", day, 30n * day],
    ["l1DepositLimit", 1_000n * 10n ** 18n, 2n ** 96n - 1n],
  ];
}

function ensureTighter(current: PoolParameters, next: PoolParameters): void {
  for (const name of falling) requireTighter(name, current[name], next[name], next[name] <= current[name]);
  for (const name of rising) requireTighter(name, current[name], next[name], next[name] >= current[name]);
}

function requireTighter(name: ParameterName, current: bigint, value: bigint, isTighter: boolean): void {
  ensure(isTighter, "StakingPool__NotTighter", encodeBytes32String(name), current, value);
}

/** Fields that the call's types have room for; anything else never reaches the contract. */
function checkedParameters(parameters: PoolParameters): PoolParameters {
  const { protocolFeeBps, maxRewardRateBps, lossThresholdBps, reserveBps } = parameters;
  const { minInstantFeeBps, maxInstantFeeBps, streamPeriod, l1DepositLimit } = parameters;
  const bps = { protocolFeeBps, maxRewardRateBps, lossThresholdBps, reserveBps, minInstantFeeBps, maxInstantFeeBps };
  for (const [name, value] of Object.entries(bps)) amount(name, value, 16);
  return {
    ...bps,
    streamPeriod: amount("streamPeriod", streamPeriod, 32),
    l1DepositLimit: amount("l1DepositLimit", l1DepositLimit, 96),
  };
}

function setPausedUntil(tx: Transaction, pausedUntil: bigint): void {
  setBook(tx, { pausedUntil });
  emit(tx, "StakingPool", "PausedUntilSet", { pausedUntil });
}
