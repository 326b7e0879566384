/** A local protocol as the SDK knows deployments: what the devnet prints and the test kit gives. */
import { type Provider, keccak256 } from "ethers";

import { type Deployment, parseDeployment } from "../../sdk/src/deployments";
import type { LocalProtocol } from "./localProtocol";

/** A contract, and what it delegates to if it is a proxy or a beacon. */
type Contract = readonly [address: string, implementation?: string];

/** The deployment with the hashes of all code as it is now. */
export async function describeDeployment(protocol: LocalProtocol, name: string): Promise<Deployment> {
  const { deployment, metis, startBlocks } = protocol;
  const { l1ChainId, l2ChainId, l1, l2 } = deployment;
  return parseDeployment({
    name,
    l1: {
      ...l1,
      ...{ metis: metis.metis, lockingPool: metis.lockingPool, bridge: metis.bridge },
      chainId: Number(l1ChainId),
      startBlock: startBlocks.l1,
      code: await codeOf(protocol.l1.node, {
        accessManager: [l1.accessManager],
        vaultBeacon: [l1.vaultBeacon, l1.implementations.sequencerVault],
        lockManager: [l1.lockManager, l1.implementations.lockManager],
        l1Gateway: [l1.l1Gateway, l1.implementations.l1Gateway],
      }),
    },
    l2: {
      ...l2,
      chainId: Number(l2ChainId),
      startBlock: startBlocks.l2,
      code: await codeOf(protocol.l2.node, {
        accessManager: [l2.accessManager],
        eMetis: [l2.eMetis],
        seMetis: [l2.seMetis],
        stakingPool: [l2.stakingPool, l2.implementations.stakingPool],
        redemptionQueue: [l2.redemptionQueue, l2.implementations.redemptionQueue],
        l2Gateway: [l2.l2Gateway, l2.implementations.l2Gateway],
      }),
    },
  });
}

async function codeOf(provider: Provider, contracts: Readonly<Record<string, Contract>>): Promise<unknown> {
  const code: Record<string, unknown> = {};
  for (const [name, [address, implementation]] of Object.entries(contracts)) {
    const codeHash = await codeHashOf(provider, address);
    code[name] = {
      codeHash,
      ...(implementation === undefined
        ? {}
        : { implementation: { address: implementation, codeHash: await codeHashOf(provider, implementation) } }),
    };
  }
  return code;
}

async function codeHashOf(provider: Provider, address: string): Promise<string> {
  return keccak256(await provider.getCode(address));
}
