import { expect } from "chai";
import type { Provider } from "ethers";

import { type StatusOptions, runStatus } from "../../../../scripts/lib/health/status";
import { type ProtocolWorld, emptyProtocol } from "../../../helpers/protocol";
import { sdkDeployment } from "../../../helpers/sdk/context";
import { failing, faulty } from "../../../helpers/sdk/faultyProvider";

describe("runStatus", function () {
  it("prints one object that JSON takes, with the alarms and the whole health", async function () {
    const { code, printed } = await run(await emptyProtocol(), { isJson: true });
    const { alarms, health } = JSON.parse(printed[0] ?? "") as Readonly<Record<"alarms" | "health", object>>;
    expect(alarms).to.be.an("array");
    expect(health).to.have.nested.property("solvency.value.totalSupply", "0");
    expect([printed.length, code]).to.deep.equal([1, 1]);
  });

  it("ends with 2 and shows Metis while Ethereum does not answer", async function () {
    const world = await emptyProtocol();
    const { code, printed } = await run(world, { l1: faulty<Provider>(world.l1.provider, failing()) });
    const lines = (printed[0] ?? "").split("\n");
    expect(code).to.equal(2);
    expect(lines).to.include.members([
      "CRITICAL NodeDown: no node of Ethereum answers",
      "Queue       0 eMetis wait, 0 METIS unclaimed, needs nothing from Ethereum",
      "LockManager unknown",
    ]);
  });

  it("reads again each time the wait is over, until it is told to end", async function () {
    const ending = new AbortController();
    const waits: number[] = [];
    const sleep = async (milliseconds: number) => {
      waits.push(milliseconds);
      if (waits.length === 2) ending.abort();
      return Promise.resolve();
    };
    const { printed } = await run(await emptyProtocol(), { watch: 30, sleep, signal: ending.signal });
    expect([printed.length, waits]).to.deep.equal([2, [30_000, 30_000]]);
  });
});

async function run(world: ProtocolWorld, options: Partial<StatusOptions>) {
  const printed: string[] = [];
  const now = await world.l1.now();
  const code = await runStatus({
    ...{ l1: world.l1.provider, l2: world.l2.provider, deployment: sdkDeployment(world.protocol) },
    ...{ isJson: false, watch: undefined, now: () => now, signal: new AbortController().signal },
    print: (text) => {
      printed.push(text);
    },
    sleep: async () => Promise.resolve(),
    ...options,
  });
  return { code, printed };
}
