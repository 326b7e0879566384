import { expect } from "chai";

import { runCycle } from "../../scripts/lib/keeper/cycle";
import { createKeeper, done, wouldSend } from "../helpers/keeper";
import { livingProtocol } from "../helpers/protocol";

describe("The keeper", () => {
  it("smoke", async function () {
    this.timeout(60_000);
    const world = await livingProtocol();
    let t = Date.now();
    const dry = await createKeeper(world, { sends: false });
    await runCycle(dry);
    console.log(Date.now() - t, dry.lines.map((l) => `${l.event} ${String(l.fields.action)} ${String(l.fields.why)} ${JSON.stringify(l.fields.wait, (_, v) => typeof v === "bigint" ? String(v) : v)}`).join("\n"));
    t = Date.now();
    const keeper = await createKeeper(world);
    await runCycle(keeper);
    console.log(Date.now() - t, done(keeper), keeper.lines.filter((l) => l.level !== "info"));
    expect(wouldSend(dry)).to.not.be.empty;
  });
});
