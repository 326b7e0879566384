/** Recomputes the reserves on both chains, from Metis's LockingPool up, and tells what every eMetis is backed by. */
import { type Context, type ReservesVerdict, verifyDeployment, verifyReserves } from "@emetis/sdk";
import type { EMetisKit } from "@emetis/sdk/testing";
import { formatEther } from "ethers";

async function tellReserves(context: Context): Promise<{ readonly verdict: ReservesVerdict; readonly text: string }> {
  // That the code is the one that was recorded comes first: numbers of other contracts say nothing.
  await verifyDeployment(context);
  const verdict = await verifyReserves(context);
  const { type, assets, liabilities, buckets, faults } = verdict;
  const places = Object.entries<bigint>({ ...buckets }).map(([name, wei]) => `  ${name}: ${formatEther(wei)} METIS`);
  const wrong = faults.map(({ message }) => `  ! ${message}`);
  const sums = `${type}: ${formatEther(assets)} METIS for ${formatEther(liabilities)} eMetis`;
  return { verdict, text: [sums, ...places, ...wrong].join("\n") };
}

/** Against the test kit: as it is, and after sequencers have lost METIS that no report knows of. */
export async function run(kit: EMetisKit) {
  const before = await tellReserves(kit.context);
  const loss = 3n * 10n ** 18n;
  await kit.lose(loss);
  const after = await tellReserves(kit.context);
  return { before, after, loss };
}
