/** The SDK's context for the protocol of the tests. */
import type { Deployment } from "../../../sdk/src/deployments";
import { parseDeployment } from "../../../sdk/src/deployments";
import type { Context } from "../../../sdk/src/context";
import type { LocalProtocol } from "../../../scripts/lib/localProtocol";
import type { ProtocolWorld } from "../protocol";

/** The deployment of the tests' protocol, as the SDK knows deployments. */
export function sdkDeployment({ deployment, metis }: LocalProtocol): Deployment {
  const { l1ChainId, l2ChainId, l1, l2 } = deployment;
  return parseDeployment({
    name: "local",
    l1: { ...l1, ...metis, chainId: Number(l1ChainId), startBlock: 0 },
    l2: { ...l2, chainId: Number(l2ChainId), startBlock: 0 },
  });
}

/** Both chains of the tests, for the SDK. */
export function sdkContext({ protocol, l1, l2 }: ProtocolWorld): Context {
  return { l1: l1.provider, l2: l2.provider, deployment: sdkDeployment(protocol) };
}
