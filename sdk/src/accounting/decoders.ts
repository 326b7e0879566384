import type { Deployment } from "../deployments";
import {
  EMetis__factory,
  LockManager__factory,
  RedemptionQueue__factory,
  SEMetis__factory,
  StakingPool__factory,
} from "../generated/contracts";
import type { Stream } from "../math/rewardStream";
import type { Address } from "../types";
import type { L1DepositEvent, PoolEvent, QueueEvent, StakeEvent, StreamEvent, TransferEvent } from "./events";
import type { Words } from "./words";

/** What an event says, without where it is. */
export type EventBody = StreamEvent | StakeEvent | TransferEvent | QueueEvent | PoolEvent | L1DepositEvent;

/** An event of a contract that counts here. */
export interface Decoder {
  readonly address: Address;
  readonly topic: string;
  readonly decode: (words: Words) => EventBody;
}

/**
 * The events that values depend on, of each contract, by the names of the contract.
 *
 * @example
 * const { topic } = decodersOf(deployment).seMetis.StreamUpdated;
 */
export function decodersOf(deployment: Deployment) {
  const { l1, l2 } = deployment;
  return {
    eMetis: eMetisDecoders(l2.eMetis),
    seMetis: seMetisDecoders(l2.seMetis),
    redemptionQueue: queueDecoders(l2.redemptionQueue),
    stakingPool: { ...flowDecoders(l2.stakingPool), ...bookDecoders(l2.stakingPool) },
    lockManager: lockManagerDecoders(l1.lockManager),
  };
}

function eMetisDecoders(address: Address) {
  const abi = EMetis__factory.createInterface();
  const decoder = decoderOf(address);
  return {
    Transfer: decoder(abi.getEvent("Transfer").topicHash, ({ topicAddress, data }) => ({
      type: "eMetisMoved",
      from: topicAddress(1),
      to: topicAddress(2),
      assets: data(0),
    })),
  };
}

function seMetisDecoders(address: Address) {
  const abi = SEMetis__factory.createInterface();
  const decoder = decoderOf(address);
  return {
    Transfer: decoder(abi.getEvent("Transfer").topicHash, ({ topicAddress, data }) => ({
      type: "sharesMoved",
      from: topicAddress(1),
      to: topicAddress(2),
      shares: data(0),
    })),
    Deposit: decoder(abi.getEvent("Deposit").topicHash, ({ topicAddress, data }) => ({
      type: "staked",
      ...{ caller: topicAddress(1), owner: topicAddress(2) },
      ...{ assets: data(0), shares: data(1) },
    })),
    Withdraw: decoder(abi.getEvent("Withdraw").topicHash, ({ topicAddress, data }) => ({
      type: "unstaked",
      ...{ caller: topicAddress(1), receiver: topicAddress(2), owner: topicAddress(3) },
      ...{ assets: data(0), shares: data(1) },
    })),
    StreamUpdated: decoder(abi.getEvent("StreamUpdated").topicHash, (words) => ({
      type: "streamUpdated",
      after: streamFrom(words, 0),
    })),
    RewardAdded: decoder(abi.getEvent("RewardAdded").topicHash, (words) => ({
      type: "rewardAdded",
      ...{ reward: words.data(0), donated: words.data(1) },
      after: streamFrom(words, 2),
    })),
    LossAbsorbed: decoder(abi.getEvent("LossAbsorbed").topicHash, (words) => ({
      type: "lossAbsorbed",
      ...{ fromUnvested: words.data(0), fromAssets: words.data(1) },
      after: streamFrom(words, 2),
    })),
    UnvestedBurned: decoder(abi.getEvent("UnvestedBurned").topicHash, (words) => ({
      type: "unvestedBurned",
      burned: words.data(0),
      after: streamFrom(words, 1),
    })),
  };
}

function queueDecoders(address: Address) {
  const abi = RedemptionQueue__factory.createInterface();
  const decoder = decoderOf(address);
  return {
    Transfer: decoder(abi.getEvent("Transfer").topicHash, ({ topic, topicAddress }) => ({
      type: "ticketMoved",
      from: topicAddress(1),
      to: topicAddress(2),
      id: topic(3),
    })),
    RedemptionRequested: decoder(abi.getEvent("RedemptionRequested").topicHash, ({ topic, topicAddress, data }) => ({
      type: "requested",
      ...{ id: topic(1), owner: topicAddress(2) },
      ...{ assets: data(0), requestedUntil: data(1) },
    })),
    RedemptionsFinalised: decoder(abi.getEvent("RedemptionsFinalised").topicHash, ({ data }) => ({
      type: "finalised",
      ...{ from: data(0), until: data(1), rate: data(2), paid: data(3) },
    })),
    RedemptionClaimed: decoder(abi.getEvent("RedemptionClaimed").topicHash, ({ topic, topicAddress, data }) => ({
      type: "claimed",
      ...{ id: topic(1), owner: topicAddress(2), receiver: topicAddress(3) },
      ...{ from: data(0), until: data(1), paid: data(2) },
    })),
  };
}

/** What users do with the pool, and what the pool does with the queue. */
function flowDecoders(address: Address) {
  const abi = StakingPool__factory.createInterface();
  const decoder = decoderOf(address);
  return {
    Deposited: decoder(abi.getEvent("Deposited").topicHash, ({ topicAddress, data }) => ({
      type: "deposited",
      receiver: topicAddress(2),
      ...{ assets: data(0), buffer: data(1), totalSupply: data(2) },
    })),
    L1DepositMinted: decoder(abi.getEvent("L1DepositMinted").topicHash, ({ topic, topicAddress, data }) => ({
      type: "l1DepositMinted",
      ...{ number: topic(1), receiver: topicAddress(2) },
      ...{ assets: data(0), remaining: data(1), mintedForL1: data(3), totalSupply: data(4) },
    })),
    RedeemedInstantly: decoder(abi.getEvent("RedeemedInstantly").topicHash, ({ topicAddress, data }) => ({
      type: "redeemedInstantly",
      owner: topicAddress(1),
      ...{ assets: data(0), paid: data(1), fee: data(2), buffer: data(3), totalSupply: data(4) },
    })),
    QueueFunded: decoder(abi.getEvent("QueueFunded").topicHash, ({ data }) => ({
      type: "queueFunded",
      ...{ assets: data(0), payout: data(1), buffer: data(2), totalSupply: data(3) },
    })),
  };
}

/** What the pool books of METIS, rewards and losses. */
function bookDecoders(address: Address) {
  const abi = StakingPool__factory.createInterface();
  const decoder = decoderOf(address);
  return {
    ArrivalBooked: decoder(abi.getEvent("ArrivalBooked").topicHash, ({ data }) => ({
      type: "arrivalBooked",
      ...{ assets: data(0), receivedFromL1: data(1), buffer: data(2) },
    })),
    SurplusBooked: decoder(abi.getEvent("SurplusBooked").topicHash, ({ data }) => ({
      type: "surplusBooked",
      ...{ assets: data(0), buffer: data(1) },
    })),
    // The report itself, of seven words, stands before the sums.
    ReportApplied: decoder(abi.getEvent("ReportApplied").topicHash, ({ topic, data }) => ({
      type: "reportApplied",
      number: topic(1),
      ...{ totalAssets: data(7), totalSupply: data(8) },
    })),
    RewardsMinted: decoder(abi.getEvent("RewardsMinted").topicHash, ({ data }) => ({
      type: "rewardsMinted",
      ...{ fee: data(0), reward: data(1), totalSupply: data(4) },
    })),
    LossBooked: decoder(abi.getEvent("LossBooked").topicHash, ({ data }) => ({
      type: "lossBooked",
      ...{ loss: data(0), burned: data(1), totalSupply: data(4) },
    })),
    SentToL1: decoder(abi.getEvent("SentToL1").topicHash, ({ data }) => ({
      type: "sentToL1",
      ...{ assets: data(0), fee: data(1), paidByCaller: data(2), burned: data(3), sentToL1: data(4), buffer: data(5) },
    })),
    TreasurySet: decoder(abi.getEvent("TreasurySet").topicHash, ({ topicAddress }) => ({
      type: "treasurySet",
      treasury: topicAddress(1),
    })),
  };
}

function lockManagerDecoders(address: Address) {
  const abi = LockManager__factory.createInterface();
  const decoder = decoderOf(address);
  return {
    Deposited: decoder(abi.getEvent("Deposited").topicHash, ({ topic, topicAddress, data }) => ({
      type: "l1Deposited",
      ...{ receiver: topicAddress(2), number: topic(3) },
      ...{ assets: data(0), l1Deposits: data(2) },
    })),
  };
}

function decoderOf(address: Address) {
  return (topic: string, decode: (words: Words) => EventBody): Decoder => ({ address, topic, decode });
}

function streamFrom({ data }: Words, first: number): Stream {
  return { assets: data(first), unvested: data(first + 1), vestedAt: data(first + 2), endsAt: data(first + 3) };
}
