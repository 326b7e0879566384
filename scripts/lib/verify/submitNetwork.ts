/** Submits the sources of everything that is deployed on both chains of a network. */
import type { Network } from "../network";
import type { Setup } from "../setup";
import { readBuilds } from "./builds";
import { artifactsOf, deployedOn } from "./codes";
import { type SubmitTools, type Submission, submitSources } from "./submit";
import { readTruth } from "./truth";

/** What explorers are told, and how. */
export interface SubmitOptions {
  readonly network: Network;
  readonly setup: Setup;
  readonly tools: Omit<SubmitTools, "api">;
  /** Told after each contract. */
  readonly onSubmitted?: (submission: Submission) => void;
}

/**
 * Submits one contract after the other, proxies too. Vaults are left out: their proxies have no Solidity source, and explorers know them
 * by their code. What an explorer does is a result, and stops nothing.
 *
 * @throws FileError for a record that is missing or malformed.
 */
export async function submitNetwork({
  network,
  setup,
  tools,
  onSubmitted,
}: SubmitOptions): Promise<readonly Submission[]> {
  const chainIds = { l1: BigInt(network.l1.chainId), l2: BigInt(network.l2.chainId) };
  const truth = await readTruth(network.folder, setup, chainIds);
  const builds = await readBuilds(artifactsOf(truth));
  const submissions: Submission[] = [];
  for (const deployed of [...deployedOn("l1", truth), ...deployedOn("l2", truth)]) {
    const build = builds.get(deployed.artifact);
    if (build === undefined) throw new Error(`there is no build of ${deployed.artifact}: compile first`);
    const submission = await submitSources(deployed, build, { ...tools, api: network[deployed.chain].explorer.api });
    onSubmitted?.(submission);
    submissions.push(submission);
  }
  return submissions;
}
