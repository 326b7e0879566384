/** The messages that cross between the chains, byte for byte as the contracts' library `Messages`. */
import { AbiCoder, dataLength, getAddress, keccak256, toBeHex } from "ethers";

/** What the protocol holds on Ethereum at one moment, as `Messages.Report`; wei of METIS. All counters only grow. */
export interface Report {
  /** L1 time at which it was taken, Unix seconds. */
  readonly takenAt: bigint;
  /** L1 time at which every vault could last be read, Unix seconds; `takenAt` unless one of them refuses. */
  readonly readAt: bigint;
  /** Locked + unclaimed rewards + idle − owed to operators; negative when operators are owed more than is left. */
  readonly l1Assets: bigint;
  /** METIS that ever reached LockManager from Metis. */
  readonly receivedFromL2: bigint;
  /** METIS ever sent down to L2Gateway. */
  readonly sentToL2: bigint;
  /** METIS ever deposited on Ethereum. */
  readonly l1Deposits: bigint;
  /** METIS that could leave Ethereum at once; for estimates only. */
  readonly withdrawable: bigint;
}

/** A deposit made on Ethereum that is to be minted on Metis, as `Messages.L1Deposit`. */
export interface L1Deposit {
  /** Who gets the eMetis or the seMetis on Metis. */
  readonly receiver: string;
  /** Wei of METIS deposited, wei of eMetis to mint. */
  readonly assets: bigint;
  /** `Report.l1Deposits` just after this deposit, wei. */
  readonly runningTotal: bigint;
  /** Whether the eMetis is staked for the receiver. */
  readonly isStaked: boolean;
}

/** What a payload holds. */
export type Payload =
  { readonly type: "report"; readonly report: Report } | { readonly type: "l1Deposit"; readonly l1Deposit: L1Deposit };

/** The chains and the gateways that a downward message is bound to, as `Messages.Route`. */
export interface Route {
  readonly l1ChainId: bigint;
  readonly l2ChainId: bigint;
  readonly l1Gateway: string;
  readonly l2Gateway: string;
}

/** The value that `sentToL2` must reach on Ethereum to fill the queue on Metis, as `Messages.Need`. */
export interface Need {
  /** Counts up from 1; the highest one holds. Below 2^64. */
  readonly number: bigint;
  /** Wei of METIS, below 2^96. */
  readonly target: bigint;
}

const reportTypes = ["uint8", "uint256", "uint256", "int256", "uint256", "uint256", "uint256", "uint256"] as const;
const depositTypes = ["uint8", "address", "uint256", "uint256", "bool"] as const;
const routeTypes = ["uint256", "uint256", "address", "address", "uint256", "bytes32"] as const;

const reportKind = 0n;
const depositKind = 1n;

/**
 * The payload of a report, hexadecimal.
 *
 * @throws ethers' `INVALID_ARGUMENT` when a field does not fit its type.
 * @example
 * const payloadHash = keccak256(encodeReport(report));
 */
export function encodeReport(report: Report): string {
  const { takenAt, readAt, l1Assets, receivedFromL2, sentToL2, l1Deposits, withdrawable } = report;
  const words = [reportKind, takenAt, readAt, l1Assets, receivedFromL2, sentToL2, l1Deposits, withdrawable];
  return AbiCoder.defaultAbiCoder().encode(reportTypes, words);
}

/**
 * The payload of a deposit made on Ethereum, hexadecimal.
 *
 * @throws ethers' `INVALID_ARGUMENT` when a field does not fit its type.
 * @example
 * const payloadHash = keccak256(encodeL1Deposit({ receiver, assets, runningTotal: assets, isStaked: false }));
 */
export function encodeL1Deposit({ receiver, assets, runningTotal, isStaked }: L1Deposit): string {
  return AbiCoder.defaultAbiCoder().encode(depositTypes, [depositKind, receiver, assets, runningTotal, isStaked]);
}

/**
 * What `payload` holds.
 *
 * @throws RangeError when it is neither a report nor a deposit to the byte.
 * @example
 * const decoded = decodePayload(payload);
 * if (decoded.type === "report") console.log(decoded.report.l1Assets);
 */
export function decodePayload(payload: string): Payload {
  const kind = dataLength(payload) < 32 ? undefined : BigInt(payload.slice(0, 66));
  const words = kind === reportKind ? 8 : 5;
  const isKnown = (kind === reportKind || kind === depositKind) && dataLength(payload) === 32 * words;
  const decoded = isKnown ? (kind === reportKind ? reportIn(payload) : depositIn(payload)) : undefined;
  // A word with bits that its type has no room for is refused by the contracts, and here.
  if (decoded === undefined || encodePayload(decoded) !== payload.toLowerCase())
    throw new RangeError(`Neither a report nor a deposit: ${payload}. Give the payload of LockManager's MessageSent.`);
  return decoded;
}

function encodePayload(payload: Payload): string {
  return payload.type === "report" ? encodeReport(payload.report) : encodeL1Deposit(payload.l1Deposit);
}

/**
 * The hash that crosses the bridge for payload `number` with hash `payloadHash`.
 *
 * @example
 * const { l1, l2 } = deployment;
 * const route = { l1ChainId: BigInt(l1.chainId), l2ChainId: BigInt(l2.chainId), l1Gateway: l1.l1Gateway, l2Gateway: l2.l2Gateway };
 * envelopeHash(route, 7n, keccak256(encodeReport(report)));
 */
export function envelopeHash(route: Route, number: bigint, payloadHash: string): string {
  const { l1ChainId, l2ChainId, l1Gateway, l2Gateway } = route;
  const words = [l1ChainId, l2ChainId, l1Gateway, l2Gateway, number, payloadHash];
  return keccak256(AbiCoder.defaultAbiCoder().encode(routeTypes, words));
}

/**
 * `need` as the address in which it crosses the bridge upwards: number in the high 64 bits, target in the low 96.
 *
 * @throws RangeError when the number does not fit into 64 bits or the target not into 96.
 * @example
 * needOf({ number: 3n, target: 5n }); // "0x0000000000000003000000000000000000000005"
 */
export function needOf({ number, target }: Need): string {
  if (number < 0n || number >= 2n ** 64n) throw new RangeError(`Need ${number.toString()}: give a number below 2^64.`);
  if (target < 0n || target >= 2n ** 96n) throw new RangeError(`Target ${target.toString()}: give wei below 2^96.`);
  return getAddress(toBeHex((number << 96n) | target, 20));
}

/**
 * The need that the address `to` stands for.
 *
 * @example
 * toNeed("0x0000000000000003000000000000000000000005"); // { number: 3n, target: 5n }
 */
export function toNeed(to: string): Need {
  const bits = BigInt(getAddress(to));
  return { number: bits >> 96n, target: bits & (2n ** 96n - 1n) };
}

function reportIn(payload: string): Payload {
  const decoded = AbiCoder.defaultAbiCoder()
    .decode(reportTypes, payload)
    .map((word) => BigInt(String(word)));
  const word = (index: number): bigint => decoded[index] ?? 0n;
  const report = {
    takenAt: word(1),
    readAt: word(2),
    l1Assets: word(3),
    receivedFromL2: word(4),
    sentToL2: word(5),
    l1Deposits: word(6),
    withdrawable: word(7),
  };
  return { type: "report", report };
}

function depositIn(payload: string): Payload {
  const fields: readonly unknown[] = AbiCoder.defaultAbiCoder().decode(depositTypes, payload);
  const [, receiver, assets, runningTotal, isStaked] = fields.map(String);
  const l1Deposit = {
    receiver: String(receiver),
    assets: BigInt(assets ?? 0),
    runningTotal: BigInt(runningTotal ?? 0),
    isStaked: isStaked === "true",
  };
  return { type: "l1Deposit", l1Deposit };
}
