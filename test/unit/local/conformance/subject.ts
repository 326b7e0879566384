/** Whom the claims of this folder are asked of. */

/**
 * Stand-ins are ours: every claim is asked. Of Metis's own contracts on a fork only what one can ask who does not own them, with Metis's powers borrowed
 * to whitelist, to credit rewards and to deliver. A claim that is left out there is written with {@link standInsOnly}: it needs Metis's owner to pause,
 * to force an exit or to move a bound, METIS_MANAGER to set a fee, the proof of a withdrawal, a pool without strangers, or an EVM in which the native
 * coin and the ERC-20 are one ledger.
 */
export type Subject = "stand-ins" | "forks";

/** `it` for claims that only stand-ins can be asked. */
export function standInsOnly(subject: Subject): (title: string, test: () => Promise<void>) => void {
  if (subject === "forks") return () => undefined;
  return (title, test) => {
    it(title, test);
  };
}
