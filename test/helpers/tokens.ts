/** The two tokens on Metis, with `TestStakingPool` as their pool. */
import { getCreateAddress, MaxUint256 } from "ethers";

import type { Stream } from "../../sdk/src/math/rewardStream";
import type { Chain, ContractOf } from "./chains";

export interface Tokens {
  readonly eMetis: ContractOf<"EMetis">;
  readonly seMetis: ContractOf<"SEMetis">;
  readonly pool: ContractOf<"TestStakingPool">;
}

/** Seconds in a day. */
export const DAY = 86_400n;

/** Deploys the tokens and the stand-in of their pool, each with the addresses of the others. */
export async function deployTokens(l2: Chain, queue: string): Promise<Tokens> {
  const deployer = l2.signers[0]!;
  const nonce = await deployer.getNonce();
  const addressAt = (offset: number) => getCreateAddress({ from: deployer.address, nonce: nonce + offset });
  const eMetis = await l2.deploy("EMetis", [addressAt(2), addressAt(1), queue]);
  const seMetis = await l2.deploy("SEMetis", [eMetis, addressAt(2)]);
  return { eMetis, seMetis, pool: await l2.deploy("TestStakingPool", [eMetis, seMetis]) };
}

/** The named accounts. The deployer is none of them. */
export function namedActors(l2: Chain) {
  const [, alice, bob, carol, queue] = l2.signers;
  return { alice: alice!, bob: bob!, carol: carol!, queue: queue! };
}

/** The tokens on a fresh chain; alice, bob and carol hold 5,000 eMetis each and have approved the vault without limit. */
export async function buildEmptyVault({ l2 }: { readonly l2: Chain }) {
  const named = namedActors(l2);
  const tokens = await deployTokens(l2, named.queue.address);
  for (const holder of [named.alice, named.bob, named.carol]) {
    await tokens.pool.mint(holder, 5_000n * 10n ** 18n);
    await tokens.eMetis.connect(holder).approve(tokens.seMetis, MaxUint256);
  }
  return { l2, ...named, ...tokens };
}

/** As {@link buildEmptyVault}; alice and bob have staked odd amounts, and a reward has vested for two days of its seven. */
export async function buildVault(chains: { readonly l2: Chain }) {
  const built = await buildEmptyVault(chains);
  const { l2, seMetis, pool, alice, bob } = built;
  await seMetis.connect(alice).deposit(1_000_000_000_000_000_000_007n, alice);
  await seMetis.connect(bob).deposit(333_333_333_333_333_333_333n, bob);
  await pool.addReward(70_000_000_000_000_000_011n, 7n * DAY);
  await l2.increase(2 * Number(DAY));
  return built;
}

/** What {@link buildVault} builds. */
export type VaultFixture = Awaited<ReturnType<typeof buildVault>>;

/** The stream as the vault has stored it. */
export async function storedStream(seMetis: ContractOf<"SEMetis">): Promise<Stream> {
  const { assets, unvested, vestedAt, endsAt } = await seMetis.stream();
  return { assets, unvested, vestedAt, endsAt };
}

/** The next transaction falls into the second of the latest block, so that views before it see what it will see. */
export async function inTheSameSecond(l2: Chain): Promise<void> {
  await l2.setNextBlockTimestamp(await l2.now());
}
