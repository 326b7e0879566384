import { expect } from "chai";

import { AbortedError } from "../../../sdk/src/errors";
import { createEMetis } from "../../../sdk/src/createEMetis";
import { readFees } from "../../../sdk/src/reads/readFees";
import { sdkContext } from "../../helpers/sdk/context";
import { busyProtocol } from "../../helpers/sdk/states";

describe("createEMetis", () => {
  it("ends what it sends by the context's signal", async () => {
    const world = await busyProtocol();
    const context = sdkContext(world);
    const eMetis = createEMetis({ ...context, signal: AbortSignal.abort("closed") });
    const call = eMetis.deposit({ assets: 10n ** 18n, receiver: world.people.bob.address });
    const sent: unknown = await eMetis.send(world.people.bob.l2, call).catch((reason: unknown) => reason);
    expect(sent).to.be.instanceOf(AbortedError);
  });

  it("keeps the quote of readFees, in the type too", async () => {
    const context = sdkContext(await busyProtocol());
    const assets = 10n ** 18n;
    const { quote } = await createEMetis(context).readFees({ assets });
    expect(quote).to.deep.equal((await readFees(context, { assets })).quote);
    expect(quote.assets).to.equal(assets);
  });

  it("gives no quote where none is asked for", async () => {
    const context = sdkContext(await busyProtocol());
    expect(await createEMetis(context).readFees()).to.deep.equal(await readFees(context));
  });
});
