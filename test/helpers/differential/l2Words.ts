/** A state of Metis's side as the words that the contracts keep in storage. */
import { AbiCoder, ZeroAddress, keccak256, toBeHex, zeroPadValue } from "ethers";

import type { L2State, TicketState, TokenState } from "../../../sdk/src/simulator/l2/state";
import { namespaceSlot } from "../queue";

/** What should stand in a slot, and how to call it. */
export interface Word {
  readonly contract: "eMetis" | "seMetis" | "stakingPool" | "redemptionQueue" | "l2Gateway";
  readonly slot: bigint;
  readonly label: string;
  readonly value: bigint;
}

const abi = AbiCoder.defaultAbiCoder();
const slots = {
  pool: namespaceSlot("StakingPool"),
  queue: namespaceSlot("RedemptionQueue"),
  ticket: namespaceSlot("RedemptionTicket"),
  gateway: namespaceSlot("L2Gateway"),
} as const;
/** OpenZeppelin's ERC20 comes first in both tokens; SEMetis's own two words come last. */
const tokenSlots = { balances: 0n, allowances: 1n, totalSupply: 2n, stream: 8n, closedUntil: 9n } as const;
/** `_ERC721_MASTER_SLOT_SEED` of Solady, the bytes that reach into the hashed word. */
const soladySeed = 0x7d882553n;
const warm = 1n << 127n;
const ringSize = 256;
const ringWord = 2n;
const traceWord = 130n;

/** All words but those of the tickets and of the line's past, which {@link ticketWords} and {@link ringWords} give. */
export function l2Words(state: L2State): readonly Word[] {
  return [
    ...tokenWords("eMetis", state.eMetis),
    ...tokenWords("seMetis", state.seMetis),
    ...vaultWords(state),
    ...poolWords(state),
    ...queueWords(state),
    ...gatewayWords(state),
  ];
}

/** The words of one ticket, which may be gone. */
export function ticketWords(id: string, ticket: TicketState | undefined): readonly Word[] {
  const number = BigInt(id);
  // The seed lies over the last four bytes of the number.
  const hashed = ((number >> 32n) << 32n) | soladySeed;
  const base = BigInt(keccak256(toBeHex(hashed, 32)));
  const slot = BigInt.asUintN(256, number + number + base);
  const isPart = ticket !== undefined && ticket.claimedUntil !== number;
  const extra = ticket === undefined ? 0n : (ticket.assets << 1n) | (isPart ? 1n : 0n);
  const word = (label: string, at: bigint, value: bigint): Word => ({
    contract: "redemptionQueue",
    slot: at,
    label: `ticket ${id} ${label}`,
    value,
  });
  return [
    word("owner", slot, (extra << 160n) | BigInt(ticket?.owner ?? ZeroAddress)),
    word("approved", slot + 1n, BigInt(ticket?.approved ?? ZeroAddress)),
    word("claimedUntil", mapping(number, slots.ticket), isPart ? ticket.claimedUntil : 0n),
  ];
}

/** The line's past: which hours had growth, and where it ended after them. */
export function ringWords({ queue }: L2State, { pushed }: LinePast): readonly Word[] {
  const { past } = queue.requested;
  const ends = Array.from({ length: ringSize }, (_, index) => (index % 2 === 0 ? warm : 0n));
  past.forEach(({ end }, index) => (ends[(pushed - past.length + index) % ringSize] = warm | end));
  return Array.from({ length: ringSize / 2 }, (_, index) => ({
    contract: "redemptionQueue",
    slot: slots.queue + ringWord + BigInt(index),
    label: `ends ${index}`,
    value: ends[2 * index]! | (ends[2 * index + 1]! << 128n),
  }));
}

function tokenWords(contract: "eMetis" | "seMetis", { balances, allowances, totalSupply }: TokenState): Word[] {
  const words: Word[] = [{ contract, slot: tokenSlots.totalSupply, label: "totalSupply", value: totalSupply }];
  for (const [holder, value] of Object.entries(balances)) {
    words.push({ contract, slot: mapping(BigInt(holder), tokenSlots.balances), label: `balance of ${holder}`, value });
  }
  for (const [owner, ofOwner] of Object.entries(allowances)) {
    const inner = mapping(BigInt(owner), tokenSlots.allowances);
    for (const [spender, value] of Object.entries(ofOwner)) {
      words.push({ contract, slot: mapping(BigInt(spender), inner), label: `allowance ${owner} ${spender}`, value });
    }
  }
  return words;
}

function vaultWords({ vault }: L2State): Word[] {
  const { assets, unvested, vestedAt, endsAt } = vault.stream;
  const value = pack([assets, 88], [unvested, 88], [vestedAt, 32], [endsAt, 32], [vault.isClosed ? 1n : 0n, 8]);
  return [
    { contract: "seMetis", slot: tokenSlots.stream, label: "stream", value },
    { contract: "seMetis", slot: tokenSlots.closedUntil, label: "closedUntil", value: vault.closedUntil },
  ];
}

function poolWords({ pool }: L2State): Word[] {
  const { book, parameters: p, l1DepositBucket: bucket } = pool;
  const values: readonly (readonly [string, bigint])[] = [
    [
      "book 0",
      pack(
        [book.buffer, 88],
        [book.elsewhere, 96],
        [book.pausedUntil, 32],
        [book.stoppedUntil, 32],
        [book.hasUnbackedL1Mints ? 1n : 0n, 8],
      ),
    ],
    [
      "book 1",
      pack(
        [book.reportNumber, 32],
        [book.reportTakenAt, 32],
        [book.reportReadAt, 32],
        [book.reportAppliedAt, 32],
        [book.l1Assets, 96],
        [book.withdrawable, 32],
      ),
    ],
    ["book 2", pack([book.receivedFromL2, 96], [book.sentToL2, 96])],
    ["book 3", pack([book.l1Deposits, 96], [book.mintedForL1, 96])],
    ["book 4", pack([book.sentToL1, 96], [book.attributedUp, 96], [book.lastSentAt, 32])],
    ["book 5", pack([book.receivedFromL1, 96], [book.attributedDown, 96])],
    [
      "book 6",
      pack([book.snapshotReceived, 96], [book.snapshotAt, 32], [book.latestTime, 32], [book.reserveTarget, 96]),
    ],
    [
      "parameters",
      pack(
        [p.protocolFeeBps, 16],
        [p.maxRewardRateBps, 16],
        [p.lossThresholdBps, 16],
        [p.reserveBps, 16],
        [p.minInstantFeeBps, 16],
        [p.maxInstantFeeBps, 16],
        [p.streamPeriod, 32],
        [p.l1DepositLimit, 96],
      ),
    ],
    ["treasury", pack([BigInt(pool.treasury), 160], [pool.unrecoveredLoss, 96])],
    ["bucket", pack([bucket.used, 96], [bucket.usedAt, 32])],
    ["highestRunningTotal", pack([pool.highestRunningTotal, 96], [pool.pausedAt, 32])],
  ];
  const fixed = values.map(([label, value], index) => poolWord(label, slots.pool + BigInt(index), value));
  const mintedOf = slots.pool + BigInt(values.length);
  const minted = Object.entries(pool.mintedOf).map(([number, value]) =>
    poolWord(`mintedOf ${number}`, mapping(BigInt(number), mintedOf), value),
  );
  return [...fixed, ...minted];
}

function poolWord(label: string, slot: bigint, value: bigint): Word {
  return { contract: "stakingPool", slot, label, value };
}

function queueWords({ queue }: L2State): Word[] {
  const { end, handedOut, checkpoints } = queue.finalised;
  const word = (label: string, offset: bigint, value: bigint): Word => ({
    contract: "redemptionQueue",
    slot: slots.queue + offset,
    label,
    value,
  });
  const words = [word("finalised", traceWord, pack([end, 96], [handedOut, 96], [BigInt(checkpoints.length), 32]))];
  checkpoints.forEach(({ position, rate, payout }, number) => {
    const slot = mapping(BigInt(number), slots.queue + traceWord + 1n);
    const value = pack([position, 96], [rate, 64], [payout, 96]);
    words.push({ contract: "redemptionQueue", slot, label: `checkpoint ${number}`, value });
  });
  return words;
}

/** The line's head, after so many hours were closed, and which hours had growth since it began in `firstHour`. */
export function headWords({ queue }: L2State, { pushed, firstHour }: LinePast): readonly Word[] {
  const { end, hour, past } = queue.requested;
  const head = pack([end, 96], [hour, 32], [BigInt(pushed % ringSize), 8]);
  // The contract marks the hour before the first, where nothing ended.
  const hours = [firstHour - 1n, ...past.map((entry) => entry.hour)];
  const bits = hours.map((grown) => hour - grown - 1n).filter((bit) => bit < BigInt(ringSize));
  const activity = bits.reduce((word, bit) => word | (1n << bit), 0n);
  return [
    { contract: "redemptionQueue", slot: slots.queue, label: "head", value: head },
    { contract: "redemptionQueue", slot: slots.queue + 1n, label: "activity", value: activity },
  ];
}

/** What a state does not tell of its line: only the last 256 hours are kept there. */
export interface LinePast {
  /** How often an hour was closed. */
  readonly pushed: number;
  readonly firstHour: bigint;
}

function gatewayWords({ gateway }: L2State): Word[] {
  const { l1Gateway, lastNeed, isNeedy, states } = gateway;
  const head = pack([BigInt(l1Gateway), 160], [lastNeed, 64], [isNeedy ? 1n : 0n, 8]);
  const known = Object.entries(states).map(([hash, state]): Word => {
    const slot = mapping(BigInt(hash), slots.gateway + 1n);
    return { contract: "l2Gateway", slot, label: `hash ${hash}`, value: state === "known" ? 1n : 2n };
  });
  return [{ contract: "l2Gateway", slot: slots.gateway, label: "gateway", value: head }, ...known];
}

const hashed = new Map<string, bigint>();

/** Where a mapping at `slot` keeps `key`. */
function mapping(key: bigint, slot: bigint): bigint {
  const name = `${key} ${slot}`;
  const known = hashed.get(name);
  if (known !== undefined) return known;
  const words = [zeroPadValue(toBeHex(key), 32), zeroPadValue(toBeHex(slot), 32)];
  const found = BigInt(keccak256(abi.encode(["bytes32", "bytes32"], words)));
  hashed.set(name, found);
  return found;
}

/** Fields in one word, the first lowest; negative ones in two's complement. */
function pack(...fields: readonly (readonly [value: bigint, bits: number])[]): bigint {
  let word = 0n;
  let offset = 0n;
  for (const [value, bits] of fields) {
    word |= BigInt.asUintN(bits, value) << offset;
    offset += BigInt(bits);
  }
  return word;
}
