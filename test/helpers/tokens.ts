/** The two tokens on Metis, with {@link TestStakingPool} as their pool. */
import { getCreateAddress } from "ethers";

import type { Chain, ContractOf } from "./chains";

/** Who takes part in the tests of the tokens. */
export const actors = ["alice", "bob", "carol", "queue"] as const;

export type Actor = (typeof actors)[number];

export interface Tokens {
  readonly eMetis: ContractOf<"EMetis">;
  readonly seMetis: ContractOf<"SEMetis">;
  readonly pool: ContractOf<"TestStakingPool">;
}

/** Deploys the tokens and the stand-in of their pool, each with the addresses of the others. */
export async function deployTokens(l2: Chain, queue: string): Promise<Tokens> {
  const deployer = l2.signers[0]!;
  const nonce = await deployer.getNonce();
  const [eMetis, seMetis, pool] = [0, 1, 2].map((offset) =>
    getCreateAddress({ from: deployer.address, nonce: nonce + offset }),
  ) as [string, string, string];
  return {
    eMetis: await l2.deploy("EMetis", [pool, seMetis, queue]),
    seMetis: await l2.deploy("SEMetis", [eMetis, pool]),
    pool: await l2.deploy("TestStakingPool", [eMetis, seMetis]),
  };
}

/** The named accounts. The deployer is none of them. */
export function namedActors(l2: Chain) {
  const [, alice, bob, carol, queue] = l2.signers;
  return { alice: alice!, bob: bob!, carol: carol!, queue: queue! };
}
