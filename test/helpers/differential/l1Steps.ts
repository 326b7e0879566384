/** What can happen in a campaign on Ethereum: each with arguments drawn from what is, valid and not. */
import { MaxUint256, ZeroAddress, dataSlice, parseEther } from "ethers";

import { sequencerKey } from "../../../scripts/lib/localMetis";
import { ZERO_WORD } from "../../../sdk/src/math/vaultBook";
import { needOf } from "../../../sdk/src/messages";
import * as l1 from "../../../sdk/src/simulator/l1";
import type { Outcome } from "../../../sdk/src/simulator/outcome";
import type { Random } from "../random";
import type { Sending } from "./l1Sender";
import type { CampaignWorld } from "./l1World";

/** One thing that happens, to the simulator and to the contracts. */
export interface Step {
  readonly label: string;
  readonly simulate: (state: l1.L1State) => Outcome<l1.L1State, unknown>;
  readonly sending: Sending | StorageWrite;
}

/** What no transaction does: a word of a position overwritten. */
export interface StorageWrite {
  readonly sequencerId: bigint;
  readonly word: bigint;
  readonly value: bigint;
}

/** What a step is drawn from. */
export interface Draw {
  readonly world: CampaignWorld;
  readonly random: Random;
  readonly state: l1.L1State;
  /** Signers of all keys that were given to vaults, the last one newest. */
  readonly signers: string[];
}

type Drawer = (draw: Draw) => Step;

/** Everything, with how often. */
export const drawers: Readonly<Record<string, readonly [number, Drawer]>> = {
  mintMetis: [3, mint],
  approveMetis: [3, approve],
  transferMetis: [6, transfer],
  bridgeArrival: [8, arrival],
  deposit: [14, deposit],
  sync: [6, sync],
  report: [9, report],
  resend: [3, resend],
  allocate: [14, allocate],
  harvest: [10, harvest],
  recall: [8, recall],
  recallForNeed: [8, recallForNeed],
  needArrives: [7, need],
  beginExit: [4, beginExit],
  beginExitForNeed: [8, beginExitForNeed],
  finishExit: [8, finishExit],
  sweepVault: [3, sweepVault],
  sweepGateway: [2, sweepGateway],
  payCommission: [5, payCommission],
  pause: [1, pause],
  unpause: [3, unpause],
  setParameters: [2, setParameters],
  tightenParameters: [2, tightenParameters],
  configureVault: [9, configureVault],
  tightenVault: [2, tightenVault],
  submitRewards: [12, submitRewards],
  forceUnlock: [2, forceUnlock],
  setWhitelist: [4, setWhitelist],
  setPoolPaused: [4, setPoolPaused],
  setMinLock: [2, setMinLock],
  setMaxLock: [2, setMaxLock],
  setRewardPayer: [2, setRewardPayer],
  writePosition: [5, writePosition],
};

/** `value` as the contracts' interfaces encode it. */
interface Encoder {
  readonly interface: { encodeFunctionData: (name: never, values: never) => string };
}

function call(contract: Encoder, name: string, values: readonly unknown[]): string {
  return contract.interface.encodeFunctionData(name as never, values as never);
}

function toManager({ world }: Draw, name: string, values: readonly unknown[], from: string, value?: bigint): Sending {
  const data = call(world.manager, name, values);
  return { from, to: world.deployment.l1.lockManager, data, ...(value === undefined ? {} : { value }) };
}

function toMetis({ world }: Draw, name: string, values: readonly unknown[], from: string): Sending {
  return { from, to: world.metis.metis, data: call(world.token, name, values) };
}

function toPool({ world }: Draw, name: string, values: readonly unknown[], value?: bigint): Sending {
  const data = call(world.pool, name, values);
  const from = world.governance.address;
  return { from, to: world.metis.lockingPool, data, ...(value === undefined ? {} : { value }) };
}

function toInfo({ world }: Draw, name: string, values: readonly unknown[]): Sending {
  return { from: world.governance.address, to: world.metis.lockingInfo, data: call(world.info, name, values) };
}

/** True in so many of a hundred cases. */
export function chance(random: Random, percent: bigint): boolean {
  return random.below(100n) < percent;
}

/** Mostly what is possible, at times all of it, a little too much, or dust. */
function amountUpTo(random: Random, most: bigint): bigint {
  const kind = random.below(10n);
  if (kind === 0n) return most;
  if (kind === 1n) return most + 1n + random.ofBits(70);
  if (kind === 2n) return random.ofBits(60);
  return random.between(0n, most);
}

function userOf({ world, random }: Draw): string {
  return random.pick(world.users);
}

/** Mostly the one with the power. */
function callerFor({ world, random }: Draw, holder: string): string {
  const others = [world.guardian.address, world.keeper.address, ...world.users];
  return chance(random, 92n) ? holder : random.pick(others);
}

/** Mostly what is asked, at times more, at times too little. */
function valueFor(random: Random, fee: bigint): bigint {
  const kind = random.below(10n);
  if (kind < 6n) return fee;
  if (kind < 8n) return fee + random.ofBits(50);
  return kind === 8n ? random.between(0n, fee) : 0n;
}

/** Mostly a vault's index, at times none. */
function indexOf({ world, random }: Draw): bigint {
  return random.below(BigInt(world.vaultAddresses.length) * 16n + 1n) / 16n;
}

function mint(draw: Draw): Step {
  const { random, world } = draw;
  const to = userOf(draw);
  const assets = random.below(parseEther("20000"));
  return {
    label: `mint ${assets}`,
    simulate: (state) => l1.mintMetis(state, { to, assets }),
    sending: toMetis(draw, "mint", [to, assets], world.governance.address),
  };
}

function approve(draw: Draw): Step {
  const { random, state, world } = draw;
  const caller = userOf(draw);
  const isToNobody = chance(random, 5n);
  const spender = isToNobody ? ZeroAddress : world.deployment.l1.lockManager;
  const assets = chance(random, 60n) ? MaxUint256 : amountUpTo(random, l1.metisOf(state, caller));
  return {
    label: `approve ${assets}`,
    simulate: (at) => l1.approveMetis(at, { caller, spender, assets }),
    sending: toMetis(draw, "approve", [spender, assets], caller),
  };
}

function transfer(draw: Draw): Step {
  const { random, state, world } = draw;
  const caller = userOf(draw);
  const { lockManager, l1Gateway } = world.deployment.l1;
  const to = random.pick([lockManager, l1Gateway, ...world.vaultAddresses, ...world.users, ZeroAddress]);
  const assets = amountUpTo(random, l1.metisOf(state, caller)) / random.pick([1n, 1n, 100n, 100n, 100n]);
  return {
    label: `transfer ${assets} to ${to}`,
    simulate: (at) => l1.transferMetis(at, { caller, to, assets }),
    sending: toMetis(draw, "transfer", [to, assets], caller),
  };
}

function arrival(draw: Draw): Step {
  const { random, world } = draw;
  const caller = world.metis.bridge;
  const to = world.deployment.l1.lockManager;
  const assets = random.below(parseEther("30000"));
  return {
    label: `arrival of ${assets}`,
    simulate: (at) => l1.transferMetis(at, { caller, to, assets }),
    sending: toMetis(draw, "transfer", [to, assets], caller),
  };
}

function deposit(draw: Draw): Step {
  const { random, state, world } = draw;
  const caller = userOf(draw);
  const kind = random.below(40n);
  const huge = random.pick([2n ** 88n, 2n ** 96n, MaxUint256]);
  const usual = amountUpTo(random, l1.metisOf(state, caller)) / random.pick([1n, 2n, 5n, 50n]);
  const assets = kind === 0n ? huge : kind === 1n ? random.below(l1.MIN_DEPOSIT) : usual;
  const receiver = kind === 2n ? ZeroAddress : random.pick([...world.users, world.keeper.address]);
  const isStaked = chance(random, 50n);
  const value = valueFor(random, l1.messageFee(state));
  return {
    label: `deposit ${assets} with ${value}`,
    simulate: (at) => l1.deposit(at, { caller, value, assets, receiver, isStaked }),
    sending: toManager(draw, "deposit", [assets, receiver, isStaked], caller, value),
  };
}

function sync(draw: Draw): Step {
  const caller = userOf(draw);
  return {
    label: "sync",
    simulate: (at) => l1.sync(at, { caller }),
    sending: toManager(draw, "sync", [], caller),
  };
}

function report(draw: Draw): Step {
  const caller = userOf(draw);
  const value = valueFor(draw.random, l1.messageFee(draw.state));
  return {
    label: `report with ${value}`,
    simulate: (at) => l1.report(at, { caller, value }),
    sending: toManager(draw, "report", [], caller, value),
  };
}

function resend(draw: Draw): Step {
  const { random, state } = draw;
  const caller = userOf(draw);
  const number = random.below(state.manager.lastMessage + 2n);
  const value = valueFor(random, l1.messageFee(state));
  return {
    label: `resend ${number} with ${value}`,
    simulate: (at) => l1.resend(at, { caller, value, number }),
    sending: toManager(draw, "resend", [number], caller, value),
  };
}

function allocate(draw: Draw): Step {
  const caller = userOf(draw);
  return {
    label: "allocate",
    simulate: (at) => l1.allocate(at, { caller }),
    sending: toManager(draw, "allocate", [], caller),
  };
}

function harvest(draw: Draw): Step {
  const caller = userOf(draw);
  const value = valueFor(draw.random, draw.random.below(5n) * l1.metisFee(draw.state));
  return {
    label: `harvest with ${value}`,
    simulate: (at) => l1.harvest(at, { caller, value }),
    sending: toManager(draw, "harvest", [], caller, value),
  };
}

function recall(draw: Draw): Step {
  const { random, state, world } = draw;
  const caller = callerFor(draw, world.keeper.address);
  const limit = (l1.l1Assets(state) * state.manager.parameters.recallLimitBps) / 10_000n;
  const assets = amountUpTo(random, limit) / random.pick([1n, 2n, 4n]);
  const value = valueFor(random, l1.metisFee(state));
  return {
    label: `recall ${assets} with ${value}`,
    simulate: (at) => l1.recall(at, { caller, value, assets }),
    sending: toManager(draw, "recall", [assets], caller, value),
  };
}

function recallForNeed(draw: Draw): Step {
  const caller = userOf(draw);
  const value = valueFor(draw.random, l1.metisFee(draw.state));
  return {
    label: `recallForNeed with ${value}`,
    simulate: (at) => l1.recallForNeed(at, { caller, value }),
    sending: toManager(draw, "recallForNeed", [], caller, value),
  };
}

function need(draw: Draw): Step {
  const { random, state, world } = draw;
  const { needNumber, sentToL2 } = state.manager;
  const number = chance(random, 85n) ? needNumber + 1n : random.below(needNumber + 1n);
  const wanted = random.below(l1.l1Assets(state) + 1n) + random.below(parseEther("1000"));
  const target = chance(random, 30n) ? random.below(sentToL2 + 1n) : sentToL2 + wanted / random.pick([1n, 3n, 20n]);
  const data = call(world.gateway, "transfer", [needOf({ number, target }), 1n]);
  return {
    label: `need ${number} of ${target}`,
    simulate: (at) => l1.needArrives(at, { number, target }),
    sending: { from: world.metis.bridge, to: world.deployment.l1.l1Gateway, data },
  };
}

function beginExit(draw: Draw): Step {
  const caller = callerFor(draw, draw.world.governance.address);
  const index = indexOf(draw);
  const value = valueFor(draw.random, l1.metisFee(draw.state));
  return {
    label: `beginExit ${index} with ${value}`,
    simulate: (at) => l1.beginExit(at, { caller, value, index }),
    sending: toManager(draw, "beginExit", [index], caller, value),
  };
}

function beginExitForNeed(draw: Draw): Step {
  const caller = userOf(draw);
  const index = indexOf(draw);
  const value = valueFor(draw.random, draw.random.pick([1n, 2n, 2n, 2n]) * l1.metisFee(draw.state));
  return {
    label: `beginExitForNeed ${index} with ${value}`,
    simulate: (at) => l1.beginExitForNeed(at, { caller, value, index }),
    sending: toManager(draw, "beginExitForNeed", [index], caller, value),
  };
}

function finishExit(draw: Draw): Step {
  const caller = userOf(draw);
  const index = indexOf(draw);
  const value = valueFor(draw.random, l1.metisFee(draw.state));
  return {
    label: `finishExit ${index} with ${value}`,
    simulate: (at) => l1.finishExit(at, { caller, value, index }),
    sending: toManager(draw, "finishExit", [index], caller, value),
  };
}

function sweepVault(draw: Draw): Step {
  const caller = userOf(draw);
  const index = indexOf(draw);
  return {
    label: `sweepVault ${index}`,
    simulate: (at) => l1.sweepVault(at, { caller, index }),
    sending: toManager(draw, "sweepVault", [index], caller),
  };
}

function sweepGateway(draw: Draw): Step {
  const caller = userOf(draw);
  const { world } = draw;
  return {
    label: "sweepGateway",
    simulate: (at) => l1.sweepGateway(at, { caller }),
    sending: { from: caller, to: world.deployment.l1.l1Gateway, data: call(world.gateway, "sweep", []) },
  };
}

function payCommission(draw: Draw): Step {
  const caller = userOf(draw);
  const index = indexOf(draw);
  return {
    label: `payCommission ${index}`,
    simulate: (at) => l1.payCommission(at, { caller, index }),
    sending: toManager(draw, "payCommission", [index], caller),
  };
}

function pause(draw: Draw): Step {
  const caller = callerFor(draw, draw.world.guardian.address);
  return {
    label: "pause",
    simulate: (at) => l1.pause(at, { caller }),
    sending: toManager(draw, "pause", [], caller),
  };
}

function unpause(draw: Draw): Step {
  const caller = callerFor(draw, draw.world.governance.address);
  return {
    label: "unpause",
    simulate: (at) => l1.unpause(at, { caller }),
    sending: toManager(draw, "unpause", [], caller),
  };
}

function setParameters(draw: Draw): Step {
  const caller = callerFor(draw, draw.world.governance.address);
  const recallLimitBps = draw.random.below(1_200n);
  return {
    label: `setParameters ${recallLimitBps}`,
    simulate: (at) => l1.setParameters(at, { caller, recallLimitBps }),
    sending: toManager(draw, "setParameters", [{ recallLimitBps }], caller),
  };
}

function tightenParameters(draw: Draw): Step {
  const caller = callerFor(draw, draw.world.governance.address);
  const recallLimitBps = draw.random.between(100n, 900n);
  return {
    label: `tightenParameters ${recallLimitBps}`,
    simulate: (at) => l1.tightenParameters(at, { caller, recallLimitBps }),
    sending: toManager(draw, "tightenParameters", [{ recallLimitBps }], caller),
  };
}

/** Mostly the next key of a vault that has none. */
function configureVault(draw: Draw): Step {
  const { random, state, world, signers } = draw;
  const caller = callerFor(draw, world.governance.address);
  const waiting = state.manager.books.findIndex(({ pubkeyX }) => pubkeyX === ZERO_WORD);
  const index = waiting >= 0 && chance(random, 80n) ? BigInt(waiting) : indexOf(draw);
  const book = state.manager.books[Number(index)];
  const { signer, pubkey } = sequencerKey(`campaign ${chance(random, 10n) ? 0 : signers.length}`);
  if (!signers.includes(signer)) signers.push(signer);
  const fresh = { pubkeyX: dataSlice(pubkey, 0, 32), pubkeyY: dataSlice(pubkey, 32) };
  const isKept = book !== undefined && book.pubkeyX !== ZERO_WORD && chance(random, 60n);
  const operators = [6, 7, 8].map((number) => world.l1.signers[number]!.address);
  const config = {
    operator: chance(random, 3n) ? ZeroAddress : isKept ? book.operator : random.pick(operators),
    commissionBps: random.below(1_600n),
    cap: random.between(0n, parseEther("110000")),
    ...(isKept ? { pubkeyX: book.pubkeyX, pubkeyY: book.pubkeyY } : fresh),
    ...(chance(random, 3n) ? { pubkeyX: ZERO_WORD } : {}),
  };
  return {
    label: `configureVault ${index} for ${signer}`,
    simulate: (at) => l1.configureVault(at, { caller, index, config }),
    sending: toManager(draw, "configureVault", [index, config], caller),
  };
}

function tightenVault(draw: Draw): Step {
  const { random, state } = draw;
  const caller = callerFor(draw, draw.world.governance.address);
  const index = indexOf(draw);
  const book = state.manager.books[Number(index)];
  const commissionBps = (book?.nextCommissionBps ?? 0n) + random.below(40n) - random.below(20n);
  const cap = ((book?.cap ?? 0n) * random.between(80n, 110n)) / 100n;
  const bps = commissionBps < 0n ? 0n : commissionBps;
  return {
    label: `tightenVault ${index} to ${bps}, ${cap}`,
    simulate: (at) => l1.tightenVault(at, { caller, index, commissionBps: bps, cap }),
    sending: toManager(draw, "tightenVault", [index, bps, cap], caller),
  };
}

function submitRewards(draw: Draw): Step {
  const { random, state, world, signers } = draw;
  const running = state.pool.positions.filter(({ status }) => status !== 3n).map(({ signer }) => signer);
  const all = chance(random, 5n) ? [...running, ...signers] : running;
  const chosen = all.filter(() => chance(random, 60n));
  const batch = chosen.map((signer) => ({ signer, blocks: random.below(30_000n) }));
  const { currentBatch } = state.pool;
  const startEpoch = 2n * (currentBatch - 1n) + 1n;
  const addresses = batch.map(({ signer }) => signer);
  const blocks = batch.map((one) => one.blocks);
  return {
    label: `rewards ${blocks.join(", ")} in batch ${currentBatch} (${world.variant})`,
    simulate: (at) => l1.submitRewards(at, batch),
    sending: toPool(draw, "batchSubmitRewards", [currentBatch + 1n, startEpoch, startEpoch + 1n, addresses, blocks]),
  };
}

function forceUnlock(draw: Draw): Step {
  const { random, state } = draw;
  const ours = state.manager.books.map(({ sequencerId }) => sequencerId);
  const sequencerId = random.pick([...ours, BigInt(state.pool.positions.length) + 1n]);
  const value = valueFor(random, l1.metisFee(state));
  return {
    label: `forceUnlock ${sequencerId} with ${value}`,
    simulate: (at) => l1.forceUnlock(at, { sequencerId, value }),
    sending: toPool(draw, "forceUnlock", [sequencerId, 250_000n], value),
  };
}

function setWhitelist(draw: Draw): Step {
  const { random, state, world } = draw;
  const left = world.vaultAddresses.find((vault) => state.pool.whitelist[vault] !== true);
  const isRestored = left !== undefined && chance(random, 75n);
  const owner = isRestored ? left : random.pick(world.vaultAddresses);
  const isWhitelisted = isRestored || chance(random, 30n);
  return {
    label: `setWhitelist ${owner} ${isWhitelisted}`,
    simulate: (at) => l1.setWhitelist(at, { owner, isWhitelisted }),
    sending: toPool(draw, "setWhitelist", [owner, isWhitelisted]),
  };
}

function setPoolPaused(draw: Draw): Step {
  const { random, state } = draw;
  const isPaused = state.pool.isPaused ? chance(random, 10n) : chance(random, 40n);
  return {
    label: `setPoolPaused ${isPaused}`,
    simulate: (at) => l1.setPoolPaused(at, isPaused),
    sending: toPool(draw, "setPause", [isPaused]),
  };
}

function setMinLock(draw: Draw): Step {
  const { random } = draw;
  const minLock = chance(random, 10n) ? 0n : random.between(parseEther("10000"), parseEther("24000"));
  return {
    label: `setMinLock ${minLock}`,
    simulate: (at) => l1.setMinLock(at, minLock),
    sending: toInfo(draw, "setMinLock", [minLock]),
  };
}

function setMaxLock(draw: Draw): Step {
  const maxLock = draw.random.between(parseEther("10000"), parseEther("120000"));
  return {
    label: `setMaxLock ${maxLock}`,
    simulate: (at) => l1.setMaxLock(at, maxLock),
    sending: toInfo(draw, "setMaxLock", [maxLock]),
  };
}

/** Mostly the one who can pay. */
function setRewardPayer(draw: Draw): Step {
  const payer = chance(draw.random, 80n) ? draw.world.governance.address : draw.world.keeper.address;
  return {
    label: `setRewardPayer ${payer}`,
    simulate: (at) => l1.setRewardPayer(at, payer),
    sending: toInfo(draw, "setRewardPayer", [payer]),
  };
}

/** A loss, an amount that cannot be, its end, or a position worked in this very batch. */
function writePosition({ random, state }: Draw): Step {
  const ids = state.manager.books.map((book) => book.sequencerId).filter((id) => id !== 0n);
  const hidden = ids.find((id) => (state.pool.positions[Number(id) - 1]?.amount ?? 0n) >= absurd);
  const sequencerId = hidden !== undefined && chance(random, 80n) ? hidden : random.pick([...ids, 1n]);
  const { amount, updatedBatch } = state.pool.positions[Number(sequencerId) - 1]!;
  const lost = amount - random.below(amount / 50n + 1n);
  const shown = chance(random, 40n) ? amount + absurd : lost;
  const change = amount >= absurd ? { amount: amount - absurd } : { amount: shown };
  const isBatch = chance(random, 20n);
  const batch = updatedBatch > state.pool.currentBatch ? updatedBatch : state.pool.currentBatch;
  const write = isBatch ? { word: 3n, value: batch } : { word: 0n, value: change.amount };
  return {
    label: `position ${sequencerId}, word ${write.word}: ${write.value}`,
    simulate: (at) => {
      const after = l1.writePosition(at, sequencerId, isBatch ? { updatedBatch: batch } : change);
      return { type: "done", state: after, output: null, events: [] };
    },
    sending: { sequencerId, ...write },
  };
}

const absurd = 2n ** 88n;
