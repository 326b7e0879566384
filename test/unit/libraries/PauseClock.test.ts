import { expect } from "chai";

import { createFixture } from "../../helpers/chains";

const DAY = 86_400n;
const now = 1_800_000_000n;

describe("PauseClock", () => {
  const fixture = createFixture(async ({ l2 }) => {
    const [admin, governance, stranger] = l2.signers;
    const clock = await l2.deploy("TestPauseClock", []);
    const manager = await l2.deploy("AccessManager", [admin!.address]);
    await manager.grantRole(0n, governance!.address, DAY);
    const interfaceOfProxies = (await l2.attach("StakingPool", clock)).interface;
    const upgrade = interfaceOfProxies.encodeFunctionData("upgradeToAndCall", [stranger!.address, "0x1234"]);
    return { l2, clock, manager, governance: governance!, stranger: stranger!, upgrade };
  });

  describe("begin", () => {
    it("lasts 7 days", async () => {
      const { clock } = await fixture();
      expect(await clock.begin(0n, now)).to.equal(now + 7n * DAY);
    });

    it("waits until 30 days after the end of the last one", async () => {
      const { clock } = await fixture();
      const last = now - 30n * DAY;
      expect(await clock.begin(last, now)).to.equal(now + 7n * DAY);
      await expect(clock.begin(last + 1n, now))
        .to.be.revertedWithCustomError(clock, "PauseClock__TooSoon")
        .withArgs(now + 1n);
    });

    it("does not begin again while it lasts", async () => {
      const { clock } = await fixture();
      await expect(clock.begin(now + DAY, now))
        .to.be.revertedWithCustomError(clock, "PauseClock__TooSoon")
        .withArgs(now + 31n * DAY);
    });
  });

  describe("extend", () => {
    /** An upgrade that can be executed `seconds` from now, and the pause that began now. */
    async function scheduled(seconds: bigint) {
      const { l2, clock, manager, governance, stranger, upgrade } = await fixture();
      const pausedAt = BigInt(await l2.now());
      await manager.connect(governance).schedule(clock, upgrade, pausedAt + seconds);
      const extend = async (data = upgrade, caller = governance.address, pausedUntil = pausedAt + 7n * DAY) =>
        clock.extend(pausedAt, pausedUntil, manager, caller, data);
      return { clock, manager, pausedAt, extend, governance, stranger, upgrade };
    }

    it("lasts until the scheduled upgrade can be executed", async () => {
      const { extend, pausedAt } = await scheduled(42n * DAY);
      expect(await extend()).to.equal(pausedAt + 42n * DAY);
    });

    it("lasts 49 days from its beginning at most", async () => {
      const { extend, pausedAt } = await scheduled(50n * DAY);
      expect(await extend()).to.equal(pausedAt + 49n * DAY);
    });

    it("never becomes shorter", async () => {
      const { extend, pausedAt } = await scheduled(2n * DAY);
      expect(await extend()).to.equal(pausedAt + 7n * DAY);
    });

    it("is refused once the pause is over", async () => {
      const { clock, extend, pausedAt, upgrade, governance } = await scheduled(42n * DAY);
      await expect(extend(upgrade, governance.address, pausedAt)).to.be.revertedWithCustomError(
        clock,
        "PauseClock__NotPaused",
      );
    });

    it("is refused for anything but an upgrade, and for less than a selector", async () => {
      const { clock, extend } = await scheduled(42n * DAY);
      await expect(extend("0x12345678"))
        .to.be.revertedWithCustomError(clock, "PauseClock__NotAnUpgrade")
        .withArgs("0x12345678");
      await expect(extend("0x4f1ef2"))
        .to.be.revertedWithCustomError(clock, "PauseClock__NotAnUpgrade")
        .withArgs("0x4f1ef200");
    });

    it("is refused for an upgrade that nobody, or somebody else, has scheduled", async () => {
      const { clock, manager, extend, governance, stranger, upgrade } = await scheduled(42n * DAY);
      const other = upgrade.replace("1234", "1235");
      await expect(extend(other))
        .to.be.revertedWithCustomError(clock, "PauseClock__NotScheduled")
        .withArgs(await manager.hashOperation(governance, clock, other));
      await expect(extend(upgrade, stranger.address))
        .to.be.revertedWithCustomError(clock, "PauseClock__NotScheduled")
        .withArgs(await manager.hashOperation(stranger, clock, upgrade));
    });
  });
});
