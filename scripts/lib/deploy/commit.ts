/** The commit that a deployment is built from. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
/** What bytecode depends on. */
const sources = ["contracts", "hardhat.config.ts", "package-lock.json"] as const;

/** Sources that no commit holds: nobody could verify what is built from them. */
export class UncommittedError extends Error {
  override readonly name = "UncommittedError";
}

/**
 * The commit that is checked out in a folder.
 *
 * @throws {@link UncommittedError} when the sources of the contracts differ from it, or the folder is no clone.
 */
export async function readCommit(folder: string): Promise<string> {
  const git = async (...parameters: readonly string[]) =>
    (await run("git", ["-C", folder, ...parameters])).stdout.trim();
  const commit = await git("rev-parse", "HEAD").catch((cause: unknown) => {
    throw new UncommittedError(`${folder} is no git clone with a commit: deploy from one`, { cause });
  });
  const changed = await git("status", "--porcelain", "--", ...sources);
  if (changed === "") return commit;
  throw new UncommittedError(`commit these first, so that what is deployed can be built again:\n${changed}`);
}
