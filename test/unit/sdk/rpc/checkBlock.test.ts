import { expect } from "chai";

import { RpcAnswerError } from "../../../../sdk/src/errors";
import { checkBlock } from "../../../../sdk/src/rpc/checkBlock";
import { thrownBy } from "../../../helpers/sdk/thrownBy";

const header = { number: 7, hash: `0x${"ab".repeat(32)}`, timestamp: 1_700_000_000 };

describe("checkBlock", () => {
  it("gives back the header that was asked for", () => {
    expect(checkBlock("l2", 7, header)).to.equal(header);
  });

  it("knows that a node may lack a block", () => {
    expect(checkBlock("l2", 7, null)).to.equal(undefined);
  });

  it("refuses another block's header", () => {
    const error = thrownBy(() => checkBlock("l1", 8, header));
    expect(error).to.be.instanceOf(RpcAnswerError);
    expect(error).to.include({ side: "l1", reason: "block 8 was asked for, it gave 7" });
  });

  for (const found of [undefined, 7, "0x", [], {}, { ...header, timestamp: 1.5 }, { ...header, hash: "0xab" }]) {
    it(`refuses ${JSON.stringify(found)}`, () => {
      expect(thrownBy(() => checkBlock("l2", 7, found))).to.be.instanceOf(RpcAnswerError);
    });
  }
});
