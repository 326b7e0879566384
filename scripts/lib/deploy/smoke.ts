/**
 * The smoke test of the token-bridge channel: throwaway gateways, with the deployer in the place of the protocol, carry one message down.
 * Metis's live bridge must show that it does before anything of a user's depends on it.
 */
import { type Provider, getCreateAddress, id } from "ethers";

import {
  IAddressManager__factory,
  IDiscountOracle__factory,
  IL1StandardBridge__factory,
} from "../../../typechain-types";
import { envelopeHash } from "../../../sdk/src/messages";
import { L1Gateway__factory, L2Gateway__factory } from "../artifacts";
import type { MetisOnL1, PlanParameters } from "./addresses";
import { implementation, proxy } from "./protocolSteps";
import type { CallStep, CreateStep, WaitStep } from "./steps";

/** What `sendMessage` says. */
const number = 1n;
const payloadHash = id("eMetis: smoke test of the token-bridge channel");
/** Gas that `L1Gateway` pays for on Metis for a message. */
const messageGas = 400_000n;
/** `L2Gateway.hashState` of a hash that has not arrived. */
const unknown = 0n;

/** Transactions that the smoke test takes on each chain, and so nonces before the protocol's. */
export const smokeNonces = { l1: 3, l2: 2 } as const;

/** The name of the step that waits for the message. */
export const arrival = "smoke message arrives";

/** The steps of the smoke test; `start` has the first nonces of all. */
export function smokeSteps(
  { l1, l2 }: PlanParameters,
  { metis, bridge }: Pick<MetisOnL1, "metis" | "bridge">,
): readonly (CreateStep | CallStep | WaitStep)[] {
  const onL1 = (offset: number) => getCreateAddress({ from: l1.deployer, nonce: l1.nonce + offset });
  const onL2 = (offset: number) => getCreateAddress({ from: l2.deployer, nonce: l2.nonce + offset });
  const gateways = { l1: onL1(1), l2: onL2(1) };
  // Without an AccessManager nobody can change these gateways.
  const l1Data = L1Gateway__factory.createInterface().encodeFunctionData("initialize", [l1.deployer, gateways.l2]);
  const l2Data = L2Gateway__factory.createInterface().encodeFunctionData("initialize", [l2.deployer, gateways.l1]);
  const creations = [
    { layer: "l2", offset: 0, ...implementation("L2Gateway", onL2(0), [l2.deployer, l1.chainId]) },
    { layer: "l2", offset: 1, ...proxy("L2Gateway", gateways.l2, [onL2(0), l2Data]) },
    { layer: "l1", offset: 0, ...implementation("L1Gateway", onL1(0), [l1.deployer, metis, bridge, l2.chainId]) },
    { layer: "l1", offset: 1, ...proxy("L1Gateway", gateways.l1, [onL1(0), l1Data]) },
  ] as const;
  const starts = { l1: l1.nonce, l2: l2.nonce };
  const steps = creations.map(({ offset, ...step }): CreateStep => {
    return { ...step, type: "create", name: `smoke ${step.name}`, nonce: starts[step.layer] + offset };
  });
  const channel = { gateways, bridge, l1ChainId: l1.chainId, l2ChainId: l2.chainId };
  return [...steps, sending(channel, l1.nonce + 2), arriving(channel)];
}

/** What Metis charges on Ethereum for a message, in wei of ETH: the sum that `L1Gateway.messageFee` gives. */
export async function readMessageFee(l1: Provider, bridge: string): Promise<bigint> {
  const manager = await IL1StandardBridge__factory.connect(bridge, l1).addressmgr();
  // `getAddress` of ethers would be the address of the book itself.
  const book = IAddressManager__factory.connect(manager, l1).getFunction("getAddress(string)");
  const oracle: unknown = await book("MVM_DiscountOracle");
  const fees = IDiscountOracle__factory.connect(String(oracle), l1);
  const least = BigInt.asUintN(32, await fees.getMinL2Gas());
  return (least > messageGas ? least : messageGas) * (await fees.getDiscount());
}

interface Channel {
  readonly gateways: { readonly l1: string; readonly l2: string };
  readonly bridge: string;
  readonly l1ChainId: bigint;
  readonly l2ChainId: bigint;
}

function sending(channel: Channel, nonce: number): CallStep {
  const { gateways, bridge, l2ChainId } = channel;
  return {
    type: "call",
    layer: "l1",
    name: "smoke message sent",
    nonce,
    to: gateways.l1,
    data: L1Gateway__factory.createInterface().encodeFunctionData("sendMessage", [number, payloadHash]),
    readValue: async (provider) => readMessageFee(provider, bridge),
    // The bridge adds up what each pair of tokens sent; nobody else can send for this pair.
    isDone: async (provider, blockTag = "latest") => {
      const counter = IL1StandardBridge__factory.connect(bridge, provider);
      return (await counter.deposits(gateways.l1, l2ChainId, gateways.l2, { blockTag })) > 0n;
    },
  };
}

function arriving({ gateways, l1ChainId, l2ChainId }: Channel): WaitStep {
  const route = { l1ChainId, l2ChainId, l1Gateway: gateways.l1, l2Gateway: gateways.l2 };
  const hash = envelopeHash(route, number, payloadHash);
  return {
    type: "wait",
    layer: "l2",
    name: arrival,
    isDone: async (provider, blockTag = "latest") => {
      if ((await provider.getCode(gateways.l2, blockTag)) === "0x") return false;
      const gateway = L2Gateway__factory.connect(gateways.l2, provider);
      return (await gateway.hashState(hash, { blockTag })) !== unknown;
    },
  };
}
