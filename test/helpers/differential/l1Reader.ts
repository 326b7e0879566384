/** All that the contracts on Ethereum remember, as the simulator has it, read from storage in four calls. */
import { getAddress, toBeHex } from "ethers";

import { type L1State, BURNED } from "../../../sdk/src/simulator/l1";
import type { Book, Phase } from "../../../sdk/src/math/vaultBook";
import type { Status } from "../../../sdk/src/math/sequencerPositions";
import { type CampaignWorld, blankState, readWords, slotOf } from "./l1World";

const managerBase = 0x369d7cc2458fed41ecd56e05e96ec1d34666963912221f2c0efca866e05f2000n;
const managerWords = 6;
const bookWords = 5;
/** Of a position: amount, reward, updatedBatch, unlockClaimTime, owner, signer, recipient and status. */
const positionWords = [0n, 1n, 3n, 6n, 8n, 9n, 11n] as const;
const poolSlots = { paused: 0n, exitDelay: 2n, rewardPerBlock: 3n, batch: 5n, total: 10n } as const;
const whitelistSlot = 11n;
const positionsSlot = 12n;
const ownersSlot = 13n;
const signersSlot = 14n;
const slots = new Map<string, bigint>();

/** How much there is to read. */
export interface ReadOptions {
  /** Of all keys that the campaign may use. */
  readonly signers: readonly string[];
  /** How many positions there should be. */
  readonly positions: number;
  /** The number that the last message should have. */
  readonly lastMessage: bigint;
}

/** Reads the whole state. Of payload hashes only the last one, as the array's last. */
export async function readL1State(world: CampaignWorld, options: ReadOptions): Promise<L1State> {
  const blank = blankState(world);
  const [manager, metis, pool] = await Promise.all([
    readManager(world, options.lastMessage),
    readMetis(world),
    readPool(world, options),
  ]);
  return { ...blank, manager, metis, pool };
}

async function readManager(world: CampaignWorld, expected: bigint): Promise<L1State["manager"]> {
  const { lockManager } = world.deployment.l1;
  const own = Array.from({ length: managerWords }, (_, i) => managerBase + BigInt(i));
  const books = world.vaultAddresses.flatMap((_, i) => {
    const base = cached("uint256", BigInt(i), managerBase + 7n);
    return Array.from({ length: bookWords }, (__, word) => base + BigInt(word));
  });
  const hashSlot = cached("uint256", expected, managerBase + 6n);
  const words = await readWords(world, lockManager, [...own, ...books, hashSlot]);
  const field = fieldsOf(words);
  const lastMessage = field(1, 192, 32);
  const hash = words[own.length + books.length]!;
  return {
    ...{ idle: field(0, 0, 88), owed: field(0, 88, 88), lossSeenAt: field(0, 176, 32) },
    ...{ unreachedSince: field(0, 208, 32), receivedFromL2: field(1, 0, 96), sentToL2: field(1, 96, 96), lastMessage },
    ...{ readAt: field(1, 224, 32), l1Deposits: field(2, 0, 96), needTarget: field(2, 96, 96) },
    ...{ needNumber: field(2, 192, 64), pausedAt: field(3, 0, 32), pausedUntil: field(3, 32, 32) },
    parameters: { recallLimitBps: field(4, 0, 16) },
    recalled: { used: field(5, 0, 96), usedAt: field(5, 96, 32) },
    payloadHashes: hash === 0n ? [] : [toBeHex(hash, 32)],
    books: world.vaultAddresses.map((_, i) => readBook(words.slice(managerWords + bookWords * i))),
  };
}

function readBook(words: readonly bigint[]): Book {
  const field = fieldsOf(words);
  return {
    ...{ principal: field(0, 0, 88), reward: field(0, 88, 88), sequencerId: field(0, 176, 32) },
    ...{ commissionBps: field(0, 208, 16), nextCommissionBps: field(0, 224, 16), phase: phaseOf(field(0, 240, 8)) },
    ...{ operator: addressOf(field(1, 0, 160)), owed: field(1, 160, 96) },
    ...{ vault: addressOf(field(2, 0, 160)), cap: field(2, 160, 96) },
    ...{ pubkeyX: toBeHex(field(3, 0, 256), 32), pubkeyY: toBeHex(field(4, 0, 256), 32) },
  };
}

async function readMetis(world: CampaignWorld): Promise<L1State["metis"]> {
  const { holders, users, metis, deployment } = world;
  const { lockManager } = deployment.l1;
  const payer = world.governance.address;
  const granted = [...users.map((user) => [user, lockManager] as const), [payer, metis.lockingInfo] as const];
  const words = await readWords(world, metis.metis, [
    ...holders.map((holder) => cached("address", holder, 0n)),
    ...granted.map(([owner, spender]) => cached("address", spender, cached("address", owner, 1n))),
  ]);
  const allowances = granted.map(([owner, spender], i) => [owner, { [spender]: words[holders.length + i]! }] as const);
  return {
    balances: Object.fromEntries(holders.map((holder, i) => [holder, words[i]!])),
    allowances: Object.fromEntries(allowances),
  };
}

async function readPool(world: CampaignWorld, { signers, positions: count }: ReadOptions): Promise<L1State["pool"]> {
  const { metis, vaultAddresses } = world;
  const ids = Array.from({ length: count }, (_, i) => BigInt(i + 1));
  const [words, info] = await Promise.all([
    readWords(world, metis.lockingPool, [
      ...Object.values(poolSlots),
      ...vaultAddresses.map((vault) => cached("address", vault, whitelistSlot)),
      ...vaultAddresses.map((vault) => cached("address", vault, ownersSlot)),
      ...signers.map((signer) => cached("address", signer, signersSlot)),
      ...ids.flatMap((id) => positionWords.map((word) => cached("uint256", id, positionsSlot) + word)),
    ]),
    readWords(world, metis.lockingInfo, [5n, 6n, 7n, 10n]),
  ]);
  const field = fieldsOf(words);
  const vaultsAt = Object.keys(poolSlots).length;
  const signersAt = vaultsAt + 2 * vaultAddresses.length;
  const positionsAt = signersAt + signers.length;
  if (words[4] !== BigInt(count)) throw new Error(`${words[4]} positions on chain, ${count} in the simulator`);
  return {
    variant: world.variant,
    isPaused: field(0, 168, 8) !== 0n,
    ...{ exitDelayPeriod: words[1]!, rewardPerBlock: words[2]!, currentBatch: words[3]! },
    ...{ minLock: info[0]!, maxLock: info[1]!, totalLocked: info[2]!, rewardPayer: addressOf(info[3]!) },
    whitelist: Object.fromEntries(vaultAddresses.map((vault, i) => [vault, words[vaultsAt + i] !== 0n])),
    owners: recordOf(vaultAddresses, words.slice(vaultsAt + vaultAddresses.length)),
    signers: recordOf(signers, words.slice(signersAt)),
    positions: ids.map((_, i) => readPosition(words.slice(positionsAt + positionWords.length * i))),
  };
}

function readPosition(words: readonly bigint[]): L1State["pool"]["positions"][number] {
  const [amount, reward, updatedBatch, claimableAt, owner, signer, last] = words;
  return {
    ...{ amount: amount!, reward: reward!, updatedBatch: updatedBatch!, claimableAt: claimableAt! },
    ...{ owner: addressOf(owner!), signer: addressOf(signer!), rewardRecipient: addressOf(last! % 2n ** 160n) },
    status: statusOf((last! >> 160n) % 256n),
  };
}

/** Every value of a state under its path, for comparison: what the campaign reads of it. */
export function flatten(state: L1State, world: CampaignWorld, signers: readonly string[]): ReadonlyMap<string, string> {
  const { manager, pool, metis } = state;
  const flat = new Map<string, string>();
  const put = (path: string, value: unknown): void => {
    if (typeof value !== "object" || value === null) flat.set(path, String(value));
    else for (const [name, inner] of Object.entries(value)) put(`${path}.${name}`, inner);
  };
  put("manager", { ...manager, payloadHashes: manager.payloadHashes.at(-1) });
  put("pool", { ...pool, whitelist: null, owners: null, signers: null });
  for (const vault of world.vaultAddresses) {
    put(`whitelist.${vault}`, pool.whitelist[vault] === true);
    put(`owners.${vault}`, pool.owners[vault] ?? 0n);
  }
  for (const signer of signers) put(`signers.${signer}`, nameOf(pool.signers[signer] ?? 0n));
  for (const holder of world.holders) put(`metis.${holder}`, metis.balances[holder] ?? 0n);
  for (const [owner, allowed] of Object.entries(metis.allowances)) put(`allowances.${owner}`, allowed);
  return flat;
}

function nameOf(id: bigint): string {
  return id === BURNED ? "burned" : String(id);
}

function recordOf(keys: readonly string[], words: readonly bigint[]): Readonly<Record<string, bigint>> {
  return Object.fromEntries(keys.map((key, i) => [key, words[i]!]));
}

function fieldsOf(words: readonly bigint[]): (word: number, offset: number, bits: number) => bigint {
  return (word, offset, bits) => (words[word]! >> BigInt(offset)) % 2n ** BigInt(bits);
}

function addressOf(word: bigint): string {
  return getAddress(toBeHex(word, 20));
}

function phaseOf(value: bigint): Phase {
  if (value === 0n || value === 1n || value === 2n) return value;
  throw new Error(`there is no phase ${value}`);
}

function statusOf(value: bigint): Status {
  if (value === 0n || value === 1n || value === 2n || value === 3n) return value;
  throw new Error(`there is no status ${value}`);
}

/** A hash is the dear part of a slot. */
function cached(type: "address" | "uint256", key: string | bigint, slot: bigint): bigint {
  const name = `${key}@${slot}`;
  const known = slots.get(name) ?? slotOf(type, key, slot);
  slots.set(name, known);
  return known;
}
