import { expect } from "chai";
import type { Provider } from "ethers";

import { startMonitor } from "../../../../scripts/lib/health/monitor";
import { emptyProtocol } from "../../../helpers/protocol";
import { sdkDeployment } from "../../../helpers/sdk/context";
import { counting, faulty } from "../../../helpers/sdk/faultyProvider";
import { parseExposition } from "./exposition";

describe("startMonitor", function () {
  it("reads once for all who ask within a minute, with the keeper's counters of each moment", async function () {
    const world = await emptyProtocol();
    const { fault, count } = counting();
    const clock = { now: await world.l1.now() };
    const transactions = new Map([["report", 1]]);
    const monitor = await startMonitor({
      ...{ l1: world.l1.provider, l2: faulty<Provider>(world.l2.provider, fault) },
      ...{ deployment: sdkDeployment(world.protocol), keeper: world.people.keeper.address, port: 0 },
      now: () => clock.now,
      counters: () => ({
        transactions,
        failures: new Map(),
        spentToday: { l1: 0n, l2: 0n },
        lastCycleAt: clock.now - 5,
      }),
    });
    const metrics = async () => {
      const text = await (await fetch(`http://127.0.0.1:${monitor.port}/metrics`)).text();
      return parseExposition(text).get("emetis_keeper_transactions_total")!.samples.get('action="report"');
    };
    try {
      expect(await Promise.all([metrics(), metrics()])).to.deep.equal([1, 1]);
      const asked = count();
      transactions.set("report", 2);
      clock.now += 59;
      expect(await metrics()).to.equal(2);
      expect(count()).to.equal(asked);
      clock.now += 1;
      await metrics();
      expect(count()).to.be.greaterThan(asked);
      expect((await fetch(`http://127.0.0.1:${monitor.port}/healthz`)).status).to.equal(200);
    } finally {
      await monitor.close();
    }
  });
});
