/** Metis's contracts on the two in-process chains, for tests. */
import {
  type GiveMetis,
  type LocalMetisL1,
  type LocalMetisL1Options,
  type LocalMetisL2,
  deployLocalMetisL1,
  deployLocalMetisL2,
} from "../../scripts/lib/localMetis";
import { type Relayer, createRelayer } from "../../scripts/lib/relayer";
import type { Chain, Chains } from "./chains";

/** Both chains with Metis on them: stand-ins, or Metis's own contracts on forks. */
export interface MetisWorld extends Chains {
  readonly metisL1: Omit<LocalMetisL1, "feeReceiver" | "proxyAdmin">;
  readonly metisL2: LocalMetisL2;
  readonly relayer: Relayer;
  /** Blocks that logs are looked for from. */
  readonly since: { readonly l1: number; readonly l2: number };
  /** Gives METIS on Ethereum, in wei. */
  readonly giveMetis: GiveMetis;
  /** ETH that the bridge asks for a message with so much gas, in wei. */
  readonly quote: (l2Gas: bigint) => Promise<bigint>;
}

/** Both chains with the stand-ins on them. */
export interface LocalMetis extends MetisWorld {
  readonly metisL1: LocalMetisL1;
}

/** Deploys Metis's contracts on both chains; the first account of each owns them. For the `build` of a fixture. */
export async function deployLocalMetis(
  { l1, l2 }: Chains,
  options: Omit<LocalMetisL1Options, "l2ChainId"> = {},
): Promise<LocalMetis> {
  const metisL1 = await deployLocalMetisL1(deployer(l1), { ...options, l2ChainId: l2.chainId });
  const metisL2 = await deployLocalMetisL2(deployer(l2), { l1: metisL1 });
  const relayer = createRelayer({ l1: deployer(l1), l2: l2.provider, addresses: metisL1 });
  const token = await l1.attach("LocalMetis", metisL1.metis);
  const oracle = await l1.attach("LocalDiscountOracle", metisL1.discountOracle);
  return {
    l1,
    l2,
    metisL1,
    metisL2,
    relayer,
    since: { l1: 0, l2: 0 },
    giveMetis: async (receiver, assets) => {
      await token.mint(receiver, assets);
    },
    quote: async (l2Gas) => l2Gas * (await oracle.getDiscount()),
  };
}

function deployer({ signers }: Chain) {
  const [first] = signers;
  if (first === undefined) throw new Error("the chain has no account");
  return first;
}
