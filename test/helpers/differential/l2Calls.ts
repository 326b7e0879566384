/** The transactions on Metis that the simulator's actions stand for. */
import { dataSlice, getAddress } from "ethers";

import type { L2Action, L2ActionType } from "../../../sdk/src/simulator/l2/simulateL2";
import {
  EMetis__factory,
  L2Gateway__factory,
  RedemptionQueue__factory,
  SEMetis__factory,
  StakingPool__factory,
} from "../../../typechain-types";
import { predeploys } from "../../../scripts/lib/predeploys";

/** The contracts by their names in {@link L2Network}, with the names that the simulator's events give them. */
export const l2Contracts = {
  eMetis: { name: "EMetis", abi: EMetis__factory.createInterface() },
  seMetis: { name: "SEMetis", abi: SEMetis__factory.createInterface() },
  stakingPool: { name: "StakingPool", abi: StakingPool__factory.createInterface() },
  redemptionQueue: { name: "RedemptionQueue", abi: RedemptionQueue__factory.createInterface() },
  l2Gateway: { name: "L2Gateway", abi: L2Gateway__factory.createInterface() },
} as const;

/** A contract of the protocol on Metis. */
export type L2ContractName = keyof typeof l2Contracts;

/** A transaction by name. */
export interface L2Call {
  readonly from: string;
  readonly contract: L2ContractName;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly value: bigint;
}

/** Actions that no transaction to a contract of the protocol stands for. */
type Environment = "metisArrival" | "bridgeFee";

type Builders = {
  readonly [T in Exclude<L2ActionType, Environment>]: (action: L2Action<T>) => L2Call;
};

const nobody = "0x0000000000000000000000000000000000000000";

const builders: Builders = {
  transfer: ({ caller, token, to, value }) => call(caller, token, "transfer", [to, value]),
  transferFrom: ({ caller, token, from, to, value }) => call(caller, token, "transferFrom", [from, to, value]),
  approve: ({ caller, token, spender, value }) => call(caller, token, "approve", [spender, value]),
  deposit: ({ caller, receiver, referrer = nobody, value }) =>
    call(caller, "stakingPool", "deposit", [receiver, referrer], value),
  depositAndStake: ({ caller, receiver, minShares, referrer = nobody, value }) =>
    call(caller, "stakingPool", "depositAndStake", [receiver, minShares, referrer], value),
  redeemInstant: ({ caller, assets, minOut, receiver }) =>
    call(caller, "stakingPool", "redeemInstant", [assets, minOut, receiver]),
  stake: ({ caller, assets, receiver }) => call(caller, "seMetis", "deposit", [assets, receiver]),
  mintShares: ({ caller, shares, receiver }) => call(caller, "seMetis", "mint", [shares, receiver]),
  withdrawStaked: ({ caller, assets, receiver, owner }) =>
    call(caller, "seMetis", "withdraw", [assets, receiver, owner]),
  unstake: ({ caller, shares, receiver, owner }) => call(caller, "seMetis", "redeem", [shares, receiver, owner]),
  requestRedeem: ({ caller, assets, owner }) => call(caller, "redemptionQueue", "requestRedeem", [assets, owner]),
  requestRedeemBatch: ({ caller, assets, owner }) =>
    call(caller, "redemptionQueue", "requestRedeemBatch", [assets, owner]),
  requestRedeemStaked: ({ caller, shares, owner }) =>
    call(caller, "redemptionQueue", "requestRedeemStaked", [shares, owner]),
  transferTicket: ({ caller, from, to, id }) => call(caller, "redemptionQueue", "transferFrom", [from, to, id]),
  approveTicket: ({ caller, account, id }) => call(caller, "redemptionQueue", "approve", [account, id]),
  approveTickets: ({ caller, operator, isApproved }) =>
    call(caller, "redemptionQueue", "setApprovalForAll", [operator, isApproved]),
  claim: ({ caller, id }) => call(caller, "redemptionQueue", "claim", [id]),
  claimBatch: ({ caller, ids }) => call(caller, "redemptionQueue", "claimBatch", [ids]),
  claimTo: ({ caller, ids, receiver }) => call(caller, "redemptionQueue", "claimTo", [ids, receiver]),
  skim: ({ caller }) => call(caller, "redemptionQueue", "skim", []),
  rebalance: ({ caller, value }) => call(caller, "stakingPool", "rebalance", [], value),
  fundQueue: ({ caller }) => call(caller, "stakingPool", "fundQueue", []),
  forwardArrivals: ({ caller }) => call(caller, "l2Gateway", "forwardArrivals", []),
  signalNeed: ({ caller, value }) => call(caller, "l2Gateway", "signalNeed", [], value),
  deliver: ({ caller, number, payload }) => call(caller, "l2Gateway", "deliver", [number, payload]),
  hashArrival: ({ hash }) =>
    call(predeploys.bridge, "l2Gateway", "mint", [getAddress(dataSlice(hash, 0, 20)), BigInt(dataSlice(hash, 20))]),
  confirmLoss: ({ caller }) => call(caller, "stakingPool", "confirmLoss", []),
  pause: ({ caller }) => call(caller, "stakingPool", "pause", []),
  unpause: ({ caller }) => call(caller, "stakingPool", "unpause", []),
  setParameters: ({ caller, parameters }) => call(caller, "stakingPool", "setParameters", [parameters]),
  tightenParameters: ({ caller, parameters }) => call(caller, "stakingPool", "tightenParameters", [parameters]),
  setTreasury: ({ caller, treasury }) => call(caller, "stakingPool", "setTreasury", [treasury]),
};

/** The transaction that `action` stands for; undefined for what the bridge and Metis do by themselves. */
export function l2CallOf<T extends L2ActionType>(action: L2Action<T>): L2Call | undefined {
  const table: { readonly [N in L2ActionType]: ((action: L2Action<N>) => L2Call) | undefined } = {
    ...builders,
    metisArrival: undefined,
    bridgeFee: undefined,
  };
  return table[action.type]?.(action);
}

function call(from: string, contract: L2ContractName, method: string, args: readonly unknown[], value = 0n): L2Call {
  return { from, contract, method, args, value };
}
