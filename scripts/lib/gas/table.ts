/** Collects gas by kind of transaction and prints it beside the ceilings. */
import type { ContractTransactionResponse } from "ethers";

/** Gas that a kind of transaction must not exceed in steady use. */
const ceilings: Readonly<Record<string, number>> = {
  deposit: 53_000,
  "deposit and stake": 98_000,
  stake: 61_000,
  unstake: 59_000,
  "request 1": 100_000,
  "request 10": 450_000,
  "finalise, 1 tickets waiting": 60_000,
  "finalise, 100 tickets waiting": 60_000,
  "finalise, 10000 tickets waiting": 60_000,
  "claim 1": 55_000,
  "claim 10": 160_000,
  "instant redeem": 85_000,
  "apply a report on L2": 90_000,
  "report, 1 vaults": 330_000,
  "report, 5 vaults": 520_000,
  "report, 20 vaults": 1_150_000,
};

/** A table that grows by measuring. */
export interface GasTable {
  /** Sends the same kind of transaction so many times; the first of all is "first", the last "steady". */
  readonly measure: (kind: string, send: () => Promise<ContractTransactionResponse>, times: number) => Promise<void>;
  readonly print: () => void;
}

/** Creates an empty table. */
export function createGasTable(): GasTable {
  const rows = new Map<string, number[]>();
  return {
    measure: async (kind, send, times) => {
      for (let time = 0; time < times; time++) {
        const receipt = await (await send()).wait();
        if (receipt === null) throw new Error(`"${kind}" is not on the chain`);
        rows.set(kind, [...(rows.get(kind) ?? []), Number(receipt.gasUsed)]);
      }
    },
    print: () => {
      console.log(
        `${"transaction".padEnd(36)}${["first", "steady", "ceiling"].map((head) => head.padStart(10)).join("")}`,
      );
      for (const [kind, uses] of rows) console.log(rowOf(kind, uses));
    },
  };
}

function rowOf(kind: string, uses: readonly number[]): string {
  const steady = uses.at(-1) ?? 0;
  const ceiling = ceilings[kind];
  const columns = [uses[0] ?? 0, steady, ceiling ?? ""].map((gas) => gas.toLocaleString("en-US").padStart(10)).join("");
  const verdict =
    ceiling === undefined ? "" : steady <= ceiling ? "  ok" : `  ${(steady - ceiling).toLocaleString("en-US")} above`;
  return `${kind.padEnd(36)}${columns}${verdict}`;
}
