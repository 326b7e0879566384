import { expect } from "chai";

import { KeeperOptionError, parseKeeperOptions } from "../../../../scripts/lib/keeper/options";
import { defaultPolicy } from "../../../../scripts/lib/keeper/policy";
import { thrownBy } from "../../../helpers/sdk/thrownBy";

describe("parseKeeperOptions", () => {
  it("sends nothing unless it is told to", () => {
    const settings = parseKeeperOptions({});
    expect(settings).to.deep.equal({
      ...{ sends: false, once: false, interval: 120_000, depth: 3, metricsPort: undefined },
      policy: defaultPolicy,
    });
    expect(parseKeeperOptions({ send: true }).sends).to.equal(true);
  });

  it("takes caps in coins, prices in gwei and times in hours", () => {
    const { policy } = parseKeeperOptions({ "cap-l1": "0.05", "max-gas-l2": "7", "report-hours": "4" });
    expect([policy.dailyCap.l1, policy.maxGasPrice.l2, policy.reportPeriod, policy.reportGap]).to.deep.equal([
      ...[5n * 10n ** 16n, 7n * 10n ** 9n],
      ...[14_400n, 14_400n],
    ]);
  });

  for (const [name, value, expected] of [
    ["interval", "0", "a decimal number above 0"],
    ["depth", "-1", "a whole number of at least 0"],
    ["worth", "", "a whole number of at least 1"],
    ["cap-l1", "much", "a decimal number above 0"],
    ["max-gas-l1", "0", "a decimal number above 0"],
  ] as const) {
    it(`refuses "${value}" for --${name}`, () => {
      const error = thrownBy(() => parseKeeperOptions({ [name]: value }));
      expect(error).to.be.instanceOf(KeeperOptionError);
      expect(String(error)).to.equal(`KeeperOptionError: --${name} is "${value}": it must be ${expected}`);
    });
  }
});
