/** What a deployment is made of: steps as data, that can be shown, measured, sent by a signer or by a run that survives being killed. */
import {
  type BlockTag,
  ContractFactory,
  type Provider,
  type Signer,
  type TransactionReceipt,
  getAddress,
} from "ethers";

import type { Layer } from "../../config/localChains";
import { readArtifact } from "../artifacts";

/** What all steps have. */
interface AnyStep {
  readonly layer: Layer;
  /** Unlike any other step's. */
  readonly name: string;
  /** The nonce that the plan keeps for it; without one it takes the next. */
  readonly nonce?: number;
}

/** A contract to deploy: where it will be, and how. */
export interface CreateStep extends AnyStep {
  readonly type: "create";
  /** Its artifact's name. */
  readonly contract: string;
  readonly address: string;
  readonly parameters: readonly unknown[];
}

/** A call to make, once. */
export interface CallStep extends AnyStep {
  readonly type: "call";
  readonly to: string;
  readonly data: string;
  /** What goes with it, in wei, as it is when it is sent. @defaultValue nothing */
  readonly readValue?: (provider: Provider) => Promise<bigint>;
  /** Whether the chain shows it done already, in the state after `block` or the latest. */
  readonly isDone: (provider: Provider, block?: BlockTag) => Promise<boolean>;
}

/** Something that comes by itself, and without which nothing goes on. */
export interface WaitStep extends AnyStep {
  readonly type: "wait";
  readonly isDone: (provider: Provider, block?: BlockTag) => Promise<boolean>;
}

/** One step of a deployment. */
export type Step = CreateStep | CallStep | WaitStep;

/** A step that is a transaction. */
export type SentStep = CreateStep | CallStep;

/** The data of the transaction of a step: of a creation the code with its parameters behind it. */
export async function dataOf(step: SentStep): Promise<string> {
  if (step.type === "call") return step.data;
  const { abi, bytecode } = await readArtifact(step.contract);
  return (await new ContractFactory(abi, bytecode).getDeployTransaction(...step.parameters)).data;
}

/**
 * Sends with a signer, one after the other, what is not done yet.
 *
 * @returns The receipts of what was sent, by the names of the steps.
 * @throws When a contract comes to another address than planned: the signer has sent something else.
 */
export async function sendSteps(
  signer: Signer,
  steps: readonly SentStep[],
): Promise<ReadonlyMap<string, TransactionReceipt>> {
  const receipts = new Map<string, TransactionReceipt>();
  const { provider } = signer;
  if (provider === null) throw new Error("the deployer has no provider");
  for (const step of steps) {
    if (await isSent(provider, step)) continue;
    const value = step.type === "call" ? await step.readValue?.(provider) : undefined;
    const target = step.type === "call" ? { to: step.to } : {};
    const transaction = { ...target, data: await dataOf(step), ...(value === undefined ? {} : { value }) };
    const receipt = await (await signer.sendTransaction(transaction)).wait();
    if (receipt === null) throw new Error(`${step.name} was sent and has no receipt`);
    if (step.type === "create") expectAddress(step, receipt.contractAddress);
    receipts.set(step.name, receipt);
  }
  return receipts;
}

async function isSent(provider: Provider, step: SentStep): Promise<boolean> {
  if (step.type === "call") return step.isDone(provider);
  return (await provider.getCode(step.address)) !== "0x";
}

function expectAddress({ contract, address }: CreateStep, found: string | null): void {
  const place = found === null ? "no address" : getAddress(found);
  if (place === address) return;
  throw new Error(`${contract} planned at ${address} was deployed at ${place}: the deployer sent something else`);
}
