/** What the steps of a plan will cost. */
import { dataLength } from "ethers";

import type { Layer } from "../../config/localChains";
import type { Chain } from "../chain/chain";
import { encodedOf } from "./layout";
import type { Prepared } from "./prepare";
import type { SentStep, Step } from "./steps";
import { checkNonce, isDone } from "./survey";

/** A step as the plan shows it. */
export type PlannedStep =
  | { readonly type: "done"; readonly step: Step }
  | { readonly type: "awaited"; readonly step: Step }
  | {
      readonly type: "open";
      readonly step: SentStep;
      readonly gas: bigint;
      /** The chain's own estimate, or what the rehearsal used where it cannot estimate yet. */
      readonly gasFrom: "chain" | "rehearsal";
      /** Gas at the price of the moment and what is sent along, in wei. */
      readonly cost: bigint;
      /** Bytes of the transaction's data. */
      readonly size: number;
    };

/** What a chain's part of a plan costs. Wei of its coin. */
export interface Bill {
  readonly balance: bigint;
  /** For a unit of gas, at the moment. */
  readonly gasPrice: bigint;
  readonly gas: bigint;
  readonly cost: bigint;
}

/** A plan with its costs. */
export interface PricedPlan {
  readonly steps: readonly PlannedStep[];
  readonly bills: Readonly<Record<Layer, Bill>>;
}

/**
 * Looks up what is done, and what the rest costs.
 *
 * @throws {@link ForeignNonceError}, {@link StrangeCodeError}, {@link VaultMismatchError} when the plan cannot be carried out any more.
 */
export async function pricePlan(prepared: Prepared): Promise<PricedPlan> {
  const { chains } = prepared.context;
  const prices = { l1: await readGasPrice(chains.l1), l2: await readGasPrice(chains.l2) };
  const steps: PlannedStep[] = [];
  for (const step of prepared.layout.steps) steps.push(await priceStep(prepared, step, prices[step.layer]));
  const bill = async (layer: Layer): Promise<Bill> => {
    const open = steps.flatMap((planned) => (planned.type === "open" && planned.step.layer === layer ? [planned] : []));
    return {
      balance: await chains[layer].provider.getBalance(prepared.context.deployer),
      gasPrice: prices[layer],
      gas: open.reduce((sum, { gas }) => sum + gas, 0n),
      cost: open.reduce((sum, { cost }) => sum + cost, 0n),
    };
  };
  return { steps, bills: { l1: await bill("l1"), l2: await bill("l2") } };
}

async function priceStep(prepared: Prepared, step: Step, gasPrice: bigint): Promise<PlannedStep> {
  const { context, plan, rehearsal } = prepared;
  const { provider } = context.chains[step.layer];
  const block = await provider.getBlockNumber();
  if (await isDone(provider, step, rehearsal.code, block)) return { type: "done", step };
  if (step.type === "wait") return { type: "awaited", step };
  await checkNonce(provider, step, plan, await provider.getTransactionCount(context.deployer, block));
  const data = encodedOf(prepared.layout, step);
  const value = step.type === "call" ? ((await step.readValue?.(provider)) ?? 0n) : 0n;
  const estimate = await estimateGas(prepared, step, { data, value });
  const gas = estimate ?? rehearsal.gas.get(step.name) ?? 0n;
  const gasFrom = estimate === undefined ? "rehearsal" : "chain";
  return { type: "open", step, gas, gasFrom, cost: gas * gasPrice + value, size: dataLength(data) };
}

/** Metis counts in its gas what Ethereum costs, so the chain's own estimate is better wherever what the step needs is there. */
async function estimateGas(
  { context }: Prepared,
  step: SentStep,
  { data, value }: { readonly data: string; readonly value: bigint },
): Promise<bigint | undefined> {
  const { provider } = context.chains[step.layer];
  const codes = await Promise.all(needsOf(step).map(async (address) => provider.getCode(address)));
  if (codes.includes("0x")) return undefined;
  const to = step.type === "call" ? { to: step.to } : {};
  // The account may not be funded yet, and a role not be given: then the rehearsal has to do.
  return provider.estimateGas({ from: context.deployer, ...to, data, value }).catch(() => undefined);
}

function needsOf(step: SentStep): readonly string[] {
  if (step.type === "call") return [step.to];
  const isIndirect = step.contract === "ERC1967Proxy" || step.contract === "UpgradeableBeacon";
  return isIndirect ? [String(step.parameters[0])] : [];
}

async function readGasPrice({ provider }: Chain): Promise<bigint> {
  return BigInt(String(await provider.send("eth_gasPrice", [])));
}
