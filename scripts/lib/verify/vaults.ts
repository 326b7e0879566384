/** The vaults, against the sequencers of the setup: where they are, what they are, and how they are configured. */
import { concat } from "ethers";

import { LockManager__factory } from "../artifacts";
import type { SequencerSetup } from "../setup";
import { type ChainReader, answerOf, codeAt } from "./chainReader";
import { compareBody, comparePresence } from "./compareCode";
import { type Comparison, compareEach, noAnswer } from "./finding";
import { compareVaultProxy } from "./proxies";
import type { Truth } from "./truth";
import { vaultAddressOf, vaultCode } from "./vaultProxy";

/** What LockManager says of a vault; nothing where it does not answer. */
interface Vault {
  readonly vault: string;
  readonly operator: string;
  readonly cap: bigint;
  readonly nextCommissionBps: bigint;
  readonly pubkeyX: string;
  readonly pubkeyY: string;
}

/** Compares every vault that LockManager has with the setup, in the order of both. */
export async function compareVaults(reader: ChainReader, { records, setup }: Truth): Promise<readonly Comparison[]> {
  const manager = LockManager__factory.connect(records.LockManager.address, reader.provider);
  const count = await answerOf(manager.vaultCount(reader.at));
  const expected = String(setup.sequencers.length);
  const of = { chain: "l1", contract: "LockManager" } as const;
  const counted = compareEach({ ...of, type: "vaultCount" }, [
    ["number of vaults", expected, count === undefined ? noAnswer : String(count)],
  ]);
  const vaults = await Promise.all(
    Array.from({ length: Number(count ?? 0n) }, async (_, index) => {
      const vault = await answerOf(manager.vaultAt(index, reader.at));
      const address = vaultAddressOf(records.LockManager.address, records.VaultBeacon.address, index);
      const sequencer = setup.sequencers[index];
      return [
        ...compareVault(index, address, vault),
        ...(sequencer === undefined ? [] : compareConfig(index, sequencer, vault)),
        ...(await compareProxyOf(reader, index, vault?.vault ?? address, records.VaultBeacon.address)),
      ];
    }),
  );
  return [...counted, ...vaults.flat()];
}

/** The addresses of the first vaults, as many as LockManager has. */
export async function vaultsOf(reader: ChainReader, { records }: Truth): Promise<readonly string[]> {
  const manager = LockManager__factory.connect(records.LockManager.address, reader.provider);
  const count = await answerOf(manager.vaultCount(reader.at));
  return Array.from({ length: Number(count ?? 0n) }, (_, index) =>
    vaultAddressOf(records.LockManager.address, records.VaultBeacon.address, index),
  );
}

function compareVault(index: number, expected: string, vault: Vault | undefined): readonly Comparison[] {
  return compareEach({ chain: "l1", contract: `vault ${index}`, type: "vaultAddress" }, [
    ["address", expected, vault?.vault ?? noAnswer],
  ]);
}

function compareConfig(index: number, sequencer: SequencerSetup, vault: Vault | undefined): readonly Comparison[] {
  const of = { chain: "l1", contract: `vault ${index}` } as const;
  const pubkey = vault === undefined ? noAnswer : concat([vault.pubkeyX, vault.pubkeyY]);
  return [
    ...compareEach({ ...of, type: "vaultOperator" }, [["operator", sequencer.operator, vault?.operator ?? noAnswer]]),
    ...compareEach({ ...of, type: "vaultPubkey" }, [["public key", sequencer.pubkey.toLowerCase(), pubkey]]),
    ...compareEach({ ...of, type: "vaultCap" }, [["cap", String(sequencer.cap), String(vault?.cap ?? noAnswer)]]),
    ...compareEach({ ...of, type: "vaultCommission" }, [
      ["commission in Bps", String(sequencer.commissionBps), String(vault?.nextCommissionBps ?? noAnswer)],
    ]),
  ];
}

async function compareProxyOf(
  reader: ChainReader,
  index: number,
  address: string,
  beacon: string,
): Promise<readonly Comparison[]> {
  const of = { chain: "l1", contract: `vault ${index}` } as const;
  const code = await codeAt(reader, address);
  return [
    ...comparePresence(of, code),
    ...(code === "0x" ? [] : compareBody(of, vaultCode, code)),
    ...(await compareVaultProxy(reader, of.contract, address, beacon)),
  ];
}
