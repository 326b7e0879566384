import type { Stream } from "../math/rewardStream";
import type { Address, Hex, Side } from "../types";

/** Where a log is. */
export interface LogPosition {
  readonly side: Side;
  readonly blockNumber: number;
  readonly blockHash: Hex;
  readonly transactionHash: Hex;
  /** Of the log in its block. */
  readonly index: number;
}

/** Something that changed the stream of seMetis by itself; `after` is the stream after it. */
export type StreamEvent =
  | { readonly type: "streamUpdated"; readonly after: Stream }
  | { readonly type: "rewardAdded"; readonly reward: bigint; readonly donated: bigint; readonly after: Stream }
  | {
      readonly type: "lossAbsorbed";
      readonly fromUnvested: bigint;
      readonly fromAssets: bigint;
      readonly after: Stream;
    }
  | { readonly type: "unvestedBurned"; readonly burned: bigint; readonly after: Stream };

/** A stake or the end of one, in wei of eMetis and of shares. */
export type StakeEvent =
  | {
      readonly type: "staked";
      readonly caller: Address;
      readonly owner: Address;
      readonly assets: bigint;
      readonly shares: bigint;
    }
  | {
      readonly type: "unstaked";
      readonly caller: Address;
      readonly receiver: Address;
      readonly owner: Address;
      readonly assets: bigint;
      readonly shares: bigint;
    };

/** A transfer of wei of eMetis, of wei of shares, or of the ticket `id`; minted from and burned to the zero address. */
export type TransferEvent =
  | { readonly type: "eMetisMoved"; readonly from: Address; readonly to: Address; readonly assets: bigint }
  | { readonly type: "sharesMoved"; readonly from: Address; readonly to: Address; readonly shares: bigint }
  | { readonly type: "ticketMoved"; readonly from: Address; readonly to: Address; readonly id: bigint };

/** What happens to the line of the redemption queue; positions are wei of eMetis. */
export type QueueEvent =
  | {
      readonly type: "requested";
      readonly id: bigint;
      readonly owner: Address;
      readonly assets: bigint;
      readonly requestedUntil: bigint;
    }
  | {
      readonly type: "finalised";
      readonly from: bigint;
      readonly until: bigint;
      readonly rate: bigint;
      readonly paid: bigint;
    }
  | {
      readonly type: "claimed";
      readonly id: bigint;
      readonly owner: Address;
      readonly receiver: Address;
      readonly from: bigint;
      readonly until: bigint;
      readonly paid: bigint;
    };

/** What StakingPool books; wei. `buffer` and `totalSupply` are those after it, except of `reportApplied`. */
export type PoolEvent =
  | {
      readonly type: "deposited";
      readonly receiver: Address;
      readonly assets: bigint;
      readonly buffer: bigint;
      readonly totalSupply: bigint;
    }
  | {
      readonly type: "l1DepositMinted";
      readonly number: bigint;
      readonly receiver: Address;
      readonly assets: bigint;
      readonly remaining: bigint;
      readonly mintedForL1: bigint;
      readonly totalSupply: bigint;
    }
  | {
      readonly type: "arrivalBooked";
      readonly assets: bigint;
      readonly receivedFromL1: bigint;
      readonly buffer: bigint;
    }
  | { readonly type: "surplusBooked"; readonly assets: bigint; readonly buffer: bigint }
  | {
      /** Sums before rewards are minted or losses burned. */
      readonly type: "reportApplied";
      readonly number: bigint;
      readonly totalAssets: bigint;
      readonly totalSupply: bigint;
    }
  | { readonly type: "rewardsMinted"; readonly fee: bigint; readonly reward: bigint; readonly totalSupply: bigint }
  | { readonly type: "lossBooked"; readonly loss: bigint; readonly burned: bigint; readonly totalSupply: bigint }
  | {
      readonly type: "queueFunded";
      readonly assets: bigint;
      readonly payout: bigint;
      readonly buffer: bigint;
      readonly totalSupply: bigint;
    }
  | {
      readonly type: "sentToL1";
      readonly assets: bigint;
      readonly fee: bigint;
      readonly paidByCaller: bigint;
      readonly burned: bigint;
      readonly sentToL1: bigint;
      readonly buffer: bigint;
    }
  | {
      readonly type: "redeemedInstantly";
      readonly owner: Address;
      readonly assets: bigint;
      readonly paid: bigint;
      readonly fee: bigint;
      readonly buffer: bigint;
      readonly totalSupply: bigint;
    }
  | { readonly type: "treasurySet"; readonly treasury: Address };

/** A deposit of METIS on Ethereum, in flight until StakingPool mints for it; wei. */
export interface L1DepositEvent {
  readonly type: "l1Deposited";
  readonly receiver: Address;
  readonly number: bigint;
  readonly assets: bigint;
  /** All that was ever deposited on Ethereum, after it. */
  readonly l1Deposits: bigint;
}

/** A decoded log of the protocol, as far as values depend on it. */
export type ProtocolEvent = (StreamEvent | StakeEvent | TransferEvent | QueueEvent | PoolEvent | L1DepositEvent) & {
  readonly at: LogPosition;
};

/** An event with the second it counts from. */
export interface TimedEvent {
  readonly event: ProtocolEvent;
  /** Unix seconds; `undefined` where nothing depends on it. */
  readonly time: bigint | undefined;
}
