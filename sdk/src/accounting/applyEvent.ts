import { applyL1Deposit, applyPool } from "./applyPool";
import { applyQueue } from "./applyQueue";
import { applyStake, applyStream } from "./applyStream";
import { applyTransfer } from "./applyTransfer";
import type { ProtocolEvent } from "./events";
import type { ReplayState } from "./state";

/**
 * Applies one event to `state`, which is the caller's own: see {@link replay} for a function that changes nothing. What an event
 * says of the state after it must follow from the state before.
 *
 * @throws {@link MissingLogsError} when it does not: logs before it were not given.
 * @example
 * for (const event of events) applyEvent(state, event);
 */
export function applyEvent(state: ReplayState, event: ProtocolEvent): void {
  switch (event.type) {
    case "streamUpdated":
    case "rewardAdded":
    case "lossAbsorbed":
    case "unvestedBurned":
      applyStream(state, event);
      return;
    case "staked":
    case "unstaked":
      applyStake(state, event);
      return;
    case "eMetisMoved":
    case "sharesMoved":
    case "ticketMoved":
      applyTransfer(state, event);
      return;
    case "requested":
    case "finalised":
    case "claimed":
      applyQueue(state, event);
      return;
    case "l1Deposited":
      applyL1Deposit(state, event);
      return;
    case "arrivalBooked":
    case "deposited":
    case "l1DepositMinted":
    case "lossBooked":
    case "queueFunded":
    case "redeemedInstantly":
    case "reportApplied":
    case "rewardsMinted":
    case "sentToL1":
    case "surplusBooked":
    case "treasurySet":
      applyPool(state, event);
  }
}
