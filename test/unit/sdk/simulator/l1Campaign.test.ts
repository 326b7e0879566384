import { createFixture } from "../../../helpers/chains";
import { type Coverage, runL1Campaign } from "../../../helpers/differential/l1Campaign";
import { deployCampaign } from "../../../helpers/differential/l1World";

/** Set `EMETIS_SEED` and `EMETIS_STEPS` for another campaign, or a longer one. */
const seed = Number(process.env.EMETIS_SEED ?? 20_261_122);
const steps = Number(process.env.EMETIS_STEPS ?? 3_000);

describe("the simulator of Ethereum's side", function () {
  this.timeout(Math.max(120_000, steps * 200));
  const coverage: Coverage = new Map();

  for (const [variant, vaults, share] of [
    ["sepolia", 3, 50],
    ["mainnet", 4, 30],
    ["mainnet", 2, 20],
  ] as const) {
    const fixture = createFixture((chains) => deployCampaign(chains, { variant, vaults }));

    it(`does what the contracts do with ${vaults} vaults in the pool of ${variant}`, async () => {
      await runL1Campaign(await fixture(), { seed, steps: Math.ceil((steps * share) / 100), coverage });
    });
  }

  it("prints", () => {
    console.log(
      [...coverage]
        .sort()
        .map(([k, v]) => k + ": " + v)
        .join("\n"),
    );
  });
});
