/**
 * Runs the steps of a deployment on two chains in this process, with the ids, deployers, nonces and addresses of the real ones and Metis's stand-ins:
 * what each step costs, and the very code that it leaves, immutables included. Nothing reaches a network.
 */
import { HardhatEthersProvider } from "@nomicfoundation/hardhat-ethers/internal/hardhat-ethers-provider";
import { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { type Signer, dataSlice, getAddress, id, toQuantity } from "ethers";

import { type Layer, localBalance, localChains } from "../../config/localChains";
import type { External } from "../external";
import { deployLocalMetisL1 } from "../localMetis";
import { setBalance } from "../localNode";
import { startThrowawayChain } from "../throwawayChain";
import type { PlanParameters, PlanStart } from "./addresses";
import { type Layout, sentSteps } from "./layout";
import { sendSteps } from "./steps";

/** What a rehearsal has found. */
export interface Rehearsal {
  /** Gas that each step used, by its name. */
  readonly gas: ReadonlyMap<string, bigint>;
  /** The code that each creation leaves, by the name of its step. */
  readonly code: ReadonlyMap<string, string>;
}

/**
 * Rehearses all steps.
 *
 * @throws What a step throws: a deployment that does not work is found out here.
 */
export async function rehearse(start: PlanParameters, layout: Layout, external: External): Promise<Rehearsal> {
  const l1 = await startAs("l1", start.l1);
  const l2 = await startAs("l2", start.l2);
  const owner = await impersonate(l1.provider, getAddress(dataSlice(id("rehearsal of a deployment"), 12)));
  await deployLocalMetisL1(owner, { l2ChainId: Number(start.l2.chainId), at: external });

  const gas = new Map<string, bigint>();
  const code = new Map<string, string>();
  for (const step of sentSteps(layout)) {
    const { provider, signer } = step.layer === "l1" ? l1 : l2;
    const receipt = (await sendSteps(signer, [step])).get(step.name);
    if (receipt === undefined) throw new Error(`${step.name} is done before it is sent: a step must change something`);
    gas.set(step.name, receipt.gasUsed);
    if (step.type === "create") code.set(step.name, await provider.getCode(step.address));
  }
  return { gas, code };
}

async function startAs(layer: Layer, { chainId, deployer, nonce }: PlanStart) {
  const ethereum = await startThrowawayChain({ ...localChains[layer], chainId: Number(chainId) });
  const provider = new HardhatEthersProvider(ethereum, `rehearsal-${chainId}`);
  const signer = await impersonate(provider, deployer);
  await provider.send("hardhat_setNonce", [deployer, toQuantity(nonce)]);
  return { provider, signer };
}

async function impersonate(provider: HardhatEthersProvider, address: string): Promise<Signer> {
  await provider.send("hardhat_impersonateAccount", [address]);
  await setBalance(provider, address, localBalance);
  return HardhatEthersSigner.create(provider, address);
}
