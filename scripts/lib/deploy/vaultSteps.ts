/** The vaults that the protocol starts with, added while the deployer still may: governance would wait 42 days. */
import { concat, dataSlice, getAddress, getCreate2Address, keccak256, toBeHex } from "ethers";

import { LockManager__factory } from "../artifacts";
import type { SequencerSetup } from "../setup";
import type { Deployment } from "./addresses";
import { VaultMismatchError } from "./errors";
import type { CallStep } from "./steps";

/** Creation code of Solady's beacon proxy, before and after the beacon's address: `LibClone.initCodeERC1967BeaconProxy`. */
const beaconProxy = {
  before: "0x60523d8160223d3973",
  after:
    "0x60195155f3363d3d373d3d363d602036600436635c60da1b60e01b36527fa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50545afa5036515af43d6000803e604d573d6000fd5b3d6000f3",
} as const;

/** Where vault `index` will be, before anything is deployed: Metis has to whitelist it before it locks. */
export function vaultAddress({ l1 }: Deployment, index: number): string {
  const code = concat([beaconProxy.before, l1.vaultBeacon, beaconProxy.after]);
  return getCreate2Address(l1.lockManager, toBeHex(index, 32), keccak256(code));
}

/** Adds the vaults of the setup, in its order. */
export function vaultSteps(deployment: Deployment, sequencers: readonly SequencerSetup[]): readonly CallStep[] {
  return sequencers.map((sequencer, index) => vaultStep(deployment.l1.lockManager, sequencer, index));
}

function vaultStep(lockManager: string, sequencer: SequencerSetup, index: number): CallStep {
  const { operator, commissionBps, cap, pubkey } = sequencer;
  const config = {
    operator: getAddress(operator),
    commissionBps,
    cap,
    pubkeyX: dataSlice(pubkey, 0, 32),
    pubkeyY: dataSlice(pubkey, 32),
  };
  return {
    type: "call",
    layer: "l1",
    name: `vault ${index} added`,
    to: lockManager,
    data: LockManager__factory.createInterface().encodeFunctionData("addVault", [config]),
    isDone: async (provider, blockTag = "latest") => {
      if ((await provider.getCode(lockManager, blockTag)) === "0x") return false;
      const manager = LockManager__factory.connect(lockManager, provider);
      if ((await manager.vaultCount({ blockTag })) <= BigInt(index)) return false;
      const found = await manager.vaultAt(index, { blockTag });
      const isSame =
        found.operator === config.operator &&
        found.nextCommissionBps === commissionBps &&
        found.cap === cap &&
        concat([found.pubkeyX, found.pubkeyY]) === pubkey.toLowerCase();
      if (!isSame) throw new VaultMismatchError(index, found.operator, config.operator);
      return true;
    },
  };
}
