/** All examples, and what each has to come to. */
import assert from "node:assert/strict";

import { parseAmount, parseCsv, readQueue, residualOf } from "@emetis/sdk";
import type { EMetisKit } from "@emetis/sdk/testing";

import { run as collateralPrice } from "./collateralPrice";
import { run as depositAndTrack } from "./depositAndTrack";
import { run as redeemAndClaim } from "./redeemAndClaim";
import { run as rewardStatement } from "./rewardStatement";
import { run as safeBatch } from "./safeBatch";
import { run as verifyReserves } from "./verifyReserves";

/** Each runs an example on a fresh kit and throws when its result is wrong. Returns a sentence about the result. */
export const examples = {
  async depositAndTrack(kit) {
    const { stages, staked, assets } = await depositAndTrack(kit);
    assert.deepEqual(stages, ["waitingForBridge", "deliverable", "minted"]);
    // Shares are rounded down once, and the stream grows while the chain goes on.
    assert.ok(staked >= assets - 2n && staked < assets + assets / 100_000n, `staked ${staked} of ${assets} wei`);
    return `${stages.join(", ")}: ${staked} wei are staked`;
  },
  async redeemAndClaim(kit) {
    const { status, assets } = await redeemAndClaim(kit);
    assert.equal(status.type, "claimed");
    assert.equal(status.paid, assets);
    return `${status.paid} wei of METIS for as many of eMetis`;
  },
  async rewardStatement(kit) {
    const { history, csv, assets, staked } = await rewardStatement(kit);
    const { total, byDay, account } = history;
    assert.equal(residualOf(total), 0n);
    assert.equal(total.deposits, assets);
    assert.equal(total.closing, staked);
    assert.equal(
      byDay.reduce((sum, { rewards }) => sum + rewards, 0n),
      total.rewards,
    );
    assert.ok(total.rewards > 0n);
    assert.deepEqual(parseCsv(csv), { account, rows: byDay });
    return `${byDay.length} days, ${total.rewards} wei of rewards, residual 0`;
  },
  async verifyReserves(kit) {
    const { before, after, loss } = await verifyReserves(kit);
    assert.deepEqual([before.verdict.type, before.verdict.faults], ["backed", []]);
    assert.equal(before.verdict.assets - after.verdict.assets, loss);
    return before.text;
  },
  async collateralPrice(kit) {
    const { shares, late, fresh, lost } = await collateralPrice(kit);
    assert.equal(late.type, "stale");
    assert.ok(fresh.type === "open" && fresh.assets > (shares * 7n) / 10n && fresh.assets < shares, "the limit");
    assert.equal(lost.type, "stopped");
    return `${fresh.assets} wei of METIS on ${shares} wei of seMetis; nothing while stale or stopped`;
  },
  async safeBatch(kit) {
    const { file, held, staked, redeemed } = await safeBatch(kit);
    assert.equal(held.eMetis, 0n);
    assert.ok(held.staked >= staked - 2n && held.staked < staked + parseAmount("0.01"), `staked ${held.staked} wei`);
    const { pending } = await readQueue(kit.context);
    assert.equal(pending, redeemed);
    return file;
  },
} as const satisfies Readonly<Record<string, (kit: EMetisKit) => Promise<string>>>;
