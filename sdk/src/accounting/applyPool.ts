import type { L1DepositEvent, PoolEvent, ProtocolEvent } from "./events";
import { expectSame, expectThat, missingBefore } from "./expect";
import { type ReplayState, keptPosition } from "./state";

/**
 * Applies what StakingPool booked. A replay of everyone proves that each sum follows from the one before.
 *
 * @throws {@link MissingLogsError} when one does not.
 */
export function applyPool(state: ReplayState, event: ProtocolEvent & PoolEvent): void {
  if (event.type === "treasurySet") state.treasury = event.treasury;
  if (event.type === "l1DepositMinted") mintL1Deposit(state, event);
  if (event.type === "reportApplied") {
    expectThat(event, event.number > state.reportNumber, `report ${event.number} came after ${state.reportNumber}`);
    state.reportNumber = event.number;
  }
  if (event.type === "rewardsMinted") expectThat(event, state.treasury !== undefined, "nobody was made treasury");
  if (state.scope.type === "everyone") applySums(state, event);
}

/**
 * Books a deposit made on Ethereum as in flight to its receiver.
 *
 * @throws {@link MissingLogsError} when deposits before it are missing.
 */
export function applyL1Deposit(state: ReplayState, event: ProtocolEvent & L1DepositEvent): void {
  state.l1Deposits += event.assets;
  expectSame(event, "all deposits on Ethereum", state.l1Deposits, event.l1Deposits);
  keptPosition(state, event.receiver)?.l1Deposits.set(event.number, event.assets);
}

function mintL1Deposit(state: ReplayState, event: ProtocolEvent & { readonly type: "l1DepositMinted" }): void {
  const position = keptPosition(state, event.receiver);
  if (position === undefined) return;
  const waiting = position.l1Deposits.get(event.number);
  if (waiting === undefined) throw missingBefore(event, `deposit ${event.number} is not in the logs of Ethereum`);
  expectSame(event, `what remains of deposit ${event.number}`, waiting - event.assets, event.remaining);
  if (event.remaining === 0n) position.l1Deposits.delete(event.number);
  else position.l1Deposits.set(event.number, event.remaining);
}

function applySums({ sums }: ReplayState, event: ProtocolEvent & PoolEvent): void {
  if ("buffer" in event) {
    sums.buffer += bufferChange(event);
    expectSame(event, "the buffer", sums.buffer, event.buffer);
  }
  if (event.type === "arrivalBooked") {
    sums.receivedFromL1 += event.assets;
    expectSame(event, "receivedFromL1", sums.receivedFromL1, event.receivedFromL1);
  } else if (event.type === "sentToL1") {
    sums.sentToL1 += event.assets;
    expectSame(event, "sentToL1", sums.sentToL1, event.sentToL1);
  } else if (event.type === "l1DepositMinted") {
    sums.mintedForL1 += event.assets;
    expectSame(event, "mintedForL1", sums.mintedForL1, event.mintedForL1);
  }
  if ("totalSupply" in event) expectSame(event, "the supply", supplyThen(sums.supply, event), event.totalSupply);
}

/** Wei that an event added to the buffer. */
function bufferChange(event: Extract<PoolEvent, { readonly buffer: bigint }>): bigint {
  switch (event.type) {
    case "deposited":
    case "arrivalBooked":
    case "surplusBooked":
      return event.assets;
    case "redeemedInstantly":
      return -event.paid;
    case "queueFunded":
      return -event.payout;
    case "sentToL1":
      return event.paidByCaller - event.fee - event.assets;
  }
}

/** The supply that an event is to name: rewards are announced before they are minted. */
function supplyThen(supply: bigint, event: PoolEvent): bigint {
  return event.type === "rewardsMinted" ? supply + event.fee + event.reward : supply;
}
