/** Who holds what on a network, and which sequencers it starts with: `setup.json` in the network's folder, written by the team. */
import path from "node:path";

import { SigningKey, computeAddress } from "ethers";

import type { Layer } from "../config/localChains";
import type { Actors } from "./deployment";
import { FileError, type JsonFields, addressAt, fault, fieldsOf, hexAt, listAt, objectAt, readJsonFile } from "./json";

/** A sequencer to add before power is handed over. */
export interface SequencerSetup {
  readonly operator: string;
  /** 64 bytes: uncompressed, without the leading 0x04. */
  readonly pubkey: string;
  /** The most that is locked in its position, in wei. */
  readonly cap: bigint;
  readonly commissionBps: bigint;
}

/** What a team decides about a network. */
export interface Setup {
  /** Of each chain: a Safe has other addresses on other chains. */
  readonly governance: Readonly<Record<Layer, string>>;
  readonly guardian: Readonly<Record<Layer, string>>;
  readonly keeper: string;
  readonly treasury: string;
  readonly sequencers: readonly SequencerSetup[];
}

const setupFile = "setup.json";
/** The number of a 96-bit field. */
const greatestCap = 2n ** 96n - 1n;
/** The contracts' own bound. */
const greatestCommission = 1_500n;

/**
 * Reads it from the folder of a network.
 *
 * @throws {@link FileError} when it is missing, and for the first field that is malformed.
 */
export async function readSetup(folder: string): Promise<Setup> {
  const file = await readJsonFile(path.join(folder, setupFile));
  if (file !== undefined) return parse(file);
  throw new FileError(`${path.basename(folder)}/${setupFile} is missing: docs/operations.md says what it holds`);
}

/** Reads it from JSON. @throws {@link FileError} for the first field that is malformed. */
export function parseSetup(value: unknown): Setup {
  return parse(fieldsOf(setupFile, value));
}

/** It as JSON that {@link parseSetup} reads. */
export function formatSetup(setup: Setup): string {
  const sequencers = setup.sequencers.map((sequencer) => ({
    ...sequencer,
    cap: String(sequencer.cap),
    commissionBps: Number(sequencer.commissionBps),
  }));
  return `${JSON.stringify({ ...setup, sequencers }, null, 2)}\n`;
}

/** The holders on one chain. */
export function actorsOf({ governance, guardian, keeper, treasury }: Setup, layer: Layer): Actors {
  return { governance: governance[layer], guardian: guardian[layer], keeper, treasury };
}

function parse(file: JsonFields): Setup {
  const sequencers = listAt(file, "sequencers").map((value, index) =>
    sequencerOf(fieldsOf(`${file.place}: sequencers.${index}`, value)),
  );
  const signers = new Set(sequencers.map(({ pubkey }) => pubkey.toLowerCase()));
  if (signers.size < sequencers.length) throw fault(file, "sequencers", "a list without a public key twice");
  return {
    governance: bothOf(objectAt(file, "governance")),
    guardian: bothOf(objectAt(file, "guardian")),
    keeper: addressAt(file, "keeper"),
    treasury: addressAt(file, "treasury"),
    sequencers,
  };
}

function bothOf(fields: JsonFields): Readonly<Record<Layer, string>> {
  return { l1: addressAt(fields, "l1"), l2: addressAt(fields, "l2") };
}

function sequencerOf(fields: JsonFields): SequencerSetup {
  const commissionBps = numberAt(fields, "commissionBps", greatestCommission);
  const cap = numberAt(fields, "cap", greatestCap);
  return { operator: addressAt(fields, "operator"), pubkey: pubkeyAt(fields), cap, commissionBps };
}

/** A key that no signer can have would be found out by Metis only when it locks. */
function pubkeyAt(fields: JsonFields): string {
  const pubkey = hexAt(fields, "pubkey", 64);
  try {
    computeAddress(SigningKey.computePublicKey(`0x04${pubkey.slice(2)}`));
    return pubkey;
  } catch {
    throw fault(fields, "pubkey", "a point of secp256k1: 64 bytes, uncompressed, without the leading 0x04");
  }
}

/** Wei do not fit into JSON's numbers, so a text is read as well. */
function numberAt(fields: JsonFields, name: string, maximum: bigint): bigint {
  const value = fields.values[name];
  const isWhole = (typeof value === "number" && Number.isSafeInteger(value)) || isDigits(value);
  const number = isWhole ? BigInt(value) : -1n;
  if (number >= 0n && number <= maximum) return number;
  throw fault(fields, name, `a whole number from 0 to ${maximum}, as a text where it is great`);
}

function isDigits(value: unknown): value is string {
  return typeof value === "string" && /^\d+$/.test(value);
}
