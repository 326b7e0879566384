/** What Metis's side hears of Ethereum, made up: for campaigns over one chain. */
import { keccak256 } from "ethers";

import {
  type L1Deposit,
  type Report,
  type Route,
  encodeL1Deposit,
  encodeReport,
  envelopeHash,
} from "../../../sdk/src/messages";
import type { Departure } from "../../../sdk/src/simulator/l2/state";
import type { Random } from "../random";

/** A message on its way down. */
export interface Sent {
  readonly number: bigint;
  readonly payload: string;
  readonly hash: string;
  readonly receiver: string | undefined;
  hasArrived: boolean;
}

/** Ethereum as far as Metis hears of it; wei of METIS. */
export interface StandInL1 {
  /** Whether only `sent` is used: Ethereum itself is there. */
  readonly isReal: boolean;
  assets: bigint;
  receivedFromL2: bigint;
  sentToL2: bigint;
  l1Deposits: bigint;
  readAt: bigint;
  readonly sent: Sent[];
  /** METIS on its way up and down. */
  readonly up: bigint[];
  readonly down: bigint[];
}

const METIS = 10n ** 18n;

/** Nothing has happened. */
export function createStandInL1({ isReal }: Pick<StandInL1, "isReal"> = { isReal: false }): StandInL1 {
  return {
    isReal,
    assets: 0n,
    receivedFromL2: 0n,
    sentToL2: 0n,
    l1Deposits: 0n,
    readAt: 0n,
    sent: [],
    up: [],
    down: [],
  };
}

/** Something happens on Ethereum that Metis hears of later. */
export function liveOnL1(l1: StandInL1, random: Random): void {
  const part = (fraction: bigint) => random.below(l1.assets / fraction + 1n);
  const dice = random.below(16n);
  if (dice < 5n) receive(l1);
  else if (dice < 10n) l1.assets += part(3_000n);
  else if (dice === 10n) l1.assets -= part(300n);
  else if (dice === 11n && random.below(3n) === 0n) l1.assets -= part(2n);
  else if (dice === 12n) give(l1, random.below(50n * METIS));
  else if (dice > 12n) sendDown(l1, part(10n));
}

/** What left Metis arrives some time. */
export function takeOff(l1: StandInL1, departures: readonly Departure[]): void {
  for (const departure of departures) if (departure.type === "metis") l1.up.push(departure.assets);
}

/** A deposit on Ethereum. */
export function depositThere(
  l1: StandInL1,
  route: Route,
  random: Random,
  deposit: Omit<L1Deposit, "runningTotal">,
): void {
  l1.l1Deposits += deposit.assets;
  l1.assets += deposit.assets;
  // One that says too little stops what it mints beyond, until a report.
  const runningTotal = random.below(3n) === 0n ? l1.l1Deposits - deposit.assets : l1.l1Deposits;
  const payload = encodeL1Deposit({ ...deposit, runningTotal });
  send(l1, route, payload, deposit.receiver);
}

/** A report at `takenAt`, Unix seconds, at times about vaults that could not be read since; in rare cases a wrong one. */
export function reportThere(l1: StandInL1, route: Route, random: Random, takenAt: bigint): void {
  const { receivedFromL2, sentToL2, l1Deposits } = l1;
  if (random.below(4n) !== 0n) l1.readAt = takenAt;
  const wrong = random.below(30n);
  const report: Report = {
    takenAt: wrong === 0n ? takenAt + 60n * 86_400n : wrong === 1n ? takenAt - 20n * 86_400n : takenAt,
    readAt: l1.readAt,
    l1Assets: random.below(40n) === 0n ? -random.below(METIS) : l1.assets,
    receivedFromL2: wrong === 2n ? receivedFromL2 / 2n : receivedFromL2,
    sentToL2: wrong === 3n ? sentToL2 / 2n : sentToL2,
    l1Deposits: wrong === 4n ? l1Deposits / 2n : l1Deposits,
    withdrawable: random.below(l1.assets + 1n),
  };
  send(l1, route, encodeReport(report), undefined);
}

function send(l1: StandInL1, route: Route, payload: string, receiver: string | undefined): void {
  const number = BigInt(l1.sent.length + 1);
  const hash = envelopeHash(route, number, keccak256(payload));
  l1.sent.push({ number, payload, hash, receiver, hasArrived: false });
}

function receive(l1: StandInL1): void {
  const assets = l1.up.shift() ?? 0n;
  give(l1, assets);
}

function give(l1: StandInL1, assets: bigint): void {
  l1.assets += assets;
  l1.receivedFromL2 += assets;
}

function sendDown(l1: StandInL1, assets: bigint): void {
  if (assets <= 0n) return;
  l1.assets -= assets;
  l1.sentToL2 += assets;
  l1.down.push(assets);
}
