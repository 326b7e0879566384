/** All steps of a deployment to a public network, in their order: a pure function of where it starts, the setup and Metis's addresses. */
import { keccak256 } from "ethers";

import type { Layer } from "../../config/localChains";
import type { External } from "../external";
import { type Setup, actorsOf } from "../setup";
import { type Deployment, type PlanParameters, planDeployment } from "./addresses";
import { handOverSteps, roleSteps } from "./powerSteps";
import { l1Creations, l2Creations } from "./protocolSteps";
import { smokeNonces, smokeSteps } from "./smoke";
import { type CreateStep, type SentStep, type Step, dataOf } from "./steps";
import { vaultAddress, vaultSteps } from "./vaultSteps";

/** What is to be deployed, and where it will be. */
export interface Layout {
  readonly deployment: Deployment;
  /** Of the setup's sequencers, in their order. */
  readonly vaults: readonly string[];
  readonly steps: readonly Step[];
}

/** Lays out a deployment; `start` has the first nonce that it takes on each chain. */
export function layOut(start: PlanParameters, setup: Setup, external: External): Layout {
  const first = { l1: start.l1.nonce + smokeNonces.l1, l2: start.l2.nonce + smokeNonces.l2 };
  const deployment = planDeployment({
    l1: { ...start.l1, nonce: first.l1 },
    l2: { ...start.l2, nonce: first.l2 },
  });
  const handOver = (layer: Layer) =>
    handOverSteps(layer, deployment[layer].accessManager, {
      actors: actorsOf(setup, layer),
      deployer: start[layer].deployer,
    });
  return {
    deployment,
    vaults: setup.sequencers.map((_, index) => vaultAddress(deployment, index)),
    steps: [
      ...smokeSteps(start, external),
      ...numbered(l2Creations(deployment, actorsOf(setup, "l2"), start.l2.deployer), first.l2),
      ...roleSteps("l2", deployment),
      ...numbered(l1Creations(deployment, external, start.l1.deployer), first.l1),
      ...roleSteps("l1", deployment),
      ...vaultSteps(deployment, setup.sequencers),
      ...handOver("l1"),
      ...handOver("l2"),
    ],
  };
}

/** The steps that are transactions. */
export function sentSteps({ steps }: Layout): readonly SentStep[] {
  return steps.filter((step) => step.type !== "wait");
}

/** What each step sends, as a hash, by its name: a plan that goes on with something else is found out by it. */
export async function digestsOf(layout: Layout): Promise<Readonly<Record<string, string>>> {
  const digests = sentSteps(layout).map(async (step) => [step.name, keccak256(await dataOf(step))] as const);
  return Object.fromEntries(await Promise.all(digests));
}

function numbered(steps: readonly CreateStep[], first: number): readonly CreateStep[] {
  return steps.map((step, index) => ({ ...step, nonce: first + index }));
}
