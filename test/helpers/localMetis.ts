/** Metis's contracts on the two in-process chains, for tests. */
import {
  type LocalMetisL1,
  type LocalMetisL1Options,
  type LocalMetisL2,
  deployLocalMetisL1,
  deployLocalMetisL2,
} from "../../scripts/lib/localMetis";
import { type Relayer, createRelayer } from "../../scripts/lib/relayer";
import type { Chain, Chains } from "./chains";

/** Both chains with Metis on them. */
export interface LocalMetis extends Chains {
  readonly metisL1: LocalMetisL1;
  readonly metisL2: LocalMetisL2;
  readonly relayer: Relayer;
}

/** Deploys Metis's contracts on both chains; the first account of each owns them. For the `build` of a fixture. */
export async function deployLocalMetis(
  { l1, l2 }: Chains,
  options: Omit<LocalMetisL1Options, "l2ChainId"> = {},
): Promise<LocalMetis> {
  const metisL1 = await deployLocalMetisL1(deployer(l1), { ...options, l2ChainId: l2.chainId });
  const metisL2 = await deployLocalMetisL2(deployer(l2), { l1: metisL1 });
  const relayer = createRelayer({ l1: deployer(l1), l2: l2.provider, addresses: metisL1 });
  return { l1, l2, metisL1, metisL2, relayer };
}

function deployer({ signers }: Chain) {
  const [first] = signers;
  if (first === undefined) throw new Error("the chain has no account");
  return first;
}
