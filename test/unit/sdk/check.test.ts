import { expect } from "chai";
import { formatUnits } from "ethers";

import { checkAddress, checkAmount, checkAnyAddress, checkHex, parseAmount } from "../../../sdk/src/check";
import { EMetisError } from "../../../sdk/src/errors";
import { seededRandom } from "../../helpers/random";
import { thrownBy } from "../../helpers/sdk/thrownBy";

/** What callers without types may pass. */
const junk = (value: unknown) => value as never;
const account = "0x52908400098527886E0F7030069857D2E4169EE7";

describe("parseAmount", () => {
  it("reads wei exactly, with up to 18 decimals", () => {
    expect(["1", "1.5", "0.000000000000000001", "007.10", "0"].map(parseAmount)).to.deep.equal([
      ...[10n ** 18n, 15n * 10n ** 17n, 1n, 71n * 10n ** 17n, 0n],
    ]);
  });

  it("takes back whatever is written out", () => {
    const random = seededRandom(31);
    for (let round = 0; round < 300; round++) {
      const amount = random.ofBits(256);
      expect(parseAmount(formatUnits(amount, 18))).to.equal(amount);
    }
  });

  for (const text of [
    "",
    "-1",
    "+1",
    "1.",
    ".5",
    "1e3",
    "1,5",
    "0x10",
    " 1",
    "1 ",
    "1.0000000000000000001",
    "١",
    "1_000",
  ]) {
    it(`refuses "${text}"`, () => {
      const error = thrownBy(() => parseAmount(text));
      expect(error).to.include({ name: "DecimalsError", text, decimals: 18 });
    });
  }

  const others = {
    nothing: undefined,
    "a number": 5,
    "a bigint": 5n,
    "an object": {},
    "too long a number": "9".repeat(200),
  };
  for (const [what, value] of Object.entries(others)) {
    it(`refuses ${what}`, () => {
      expect(thrownBy(() => parseAmount(junk(value)))).to.include({ name: "DecimalsError" });
    });
  }
});

describe("checkAmount", () => {
  it("gives back an amount within its bounds, both included", () => {
    const bounds = { minimum: 5n, maximum: 7n };
    expect([5n, 7n].map((amount) => checkAmount("assets", amount, bounds))).to.deep.equal([5n, 7n]);
    expect([1n, 2n ** 256n - 1n].map((amount) => checkAmount("assets", amount))).to.deep.equal([1n, 2n ** 256n - 1n]);
  });

  const refused: readonly (readonly [unknown, string])[] = [
    [0n, "assets is 0: give at least 1 wei."],
    [-1n, "assets is -1: give at least 1 wei."],
    [2n ** 256n, `assets is ${2n ** 256n}: give at most ${2n ** 256n - 1n} wei.`],
    [1, "assets is 1: give wei as a bigint, like 10n ** 18n."],
    ["1", "assets is 1: give wei as a bigint, like 10n ** 18n."],
    [undefined, "assets is undefined: give wei as a bigint, like 10n ** 18n."],
    [Number.NaN, "assets is NaN: give wei as a bigint, like 10n ** 18n."],
  ];
  for (const [amount, message] of refused) {
    it(`refuses ${typeof amount} ${String(amount)}`, () => {
      const error = thrownBy(() => checkAmount("assets", junk(amount)));
      expect(error).to.be.instanceOf(EMetisError);
      expect(error).to.include({ name: "AmountError", parameter: "assets", message });
    });
  }
});

describe("checkAddress", () => {
  it("gives back the address with its checksum, also when it came without", () => {
    expect(checkAddress("receiver", account.toLowerCase())).to.equal(account);
    expect(checkAddress("receiver", account)).to.equal(account);
  });

  const refused: readonly (readonly [string, unknown, string])[] = [
    ["a mistyped checksum", "0x52908400098527886E0F7030069857D2e4169EE7", "checksum"],
    ["too few characters", account.slice(0, -1), "malformed"],
    ["too many characters", `${account}0`, "malformed"],
    ["no prefix", account.slice(2), "malformed"],
    ["an ICAP address", "XE499OG1EH8ZZI0KXC6N83EKGT1BM97P2O7", "malformed"],
    ["a name", "alice.eth", "malformed"],
    ["nothing", undefined, "malformed"],
    ["a number", 5, "malformed"],
    ["zero", `0x${"0".repeat(40)}`, "zero"],
  ];
  for (const [what, value, reason] of refused) {
    it(`refuses ${what}`, () => {
      const error = thrownBy(() => checkAddress("receiver", junk(value)));
      expect(error).to.include({ name: "AddressError", parameter: "receiver", value, reason });
    });
  }

  it("lets zero pass where any address may", () => {
    expect(checkAnyAddress("referrer", `0x${"0".repeat(40)}`)).to.equal(`0x${"0".repeat(40)}`);
  });
});

describe("checkHex", () => {
  it("gives back bytes, of any length or of the one asked for", () => {
    expect([checkHex("data", "0x"), checkHex("data", "0xAb01"), checkHex("data", "0x00", 1)]).to.deep.equal([
      ...["0x", "0xAb01", "0x00"],
    ]);
  });

  const refused: readonly (readonly [unknown, number?])[] = [
    ...([["0xabc"], ["abcd"], ["0xzz"], [""], [undefined], [5], ["0x00", 2], ["0x0000", 1]] as const),
  ];
  for (const [value, length] of refused) {
    it(`refuses ${String(value)}${length === undefined ? "" : ` as ${length} bytes`}`, () => {
      expect(thrownBy(() => checkHex("data", junk(value), length))).to.include({
        name: "ParameterError",
        parameter: "data",
        value,
      });
    });
  }
});
