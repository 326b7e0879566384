/** StakingPool's cranks: METIS to the queue, up to Ethereum, and from the gateway. */
import { bookArrival, bookSending, bookedAssets, finalisationCutoff } from "../../math/book";
import { endAt } from "../../math/hourlyLine";
import { BPS, max, saturatingSub } from "../../math/integers";
import { finalisable } from "../../math/queue";
import type { Outcome } from "../outcome";
import { finalise } from "./claims";
import { dropMetis, metisOf, shiftMetis } from "./metis";
import { bookHaircut, ensureOpen, freeBuffer, isOpen, payFromPool, poolRate, setBuffer } from "./pool";
import { burnUnvested } from "./rewards";
import { toInt, toUint } from "./revert";
import type { Departure, L2State } from "./state";
import { type L2Call, type PaidL2Call, type Transaction, emit, setPool, transact, transactPaid } from "./transaction";

/** METIS is sent up at least this many wei at a time, */
const MIN_SENDING = 500n * 10n ** 18n;
/** at least this share of supply, in basis points, */
const MIN_SENDING_BPS = 50n;
/** and at most this often, in seconds. */
const SENDING_INTERVAL = 86_400n;
/** The pool pays the bridge's fee only if it is at most one part in this many of what is sent. */
const MAX_FEE_SHARE = 1_000n;

/**
 * The pool's `rebalance`: books what arrived, funds the queue, sends up what is beyond the reserve. What the caller brought for
 * the bridge and was not spent comes back.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateRebalance(state, { caller: anyone, value: state.bridge.fee });
 */
export function simulateRebalance(state: L2State, call: PaidL2Call): Outcome<L2State, null> {
  return transactPaid(state, call, "stakingPool", (tx) => {
    forwardArrivals(tx);
    let spent = 0n;
    if (isOpen(tx.state)) {
      fundQueue(tx);
      spent = sendUp(tx);
    }
    if (tx.value > spent) payFromPool(tx, tx.caller, tx.value - spent);
    return null;
  });
}

/**
 * The pool's `fundQueue`.
 *
 * @throws AddressError for a caller that is none.
 * @example
 * simulateFundQueue(state, { caller: anyone });
 */
export function simulateFundQueue(state: L2State, call: L2Call): Outcome<L2State, null> {
  return transact(state, call, (tx) => {
    ensureOpen(tx.state);
    fundQueue(tx);
    return null;
  });
}

/**
 * The gateway's `forwardArrivals`: METIS that it was given goes to the pool. Returns wei.
 *
 * @throws AddressError for a caller that is none.
 * @example
 * simulateForwardArrivals(state, { caller: anyone });
 */
export function simulateForwardArrivals(state: L2State, call: L2Call): Outcome<L2State, bigint> {
  return transact(state, call, forwardArrivals);
}

/** Hands something to Metis's bridge. */
export function depart(tx: Transaction, departure: Departure): void {
  const { bridge } = tx.state;
  tx.state = { ...tx.state, bridge: { ...bridge, departures: [...bridge.departures, departure] } };
}

function forwardArrivals(tx: Transaction): bigint {
  const { l2Gateway, stakingPool } = tx.state.network;
  const assets = metisOf(tx.state, l2Gateway);
  if (assets === 0n) return 0n;
  emit(tx, "L2Gateway", "ArrivalsForwarded", { assets });
  tx.state = shiftMetis(tx.state, l2Gateway, stakingPool, assets);
  const book = bookArrival(tx.state.pool.book, assets);
  const buffer = toUint(book.buffer, 88);
  toInt(book.elsewhere, 96);
  const receivedFromL1 = toUint(book.receivedFromL1, 96);
  setPool(tx, { book });
  emit(tx, "StakingPool", "ArrivalBooked", { assets, receivedFromL1, buffer });
  return assets;
}

function fundQueue(tx: Transaction): void {
  const { pool, queue, time } = tx.state;
  const { checkpoints, end } = queue.finalised;
  const limit = endAt(queue.requested, finalisationCutoff(pool.book, time));
  const rate = poolRate(tx.state);
  const line = { finalisedUntil: end, limit, assets: pool.book.buffer, rate };
  const { until, payout } = finalisable(checkpoints, line);
  if (until === end) return;
  const assets = until - end;
  const buffer = setBuffer(tx, pool.book.buffer - payout);
  bookHaircut(tx, assets - payout);
  const totalSupply = finalise(tx, until, rate, payout);
  emit(tx, "StakingPool", "QueueFunded", { assets, payout, buffer, totalSupply });
}

/** `_sendUp`. Returns what the caller paid for the bridge. */
function sendUp(tx: Transaction): bigint {
  const { time, pool, eMetis, network, bridge } = tx.state;
  if (time < pool.book.lastSentAt + SENDING_INTERVAL) return 0n;
  const supply = eMetis.totalSupply;
  const beyond = saturatingSub(freeBuffer(tx.state), (supply * pool.parameters.reserveBps) / BPS);
  if (beyond < max(MIN_SENDING, (supply * MIN_SENDING_BPS) / BPS)) return 0n;

  const { fee } = bridge;
  const { isPaid, burned } = coverFee(tx, fee, beyond);
  if (!isPaid && tx.value < fee) return 0n;
  if (isPaid) setBuffer(tx, tx.state.pool.book.buffer - fee);
  const assets = isPaid ? beyond - fee : beyond;
  const paidByCaller = isPaid ? 0n : fee;
  setPool(tx, { book: bookSending(tx.state.pool.book, assets, time) });
  const { sentToL1, buffer } = tx.state.pool.book;
  emit(tx, "StakingPool", "SentToL1", { assets, fee, paidByCaller, burned, sentToL1, buffer });
  tx.state = dropMetis(tx.state, network.stakingPool, fee + assets);
  depart(tx, { type: "metis", to: network.lockManager, assets });
  return paidByCaller;
}

/** `_coverFee`: whether the pool pays, and what it burned for that. */
function coverFee(tx: Transaction, fee: bigint, assets: bigint): { readonly isPaid: boolean; readonly burned: bigint } {
  const refused = { isPaid: false, burned: 0n };
  if (fee * MAX_FEE_SHARE > assets) return refused;
  const { pool, eMetis } = tx.state;
  const burned = saturatingSub(fee, saturatingSub(bookedAssets(pool.book), eMetis.totalSupply));
  if (burned === 0n) return { isPaid: true, burned };
  if (!burnUnvested(tx, burned)) return refused;
  bookHaircut(tx, burned);
  return { isPaid: true, burned };
}
