/** The storage layout of what a network runs now: the record in the commit that it was built from. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { type RecordedLayout, type UpgradeableContract, parseLayout } from "../layouts";
import { readRecord } from "../records";
import { UpgradeError } from "./errors";

const run = promisify(execFile);

/**
 * Reads the layout that the record of a network leads to.
 *
 * @param folder - The folder of the network's records.
 * @throws {@link UpgradeError} when there is no record, or git does not know its commit.
 */
export async function readDeployedLayout(folder: string, contract: UpgradeableContract): Promise<RecordedLayout> {
  const name = contract === "SequencerVault" ? "VaultBeacon" : contract;
  const record = await readRecord(folder, name);
  if (record === undefined) throw new UpgradeError(`${name}.json is missing in ${folder}: is the network deployed?`);
  return layoutAtCommit(record.commit, contract);
}

/** The layout that a commit recorded. @throws {@link UpgradeError} when git does not know it. */
export async function layoutAtCommit(commit: string, contract: UpgradeableContract): Promise<RecordedLayout> {
  const file = `deployments/layouts/${contract}.json`;
  try {
    // The path is from the root of the repository, wherever this runs.
    const { stdout } = await run("git", ["show", `${commit}:${file}`], { cwd: __dirname });
    return parseLayout(stdout, contract);
  } catch (error) {
    throw new UpgradeError(`commit ${commit}, which is deployed, has no ${file} here: fetch it with git`, {
      cause: error,
    });
  }
}
