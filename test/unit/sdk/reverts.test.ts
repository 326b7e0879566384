import { expect } from "chai";
import { AbiCoder, concat, id, makeError } from "ethers";

import { StakingPool__factory } from "../../../sdk/src/generated/contracts";
import { decodeRevert, revertOf } from "../../../sdk/src/reverts";
import type { Hex } from "../../../sdk/src/types";
import { livingProtocol } from "../../helpers/protocol";
import { rejectionOf } from "../../helpers/sdk/thrownBy";

const pool = StakingPool__factory.createInterface();
const belowMinimum = pool.encodeErrorResult("StakingPool__BelowMinimum", [3n, 5n]) as Hex;
const text = (inner: string) => concat([id("Error(string)").slice(0, 10), inner]) as Hex;

describe("decodeRevert", () => {
  it("names the contract's own error and its arguments", () => {
    const error = decodeRevert(belowMinimum);
    expect(error).to.include({ name: "RevertError", error: "StakingPool__BelowMinimum", data: belowMinimum });
    expect(error).to.have.deep.property("args", { assets: 3n, minimum: 5n });
    expect(error.message).to.equal("The call would revert with StakingPool__BelowMinimum(assets: 3, minimum: 5).");
  });

  it("names a text and a panic", () => {
    const reason = decodeRevert(text(AbiCoder.defaultAbiCoder().encode(["string"], ["no"])));
    expect(reason)
      .to.include({ name: "RevertError", error: "Error" })
      .and.have.deep.property("args", { message: "no" });
    const panic = decodeRevert(concat([id("Panic(uint256)").slice(0, 10), `0x${"11".padStart(64, "0")}`]) as Hex);
    expect(panic).to.include({ name: "RevertError", error: "Panic" }).and.have.deep.property("args", { code: 17n });
  });

  const unknown: Readonly<Record<string, Hex>> = {
    "no data": "0x",
    "less than a selector": "0x1234",
    "a selector of nobody": "0xdeadbeef",
    "an error whose arguments are cut off": belowMinimum.slice(0, 40) as Hex,
    "a text that is no UTF-8": text(AbiCoder.defaultAbiCoder().encode(["bytes"], ["0xff80"])),
  };
  for (const [what, data] of Object.entries(unknown)) {
    it(`says that it does not know ${what}`, () => {
      expect(decodeRevert(data)).to.include({ name: "UnknownRevertError", data });
    });
  }

  it("keeps the cause", () => {
    const cause = new Error("by the node");
    expect(decodeRevert(belowMinimum, cause)).to.include({ cause });
    expect(decodeRevert("0x", cause)).to.include({ cause });
  });
});

describe("revertOf", () => {
  const places: Readonly<Record<string, unknown>> = {
    "ethers' own error": makeError("reverted", "CALL_EXCEPTION", {
      ...{ action: "call", data: belowMinimum, reason: null, transaction: { to: null, data: "0x" } },
      ...{ invocation: null, revert: null },
    }),
    "a JSON-RPC error": { code: 3, message: "execution reverted", data: belowMinimum },
    "an error in an error": { error: { data: { data: belowMinimum } } },
    "ethers' unknown error": makeError("failed", "UNKNOWN_ERROR", { info: { error: { data: belowMinimum } } }),
    "a cause": new Error("outer", { cause: { data: belowMinimum } }),
  };
  for (const [place, error] of Object.entries(places)) {
    it(`finds the data in ${place}`, () => {
      expect(revertOf(error)).to.include({ name: "RevertError", error: "StakingPool__BelowMinimum", cause: error });
    });
  }

  it("takes a revert without data for one without a reason", () => {
    const error = makeError("reverted", "CALL_EXCEPTION", {
      ...{ action: "call", data: null, reason: null, transaction: { to: null, data: "0x" } },
      ...{ invocation: null, revert: null },
    });
    expect(revertOf(error)).to.include({ name: "UnknownRevertError", data: "0x" });
  });

  const circular: { error?: unknown } = {};
  circular.error = circular;
  const others = {
    "a timeout": new Error("timeout"),
    nothing: undefined,
    "a text": "0x1234",
    "odd data": { data: "0x123" },
    "itself within itself": circular,
  };
  for (const [what, error] of Object.entries(others)) {
    it(`finds none in ${what}`, () => {
      expect(revertOf(error)).to.equal(undefined);
    });
  }

  it("finds what a real node says", async () => {
    const { protocol, people } = await livingProtocol();
    const sending = protocol.l2.stakingPool
      .connect(people.alice.l2)
      .deposit.staticCall(people.alice.address, people.alice.address, { value: 1n });
    const revert = revertOf(await rejectionOf(sending));
    expect(revert)
      .to.include({ error: "StakingPool__BelowMinimum" })
      .and.have.deep.property("args", {
        assets: 1n,
        minimum: 10n ** 16n,
      });
  });
});
