/** Metis's side on a local chain, beside the simulator's: does the same and says where they differ. */
import { type Interface, type TransactionReceipt, getAddress, isError, toBeHex, toQuantity } from "ethers";

import { toNeed } from "../../../sdk/src/messages";
import type { Departure, L2Network, L2State } from "../../../sdk/src/simulator/l2/state";
import type { L2Action } from "../../../sdk/src/simulator/l2/simulateL2";
import type { Outcome, SimulatedEvent, SimulatedRevert, Value } from "../../../sdk/src/simulator/outcome";
import { LocalGasPriceOracle__factory, LocalL2StandardBridge__factory } from "../../../typechain-types";
import { type LocalNode, setBalance } from "../../../scripts/lib/localNode";
import { settleMetis } from "../../../scripts/lib/metisLedger";
import { predeploys } from "../../../scripts/lib/predeploys";
import { type L2Call, l2CallOf, l2Contracts } from "./l2Calls";
import { type LinePast, type Word, headWords, l2Words, ringWords, ticketWords } from "./l2Words";
import { eventOf, outputOf, revertOf, textOf } from "./values";

/** What an action did on the chain. */
export type Happening =
  | {
      readonly type: "done";
      readonly output: Value | null;
      readonly events: readonly SimulatedEvent[];
      /** What Metis's bridge took, by its own events. */
      readonly departures: readonly Departure[];
    }
  | { readonly type: "reverted"; readonly error: SimulatedRevert };

/** The chain, and who may change Metis's own settings. */
export interface L2Bench {
  readonly node: LocalNode;
  readonly network: L2Network;
  readonly owner: string;
}

/** Answers SLOADs: reads the slots in the call data. */
const readerCode = "0x60005b8036111560155780355481526020016002565b366000f3";
const bridgeAbi = LocalL2StandardBridge__factory.createInterface();
const gas = toQuantity(15_000_000);
/** How often all is compared that the last step cannot have changed. */
const fullEvery = 40;

/** Does `action` at the second `time`. */
export async function performL2(bench: L2Bench, action: L2Action, time: bigint): Promise<Happening> {
  const { node, network, owner } = bench;
  if (action.type === "metisArrival") {
    await setBalance(node, action.receiver, (await node.getBalance(action.receiver)) + action.assets);
    return { type: "done", output: null, events: [], departures: [] };
  }
  await node.send("evm_setNextBlockTimestamp", [toQuantity(time)]);
  if (action.type === "bridgeFee") {
    const data = LocalGasPriceOracle__factory.createInterface().encodeFunctionData("setMinErc20BridgeCost", [
      action.fee,
    ]);
    await node.send("eth_sendTransaction", [
      { from: owner, to: predeploys.gasPriceOracle, data, gas, gasPrice: "0x0" },
    ]);
    return { type: "done", output: null, events: [], departures: [] };
  }
  const call = l2CallOf(action);
  if (call === undefined) throw new Error(`no transaction for ${action.type}`);
  return transactOn(node, network, call);
}

async function transactOn(node: LocalNode, network: L2Network, call: L2Call): Promise<Happening> {
  const contract: Interface = l2Contracts[call.contract].abi;
  const request = {
    from: call.from,
    to: network[call.contract],
    data: contract.encodeFunctionData(call.method, call.args),
    value: toQuantity(call.value),
    gas,
    gasPrice: "0x0",
  };
  let answer: string;
  let hash: string;
  // A call is not asked what it can pay, a transaction is.
  const isPoor = call.value > (await node.getBalance(call.from));
  try {
    answer = isPoor ? "0x" : String(await node.send("eth_call", [request, "pending"]));
    await node.send("hardhat_impersonateAccount", [call.from]);
    hash = String(await node.send("eth_sendTransaction", [request]));
  } catch (error) {
    return { type: "reverted", error: errorOf(error) };
  }
  // Only the pool burns METIS.
  if (call.method === "rebalance") await settleMetis(node);
  const receipt = await node.getTransactionReceipt(hash);
  return {
    type: "done",
    output: outputOf(contract, call.method, answer),
    events: eventsOf(network, receipt!),
    departures: departuresOf(network, receipt!),
  };
}

function departuresOf({ l2Gateway }: L2Network, { logs }: TransactionReceipt): Departure[] {
  return logs.flatMap((log): Departure[] => {
    const parsed = log.address === predeploys.bridge ? bridgeAbi.parseLog(log) : null;
    if (parsed?.name !== "WithdrawalInitiated") return [];
    const { l2Token, to, amount } = parsed.args.toObject();
    if (l2Token === predeploys.metis) return [{ type: "metis", to: String(to), assets: BigInt(String(amount)) }];
    if (l2Token !== l2Gateway || amount !== 1n) throw new Error(`a withdrawal of ${amount} of ${l2Token}`);
    return [{ type: "need", need: toNeed(String(to)) }];
  });
}

function eventsOf(network: L2Network, { logs }: TransactionReceipt): SimulatedEvent[] {
  return logs.flatMap((log) => {
    const emitter = Object.entries(l2Contracts).find(
      ([name]) => network[name as keyof typeof l2Contracts] === getAddress(log.address),
    );
    if (emitter === undefined) return [];
    const [, { name, abi }] = emitter;
    const parsed = (abi as Interface).parseLog(log);
    return parsed === null ? [] : [eventOf(name, parsed)];
  });
}

function errorOf(error: unknown): SimulatedRevert {
  const data = dataOf(error);
  if (data !== undefined && data !== "0x") return revertOf(data);
  const text = error instanceof Error ? error.message : String(error);
  if (text.includes("doesn't have enough funds") || isError(error, "INSUFFICIENT_FUNDS"))
    return { name: "InsufficientFunds", args: [] };
  throw error;
}

function dataOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if ("data" in error) {
    const { data } = error;
    if (typeof data === "string") return data;
    return dataOf(data);
  }
  return "error" in error ? dataOf(error.error) : undefined;
}

/** Where what happened and what was simulated differ; empty when they agree. */
export function differences(simulated: Outcome<L2State, unknown>, happened: Happening): readonly string[] {
  if (simulated.type === "reverted" || happened.type === "reverted") {
    const expected = simulated.type === "reverted" ? simulated.error : "done";
    const actual = happened.type === "reverted" ? happened.error : "done";
    // The chain does not say what lacks.
    const isPoor = isInsufficient(expected) && isInsufficient(actual);
    return isPoor ? [] : differ("error", expected, actual);
  }
  return [
    ...differ("output", simulated.output, happened.output),
    ...differ("events", simulated.events, happened.events),
    ...differ("departures", simulated.state.bridge.departures, happened.departures),
  ];
}

function isInsufficient(error: SimulatedRevert | string): boolean {
  return typeof error !== "string" && error.name === "InsufficientFunds";
}

function differ(what: string, simulated: unknown, happened: unknown): readonly string[] {
  const [expected, actual] = [textOf(simulated), textOf(happened)];
  return expected === actual ? [] : [`${what}:\n  simulated ${expected}\n  chain     ${actual}`];
}

/** Compares the storage of Metis's side with states that follow each other. */
export function createL2Comparison(
  { node, network }: L2Bench,
  start: L2State,
): (state: L2State) => Promise<readonly string[]> {
  let last = start;
  let past: LinePast = { pushed: 0, firstHour: start.queue.requested.hour };
  let count = 0;
  return async (state) => {
    if (state.queue.requested.hour !== last.queue.requested.hour) past = { ...past, pushed: past.pushed + 1 };
    const isFull = count++ % fullEvery === 0;
    const known = last.queue.tickets;
    const { tickets } = state.queue;
    const ids = [...new Set([...Object.keys(known), ...Object.keys(tickets)])];
    const changed = ids.filter((id) => isFull || known[id] !== tickets[id]);
    const words = [
      ...l2Words(state),
      ...headWords(state, past),
      ...changed.flatMap((id) => ticketWords(id, tickets[id])),
      ...(isFull ? ringWords(state, past) : []),
    ];
    last = state;
    return [...(await wrongWords(node, network, words)), ...(await wrongBalances(node, state))];
  };
}

async function wrongWords(node: LocalNode, network: L2Network, words: readonly Word[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const contract of new Set(words.map((word) => word.contract))) {
    const own = words.filter((word) => word.contract === contract);
    const address = network[contract];
    const data = `0x${own.map(({ slot }) => toBeHex(slot, 32).slice(2)).join("")}`;
    const override = { [address]: { code: readerCode } };
    const answer = String(await node.send("eth_call", [{ to: address, data, gas }, "latest", override]));
    own.forEach(({ label, value }, index) => {
      const found = BigInt(`0x${answer.slice(2 + 64 * index, 66 + 64 * index)}`);
      if (found !== value)
        wrong.push(`${contract} ${label}:\n  simulated ${value.toString(16)}\n  chain     ${found.toString(16)}`);
    });
  }
  return wrong;
}

async function wrongBalances(node: LocalNode, { metis }: L2State): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const [holder, assets] of Object.entries(metis)) {
    const found = await node.getBalance(holder);
    if (found !== assets) wrong.push(`METIS of ${holder}:\n  simulated ${assets}\n  chain     ${found}`);
  }
  return wrong;
}
