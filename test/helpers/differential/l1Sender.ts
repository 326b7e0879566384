/** Sends what a step of a campaign does to the real contracts, and tells what they did as the simulator tells it. */
import {
  AccessManager__factory,
  L1Gateway__factory,
  LocalL1StandardBridge__factory,
  LocalLockingPool__factory,
  LocalMetis__factory,
  LockManager__factory,
} from "../../../typechain-types";
import { type Interface, type ParamType, Result, toQuantity } from "ethers";

import { type Crossing } from "../../../sdk/src/simulator/l1";
import type { SimulatedEvent, SimulatedRevert, Value } from "../../../sdk/src/simulator/outcome";
import type { CampaignWorld } from "./l1World";

/** A transaction to a contract. */
export interface Sending {
  readonly from: string;
  readonly to: string;
  readonly data: string;
  readonly value?: bigint;
  /** Whether what it returns is worth a call more. */
  readonly isAnswering?: boolean;
}

/** What a contract answered. */
export type Answer =
  | {
      readonly type: "done";
      /** ABI-encoded. */
      readonly output: string;
      readonly events: readonly SimulatedEvent[];
      readonly crossings: readonly Crossing[];
      /** ETH that the call cost beside its gas, wei. */
      readonly spent: bigint;
    }
  | { readonly type: "reverted"; readonly error: SimulatedRevert };

const interfaces: readonly Interface[] = [
  LockManager__factory.createInterface(),
  L1Gateway__factory.createInterface(),
  LocalMetis__factory.createInterface(),
  LocalLockingPool__factory.createInterface(),
  AccessManager__factory.createInterface(),
];
const bridgeInterface = LocalL1StandardBridge__factory.createInterface();
const gasLimit = toQuantity(12_000_000);

interface RawLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

interface RawReceipt {
  readonly logs: readonly RawLog[];
  readonly gasUsed: string;
  readonly effectiveGasPrice: string;
}

/** Sends at `time`. */
export async function send(world: CampaignWorld, sending: Sending, time: bigint): Promise<Answer> {
  const { provider } = world.l1;
  const { from, to, data, value, isAnswering = false } = sending;
  const request = { from, to, data, gas: gasLimit, ...(value === undefined ? {} : { value: toQuantity(value) }) };
  await world.l1.setNextBlockTimestamp(Number(time));
  try {
    const before = value === undefined ? 0n : await provider.getBalance(from);
    const output: unknown = isAnswering ? await provider.send("eth_call", [request, "pending"]) : "0x";
    const hash: unknown = await provider.send("eth_sendTransaction", [request]);
    const receipt = (await provider.send("eth_getTransactionReceipt", [hash])) as RawReceipt;
    const after = value === undefined ? 0n : await provider.getBalance(from);
    const gas = value === undefined ? 0n : BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice);
    return {
      type: "done",
      output: String(output),
      events: eventsOf(world, receipt.logs),
      crossings: crossingsOf(world, receipt.logs),
      spent: before - after - gas,
    };
  } catch (error) {
    return { type: "reverted", error: decodeRevert(error) };
  }
}

function eventsOf(world: CampaignWorld, logs: readonly RawLog[]): readonly SimulatedEvent[] {
  const { lockManager, l1Gateway } = world.deployment.l1;
  const known = new Map([
    [lockManager.toLowerCase(), ["LockManager", LockManager__factory.createInterface()] as const],
    [l1Gateway.toLowerCase(), ["L1Gateway", L1Gateway__factory.createInterface()] as const],
    [world.metis.metis.toLowerCase(), ["METIS", LocalMetis__factory.createInterface()] as const],
  ]);
  return logs.flatMap((log) => {
    const found = known.get(log.address.toLowerCase());
    if (found === undefined) return [];
    const [contract, abi] = found;
    const parsed = abi.parseLog(log);
    if (parsed === null) throw new Error(`${contract} emitted what its ABI does not know`);
    return [{ contract, name: parsed.name, args: namedValues(parsed.fragment.inputs, parsed.args) }];
  });
}

/** What the bridge took, from its own events. */
function crossingsOf(world: CampaignWorld, logs: readonly RawLog[]): readonly Crossing[] {
  return logs.flatMap((log): Crossing[] => {
    if (log.address.toLowerCase() !== world.metis.bridge.toLowerCase()) return [];
    const parsed = bridgeInterface.parseLog(log);
    if (parsed?.name !== "ERC20DepositInitiated") return [];
    const [l1Token, , from, to, amount] = parsed.args.toArray().map(String);
    if (l1Token === world.metis.metis) return [{ type: "metis", from: from!, to: to!, assets: BigInt(amount!) }];
    return [{ type: "message", hash: `${to!.toLowerCase()}${BigInt(amount!).toString(16).padStart(24, "0")}` }];
  });
}

function namedValues(inputs: readonly ParamType[], args: Result): Readonly<Record<string, Value>> {
  return Object.fromEntries(inputs.map((input, i) => [input.name, valueOf(input, args[i])]));
}

function valueOf(type: ParamType, value: unknown): Value {
  if (value instanceof Result) return namedValues(type.components ?? [], value);
  if (typeof value === "bigint" || typeof value === "boolean" || typeof value === "string") return value;
  throw new Error(`no value of the simulator: ${String(value)}`);
}

/** The named error that a node's error carries. */
function decodeRevert(error: unknown): SimulatedRevert {
  const data = typeof error === "object" && error !== null && "data" in error ? error.data : undefined;
  const found = typeof data === "string" ? interfaces.map((abi) => abi.parseError(data)).find((one) => one) : undefined;
  if (!found) throw error;
  return { name: found.name, args: found.fragment.inputs.map((input, i) => valueOf(input, found.args[i])) };
}
