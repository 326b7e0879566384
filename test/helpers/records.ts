/** A local protocol's records, as a deployment on a public network leaves them: for tests of what reads them. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { type Provider, keccak256 } from "ethers";
import { artifacts } from "hardhat";

import { localChains, type Layer } from "../../scripts/config/localChains";
import type { ChainSettings } from "../../scripts/config/networks";
import { lockManagerParameters, operatorCommissionBps, poolParameters } from "../../scripts/config/parameters";
import type { LocalProtocol } from "../../scripts/lib/localProtocol";
import { externalNames } from "../../scripts/lib/external";
import type { Network } from "../../scripts/lib/network";
import { type ContractRecord, writeRecord } from "../../scripts/lib/records";
import { type Setup, formatSetup } from "../../scripts/lib/setup";

/** What a test says of a record; the rest is read from the chain. */
interface Entry {
  readonly name: string;
  readonly layer: Layer;
  readonly contract: string;
  readonly address: string;
  readonly constructorArgs: readonly unknown[];
  readonly implementation?: string;
  readonly implementationConstructorArgs?: readonly unknown[];
}

/** The pair of local chains as a network; nothing is reachable by URL. */
export function localNetwork(folder: string): Network {
  const explorer = { url: "http://127.0.0.1", api: "http://127.0.0.1/api" };
  const settings = (layer: Layer): ChainSettings => ({
    layer,
    chainId: localChains[layer].chainId,
    name: `local ${layer.toUpperCase()}`,
    rpcVariable: `LOCAL_${layer.toUpperCase()}_RPC_URL`,
    rpcUrls: [],
    coin: layer === "l1" ? "ETH" : "METIS",
    isLegacy: layer === "l2",
    confirmations: 1,
    explorer,
  });
  return { name: path.basename(folder), l1: settings("l1"), l2: settings("l2"), folder };
}

/** Writes every record, `external.json` and `setup.json` of a local protocol into a folder. */
export async function recordProtocol(protocol: LocalProtocol, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { metis } = protocol;
  const source = "the local chain";
  const addresses = new Map<string, unknown>(Object.entries(metis));
  const external = Object.entries(externalNames).map(([key, name]) => [name, { address: addresses.get(key), source }]);
  await writeFile(path.join(folder, "external.json"), JSON.stringify(Object.fromEntries(external), null, 2));
  await writeFile(path.join(folder, "setup.json"), formatSetup(setupOf(protocol)));
  for (const entry of entriesOf(protocol)) {
    await writeRecord(folder, entry.name, await recordOf(protocol, entry));
  }
}

/** Who holds what in a local protocol. */
export function setupOf({ actors, sequencers }: LocalProtocol): Setup {
  return {
    governance: { l1: actors.governance, l2: actors.governance },
    guardian: { l1: actors.guardian, l2: actors.guardian },
    keeper: actors.keeper,
    treasury: actors.treasury,
    sequencers: sequencers.map(({ operator, key }) => ({
      operator,
      pubkey: key.pubkey,
      cap: 100_000n * 10n ** 18n,
      commissionBps: operatorCommissionBps,
    })),
  };
}

function entriesOf(protocol: LocalProtocol): readonly Entry[] {
  const { l1, l2, l1ChainId, l2ChainId } = protocol.deployment;
  const { metis, actors } = protocol;
  const deployer = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
  const on = (layer: Layer) => (name: string, fields: Omit<Entry, "name" | "layer">) => ({ name, layer, ...fields });
  const onL1 = on("l1");
  const onL2 = on("l2");
  return [
    onL1("L1AccessManager", { contract: "AccessManager", address: l1.accessManager, constructorArgs: [deployer] }),
    onL1("VaultBeacon", {
      contract: "UpgradeableBeacon",
      address: l1.vaultBeacon,
      constructorArgs: [l1.implementations.sequencerVault, l1.accessManager],
      implementation: l1.implementations.sequencerVault,
      implementationConstructorArgs: [metis.metis, metis.lockingPool, l1.lockManager],
    }),
    onL1("LockManager", {
      contract: "LockManager",
      address: l1.lockManager,
      constructorArgs: [
        l1.implementations.lockManager,
        protocol.l1.lockManager.interface.encodeFunctionData("initialize", [l1.accessManager, lockManagerParameters]),
      ],
      implementation: l1.implementations.lockManager,
      implementationConstructorArgs: [metis.metis, metis.lockingPool, l1.l1Gateway, l1.vaultBeacon],
    }),
    onL1("L1Gateway", {
      contract: "L1Gateway",
      address: l1.l1Gateway,
      constructorArgs: [
        l1.implementations.l1Gateway,
        protocol.l1.l1Gateway.interface.encodeFunctionData("initialize", [l1.accessManager, l2.l2Gateway]),
      ],
      implementation: l1.implementations.l1Gateway,
      implementationConstructorArgs: [l1.lockManager, metis.metis, metis.bridge, l2ChainId],
    }),
    onL2("L2AccessManager", { contract: "AccessManager", address: l2.accessManager, constructorArgs: [deployer] }),
    onL2("EMetis", {
      contract: "EMetis",
      address: l2.eMetis,
      constructorArgs: [l2.stakingPool, l2.seMetis, l2.redemptionQueue],
    }),
    onL2("SEMetis", { contract: "SEMetis", address: l2.seMetis, constructorArgs: [l2.eMetis, l2.stakingPool] }),
    onL2("StakingPool", {
      contract: "StakingPool",
      address: l2.stakingPool,
      constructorArgs: [
        l2.implementations.stakingPool,
        protocol.l2.stakingPool.interface.encodeFunctionData("initialize", [
          l2.accessManager,
          actors.treasury,
          poolParameters,
        ]),
      ],
      implementation: l2.implementations.stakingPool,
      implementationConstructorArgs: [l2.eMetis, l2.seMetis, l2.redemptionQueue, l2.l2Gateway, l1.lockManager],
    }),
    onL2("RedemptionQueue", {
      contract: "RedemptionQueue",
      address: l2.redemptionQueue,
      constructorArgs: [
        l2.implementations.redemptionQueue,
        protocol.l2.redemptionQueue.interface.encodeFunctionData("initialize", [l2.accessManager]),
      ],
      implementation: l2.implementations.redemptionQueue,
      implementationConstructorArgs: [l2.eMetis, l2.seMetis, l2.stakingPool],
    }),
    onL2("L2Gateway", {
      contract: "L2Gateway",
      address: l2.l2Gateway,
      constructorArgs: [
        l2.implementations.l2Gateway,
        protocol.l2.l2Gateway.interface.encodeFunctionData("initialize", [l2.accessManager, l1.l1Gateway]),
      ],
      implementation: l2.implementations.l2Gateway,
      implementationConstructorArgs: [l2.stakingPool, l1ChainId],
    }),
  ];
}

async function recordOf(protocol: LocalProtocol, entry: Entry): Promise<ContractRecord> {
  const provider = protocol[entry.layer].node;
  const { contract, address, constructorArgs, implementation, implementationConstructorArgs } = entry;
  const { abi } = await artifacts.readArtifact(contract);
  const { block, transaction } = await creationOf(provider, address, protocol.startBlocks[entry.layer]);
  return {
    contract,
    chainId: localChains[entry.layer].chainId,
    address,
    constructorArgs,
    ...(implementation === undefined
      ? {}
      : { implementation, implementationCodeHash: keccak256(await provider.getCode(implementation)) }),
    ...(implementationConstructorArgs === undefined ? {} : { implementationConstructorArgs }),
    transaction,
    block,
    commit: "0".repeat(40),
    solc: "0.8.28",
    evmVersion: "berlin",
    codeHash: keccak256(await provider.getCode(address)),
    abi,
  };
}

/** Local nodes mine a block for each transaction, so the block that has the code first holds the creation alone. */
async function creationOf(
  provider: Provider,
  address: string,
  start: number,
): Promise<{ readonly block: number; readonly transaction: string }> {
  for (let block = start; ; block++) {
    if ((await provider.getCode(address, block)) === "0x") continue;
    const transaction = (await provider.getBlock(block))?.transactions[0];
    if (transaction === undefined) throw new Error(`block ${block} is empty`);
    return { block, transaction };
  }
}
