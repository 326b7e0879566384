import { expect } from "chai";

import { createLog } from "../../../../scripts/lib/keeper/log";

describe("createLog", () => {
  it("writes a line of JSON with time, level, event and fields, integers as decimal text", () => {
    const lines: string[] = [];
    const log = createLog(
      (line) => lines.push(line),
      () => new Date(1_800_000_000_000),
    );
    log("warn", "waits", { action: "report", value: 2n ** 70n, wait: { at: 5n } });
    expect(lines).to.deep.equal([
      '{"time":"2027-01-15T08:00:00.000Z","level":"warn","event":"waits","action":"report","value":"1180591620717411303424","wait":{"at":"5"}}',
    ]);
  });
});
