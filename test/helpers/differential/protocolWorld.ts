/** The contracts on both chains for a campaign over all of the protocol. */
import { parseEther, toQuantity } from "ethers";

import { type Role, roles } from "../../../scripts/config/roles";
import { deployL2 } from "../../../scripts/lib/deployment";
import { deployLocalMetisL2 } from "../../../scripts/lib/localMetis";
import { type Chain, type Chains, createFixture } from "../chains";
import type { Players } from "./l2Player";
import { type CampaignWorld, deployCampaign } from "./l1World";

/** Both sides, and who plays. */
export interface BothWorlds {
  readonly l1: CampaignWorld;
  readonly l2: Chain;
  readonly players: Players;
  readonly treasury: string;
}

/** The plan of Ethereum's side counts on this nonce of the deployer on Metis. */
const plannedNonce = 1_000;

/** Ethereum's side of the campaigns there, and Metis's side where it expects it. */
export const bothWorlds = createFixture(async (chains: Chains): Promise<BothWorlds> => {
  const l1 = await deployCampaign(chains, { variant: "sepolia", vaults: 3 });
  await l1.token.mint(l1.metis.bridge, parseEther("50000000"));
  const { l2 } = chains;
  const [deployer, guardian, keeper, alice, bob, carol, treasury] = l2.signers.map(({ address }) => address);
  const signer = l2.signers[0]!;
  await deployLocalMetisL2(signer, { l1: l1.metis });
  const refuser = await l2.deploy("TestAccount", []);
  await refuser.refuse();
  await l2.provider.send("hardhat_setNonce", [deployer, toQuantity(plannedNonce)]);
  const { deployment } = l1;
  await deployL2(signer, deployment, {
    governance: deployer!,
    guardian: guardian!,
    keeper: keeper!,
    treasury: treasury!,
  });
  const manager = await l2.attach("AccessManager", deployment.l2.accessManager);
  for (const role of Object.values<Role>(roles)) await manager.grantRole(role.id, signer, 0n);
  const players = {
    users: [alice!, bob!, carol!, keeper!],
    refuser: await refuser.getAddress(),
    governor: deployer!,
  };
  return { l1, l2, players, treasury: treasury! };
});
