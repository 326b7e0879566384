/** A local protocol as the SDK knows deployments: what the devnet prints and the test kit gives. */
import { type Deployment, parseDeployment } from "../../sdk/src/deployments";
import { recordCode } from "../../sdk/src/reserves/recordCode";
import type { LocalProtocol } from "./localProtocol";

/** The deployment with the hashes of all code as it is now. */
export async function describeDeployment(protocol: LocalProtocol, name: string): Promise<Deployment> {
  const { deployment, metis, startBlocks } = protocol;
  const { l1ChainId, l2ChainId, l1, l2 } = deployment;
  const external = { metis: metis.metis, lockingPool: metis.lockingPool, bridge: metis.bridge };
  const addresses = parseDeployment({
    name,
    l1: { ...l1, ...external, chainId: Number(l1ChainId), startBlock: startBlocks.l1 },
    l2: { ...l2, chainId: Number(l2ChainId), startBlock: startBlocks.l2 },
  });
  const nodes = { l1: protocol.l1.node, l2: protocol.l2.node };
  const code = await recordCode({ ...nodes, deployment: addresses });
  return { ...addresses, l1: { ...addresses.l1, code: code.l1 }, l2: { ...addresses.l2, code: code.l2 } };
}
