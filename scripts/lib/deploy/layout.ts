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

/** A layout with the data of each step's transaction, by its name. */
export interface EncodedLayout extends Layout {
  readonly data: ReadonlyMap<string, string>;
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

/** Puts the data of its transactions to a layout. */
export async function encode(layout: Layout): Promise<EncodedLayout> {
  const data = await Promise.all(sentSteps(layout).map(async (step) => [step.name, await dataOf(step)] as const));
  return { ...layout, data: new Map(data) };
}

/** The data of a step's transaction. */
export function encodedOf({ data }: EncodedLayout, { name }: SentStep): string {
  const found = data.get(name);
  if (found === undefined) throw new Error(`${name} is no step of this layout`);
  return found;
}

/** What each step sends, as a hash, by its name: a plan that goes on with something else is found out by it. */
export function digestsOf({ data }: EncodedLayout): Readonly<Record<string, string>> {
  return Object.fromEntries([...data].map(([name, bytes]) => [name, keccak256(bytes)]));
}

function numbered(steps: readonly CreateStep[], first: number): readonly CreateStep[] {
  return steps.map((step, index) => ({ ...step, nonce: first + index }));
}
