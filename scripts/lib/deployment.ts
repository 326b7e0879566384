/**
 * Deploys the protocol on both chains with a signer, as the local networks and the tests do it. The steps are those of a deployment to a public
 * network; a run that was broken off goes on where it stopped: what is there already is not sent again.
 */
import type { Signer } from "ethers";

import type { Actors, Deployment, MetisOnL1 } from "./deploy/addresses";
import { handOverSteps, roleSteps } from "./deploy/powerSteps";
import { l1Creations, l2Creations } from "./deploy/protocolSteps";
import { sendSteps } from "./deploy/steps";

export {
  type Actors,
  type Deployment,
  type L1Deployment,
  type L2Deployment,
  type MetisOnL1,
  type PlanParameters,
  planDeployment,
} from "./deploy/addresses";

/** Deploys what the plan has on Metis, and writes the table of powers; the deployer keeps its own until {@link handOver}. */
export async function deployL2(signer: Signer, deployment: Deployment, actors: Actors): Promise<void> {
  const creations = l2Creations(deployment, actors, await signer.getAddress());
  await sendSteps(signer, [...creations, ...roleSteps("l2", deployment)]);
}

/** Deploys what the plan has on Ethereum, and writes the table of powers; the deployer keeps its own until {@link handOver}. */
export async function deployL1(signer: Signer, deployment: Deployment, metis: MetisOnL1): Promise<void> {
  const creations = l1Creations(deployment, metis, await signer.getAddress());
  await sendSteps(signer, [...creations, ...roleSteps("l1", deployment)]);
}

/** Gives every role of the table to its holder, and takes the deployer's own away. Afterwards the deployer has no power here. */
export async function handOver(signer: Signer, accessManager: string, actors: Actors): Promise<void> {
  const deployer = await signer.getAddress();
  // The chain does not matter to a signer: it is on one only.
  await sendSteps(signer, handOverSteps("l1", accessManager, { actors, deployer }));
}
