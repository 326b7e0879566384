import { expect } from "chai";
import { Log } from "ethers";

import { RpcAnswerError } from "../../../../sdk/src/errors";
import { LockManager__factory, StakingPool__factory } from "../../../../sdk/src/generated/contracts";
import { eventOf } from "../../../../sdk/src/rpc/eventOf";

const contract = LockManager__factory.createInterface();
const receiver = "0x52908400098527886E0F7030069857D2E4169EE7";
const values = [receiver, receiver, 7n, 8n, true, 9n, 10n] as const;

describe("eventOf", function () {
  it("tells an event's values by name", function () {
    const { name, amount, address, flag } = eventOf("l1", contract, depositLog());
    expect(name).to.equal("Deposited");
    expect([amount("number"), amount("assets"), flag("isStaked"), address("receiver")]).to.deep.equal([
      7n,
      8n,
      true,
      receiver,
    ]);
  });

  it("refuses a value that is not there, or of another type", function () {
    const event = eventOf("l1", contract, depositLog());
    const reads = [() => event.amount("shares"), () => event.address("assets"), () => event.flag("receiver")];
    const names = ["shares", "assets", "receiver"];
    for (const [index, read] of reads.entries()) {
      expect(read)
        .to.throw(RpcAnswerError)
        .that.includes({ side: "l1", reason: `Deposited in block 5 has no such ${names[index]}` });
    }
  });

  it("refuses a log of another contract, and one that is cut", function () {
    for (const read of [
      () => eventOf("l1", StakingPool__factory.createInterface(), pausedLog()),
      () => eventOf("l1", contract, depositLog("0x1234")),
    ]) {
      expect(read).to.throw(RpcAnswerError).that.includes({ reason: "log 3 of block 5 was not asked for" });
    }
  });
});

function depositLog(data?: string): Log {
  const encoded = contract.encodeEventLog("Deposited", [...values]);
  return logOf(encoded.topics, data ?? encoded.data);
}

function pausedLog(): Log {
  const { topics, data } = contract.encodeEventLog("MessageSent", [1n, "0x"]);
  return logOf(topics, data);
}

function logOf(topics: readonly string[], data: string): Log {
  const hash = `0x${"11".repeat(32)}`;
  const place = { transactionHash: hash, blockHash: hash, blockNumber: 5, removed: false, index: 3 };
  // ethers takes `null` for a log that came from no provider.
  return new Log({ ...place, transactionIndex: 0, address: receiver, topics, data }, null!);
}
